"""Use case: how fast this machine reads questionnaires and plans."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.plan import plan_quarters
from assessment.engine.roadmap.problem import Problem, build_problem
from assessment.engine.roadmap.simulation import Kept, calibrate, estimate, simulate
from assessment.engine.scheduling.network import Network
from assessment.engine.scheduling.schedule import find_cost, place_by_priority
from assessment.engine.scheduling.solver import solve
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.errors import KaderscanError
from assessment.model.frames import DEVIATIONS, ChoiceGrid
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Actor, Mark, Perspective, Rules
from assessment.readers.files import read_bytes
from assessment.readers.framework import find_published, read_questionnaire
from assessment.readers.isolation import ReaderPool
from assessment.readers.tables import read_rounds, read_units
from assessment.service.installation import Installation, open_installation
from assessment.service.intake import NamedFile, hand_in_files
from assessment.service.plans.planning import RUNS, SEED, share_capacity
from assessment.service.round_scores import score_round
from assessment.settings import Settings
from assessment.store.register import add_houses, add_round, add_units

_ANSWER_COLUMN = 3
_KILOBYTES = 1024
_A_MOMENT = 1.0
"""Seconds in which one process does not take the work of two."""

_AT_ONCE = 20
"""How many files a process gets at once where only the parser is measured."""

_MOST_BY_PANDAS = 100
"""The slow yardstick is measured on so many files at most, and counted per file."""


class Measured(NamedTuple):
    """One measurement: what was done, on how many files, in how many seconds of wall time, in megabytes."""

    what: str
    files: int
    seconds: float
    megabytes: float | None = None

    @property
    def milliseconds(self) -> float:
        """Wall time per file."""
        return 1000 * self.seconds / self.files


def measure_intake(settings: Settings, files: int) -> Iterator[Measured]:
    """Measure reading, checking, storing and scoring many filled questionnaires.

    Args:
        settings: where the demo and the questionnaires are.
        files: how many.

    Yields:
        Kaderscan; the raw parser in as many processes, then in one process while all else rests; and the
        script that a handy colleague would write, in one process.
    """
    with TemporaryDirectory() as folder:
        paths = _make_files(settings, Path(folder), files)
        yield _measure_ours(settings, paths)
        yield _measure_raw_side_by_side(paths)
        yield _measure("python-calamine: alleen de cellen lezen, in één proces", paths, _read_raw)
        some = paths[:_MOST_BY_PANDAS]
        yield _measure("pandas met openpyxl: lezen en scoren", some, partial(_script, settings))


def _make_files(settings: Settings, folder: Path, files: int) -> list[Path]:
    """Write the filled questionnaires of the demo again and again, each for a house of its own."""
    filled = sorted((settings.data / "demo" / _find_round(settings).round_id).glob("*_huis.xlsx"))
    paths = []
    for place, source in enumerate(islice(cycle(filled), files)):
        path = folder / f"{_house_id(place)}.xlsx"
        path.write_bytes(_rename_house(read_bytes(source), source.stem.split("_")[1], _house_id(place)))
        paths.append(path)
    return paths


def _house_id(place: int) -> str:
    return f"meting-{place:05}"


def _rename_house(content: bytes, old: str, new: str) -> bytes:
    """Put the id of another house where the hidden sheet of a questionnaire has the old one."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/sharedStrings.xml":
                part = part.replace(f">{old}<".encode(), f">{new}<".encode())
            target.writestr(name, part)
    return stream.getvalue()


def _find_round(settings: Settings) -> Round:
    return read_rounds(settings.data / "demo" / "rounds.csv", ())[-1]


def _measure(what: str, paths: list[Path], work: Callable[[list[Path]], None]) -> Measured:
    start = perf_counter()
    work(paths)
    return Measured(what, len(paths), perf_counter() - start, find_peak())


def find_peak() -> float | None:
    """The most memory that this process or any that it started has used so far; not known on Windows."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - does not exist on Windows

    everyone = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in everyone) / _KILOBYTES


def _measure_ours(settings: Settings, paths: list[Path]) -> Measured:
    """Measure with a database, a register and processes that are ready, as the yardsticks need none."""
    database = paths[0].with_name("meting.sqlite")
    own = settings.model_copy(update={"database_url": f"sqlite:///{database.as_posix()}"})
    installation = open_installation(own)
    try:
        asked = _register(installation, [path.stem for path in paths])
        _start(installation.reader_pool)
        what = "Kaderscan: lezen, controleren, bewaren en scoren"
        return _measure(what, paths, partial(_take_in, installation, asked))
    finally:
        installation.close()


def _measure_raw_side_by_side(paths: list[Path]) -> Measured:
    """The raw parser with every core at work, as Kaderscan has them: then each of them is slower."""
    room = ReaderPool()
    try:
        _start(room)
        what = "python-calamine: alleen de cellen lezen, op alle kernen"
        return _measure(what, paths, partial(_read_raw_side_by_side, room))
    finally:
        room.close()


def _start(room: ReaderPool) -> None:
    """Start every process, and wait until each of them has done something."""
    for busy in [room.submit("", _rest) for _ in range(room.workers)]:
        busy.result()


def _rest() -> None:
    """Have this module loaded, and do nothing, so long that each process gets one of these."""
    sleep(_A_MOMENT)


def _read_raw_side_by_side(room: ReaderPool, paths: list[Path]) -> None:
    some = (paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE))
    for reading in [room.submit(each[0].name, _read_raw, each) for each in some]:
        reading.result()


def _take_in(installation: Installation, round_: Round, paths: list[Path]) -> None:
    files = (NamedFile(path.name, read_bytes(path)) for path in paths)
    taken_in = hand_in_files(installation, files, datetime.combine(round_.opens, time.min))
    refused = [each for each in taken_in if each.error is not None]
    if refused:
        raise KaderscanError(f"the bench's own file was refused: {refused[0].error}")
    scores = score_round(installation, round_.round_id, Perspective.HOUSE, round_.opens)
    scores.totals, scores.criteria  # noqa: B018 - computed when first asked for


def _register(installation: Installation, house_ids: list[str]) -> Round:
    units = read_units(installation.settings.data / "units.csv")
    houses = (House(house_id=key, title=key, unit_id=units[0].unit_id, invented=True) for key in house_ids)
    round_ = _find_round(installation.settings).model_copy(update={"house_ids": tuple(house_ids)})
    with installation.store.writing() as session:
        add_units(session, units)
        add_houses(session, tuple(houses))
        add_round(session, round_)
    return round_


def _read_raw(paths: list[Path]) -> None:
    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _script(settings: Settings, paths: list[Path]) -> None:
    """Read and score as one would in an afternoon: every sheet into a frame, concat, merge, groupby."""
    frames = [
        sheet[[0, _ANSWER_COLUMN]].assign(house_id=path.stem)
        for path in paths
        for sheet in pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl").values()
        if sheet.shape[1] > _ANSWER_COLUMN
    ]
    answers = pd.concat(frames).rename(columns={0: "question_id", _ANSWER_COLUMN: "text"})
    worth = pd.DataFrame(_list_worth(settings), columns=["question_id", "criterion_id", "text", "worth"])
    merged = answers.merge(worth, on=["question_id", "text"])
    merged.groupby(["house_id", "criterion_id"])["worth"].mean().groupby("house_id").mean()


def _list_worth(settings: Settings) -> list[tuple[str, str, str, float | None]]:
    refs = (ref.split("/") for ref in _find_round(settings).frameworks)
    folder = settings.questionnaires
    asked = read_questionnaire(find_published(folder, name, version) for name, version in refs)
    return [
        (question.question_id, question.criterion_id, option.text, option.worth)
        for question in asked.questions
        for option in question.options
    ]


_FRAMEWORKS = ("politie", "landelijk-kader", "integrale-veiligheid")
_VERSION = "1.0"
_USUAL: Mapping[Actor, int] = {actor: actor.capacity for actor in Actor}
_ONE: Mapping[Actor, int] = dict.fromkeys(Actor, 1)
_BEGIN = Quarter(2027, 1)
_SEED = 2026
_IN_ORDER = 0.6
"""The share of the questions that the die answers with what is in order."""


class Outcome(NamedTuple):
    """What a planner made of some networks: hard norms late, weighted finish, seconds of the processor."""

    late: int
    weighted: int
    seconds: float


class Compared(NamedTuple):
    """One kind of plan, by Kaderscan and by the priority rule.

    `proven` counts the plans proven best, `optimality_gap` is the widest of the others, `slowest` the
    seconds of wall time of the slowest plan.
    """

    what: str
    plans: int
    measures: int
    proven: int
    optimality_gap: float
    slowest: float
    ours: Outcome
    rule: Outcome


class Kind(NamedTuple):
    """One kind of plan: how many houses, in units of how many, how many such plans, with which capacity."""

    what: str
    houses: int
    in_unit: int
    plans: int
    capacity: Mapping[Actor, int] = _USUAL
    nothing_done: bool = False


_KINDS = (
    Kind("een huis", 1, 1, 10),
    Kind("een huis, alles te doen", 1, 1, 1, nothing_done=True),
    Kind("een huis, overal capaciteit 1", 1, 1, 10, _ONE),
    Kind("een eenheid van 4 huizen", 4, 4, 5),
    Kind("een eenheid van 4 huizen, overal capaciteit 1", 4, 4, 5, _ONE),
    Kind("het land: 40 huizen in 10 eenheden", 40, 4, 1),
    Kind("40 huizen die één capaciteit delen", 40, 40, 1),
)
KINDS = len(_KINDS)
"""How many kinds of plan are measured."""


def measure_roadmap(settings: Settings) -> Iterator[Compared]:
    """Plan houses, units and the country, each beside the priority rule.

    Args:
        settings: where the questionnaires are.
    """
    found = (find_published(settings.questionnaires, name, _VERSION) for name in _FRAMEWORKS)
    asked = read_questionnaire(found)
    for kind in _KINDS:
        yield _compare(kind.what, list(make_networks(asked, kind)))


class Calibrated(NamedTuple):
    """How well the told quarters of one kind of plan hold in fresh runs, on average over the plans."""

    what: str
    plans: int
    likely: Kept
    at_80: Kept


_CALIBRATED = (Kind("een huis", 1, 1, 10), Kind("een eenheid van 4 huizen", 4, 4, 3))


def measure_calibration(settings: Settings) -> Iterator[Calibrated]:
    """Tell when plans end, and count in runs with another seed how often they do, by the newest rules.

    Args:
        settings: where the questionnaires are.
    """
    paths = [find_published(settings.questionnaires, name, "1.1") for name in _FRAMEWORKS]
    asked = read_questionnaire(paths, Rules.TWO)
    for kind in _CALIBRATED:
        plans = [plan_quarters(problem) for problem in make_problems(asked, kind)]
        held = [
            calibrate(estimate(plan, simulate(plan, RUNS, SEED)), simulate(plan, RUNS, _SEED))
            for plan in plans
        ]
        likely, at_80 = (
            Kept(*np.mean([each[name] for each in held], axis=0).tolist()) for name in ("likely", "at_80")
        )
        yield Calibrated(kind.what, len(plans), likely, at_80)


def make_networks(asked: Questionnaire, kind: Kind) -> Iterator[Network]:
    """The networks of `make_problems`."""
    return (problem.network for problem in make_problems(asked, kind))


def make_problems(asked: Questionnaire, kind: Kind) -> Iterator[Problem]:
    """Draw the houses of a kind of plan and link what they have to do; always the same."""
    dice = np.random.default_rng(_SEED)
    for _ in range(kind.plans):
        houses = _name_houses(kind)
        grid = _draw_answers(asked, [house.house_id for house in houses], dice, kind)
        scores = list_scores(score_criteria(grid, DEVIATIONS.empty(), asked), asked)
        resources = share_capacity(houses, kind.capacity, asked)
        work = list_work(find_gaps(scores, asked.rules), score_measures(grid, asked), asked)
        yield build_problem(work, resources, _BEGIN, asked)


def _name_houses(kind: Kind) -> tuple[House, ...]:
    names = [(f"huis-{place:02}", f"eenheid-{place // kind.in_unit}") for place in range(kind.houses)]
    return tuple(House(house_id=key, title=key, unit_id=unit_id, invented=True) for key, unit_id in names)


def _draw_answers(
    asked: Questionnaire, house_ids: Sequence[str], dice: np.random.Generator, kind: Kind
) -> ChoiceGrid:
    """Answer every question of every house: in order (the first answer) or, by the die, another one."""
    marks = [[option.mark for option in question.options] for question in asked.questions]
    if kind.nothing_done:
        nothing = [each.index(Mark.NOT_YET) + 1 if Mark.NOT_YET in each else 1 for each in marks]
        return ChoiceGrid(tuple(house_ids), np.array([nothing] * len(house_ids), dtype=np.uint8))
    size = (len(house_ids), len(marks))
    offered = np.array([len(each) for each in marks])
    drawn = dice.integers(1, np.maximum(offered, 1) + 1, size)
    # An open text offers nothing to choose from, and stays empty.
    choices = np.minimum(np.where(dice.random(size) < _IN_ORDER, 1, drawn), offered)
    return ChoiceGrid(tuple(house_ids), choices.astype(np.uint8))


def _compare(what: str, networks: list[Network]) -> Compared:
    gaps, slowest, ours, rule = [], 0.0, Outcome(0, 0, 0.0), Outcome(0, 0, 0.0)
    for network in networks:
        wall, begin = perf_counter(), process_time()
        solution = solve(network)
        middle, took = process_time(), perf_counter() - wall
        by_hand = place_by_priority(network)
        end = process_time()
        gaps.append(solution.optimality_gap)
        slowest = max(slowest, took)
        ours = _add(ours, Outcome(*find_cost(network, solution.starts), middle - begin))
        rule = _add(rule, Outcome(*find_cost(network, by_hand), end - middle))
    measures = sum(len(network.durations) for network in networks)
    return Compared(what, len(networks), measures, gaps.count(0.0), max(gaps), slowest, ours, rule)


def _add(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(one.late + other.late, one.weighted + other.weighted, one.seconds + other.seconds)
