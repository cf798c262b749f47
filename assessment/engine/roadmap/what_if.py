"""Two plans of the same houses side by side: what comes earlier or later, and when all is there.

Source: questionnaires/roadmap.md, section 3.
"""

from collections.abc import Iterator

import pandas as pd

from assessment.engine.roadmap.plan import Plan
from assessment.model.frames import (
    ALL_HOUSES,
    END_CHANGES,
    FINISH_CHANGES,
    NEVER,
    NOTHING_LEFT,
    ROOM,
    Subject,
)
from assessment.model.plan import HORIZON, Why
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind

_KEY = ["house_id", "criterion_id"]
_MEASURE = ["house_id", "measure_id"]
_PLANS = ["present", "tried"]


def add_never(finishes: pd.DataFrame, dropped: pd.DataFrame) -> pd.DataFrame:
    """Put what a plan never finishes, because a measure was dropped, beside what it does.

    Args:
        finishes: house_id, criterion_id and last, from `find_finishes`.
        dropped: DROPPED.
    """
    if dropped.empty:
        return finishes
    never = dropped[_KEY].drop_duplicates().assign(last=NEVER)
    return pd.concat([finishes, never], ignore_index=True)


def compare_finishes(present: pd.DataFrame, tried: pd.DataFrame) -> pd.DataFrame:
    """Put the finishes of two plans side by side.

    Args:
        present: house_id, criterion_id and last of the plan as it is, from `add_never`.
        tried: the same of the other plan.

    Returns:
        FINISH_CHANGES, every criterion of either plan, in the order of the present one.
    """
    now, then = (
        dict(zip(zip(each["house_id"], each["criterion_id"], strict=True), each["last"], strict=True))
        for each in (present, tried)
    )
    rows = [(*key, now.get(key, NOTHING_LEFT), then.get(key, NOTHING_LEFT)) for key in now | then]
    return FINISH_CHANGES.conform(pd.DataFrame(rows, columns=list(FINISH_CHANGES.columns)))


def compare_ends(changes: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Tell when all that the kader asks, all hard norms and everything is there, in both plans.

    Args:
        changes: FINISH_CHANGES.
        questionnaire: the kinds.

    Returns:
        END_CHANGES: all houses together, then each house; a subject that neither plan holds is left out.
    """
    both = pd.concat([changes.assign(house_id=ALL_HOUSES), changes])
    long = pd.concat([rows.assign(subject=subject.value) for subject, rows in _split(both, questionnaire)])
    ends = long.groupby(["house_id", "subject"], sort=False)[_PLANS].max().reset_index()
    order = {house_id: place for place, house_id in enumerate(both["house_id"].unique())}
    placed = ends.assign(place=ends["house_id"].map(order)).sort_values("place", kind="stable")
    return END_CHANGES.conform(placed.drop(columns="place"))


def find_room(present: Plan, tried: Plan, changes: pd.DataFrame) -> pd.DataFrame:
    """Find for whom houses make room that are later in the plan that is tried.

    Args:
        present: the plan as it is.
        tried: the other one.
        changes: FINISH_CHANGES between them.

    Returns:
        ROOM: each measure of such a house that waits longer for capacity, with what takes its place: that
        comes earlier now, or is new.
    """
    later = set(changes.loc[(changes["tried"] > changes["present"]) & (changes["present"] >= 0), "house_id"])
    before, now = present.roadmap.set_index(_MEASURE)["first"].to_dict(), tried.roadmap
    rows = now.to_dict("records")
    moved = [int(row["first"]) - before.get((row["house_id"], row["measure_id"]), HORIZON) for row in rows]
    found = [
        (row["house_id"], row["measure_id"], row["actor"], rows[other]["house_id"], rows[other]["measure_id"])
        for row, move, reason in zip(rows, moved, tried.reasons, strict=True)
        if row["house_id"] in later and move > 0 and reason.why is Why.CAPACITY
        for other in reason.blockers
        if moved[other] < 0
    ]
    return ROOM.conform(pd.DataFrame(found, columns=list(ROOM.columns)))


def count_late(changes: pd.DataFrame, questionnaire: Questionnaire) -> tuple[int, int]:
    """How many hard norms are met after the horizon, in the present plan and in the one tried."""
    hard = changes[_kinds(changes, questionnaire) == Kind.HARD_NORM]
    present, tried = ((hard[plan] >= HORIZON).sum() for plan in _PLANS)
    return int(present), int(tried)


def _split(changes: pd.DataFrame, questionnaire: Questionnaire) -> Iterator[tuple[Subject, pd.DataFrame]]:
    kinds = _kinds(changes, questionnaire)
    yield Subject.BY_FRAMEWORK, changes[kinds.isin([kind for kind in Kind if kind.is_norm])]
    yield Subject.HARD_NORMS, changes[kinds == Kind.HARD_NORM]
    yield Subject.PLAN, changes


def _kinds(changes: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    return changes["criterion_id"].map({c.criterion_id: c.kind.value for c in questionnaire.criteria})
