"""The frames that cross a module: their columns, types and keys. A typo fails at the seam, by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.errors import SchemaError
from assessment.model.scale import Verdict, Worded

# The verdicts in the order of their codes in a `ScoreGrid`.
VERDICTS = tuple(Verdict)


@dataclass(frozen=True)
class ChoiceGrid:
    """What was answered, houses × questions: 0 is empty, 1 the first option (a), 2 the second (b)."""

    house_ids: tuple[str, ...]
    choices: NDArray[np.uint8]


@dataclass(frozen=True)
class ScoreGrid:
    """What that comes to, houses × criteria: a range in [0, 1] and a verdict.

    `low` and `high` are NaN where nothing counts; `verdict` holds places in `VERDICTS`; `settled` says that
    nothing is left to do.
    """

    house_ids: tuple[str, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    verdict: NDArray[np.uint8]
    settled: NDArray[np.bool_]


class Scores(NamedTuple):
    """What the answers of some houses come to: per criterion, and together as HOUSE_SCORES."""

    grid: ScoreGrid
    totals: pd.DataFrame


@dataclass(frozen=True)
class FrameSchema:
    """What a frame holds: `columns` with their pandas types, and the columns that make a row unique."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with exactly these columns and types, in this order, rows renumbered.

        Raises:
            SchemaError: a column is missing or not known, a value does not fit, or a key occurs twice.
        """
        self._refuse_other_columns(frame)
        types = frame.dtypes.to_dict()
        others = {name: wanted for name, wanted in self.columns.items() if types[name] != wanted}
        try:
            conformed = frame[list(self.columns)].astype(others).reset_index(drop=True)
        except (TypeError, ValueError) as error:
            raise SchemaError(f"{self.name}: {error}") from error
        self._refuse_double_keys(conformed)
        return conformed

    def empty(self) -> pd.DataFrame:
        """A frame of this shape without rows."""
        return self.conform(pd.DataFrame(columns=list(self.columns)))

    def _refuse_other_columns(self, frame: pd.DataFrame) -> None:
        missing = [name for name in self.columns if name not in frame.columns]
        unknown = [str(name) for name in frame.columns if name not in self.columns]
        if missing or unknown:
            raise SchemaError(f"{self.name}: missing columns {missing}, unknown columns {unknown}")

    def _refuse_double_keys(self, frame: pd.DataFrame) -> None:
        doubles = frame[frame.duplicated(list(self.key))]
        if not doubles.empty:
            first = doubles.iloc[0][list(self.key)].to_dict()
            raise SchemaError(f"{self.name}: {len(doubles)} double keys, the first {first}")


def find_places(ids: pd.Series, known: Iterable[str]) -> NDArray[np.intp]:
    """Find where each id stands among those that are known.

    Raises:
        SchemaError: some are not known; the message names them all.
    """
    places: NDArray[np.intp] = pd.Index(list(known)).get_indexer(pd.Index(ids))
    unknown = sorted(set(ids[places < 0]))
    if unknown:
        raise SchemaError(f"{ids.name} not known here: {', '.join(unknown)}")
    return places


_RANGE = {"low": "float64", "high": "float64"}

ANSWERS = FrameSchema(
    "ANSWERS",
    {"house_id": "str", "question_id": "str", "option_id": "str"},
    key=("house_id", "question_id"),
)
DEVIATIONS = FrameSchema(
    "DEVIATIONS",
    {"house_id": "str", "criterion_id": "str"},
    key=("house_id", "criterion_id"),
)
CRITERION_SCORES = FrameSchema(
    "CRITERION_SCORES",
    {
        "house_id": "str",
        "theme_id": "str",
        "criterion_id": "str",
        "kind": "str",
        **_RANGE,
        "verdict": "str",
        "settled": "bool",
    },
    key=("house_id", "criterion_id"),
)
# The range of the questions that a measure settles.
MEASURE_SCORES = FrameSchema(
    "MEASURE_SCORES",
    {"house_id": "str", "measure_id": "str", **_RANGE},
    key=("house_id", "measure_id"),
)
# The questions that count but of which nobody knows the answer: "weet ik niet", or none at all.
UNKNOWNS = FrameSchema(
    "UNKNOWNS",
    {"house_id": "str", "criterion_id": "str", "question_id": "str"},
    key=("house_id", "question_id"),
)
THEME_SCORES = FrameSchema(
    "THEME_SCORES",
    {"house_id": "str", "theme_id": "str", **_RANGE},
    key=("house_id", "theme_id"),
)
# The hard norms that apply, by verdict; `hard_not_met` are those of them that are surely not (wholly) met.
HOUSE_SCORES = FrameSchema(
    "HOUSE_SCORES",
    {
        "house_id": "str",
        **_RANGE,
        "recommendations_low": "float64",
        "recommendations_high": "float64",
        "answered": "int64",
        "applicable": "int64",
        "hard_met": "int64",
        "hard_partly": "int64",
        "hard_not_yet": "int64",
        "hard_undetermined": "int64",
        "hard_not_met": "int64",
        "explained": "int64",
        "phase_low": "str",
        "phase_high": "str",
    },
    key=("house_id",),
)
# HOUSE_SCORES after each quarter of a plan; quarter -1 is before it begins.
PROJECTED_SCORES = FrameSchema(
    "PROJECTED_SCORES",
    {**HOUSE_SCORES.columns, "quarter": "int64"},
    key=("quarter", "house_id"),
)
GAPS = FrameSchema(
    "GAPS",
    {
        "house_id": "str",
        "theme_id": "str",
        "criterion_id": "str",
        "kind": "str",
        **_RANGE,
        "verdict": "str",
        "halfway": "bool",
        "assumed": "bool",
    },
    key=("house_id", "criterion_id"),
)
# The measures that gaps bring in: whether the answers settle it already, whether they settle it halfway, and
# whether it is planned on the low end of what is unknown.
WORK = FrameSchema(
    "WORK",
    {
        "house_id": "str",
        "criterion_id": "str",
        "measure_id": "str",
        "kind": "str",
        "settled": "bool",
        "halfway": "bool",
        "assumed": "bool",
    },
    key=("house_id", "measure_id"),
)
# On whose capacity each actor of a house draws, and how many measures that carries at once.
RESOURCES = FrameSchema(
    "RESOURCES",
    {"house_id": "str", "actor": "str", "resource": "str", "capacity": "int64"},
    key=("house_id", "actor"),
)
TASKS = FrameSchema(
    "TASKS",
    {
        "house_id": "str",
        "criterion_id": "str",
        "measure_id": "str",
        "kind": "str",
        "actor": "str",
        "resource": "str",
        "capacity": "int64",
        "quarters": "int64",
        "days": "int64",
        "assumed": "bool",
    },
    key=("house_id", "measure_id"),
)
# `first` and `last` count quarters from the first quarter of the plan, which is 0.
ROADMAP = FrameSchema(
    "ROADMAP",
    {
        "house_id": "str",
        "criterion_id": "str",
        "measure_id": "str",
        "actor": "str",
        "first": "int64",
        "last": "int64",
        "slack": "int64",
        "status": "str",
        "why": "str",
        "waits_for": "str",
        "lapsed": "str",
        "days": "int64",
        "assumed": "bool",
    },
    key=("house_id", "measure_id"),
)
# The measures that a criterion in a plan would bring in, were they not settled by the answers already.
SETTLED = FrameSchema(
    "SETTLED",
    {"house_id": "str", "criterion_id": "str", "measure_id": "str", "actor": "str"},
    key=("house_id", "measure_id"),
)
# The measures that were dropped from a plan, with the reason as it was written.
DROPPED = FrameSchema(
    "DROPPED",
    {"house_id": "str", "criterion_id": "str", "measure_id": "str", "actor": "str", "why": "str"},
    key=("house_id", "measure_id"),
)
# What is left to do beside the measures of a plan; `what` is a `Step`, `about` the question or measure.
STEPS = FrameSchema(
    "STEPS",
    {"house_id": "str", "criterion_id": "str", "what": "str", "about": "str", "why": "str"},
    key=("house_id", "criterion_id", "what", "about"),
)
# A subject is a criterion, a theme, or "total"; minimum, median and maximum are of the midpoints.
# `determined` counts the houses whose score is; `face` is a `Face` of a criterion, by the second rules only.
GROUPS = FrameSchema(
    "GROUPS",
    {
        "group_id": "str",
        "subject_id": "str",
        "n": "int64",
        "low": "float64",
        "high": "float64",
        "minimum": "float64",
        "median": "float64",
        "maximum": "float64",
        "determined": "int64",
        "uniformity": "float64",
        "face": "str",
    },
    key=("group_id", "subject_id"),
)
# How many houses chose each option of a question that is counted in a headline; no answer is unknown too.
HEADLINES = FrameSchema(
    "HEADLINES",
    {"question_id": "str", "option_id": "str", "mark": "str", "houses": "int64"},
    key=("question_id", "option_id"),
)


# What decides when a plan is there, in order of time; `why` is a `Why`, as in ROADMAP.
CHAIN = FrameSchema(
    "CHAIN",
    {
        "place": "int64",
        "house_id": "str",
        "criterion_id": "str",
        "measure_id": "str",
        "actor": "str",
        "first": "int64",
        "last": "int64",
        "why": "str",
    },
    key=("place",),
)
# What is finished after the horizon: how many quarters of work its chain takes, and the actors (with `;`
# between them, most often first) whose capacity it waits for.
HOLD_UPS = FrameSchema(
    "HOLD_UPS",
    {
        "house_id": "str",
        "criterion_id": "str",
        "last": "int64",
        "quarters": "int64",
        "without_capacity": "str",
    },
    key=("house_id", "criterion_id"),
)
# Stands for all houses of a plan together, where a house_id would stand for one.
ALL_HOUSES = ""


class Subject(Worded):
    """What is reached at some time; beside these each hard norm is one, by its criterion_id."""

    BY_FRAMEWORK = "by_framework", "volgens het kader"
    HARD_NORMS = "hard_norms", "alle harde normen"
    PLAN = "plan", "laatste maatregel klaar"


# When something is reached: with a probability of 50 %, with one of 80 %, and as the plan itself has it.
ESTIMATES = FrameSchema(
    "ESTIMATES",
    {
        "house_id": "str",
        "subject": "str",
        "likely": "int64",
        "at_80": "int64",
        "if_nothing_goes_wrong": "int64",
    },
    key=("house_id", "subject"),
)
# How many houses are surely in each phase after each quarter; no phase where no norm applies to a house.
PHASE_COUNTS = FrameSchema(
    "PHASE_COUNTS",
    {"quarter": "int64", "phase": "str", "houses": "int64"},
    key=("quarter", "phase"),
)
# How many houses work by the kader after each quarter with a probability of 80 %.
SURE_COUNTS = FrameSchema("SURE_COUNTS", {"quarter": "int64", "houses": "int64"}, key=("quarter",))
# Stand for a quarter where a plan has nothing left to do, and where it dropped what would be needed.
NOTHING_LEFT, NEVER = -1, 9999
# The last quarter of each criterion in the present plan and in the one tried; or `NOTHING_LEFT`, or `NEVER`.
FINISH_CHANGES = FrameSchema(
    "FINISH_CHANGES",
    {"house_id": "str", "criterion_id": "str", "present": "int64", "tried": "int64"},
    key=("house_id", "criterion_id"),
)
# The quarter in which each `Subject` is reached, in the present plan and in the one tried.
END_CHANGES = FrameSchema(
    "END_CHANGES",
    {"house_id": "str", "subject": "str", "present": "int64", "tried": "int64"},
    key=("house_id", "subject"),
)
# Who makes room in a plan that is tried: a measure that comes later, and one that has its place now.
ROOM = FrameSchema(
    "ROOM",
    {
        "house_id": "str",
        "measure_id": "str",
        "actor": "str",
        "for_house_id": "str",
        "for_measure_id": "str",
    },
    key=("house_id", "measure_id", "for_house_id", "for_measure_id"),
)
# Who waits for whom: a measure that starts right after somebody else's, and the last quarter of that one.
WAITS = FrameSchema(
    "WAITS",
    {
        "house_id": "str",
        "measure_id": "str",
        "actor": "str",
        "on_measure_id": "str",
        "on_actor": "str",
        "until": "int64",
    },
    key=("house_id", "measure_id", "on_measure_id"),
)


def of_house(rows: pd.DataFrame, house_id: str) -> pd.DataFrame:
    """The rows of one house."""
    return rows[rows["house_id"] == house_id].reset_index(drop=True)
