"""How groups of houses stand, and where the same gap returns.

Whoever may see every house one by one sees the whole description of the group. Everybody else sees a group as
far as `engine.disclosure` allows; whether at all, `Queries` decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from assessment.engine.comparison import compare_groups
from assessment.engine.disclosure import withhold_few
from assessment.model.frames import GROUPS
from assessment.service.round_scores import RoundScores
from assessment.tables.groups import list_phases, list_returning_gaps

ALL = "alle huizen"

Withhold = Callable[[pd.DataFrame, pd.DataFrame, str | None], pd.DataFrame]


@dataclass(frozen=True)
class Country:
    """What a visitor may know of all houses of a round together; a house is never named or ranked.

    `groups` is GROUPS; `scores` holds each house, to be counted and not to be shown.
    """

    scores: RoundScores
    groups: pd.DataFrame
    complete: bool
    """Whether the visitor may see each house, so that nothing was left out."""

    @property
    def houses(self) -> int:
        """How many houses there are together."""
        return len(self.scores.houses)

    @cached_property
    def phases(self) -> pd.DataFrame:
        """How many houses are in each phase, for reading."""
        return list_phases(self.scores.totals)

    @cached_property
    def returning(self) -> pd.DataFrame:
        """The criteria at which most houses still have something to do, for reading."""
        criteria = self.scores.criteria
        told = criteria[criteria["criterion_id"].isin(self.groups["subject_id"])]
        return list_returning_gaps(told, self.scores.questionnaire)


def compare_houses(scores: RoundScores) -> pd.DataFrame:
    """Describe scored houses, which the visitor may see one by one, as one group.

    Returns:
        GROUPS, in total, per theme and per criterion; a house is never named or ranked.
    """
    return _compare(scores, lambda groups, _frame, _subject: groups)


def describe_country(everyone: RoundScores, known: frozenset[str]) -> Country:
    """Describe all houses that handed in together, as far as somebody may know who knows some of them.

    Args:
        everyone: the scores of all houses that handed in.
        known: the houses that may be seen one by one.
    """
    if len(known) == len(everyone.houses):
        return Country(everyone, compare_houses(everyone), complete=True)
    groups = _compare(everyone, partial(withhold_few, known=known))
    return Country(everyone, groups, complete=False)


def _compare(scores: RoundScores, withhold: Withhold) -> pd.DataFrame:
    group_of = pd.Series(ALL, index=list(scores.grid.house_ids), dtype="str")
    scored = [(scores.totals, None), (scores.themes, "theme_id"), (scores.criteria, "criterion_id")]
    described = [
        withhold(compare_groups(frame, group_of, subject), frame, subject) for frame, subject in scored
    ]
    return GROUPS.conform(pd.concat(described, ignore_index=True))
