"""Use case: where the houses of a round stand, with everything that a figure rests on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256

import pandas as pd
from sqlalchemy.orm import Session

from assessment.engine.scoring import arrange_answers, list_scores, score_criteria
from assessment.engine.totals import count_answers, score_houses, score_themes
from assessment.errors import FrameworkError, NoAnswersError
from assessment.model.access import OPERATOR, Task, Visitor
from assessment.model.answers import Submission
from assessment.model.frames import ScoreGrid
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective, Rules
from assessment.service.access import require, require_of, show_submission
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round, find_house, find_round, refuse_unknown_unit
from assessment.store.audit import find_last_restore
from assessment.store.register import load_closings, load_register
from assessment.store.submissions import load_answers, load_deviations, load_newest, load_submission


@dataclass(frozen=True)
class RoundScores:
    """The scores of the houses that handed in for one round, from one perspective.

    It holds the houses that `visitor` may see one by one, and no other.
    `submissions` tells which version of each house was scored, `moment` the day on which a deviation must be
    in force; frames come in order of unit and name.
    """

    round: Round
    perspective: Perspective
    questionnaire: Questionnaire
    register: Register
    submissions: Mapping[str, str]
    moment: date
    grid: ScoreGrid
    answered: pd.DataFrame
    visitor: Visitor = OPERATOR

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """CRITERION_SCORES."""
        return list_scores(self.grid, self.questionnaire)

    @cached_property
    def themes(self) -> pd.DataFrame:
        """THEME_SCORES."""
        return score_themes(self.grid, self.questionnaire)

    @cached_property
    def totals(self) -> pd.DataFrame:
        """HOUSE_SCORES."""
        return score_houses(self.grid, self.answered, self.questionnaire)

    @cached_property
    def houses(self) -> tuple[House, ...]:
        """The houses that handed in, by unit and name."""
        return tuple(self.register.house[house_id] for house_id in self.grid.house_ids)


def score_round(
    installation: Installation,
    round_id: str | None,
    perspective: Perspective,
    today: date,
    rules: Rules | None = None,
) -> RoundScores:
    """Score every house that handed in for a round and that the visitor may see.

    Args:
        installation: where the answers are.
        round_id: the round, or None for the newest that has opened.
        perspective: whose answers.
        today: agreed deviations count when they are in force on this day, or, for an earlier round, on the
            day that the next one opened; in a round that was closed on the day that was fixed then.
        rules: other rules than those of the round, to see what they would make of it; nothing is stored.

    Raises:
        NotAllowedError: the visitor may see no house of this round one by one.
        UnknownRoundError: there is no such round.
        FrameworkError: what was handed in no longer fits the published framework, or that was made for
            other rules.
    """
    register = installation.register()
    asked = find_default_round(register, today) if round_id is None else find_round(register, round_id)
    asked = asked if rules is None else asked.model_copy(update={"rules": rules})
    questionnaire = installation.questionnaire_of(asked)
    with installation.store.reading() as session:
        moment = find_moment(session, register, asked, today)
        newest = load_newest(session, asked.round_id, perspective)
        answers = load_answers(session, list(newest.values()))
        deviations = load_deviations(session, list(newest.values()), moment)
    _refuse_changed(asked, questionnaire, answers, deviations)
    handed_in = tuple(house.house_id for house in register.houses_of(asked) if house.house_id in newest)
    choices = arrange_answers(answers, handed_in, questionnaire)
    everyone = RoundScores(
        round=asked,
        perspective=perspective,
        questionnaire=questionnaire,
        register=register,
        submissions=newest,
        moment=moment,
        grid=score_criteria(choices, deviations, questionnaire),
        answered=count_answers(choices, questionnaire),
    )
    return limit_scores(everyone, installation.visitor)


def limit_scores(everyone: RoundScores, visitor: Visitor) -> RoundScores:
    """Keep only the houses that a visitor may see one by one.

    Raises:
        NotAllowedError: there is none in this round, whether it handed in or not.
    """
    asked = everyone.register.houses_of(everyone.round)
    seen = {house.house_id for house in asked if visitor.may(Task.SEE_SCORES, house, everyone.perspective)}
    if not seen:
        require_of(visitor, Task.SEE_SCORES)
    kept = [place for place, house_id in enumerate(everyone.grid.house_ids) if house_id in seen]
    return replace(_take(everyone, kept), visitor=visitor)


def select_houses(scores: RoundScores, house_ids: Collection[str]) -> RoundScores:
    """Keep only the scores of these houses.

    Raises:
        NotAllowedError: the visitor may not see a house.
        UnknownHouseError, UnknownRoundError: a house is not there or not in the round.
        NoAnswersError: none of them handed in.
    """
    for house_id in house_ids:
        house = find_house(scores.register, scores.round, house_id)
        require_of(scores.visitor, Task.SEE_SCORES, house, scores.perspective)
    rows = [place for place, house_id in enumerate(scores.grid.house_ids) if house_id in house_ids]
    if not rows:
        names = ", ".join(house_ids)
        raise NoAnswersError(f"Nog niets ingeleverd voor ronde '{scores.round.round_id}': {names}.")
    return _take(scores, rows)


def _take(scores: RoundScores, rows: list[int]) -> RoundScores:
    grid = scores.grid
    kept = tuple(grid.house_ids[row] for row in rows)
    return replace(
        scores,
        grid=ScoreGrid(kept, grid.low[rows], grid.high[rows], grid.verdict[rows], grid.settled[rows]),
        answered=scores.answered.iloc[rows].reset_index(drop=True),
    )


def choose_houses(scores: RoundScores, house_id: str | None, unit_id: str | None) -> tuple[str, ...]:
    """The one house, or the houses of a police unit that handed in, or all that did and may be seen.

    Raises:
        NotAllowedError: the visitor may not see the houses of the unit.
        UnknownUnitError: there is no such unit.
        NoAnswersError: no house of the unit handed in.
    """
    if house_id is not None:
        return (house_id,)
    if unit_id is not None:
        refuse_unknown_unit(scores.register, unit_id)
    _require_unit(scores, unit_id)
    chosen = tuple(h.house_id for h in scores.houses if unit_id in {None, h.unit_id})
    if not chosen:
        raise NoAnswersError(f"Nog niets ingeleverd voor ronde '{scores.round.round_id}'.")
    return chosen


def _require_unit(scores: RoundScores, unit_id: str | None) -> None:
    """Whoever may see a unit may see every house of it."""
    for house in scores.register.houses_of(scores.round):
        if house.unit_id == unit_id:
            require_of(scores.visitor, Task.SEE_SCORES, house, scores.perspective)


def _refuse_changed(
    asked: Round, questionnaire: Questionnaire, answers: pd.DataFrame, deviations: pd.DataFrame
) -> None:
    """Refuse answers to what is no longer asked: a published version that was edited would score wrong."""
    asks = {(q.question_id, letter) for q in questionnaire.questions for letter, _ in q.lettered}
    pairs = answers[["question_id", "option_id"]].drop_duplicates()
    lost = {question_id for question_id, _ in set(pairs.itertuples(index=False, name=None)) - asks}
    lost |= set(deviations["criterion_id"]) - set(questionnaire.criterion)
    if lost:
        raise FrameworkError(
            f"De vragenlijst van ronde '{asked.round_id}' ({questionnaire.name}) is veranderd sinds er is "
            f"ingeleverd. Er zijn antwoorden op wat er niet meer staat: {', '.join(sorted(lost))}. Zet de "
            "gepubliceerde versie terug en geef een nieuwe vragenlijst een nieuw versienummer."
        )


def find_moment(session: Session, register: Register, asked: Round, today: date) -> date:
    """The day on which an agreed deviation must be in force to count; closing a round fixes it for ever."""
    closing = load_closings(session).get(asked.round_id)
    if closing is not None and closing.reckoned_on is not None:
        return closing.reckoned_on
    later = [each.opens for each in register.rounds if each.opens > asked.opens]
    return min([*later, today])


def find_revision(installation: Installation, round_id: str, perspective: Perspective) -> str:
    """A short text that changes whenever something changes that scores rest on."""
    with installation.store.reading() as session:
        newest = load_newest(session, round_id, perspective)
        register = load_register(session)
        closing = load_closings(session).get(round_id)
        restored = find_last_restore(session)
    facts = f"{register.model_dump_json()}{sorted(newest.items())}{closing}{restored}"
    return sha256(facts.encode()).hexdigest()


def count_handed_in(installation: Installation, asked: Round, perspective: Perspective) -> int:
    """How many houses handed in for a round; it names none."""
    require(installation, Task.SEE_REGISTER)
    with installation.store.reading() as session:
        return len(load_newest(session, asked.round_id, perspective))


def has_joint_version(installation: Installation, asked: Round) -> bool:
    """Whether any house and its police adopted a joint version in a round; it names none."""
    return count_handed_in(installation, asked, Perspective.JOINT) > 0


def find_submission(installation: Installation, submission_id: str) -> Submission:
    """One submission with everything that was written and that the visitor may read.

    Raises:
        NotAllowedError: the visitor may not see the answers of this house.
        NoAnswersError: it is not there.
    """
    with installation.store.reading() as session:
        submission = load_submission(session, submission_id)
    if submission is None:
        raise NoAnswersError(f"Inlevering '{submission_id}' is er niet.")
    return show_submission(installation, submission)
