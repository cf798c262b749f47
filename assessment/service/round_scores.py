"""Use cases: where the houses of a round stand, alone, as groups and as a country."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from hashlib import sha256
from typing import NamedTuple

import pandas as pd
from sqlalchemy.orm import Session

from assessment.engine.comparison import compare_groups, count_options
from assessment.engine.disclosure import SMALLEST, withhold_few
from assessment.engine.scoring import (
    arrange_answers,
    find_unknown,
    list_scores,
    score_criteria,
    score_measures,
)
from assessment.engine.totals import count_answers, score_houses, score_themes
from assessment.errors import FrameworkError, NoAnswersError
from assessment.model.frames import GROUPS, ChoiceGrid, ScoreGrid
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.scale import Mark, Perspective, Rules
from assessment.service.installation import Installation
from assessment.service.lookup import find_house, find_round_or_newest, refuse_unknown_unit
from assessment.store.audit import find_last_restore
from assessment.store.register import load_closings, load_register
from assessment.store.submissions import load_answers, load_deviations, load_newest
from assessment.tables.national import list_units
from assessment.tables.scores import (
    Returning,
    count_met_each,
    count_returning,
    list_phases,
    list_returning_gaps,
)


@dataclass(frozen=True)
class RoundScores:
    """The scores of the houses that handed in for one round, from one perspective.

    `submissions` tells which version of each house was scored, `moment` the day on which a deviation must be
    in force; frames come in order of unit and name.
    """

    round: Round
    perspective: Perspective
    questionnaire: Questionnaire
    register: Register
    submissions: Mapping[str, str]
    moment: date
    choices: ChoiceGrid
    grid: ScoreGrid
    answered: pd.DataFrame
    joint: frozenset[str] = frozenset()
    """The houses of whose figure of record house and police adopted the answers together."""

    def perspective_of(self, house_id: str) -> Perspective:
        """Whose answers of a house these are, which is what decides who may see them."""
        return find_rightful(self.perspective, house_id, self.joint)

    @property
    def adopted_jointly(self) -> int:
        """Of how many of these houses house and police adopted the answers together."""
        return sum(house.house_id in self.joint for house in self.houses)

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """CRITERION_SCORES."""
        return list_scores(self.grid, self.questionnaire)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """MEASURE_SCORES."""
        return score_measures(self.choices, self.questionnaire)

    @cached_property
    def unknown(self) -> pd.DataFrame:
        """UNKNOWNS."""
        return find_unknown(self.choices, self.questionnaire)

    @cached_property
    def themes(self) -> pd.DataFrame:
        """THEME_SCORES."""
        return score_themes(self.grid, self.questionnaire)

    @cached_property
    def totals(self) -> pd.DataFrame:
        """HOUSE_SCORES."""
        return score_houses(self.grid, self.answered, self.questionnaire)

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """HEADLINES of these houses together."""
        return count_options(self.choices, self.questionnaire, self.questionnaire.headlines)

    @cached_property
    def houses(self) -> tuple[House, ...]:
        """The houses that handed in, by unit and name."""
        return tuple(self.register.house[house_id] for house_id in self.grid.house_ids)


def find_rightful(perspective: Perspective, house_id: str, joint: Collection[str]) -> Perspective:
    """Whose answers of a house something rests on: of the figure of record the joint version, else its own.

    Args:
        perspective: what is shown.
        house_id: of which house.
        joint: the houses that have a joint version.
    """
    if perspective is not Perspective.RECORD:
        return perspective
    return Perspective.JOINT if house_id in joint else Perspective.HOUSE


def score_round(
    installation: Installation,
    round_id: str | None,
    perspective: Perspective,
    today: date,
    rules: Rules | None = None,
) -> RoundScores:
    """Score every house that handed in for a round.

    Args:
        installation: where the answers are.
        round_id: the round, or None for the newest that has opened.
        perspective: whose answers.
        today: agreed deviations count when they are in force on this day, or, for an earlier round, on the
            day that the next one opened; in a round that was closed on the day that was fixed then.
        rules: other rules than those of the round, to see what they would make of it; nothing is stored.

    Raises:
        UnknownRoundError: there is no such round.
        FrameworkError: what was handed in no longer fits the published framework, or that was made for
            other rules.
    """
    register = installation.register()
    round_ = find_round_or_newest(register, round_id, today)
    round_ = round_ if rules is None else round_.model_copy(update={"rules": rules})
    questionnaire = installation.questionnaire_of(round_)
    with installation.store.reading() as session:
        moment = find_moment(session, register, round_, today)
        newest = load_newest(session, round_.round_id, perspective)
        joint = frozenset(load_newest(session, round_.round_id, Perspective.JOINT))
        answers = load_answers(session, list(newest.values()))
        deviations = load_deviations(session, list(newest.values()), moment)
    _refuse_changed(round_, questionnaire, answers, deviations)
    handed_in = tuple(house.house_id for house in register.houses_of(round_) if house.house_id in newest)
    choices = arrange_answers(answers, handed_in, questionnaire)
    return RoundScores(
        round=round_,
        perspective=perspective,
        questionnaire=questionnaire,
        register=register,
        submissions=newest,
        moment=moment,
        choices=choices,
        grid=score_criteria(choices, deviations, questionnaire),
        answered=count_answers(choices, questionnaire),
        joint=joint,
    )


def rescore(installation: Installation, scores: RoundScores, questionnaire: Questionnaire) -> RoundScores:
    """Score the same houses as another questionnaire would.

    Answers to questions that ask the same carry over; any other question is unanswered.
    """
    same = questionnaire.find_same(scores.questionnaire)
    submitted = [scores.submissions[house.house_id] for house in scores.houses]
    with installation.store.reading() as session:
        answers = load_answers(session, submitted)
        deviations = load_deviations(session, submitted, scores.moment)
    known = deviations[deviations["criterion_id"].isin(list(questionnaire.criterion))]
    choices = arrange_answers(
        answers[answers["question_id"].isin(same)], scores.grid.house_ids, questionnaire
    )
    return replace(
        scores,
        questionnaire=questionnaire,
        choices=choices,
        grid=score_criteria(choices, known, questionnaire),
        answered=count_answers(choices, questionnaire),
    )


def choose_houses(scores: RoundScores, house_id: str | None, unit_id: str | None) -> tuple[str, ...]:
    """The one house, those of a police unit, or all that the round asks; whether they handed in or not.

    Raises:
        UnknownHouseError, UnknownRoundError: the house is not there or not in the round.
        UnknownUnitError: there is no such unit.
    """
    if house_id is not None:
        return (find_house(scores.register, scores.round, house_id).house_id,)
    if unit_id is not None:
        refuse_unknown_unit(scores.register, unit_id)
    houses = scores.register.houses_of(scores.round)
    return tuple(house.house_id for house in houses if unit_id in {None, house.unit_id})


def select_houses(scores: RoundScores, house_ids: Collection[str]) -> RoundScores:
    """Keep only the scores of these houses, of which at least one handed in.

    Raises:
        UnknownHouseError, UnknownRoundError: a house is not there or not in the round.
        NoAnswersError: none of them handed in.
    """
    for house_id in house_ids:
        find_house(scores.register, scores.round, house_id)
    kept = keep_houses(scores, house_ids)
    refuse_no_answers(kept, house_ids)
    return kept


def refuse_no_answers(scores: RoundScores, house_ids: Collection[str] = ()) -> None:
    """Refuse to go on without any answers; of one house its id is said.

    Raises:
        NoAnswersError: no house handed in.
    """
    if not scores.houses:
        one = f": {next(iter(house_ids))}" if len(house_ids) == 1 else ""
        raise NoAnswersError(f"Nog niets ingeleverd voor ronde '{scores.round.round_id}'{one}.")


def keep_houses(scores: RoundScores, house_ids: Collection[str]) -> RoundScores:
    """Keep only the scores of those of these houses that handed in."""
    grid = scores.grid
    rows = [place for place, house_id in enumerate(grid.house_ids) if house_id in house_ids]
    kept = tuple(grid.house_ids[row] for row in rows)
    return replace(
        scores,
        choices=ChoiceGrid(kept, scores.choices.choices[rows]),
        grid=ScoreGrid(kept, grid.low[rows], grid.high[rows], grid.verdict[rows], grid.settled[rows]),
        answered=scores.answered.iloc[rows].reset_index(drop=True),
    )


def _refuse_changed(
    round_: Round, questionnaire: Questionnaire, answers: pd.DataFrame, deviations: pd.DataFrame
) -> None:
    """Refuse answers to what is no longer asked: a published version that was edited would score wrong."""
    asks = {(q.question_id, letter) for q in questionnaire.questions for letter, _ in q.lettered}
    pairs = answers[["question_id", "option_id"]].drop_duplicates()
    lost = {question_id for question_id, _ in set(pairs.itertuples(index=False, name=None)) - asks}
    lost |= set(deviations["criterion_id"]) - set(questionnaire.criterion)
    if lost:
        raise FrameworkError(
            f"De vragenlijst van ronde '{round_.round_id}' ({questionnaire.name}) is veranderd sinds er is "
            f"ingeleverd. Er zijn antwoorden op wat er niet meer staat: {', '.join(sorted(lost))}. Zet de "
            "gepubliceerde versie terug en geef een nieuwe vragenlijst een nieuw versienummer."
        )


def find_moment(session: Session, register: Register, round_: Round, today: date) -> date:
    """The day on which an agreed deviation must be in force to count; closing a round fixes it for ever."""
    closing = load_closings(session).get(round_.round_id)
    if closing is not None and closing.reckoned_on is not None:
        return closing.reckoned_on
    later = [each.opens for each in register.rounds if each.opens > round_.opens]
    return min([*later, today])


class Which(NamedTuple):
    """Which houses something is about: one, those of a police unit, or all; in which round, on whose answers.

    Without a round it is the newest that has opened.
    """

    round_id: str | None
    perspective: Perspective
    house_id: str | None = None
    unit_id: str | None = None


def find_revision(installation: Installation, round_id: str, perspective: Perspective) -> str:
    """A short text that changes whenever something changes that scores rest on."""
    with installation.store.reading() as session:
        newest = load_newest(session, round_id, perspective)
        register = load_register(session)
        closing = load_closings(session).get(round_id)
        restored = find_last_restore(session)
    facts = f"{register.model_dump_json()}{sorted(newest.items())}{closing}{restored}"
    return sha256(facts.encode()).hexdigest()


def find_marks(scores: RoundScores, question: Question) -> dict[str, Mark]:
    """What each house answered to a question, by its id, as a mark; nothing is unknown."""
    place = scores.questionnaire.questions.index(question)
    marks = [Mark.UNKNOWN, *(option.mark for option in question.options)]
    chosen = scores.choices.choices[:, place]
    return {house_id: marks[choice] for house_id, choice in zip(scores.grid.house_ids, chosen, strict=True)}


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
    def units(self) -> pd.DataFrame:
        """How far the houses of each unit are, for reading; for who may see each house."""
        return list_units(self.scores.totals, self.scores.round, self.scores.register)

    @cached_property
    def recurring(self) -> list[Returning]:
        """The norms at which houses have something to do, as `count_returning`."""
        return count_returning(self._told, self.scores.questionnaire)

    @cached_property
    def returning(self) -> pd.DataFrame:
        """The criteria at which houses still have something to do, for reading; as `list_returning_gaps`."""
        return list_returning_gaps(self._told, self.scores.questionnaire)

    @cached_property
    def large(self) -> pd.DataFrame:
        """GROUPS of at least five houses, to put beside one."""
        return self.groups[self.groups["n"] >= SMALLEST]

    @cached_property
    def met(self) -> dict[str, tuple[int, int]]:
        """How many houses meet each criterion, as `count_met_each`; of at least five to which it applies."""
        return count_met_each(self._told, SMALLEST)

    @property
    def _told(self) -> pd.DataFrame:
        """CRITERION_SCORES of the criteria that may be told of."""
        criteria = self.scores.criteria
        return criteria[criteria["criterion_id"].isin(self.groups["subject_id"])]


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
    rules = scores.questionnaire.rules
    described = [
        withhold(compare_groups(frame, group_of, subject, rules), frame, subject) for frame, subject in scored
    ]
    return GROUPS.conform(pd.concat(described, ignore_index=True))
