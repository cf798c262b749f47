"""Use case: how groups of houses stand, and where the same gap returns.

Whoever may see every house one by one sees the whole description of the group. Everybody else sees a group as
far as `engine.disclosure` allows, and only of a round that is closed: while houses still hand in, the figures
differ from those of yesterday by one house. A unit is seen by who may see each of its houses.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

import pandas as pd

from assessment.engine.comparison import compare_groups
from assessment.engine.disclosure import SMALLEST, choose_groups, withhold_few
from assessment.errors import NotAllowedError
from assessment.model.access import OPERATOR, Task
from assessment.model.frames import GROUPS
from assessment.model.scale import Perspective
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.round_scores import RoundScores, choose_houses, score_round
from assessment.store.register import load_closings
from assessment.store.submissions import load_newest
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


def find_country(
    installation: Installation, round_id: str | None, perspective: Perspective, today: date
) -> Country:
    """Reckon what the visitor may know of all houses that handed in for a round.

    Raises:
        NotAllowedError: as `see_country`.
        NoAnswersError: no house handed in.
        UnknownRoundError, FrameworkError: as `score_round`.
    """
    everyone = score_round(replace(installation, visitor=OPERATOR), round_id, perspective, today)
    choose_houses(everyone, None, None)
    return see_country(installation, everyone)


def see_country(installation: Installation, everyone: RoundScores) -> Country:
    """Tell of all houses together what the visitor may know of them.

    Args:
        installation: with the visitor.
        everyone: the scores of all houses that handed in, whoever the visitor is.

    Raises:
        NotAllowedError: the visitor sees no groups, the round is still open, or the houses that the visitor
            does not see one by one are too few.
    """
    known = require_country(installation, everyone)
    if len(known) == len(everyone.houses):
        return Country(everyone, compare_houses(everyone), complete=True)
    groups = _compare(everyone, partial(withhold_few, known=known))
    return Country(everyone, groups, complete=False)


def require_country(installation: Installation, everyone: RoundScores) -> frozenset[str]:
    """Go on only when the visitor may see all houses of a round as one group.

    Returns:
        The houses that the visitor may see one by one.

    Raises:
        NotAllowedError: as `see_country`.
    """
    require(installation, Task.SEE_GROUPS)
    may, perspective = installation.visitor.may, everyone.perspective
    seen = [house.house_id for house in everyone.houses if may(Task.SEE_SCORES, house, perspective)]
    if len(seen) < len(everyone.houses):
        _refuse_open(installation, everyone)
        _refuse_few(installation, everyone, frozenset(seen))
    return frozenset(seen)


def _compare(scores: RoundScores, withhold: Withhold) -> pd.DataFrame:
    group_of = pd.Series(ALL, index=list(scores.grid.house_ids), dtype="str")
    scored = [(scores.totals, None), (scores.themes, "theme_id"), (scores.criteria, "criterion_id")]
    described = [
        withhold(compare_groups(frame, group_of, subject), frame, subject) for frame, subject in scored
    ]
    return GROUPS.conform(pd.concat(described, ignore_index=True))


def _refuse_open(installation: Installation, everyone: RoundScores) -> None:
    with installation.store.reading() as session:
        closed = everyone.round.round_id in load_closings(session)
    if not closed:
        raise NotAllowedError(
            f"Ronde {everyone.round.title} is nog open. Cijfers van andere huizen samen ziet u zodra zij is "
            "gesloten; kies tot dan een eerdere ronde."
        )


def _refuse_few(installation: Installation, everyone: RoundScores, known: frozenset[str]) -> None:
    """The houses that hand in, their police, and both together may differ by a few houses."""
    with installation.store.reading() as session:
        groups = [frozenset(load_newest(session, everyone.round.round_id, each)) for each in Perspective]
    chosen = dict(zip(Perspective, choose_groups(groups, known), strict=True))
    if not chosen[everyone.perspective]:
        raise NotAllowedError(
            "Deze groep huizen is te klein, of verschilt te weinig van een andere groep die u ziet: u zou er "
            f"cijfers van minder dan {SMALLEST} andere huizen uit kunnen afleiden."
        )
