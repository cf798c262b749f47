"""HiGHS, the solver, as it is used here: in silence, and always in the same way."""

import highspy

from assessment.engine.scheduling.model import Model
from assessment.engine.scheduling.network import Ints
from assessment.errors import KaderscanError, NoPlanError

_LESS_THAN_ONE = 0.98
"""Costs are whole numbers: a schedule that is less than one from the bound is the best."""

_ENDED = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit}


def open_highs(**options: float | str) -> highspy.Highs:
    """HiGHS in silence: one thread, one seed."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        solver.setOptionValue(option, value)
    return solver


def solve_whole(model: Model, first: Ints | None = None, nodes: int | None = None) -> highspy.Highs:
    """Let HiGHS look for the best schedule by itself, from a first one, for at most so many nodes.

    Raises:
        NoPlanError: there is no schedule.
        KaderscanError: the solver gave up.
    """
    highs = open_highs(presolve="off", mip_rel_gap=0.0, mip_abs_gap=_LESS_THAN_ONE)
    highs.passModel(model.as_mip())
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    if first is not None:
        highs.setSolution(model.write_solution(first))
    highs.run()
    if not has_answer(highs):
        raise NoPlanError
    return highs


def has_answer(highs: highspy.Highs) -> bool:
    """Whether there is one; no schedule and no bound rests on a run that went wrong.

    Raises:
        KaderscanError: the solver gave up.
    """
    status = highs.getModelStatus()
    if status not in {*_ENDED, highspy.HighsModelStatus.kInfeasible}:
        raise KaderscanError(f"HiGHS: {highs.modelStatusToString(status)}")
    return status in _ENDED
