"""How fast this machine plans, and how well the quarters hold that it tells."""

from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.plan import plan_quarters
from assessment.engine.roadmap.problem import Problem, build_problem
from assessment.engine.roadmap.simulation import Kept, calibrate, estimate, simulate
from assessment.engine.scheduling.network import Ints, Network
from assessment.engine.scheduling.schedule import find_cost, place_by_priority
from assessment.engine.scheduling.solver import solve
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.model.frames import DEVIATIONS, ChoiceGrid
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House
from assessment.model.scale import Actor, Mark, Rules
from assessment.readers.framework import find_published, read_questionnaire
from assessment.service.plans.planning import RUNS, SEED, share_capacity
from assessment.settings import Settings

_FRAMEWORKS = ("politie", "landelijk-kader", "integrale-veiligheid")
_VERSION = "1.0"
_USUAL: Mapping[Actor, int] = {actor: actor.capacity for actor in Actor}
_ONE: Mapping[Actor, int] = dict.fromkeys(Actor, 1)
_BEGIN = Quarter(2027, 1)
_SEED = 2026
_TRIES = 3
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


_USUAL_KINDS = (
    Kind("een huis", 1, 1, 10),
    Kind("een huis, alles te doen", 1, 1, 1, nothing_done=True),
    Kind("een huis, overal capaciteit 1", 1, 1, 10, _ONE),
    Kind("een eenheid van 4 huizen", 4, 4, 5),
    Kind("een eenheid van 4 huizen, overal capaciteit 1", 4, 4, 5, _ONE),
    Kind("het land: 40 huizen in 10 eenheden", 40, 4, 1),
    Kind("40 huizen die één capaciteit delen", 40, 40, 1),
)
_HARD = Kind("een eenheid van 4 huizen, alles te doen, overal capaciteit 1", 4, 4, 1, _ONE, nothing_done=True)
_KINDS = (*_USUAL_KINDS, _HARD)
COUNTRY = Kind("het land: 300 huizen in 75 eenheden", 300, 4, 1)
KINDS = len(_KINDS)
"""How many kinds of plan are measured."""


def measure_roadmap(settings: Settings, *, hard: bool = True) -> Iterator[Compared]:
    """Plan houses, units and the country, each beside the priority rule.

    Args:
        settings: where the questionnaires are.
        hard: whether the hardest kind is planned too, which is proven nowhere.
    """
    found = (find_published(settings.questionnaires, name, _VERSION) for name in _FRAMEWORKS)
    asked = read_questionnaire(found)
    for kind in _KINDS if hard else _USUAL_KINDS:
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
    asked = read_newest(settings)
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


def read_newest(settings: Settings) -> Questionnaire:
    """What is asked by the newest rules."""
    paths = [find_published(settings.questionnaires, name, "1.1") for name in _FRAMEWORKS]
    return read_questionnaire(paths, Rules.TWO)


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
        by_hand, by_rule = _place_by_rule(network)
        gaps.append(solution.optimality_gap)
        slowest = max(slowest, took)
        ours = _add(ours, Outcome(*find_cost(network, solution.starts), middle - begin))
        rule = _add(rule, Outcome(*find_cost(network, by_hand), by_rule))
    measures = sum(len(network.durations) for network in networks)
    return Compared(what, len(networks), measures, gaps.count(0.0), max(gaps), slowest, ours, rule)


def _place_by_rule(network: Network) -> tuple[Ints, float]:
    """The plan by the priority rule, and its seconds: so few that the quickest of some tries tells most."""
    seconds = []
    for _ in range(_TRIES):
        begin = process_time()
        starts = place_by_priority(network)
        seconds.append(process_time() - begin)
    return starts, min(seconds)


def _add(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(one.late + other.late, one.weighted + other.weighted, one.seconds + other.seconds)
