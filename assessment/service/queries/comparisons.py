"""Rounds beside each other, house beside police, and how all houses work; and who may see them."""

from functools import partial

import pandas as pd

from assessment.engine.comparison import compare_perspectives, count_options
from assessment.engine.disclosure import SMALLEST
from assessment.errors import CommandUsageError, NoAnswersError, NotAllowedError, NothingCommonError
from assessment.model.access import Task
from assessment.model.register import Round
from assessment.model.scale import Perspective, Rules
from assessment.service.installation import Installation
from assessment.service.lookup import find_house, find_round, find_round_or_newest
from assessment.service.queries.houses import ScoreQueries
from assessment.service.queries.reader import Computed
from assessment.service.round_scores import RoundScores, Which, keep_houses, refuse_no_answers
from assessment.service.trend import Agenda, Trend, Twice, compare_rounds, make_agenda
from assessment.store.submissions import load_submission
from assessment.tables.groups import Inventory, Written, find_inventory_questions


class ComparisonQueries(ScoreQueries):
    """What changed between two rounds, where house and police differ, and how all houses work."""

    def find_inventory(self, round_id: str | None, perspective: Perspective) -> Inventory:
        """How all houses of a round work, as far as the visitor may know; counted, and never scored.

        A question is told of where at least five houses answered it that the visitor does not see one by one,
        or where there are none. What a house wrote is read by who may read the texts of that house.

        Raises:
            NotAllowedError, UnknownRoundError, NoAnswersError, FrameworkError: as `find_country`.
        """
        key, everyone = self._score(round_id, perspective)
        known = self._require_country(everyone)
        refuse_no_answers(everyone)
        load = partial(_load_written, self.installation, everyone)
        written = self.cache(Computed.COUNTRY, repr((key, "written")), load)
        open_ = set(self._list_allowed(everyone, everyone.houses, Task.SEE_TEXT))
        readable = tuple(each for each in written if each.house_id in open_ & known)
        complete = len(known) == len(everyone.houses)
        return Inventory(
            questionnaire=everyone.questionnaire,
            register=everyone.register,
            perspective=perspective,
            houses=len(everyone.houses),
            counts=_count_told(everyone, known),
            written=readable,
            withheld=len(written) - len(readable) if complete else None,
        )

    def compare_rounds(self, earlier_id: str, which: Which) -> Trend:
        """The round that is meant beside an earlier one, of the houses that handed in for both.

        Args:
            earlier_id: the earlier round.
            which: the later round; whose answers, of which houses.

        Raises:
            CommandUsageError: the earlier round is not earlier.
            NotAllowedError, UnknownRoundError, UnknownHouseError, UnknownUnitError: as `find_scores`.
            NoAnswersError: nobody handed in for both rounds.
            NothingCommonError: the rounds ask no question alike.
        """
        register = self._load_register()
        earlier = find_round(register, earlier_id)
        later = find_round_or_newest(register, which.round_id, self._today)
        if earlier.opens >= later.opens:
            raise CommandUsageError(
                f"Ronde '{earlier.round_id}' is niet van voor ronde '{later.round_id}'. Noem eerst de oudste."
            )
        newer = max(earlier.rules, later.rules)
        before, after = (self._score_twice(each, which, newer) for each in (earlier, later))
        compare = partial(compare_rounds, before[1], after[1])
        return self.cache(Computed.OF_HOUSES, repr(("trend", before[0], after[0])), compare)

    def find_trend(self, scores: RoundScores, house_id: str) -> Trend | None:
        """What changed for a house since the last round before with which it can be compared; None without.

        An earlier round of which the visitor may not see the answers is passed over.

        Raises:
            NotAllowedError: the visitor may not see the answers of this house.
        """
        self._require(Task.SEE_SCORES, scores.register.house[house_id], scores.perspective_of(house_id))
        earlier = [each for each in scores.register.rounds if each.opens < scores.round.opens]
        which = Which(scores.round.round_id, scores.perspective, house_id)
        for round_ in reversed(earlier):
            if house_id in round_.house_ids:
                try:
                    return self.compare_rounds(round_.round_id, which)
                except (NoAnswersError, NothingCommonError, NotAllowedError):
                    continue  # nothing to compare with: the round before that may have
        return None

    def find_agenda(self, round_id: str | None, house_id: str) -> Agenda:
        """The answers of a house beside those of its police.

        Raises:
            NotAllowedError: the visitor may not see both.
            UnknownRoundError, UnknownHouseError: there is no such round or house.
            NoAnswersError: one of them did not hand in.
        """
        register = self._load_register()
        round_ = find_round_or_newest(register, round_id, self._today)
        house = find_house(register, round_, house_id)
        for whose in (Perspective.HOUSE, Perspective.POLICE):
            self._require(Task.SEE_SCORES, house, whose)
        own, theirs = (
            self._find_keyed(Which(round_.round_id, whose, house_id))
            for whose in (Perspective.HOUSE, Perspective.POLICE)
        )
        return self._make_agenda(own, theirs, house_id)

    def list_agendas(self, round_id: str | None, unit_id: str | None) -> list[Agenda]:
        """The agenda of each house of a unit, or of all, of which the visitor may see both sides.

        Raises:
            NotAllowedError: the visitor sees no house at all.
            NoAnswersError: of no house both sides handed in.
        """
        own, theirs = (
            self._find_keyed(Which(round_id, whose, unit_id=unit_id))
            for whose in (Perspective.HOUSE, Perspective.POLICE)
        )
        (_, mine), (_, other) = own, theirs
        both = [each.house_id for each in mine.houses if each.house_id in other.grid.house_ids]
        if not both:
            raise NoAnswersError(f"Nergens leverden huis en politie beide in voor '{mine.round.round_id}'.")
        return [self._make_agenda(own, theirs, house_id) for house_id in both]

    def _make_agenda(
        self, own: tuple[str, RoundScores], theirs: tuple[str, RoundScores], house_id: str
    ) -> Agenda:
        """The agenda of one of the houses whose scores these are; each comes with its key."""
        said = tuple(self.find_submission(each.submissions[house_id]) for _, each in (own, theirs))
        one, other = (self._keep_houses(key, each, {house_id}) for key, each in (own, theirs))
        texts = [self.may(Task.SEE_TEXT, one.houses[0], each.perspective) for each in said]

        def make() -> Agenda:
            return make_agenda(one, said, compare_perspectives(one.criteria, other.criteria))

        return self.cache(Computed.OF_HOUSES, repr(("agenda", own[0], theirs[0], house_id, texts)), make)

    def _score_twice(self, round_: Round, which: Which, rules: Rules) -> tuple[str, Twice]:
        meant = which._replace(round_id=round_.round_id)
        key, told = self._find_keyed(meant)
        if round_.rules is rules:
            return key, Twice(told, told)
        other, again = self._find_keyed(meant, rules)
        return repr((key, other)), Twice(told, again)


def _load_written(installation: Installation, everyone: RoundScores) -> tuple[Written, ...]:
    """Everything that houses wrote at open questions, by question and then by unit and name."""
    with installation.store.reading() as session:
        loaded = [load_submission(session, everyone.submissions[each.house_id]) for each in everyone.houses]
    said = [
        Written(submission.house_id, answer.question_id, answer.explanation)
        for submission in loaded
        if submission is not None
        for answer in submission.answers
        if answer.explanation
    ]
    asked = [each.question_id for each in everyone.questionnaire.questions if each.is_open]
    return tuple(each for question_id in asked for each in said if each.question_id == question_id)


def _count_told(everyone: RoundScores, known: frozenset[str]) -> pd.DataFrame:
    """HEADLINES of an inventory, without questions that tell of fewer than five other houses."""
    asked = everyone.questionnaire
    questions = find_inventory_questions(asked)
    others = keep_houses(everyone, set(everyone.grid.house_ids) - known)
    answered = dict(zip(asked.question, (others.choices.choices > 0).sum(axis=0), strict=True))
    told = [each for each in questions if not others.houses or answered[each.question_id] >= SMALLEST]
    return count_options(everyone.choices, asked, told)
