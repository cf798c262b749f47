"""Why each task stands where it stands, in the words that a user reads.

Source: questionnaires/roadmap.md, section 3.
"""

from collections.abc import Iterator

from assessment.engine.roadmap.problem import Problem, find_first
from assessment.engine.scheduling.network import Ints
from assessment.model.decisions import PlanLine, Progress
from assessment.model.plan import Quarter
from assessment.model.scale import Actor

AT_ONCE = "kan meteen"
FIXED = "vastgezet"
AGREED = "zoals vastgesteld"


def explain(problem: Problem, starts: Ints) -> list[str]:
    """Tell for every task, in order, why it does not start earlier.

    Args:
        problem: what was planned.
        starts: the plan, every task as early as it allows.
    """
    told = _tell_decisions(problem)
    return [decided or reason for decided, reason in zip(told, _find_reasons(problem, starts), strict=True)]


def _find_reasons(problem: Problem, starts: Ints) -> Iterator[str]:
    network, begin = problem.network, problem.begin
    titles = [problem.questionnaire.measure[measure_id].title for measure_id in problem.tasks["measure_id"]]
    actors = [Actor(actor) for actor in problem.tasks["actor"]]
    done = starts + network.durations
    for task, start in enumerate(starts[: len(titles)]):
        blocking = [need for need in network.needs[task] if done[need] == start]
        if task in network.fixed:
            yield FIXED
        elif start == 0 or any(need >= len(titles) for need in blocking):
            yield AT_ONCE
        elif blocking:
            yield f"wacht op: {'; '.join(titles[need] for need in blocking)}"
        elif network.agreed.get(task) == start:
            yield AGREED
        else:
            yield f"geen capaciteit bij {actors[task].dutch} tot {begin + int(start)}"


def _tell_decisions(problem: Problem) -> list[str]:
    """Tell of each task what people decided that says when it is; empty where the planner says so."""
    now = problem.begin + problem.now
    return [_tell(line, now) if line else "" for line in problem.lines]


def _tell(line: PlanLine, now: Quarter) -> str:
    match line.progress:
        case Progress.DONE:
            return f"gereed in {Quarter.of(line.done)}" if line.done else ""
        case Progress.BUSY:
            return f"bezig sinds {find_first(line)}"
        case _:
            lapsed = line.pinned is not None and line.pinned < now
            return f"was vastgezet op {line.pinned} maar is niet begonnen" if lapsed else ""
