"""Use case: two rounds side by side, and house beside police."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from assessment.engine.scoring import list_scores, score_criteria
from assessment.engine.totals import count_answers, score_houses
from assessment.engine.trend import (
    Common,
    Moment,
    carry_over,
    compare_criteria,
    compare_houses,
    find_common,
    leave_out_together,
)
from assessment.errors import NoAnswersError, NothingCommonError
from assessment.model.answers import Difference, Submission, find_differences
from assessment.model.frames import DEVIATIONS, ChoiceGrid, ScoreGrid
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House
from assessment.model.scale import Verdict
from assessment.service.round_scores import RoundScores, keep_houses


class Twice(NamedTuple):
    """A round as it was told, and computed again by other rules; of the same houses."""

    told: RoundScores
    again: RoundScores


@dataclass(frozen=True)
class Trend:
    """Two rounds side by side, of the houses that handed in for both.

    `earlier` and `later` are as they were told; `changes` is HOUSE_CHANGES, `criteria` CRITERION_CHANGES.
    """

    earlier: RoundScores
    later: RoundScores
    common: Common
    questionnaire: Questionnaire
    changes: pd.DataFrame
    criteria: pd.DataFrame

    @property
    def carried(self) -> int:
        """How many questions with options are compared."""
        return len(self.questionnaire.choices)

    @property
    def asked(self) -> int:
        """How many questions with options the later round asks."""
        return len(self.later.questionnaire.choices)

    @cached_property
    def houses(self) -> tuple[House, ...]:
        """The houses that are compared, by unit and name."""
        return self.later.houses


def compare_rounds(earlier: Twice, later: Twice) -> Trend:
    """Put two rounds side by side, and take apart what came of house, questionnaire and rules.

    Args:
        earlier: the earlier round; `again` by the newer of the rules of both.
        later: the later round, so too.

    Raises:
        NoAnswersError: no house handed in for both.
        NothingCommonError: the rounds ask no question alike.
    """
    before, after = _keep_both(earlier, later)
    common = find_common(before.again.questionnaire, after.again.questionnaire)
    asked = common.questionnaire
    if asked is None:
        raise NothingCommonError(
            f"De rondes '{before.told.round.round_id}' en '{after.told.round.round_id}' hebben geen enkele "
            "vraag gemeen. Kies rondes met dezelfde vragenlijst, of een nieuwere versie ervan."
        )
    carried = [carry_over(each.choices, each.questionnaire, asked) for each in (before.again, after.again)]
    applicable = leave_out_together(carried[0], carried[1], asked)
    scored = [_score(twice, grid, asked) for twice, grid in zip((before, after), carried, strict=True)]
    moments = [
        Moment(
            twice.told.totals,
            twice.again.totals,
            score_houses(scores, count_answers(grid, asked), asked),
            score_houses(_score(twice, rest, asked), count_answers(rest, asked), asked),
        )
        for twice, scores, grid, rest in zip((before, after), scored, carried, applicable, strict=True)
    ]
    changes = compare_houses(*moments)
    criteria = compare_criteria(*(list_scores(each, asked) for each in scored))
    return Trend(before.told, after.told, common, asked, changes, criteria)


def _keep_both(earlier: Twice, later: Twice) -> tuple[Twice, Twice]:
    """Keep the houses that handed in for both rounds."""
    both = set(earlier.told.grid.house_ids) & set(later.told.grid.house_ids)
    if not both:
        rounds = " en ".join(f"'{each.told.round.round_id}'" for each in (earlier, later))
        raise NoAnswersError(f"Geen van deze huizen leverde in voor beide rondes: {rounds}.")
    before, after = (_keep(twice, both) for twice in (earlier, later))
    return before, after


def _keep(twice: Twice, house_ids: Collection[str]) -> Twice:
    """Keep these houses; what is the same stays the same, so that nothing is scored twice."""
    told = keep_houses(twice.told, house_ids)
    return Twice(told, told if twice.again is twice.told else keep_houses(twice.again, house_ids))


def _score(twice: Twice, grid: ChoiceGrid, asked: Questionnaire) -> ScoreGrid:
    return score_criteria(grid, _list_deviations(twice.again, asked), asked)


def _list_deviations(scores: RoundScores, asked: Questionnaire) -> pd.DataFrame:
    """DEVIATIONS that were in force in a round, from the criteria that are compared."""
    criteria = scores.criteria
    explained = criteria["verdict"] == Verdict.EXPLAINED.value
    compared = criteria["criterion_id"].isin(list(asked.criterion))
    return DEVIATIONS.conform(criteria[explained & compared][list(DEVIATIONS.columns)])


@dataclass(frozen=True)
class Agenda:
    """House beside police: what to talk about. `criteria` is AGENDA."""

    house: House
    own: Submission
    theirs: Submission
    questionnaire: Questionnaire
    criteria: pd.DataFrame

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The questions at which both chose otherwise, or one of them nothing, in the order of asking."""
        order = {key: place for place, key in enumerate(self.questionnaire.question)}
        found = (each for each in find_differences(self.own, self.theirs) if each.is_answer)
        return tuple(sorted((each for each in found if each.of_choice), key=lambda each: order[each.key]))


def make_agenda(own: RoundScores, said: tuple[Submission, ...], criteria: pd.DataFrame) -> Agenda:
    """Put the answers of one house and those of its police side by side.

    Args:
        own: the scores of the house.
        said: what the house handed in, and what its police did.
        criteria: AGENDA.
    """
    (house,), (mine, other) = own.houses, said
    return Agenda(house, mine, other, own.questionnaire, criteria)
