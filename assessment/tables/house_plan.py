"""Everything that the plan of one house is written from, whatever the kind of file."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd

from assessment.engine.roadmap.plan import count_quarters
from assessment.model.answers import Deviation, Submission
from assessment.model.decisions import Baseline, Decisions, Progress
from assessment.model.document import Cell, Table, name_file
from assessment.model.frames import Subject
from assessment.model.framework import Measure
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.scale import Verdict
from assessment.model.sheets import PlanIdentity
from assessment.model.texts import PlanTexts
from assessment.tables.forecasts import find_when
from assessment.tables.formats import agree, format_day, join_words


class Beside(NamedTuple):
    """The other houses that share capacity in a plan: the titles that may be told, and how many more."""

    titles: tuple[str, ...] = ()
    untold: int = 0

    @property
    def together(self) -> int:
        """How many houses share the capacity, with the one of the plan."""
        return 1 + len(self.titles) + self.untold

    def __str__(self) -> str:
        others = f"{self.untold} {agree(self.untold, 'ander huis', 'andere huizen')}"
        return join_words([*self.titles, *([others] if self.untold else [])])


class PlanBasis(NamedTuple):
    """What the plan of one house rests on, and when it is written down.

    `totals` is HOUSE_SCORES, `criteria` CRITERION_SCORES, `unexcused` the criteria that the answers meet
    without what was agreed, `widths` the row of `divide_range`, `unsure` how many answers are "weet ik niet",
    `resources` RESOURCES; `proven` says whether no better plan is possible, `beside` with which houses it was
    planned, `runs` how often it was played through; a deviation must hold on `as_of`.
    """

    totals: pd.DataFrame
    criteria: pd.DataFrame
    unexcused: frozenset[str]
    widths: pd.Series
    unsure: int
    resources: pd.DataFrame
    submission: Submission
    adopted: Baseline | None
    proven: bool
    beside: Beside
    runs: int
    as_of: date
    moment: datetime


class HousePlan(NamedTuple):
    """Everything that stands in the plan of one house.

    `gaps` is GAPS, `measures` is ROADMAP, `conformity` PROJECTED_SCORES, `estimates` ESTIMATES, `steps`
    STEPS, `dropped` DROPPED, `settled` SETTLED, `hold_ups` HOLD_UPS; quarters count from
    `begin`. The identity says which plan it is when it is read back.
    """

    house: House
    register: Register
    round: Round
    questionnaire: Questionnaire
    begin: Quarter
    gaps: pd.DataFrame
    measures: pd.DataFrame
    conformity: pd.DataFrame
    estimates: pd.DataFrame
    steps: pd.DataFrame
    texts: PlanTexts
    dropped: pd.DataFrame
    settled: pd.DataFrame
    hold_ups: pd.DataFrame
    decisions: Decisions
    identity: PlanIdentity
    basis: PlanBasis

    @property
    def quarters(self) -> int:
        """How many quarters to draw: the horizon, or what the plan takes beyond it."""
        return count_quarters(self.measures)

    @property
    def name(self) -> str:
        """What to call its files, without what tells their kind."""
        return name_file("verbeterplan", self.round.round_id, self.house.house_id)


class HandOver(NamedTuple):
    """A task that moves: what takes it over and until when, and what lets it go from when.

    `taken` is None where taking over is in the plan no more: it was done, or the answers settle it.
    """

    criterion_id: str
    takes: Measure
    stops: Measure
    taken: Quarter | None
    stopped: Quarter
    done: bool

    @property
    def when_taken(self) -> str:
        """Until when it is taken over, in words."""
        return "is al geregeld" if self.taken is None else f"klaar in {self.taken}"

    @property
    def when_stopped(self) -> str:
        """From when it is let go, in words."""
        return f"gestopt in {self.stopped}" if self.done else f"stopt vanaf {self.stopped}"


def find_kept_by_police(plan: HousePlan) -> tuple[str, ...]:
    """The criteria by which the police lets a task go, and that the house does not surely meet."""
    verdict = dict(zip(plan.basis.criteria["criterion_id"], plan.basis.criteria["verdict"], strict=True))
    return tuple(key for key in list_letting_go(plan.questionnaire) if verdict.get(key) in _OPEN)


def list_letting_go(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The criteria by which the police lets a task go."""
    return tuple(
        each.criterion_id
        for each in questionnaire.criteria
        if any(measure.lets_go_after for measure in each.measures)
    )


_OPEN = {Verdict.NOT_YET.value, Verdict.PARTLY.value, Verdict.UNDETERMINED.value}


def list_hand_overs(plan: HousePlan) -> tuple[HandOver, ...]:
    """The tasks of which letting go is in a plan, in order of time."""
    rows = {str(row["measure_id"]): row for row in plan.measures.to_dict("records")}
    measure = plan.questionnaire.measure
    moving = (
        _make_hand_over(plan, rows, measure[takes], measure[key])
        for key in rows
        if (takes := measure[key].lets_go_after) is not None
    )
    return tuple(sorted(moving, key=lambda each: (each.stopped, each.criterion_id)))


def _make_hand_over(
    plan: HousePlan, rows: Mapping[str, Mapping[Hashable, Any]], takes: Measure, stops: Measure
) -> HandOver:
    taking, stopping = rows.get(takes.measure_id), rows[stops.measure_id]
    return HandOver(
        criterion_id=stopping["criterion_id"],
        takes=takes,
        stops=stops,
        taken=plan.begin + int(taking["last"]) if taking else None,
        stopped=plan.begin + int(stopping["first"]),
        done=stopping["status"] == Progress.DONE.value,
    )


_UNTIL = "Geldt tot en met"
DEVIATING = ("Criterium", "Waarom anders", "Akkoord van", _UNTIL, "Geldt nu")
_HOLDS, _LAPSED = "ja", "verlopen: de antwoorden tellen weer"
_TO_EXTEND = "ja; eindigt voor de datum van dit plan, die alleen geldt als dit voor die tijd is verlengd"


def tabulate_deviations(plan: HousePlan) -> Table:
    """What was agreed to be otherwise, in the order in which it ends."""
    rows = tuple(
        (
            Cell(criterion),
            Cell(reason),
            Cell(agreed_by),
            Cell(format_day(until), "" if now == _HOLDS else _tell_force(now)),
        )
        for criterion, reason, agreed_by, until, now in list_deviations(plan).itertuples(index=False)
    )
    return Table("Wat bewust anders is afgesproken", DEVIATING[:-1], (46, 64, 34, 32), rows)


def _tell_force(now: str) -> str:
    """Whether it is in force, where no heading asks so."""
    return f"geldt nu{now.removeprefix(_HOLDS)}" if now.startswith(_HOLDS) else now


def list_deviations(plan: HousePlan) -> pd.DataFrame:
    """As `list_agreements`, with a day as it is, and with what the plan makes of what is in force."""
    deviations, as_of = plan.basis.submission.deviations, plan.basis.as_of
    return _list_agreed(
        deviations, plan.questionnaire, lambda each: _describe_force(plan, each, holds=each.in_force(as_of))
    )


def list_agreements(
    deviations: Iterable[Deviation], questionnaire: Questionnaire, as_of: date
) -> pd.DataFrame:
    """What is agreed to be otherwise, in the order in which it ends, and whether it holds on a day."""
    table = _list_agreed(deviations, questionnaire, lambda each: _HOLDS if each.in_force(as_of) else _LAPSED)
    return table.assign(**{_UNTIL: [format_day(day) for day in table[_UNTIL]]})


def _list_agreed(
    deviations: Iterable[Deviation], questionnaire: Questionnaire, describe: Callable[[Deviation], str]
) -> pd.DataFrame:
    rows = [
        (
            f"{each.criterion_id} {questionnaire.criterion[each.criterion_id].title}",
            each.reason,
            each.agreed_by,
            each.until,
            describe(each),
        )
        for each in sorted(deviations, key=lambda each: (each.until, each.criterion_id))
    ]
    return pd.DataFrame(rows, columns=list(DEVIATING))


def _describe_force(plan: HousePlan, deviation: Deviation, *, holds: bool) -> str:
    if not holds:
        return _LAPSED
    if _meets_itself(plan, deviation.criterion_id):
        return "ja; de antwoorden voldoen zelf ook"
    return _TO_EXTEND if _ends_before(plan, deviation) else _HOLDS


def list_ending(plan: HousePlan) -> list[Deviation]:
    """What was agreed to be otherwise, holds now, and ends before the house likely works by the kader."""
    return [
        each
        for each in plan.basis.submission.deviations
        if each.in_force(plan.basis.as_of)
        and _ends_before(plan, each)
        and not _meets_itself(plan, each.criterion_id)
    ]


def _ends_before(plan: HousePlan, deviation: Deviation) -> bool:
    """Whether it ends before the house likely works by the kader; False where no quarter is told."""
    when = find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin)
    return when is not None and Quarter.of(deviation.until) <= when.likely


def _meets_itself(plan: HousePlan, criterion_id: str) -> bool:
    """Whether the answers meet a criterion without what was agreed."""
    return criterion_id in plan.basis.unexcused
