"""What may be shown of groups of houses to somebody who may not see each of them.

A group is shown only where it tells of at least five houses that the visitor does not know one by one. Nor by
subtraction: whatever is added to or taken from each other of all groups that are shown, what is left holds
none of those houses or at least five.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from assessment.model.frames import GROUPS
from assessment.model.scale import Face

SMALLEST = 5
"""How many houses that are not known one by one a group must hold."""


def choose_groups(candidates: Sequence[AbstractSet[str]], known: AbstractSet[str]) -> tuple[bool, ...]:
    """Choose which groups may be shown together; an earlier one goes before a later one.

    The groups cut the houses into pieces: those that are in exactly the same groups. Every sum and every
    difference of groups is made of whole pieces, so it is enough that no piece is too small.

    Args:
        candidates: groups of house ids of which the same is told; always all that are ever told, in the same
            order, or what is chosen depends on what was asked first.
        known: the houses that the visitor may see one by one.

    Returns:
        For each group whether it may be shown.
    """
    shown: list[AbstractSet[str]] = []
    chosen = []
    for group in candidates:
        fits = _is_large_enough([*shown, group - known])
        shown += [group - known] * fits
        chosen.append(fits)
    return tuple(chosen)


def _is_large_enough(groups: Sequence[AbstractSet[str]]) -> bool:
    houses = frozenset[str]().union(*groups)
    pieces = Counter(tuple(house_id in group for group in groups) for house_id in houses)
    return all(size >= SMALLEST for size in pieces.values())


def withhold_few(
    groups: pd.DataFrame, scores: pd.DataFrame, subject: str | None, known: Collection[str]
) -> pd.DataFrame:
    """Leave out of the description of a group what tells of fewer than five other houses.

    What stays is the number of houses, the mean of the lower and of the upper ends, the median, and the
    uniformity with the face where five other houses are determined. Lowest and highest are each the figure
    of one house.

    Args:
        groups: GROUPS of one group.
        scores: what they were made of, with house_id, low and high.
        subject: the column with what was scored, or None for totals.
        known: the houses that the visitor may see one by one.

    Returns:
        GROUPS; a subject that applies to fewer than five other houses is left out.
    """
    others = scores[scores["low"].notna() & ~scores["house_id"].isin(list(known))]
    determined = others[others["low"] == others["high"]]
    kept = groups[_count(others, groups, subject) >= SMALLEST]
    enough = _count(determined, kept, subject) >= SMALLEST
    uniform = kept["uniformity"].where(enough)
    face = kept["face"].where(enough | (kept["face"] == ""), Face.UNDETERMINED.value)
    return GROUPS.conform(kept.assign(minimum=np.nan, maximum=np.nan, uniformity=uniform, face=face))


def _count(scores: pd.DataFrame, groups: pd.DataFrame, subject: str | None) -> pd.Series:
    """How many of these scores there are on the subject of each group."""
    if subject is None:
        return pd.Series(len(scores), index=groups.index)
    return groups["subject_id"].map(scores[subject].value_counts()).fillna(0)
