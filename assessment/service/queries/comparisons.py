"""Rounds beside each other, and house beside police; and who may see them."""

from assessment.errors import CommandUsageError, NoAnswersError, NotAllowedError, NothingCommonError
from assessment.model.access import Task
from assessment.model.register import Round
from assessment.model.scale import Perspective, Rules
from assessment.service.lookup import find_house, find_round, find_round_or_newest
from assessment.service.queries.houses import ScoreQueries
from assessment.service.round_scores import RoundScores, Which, keep_houses
from assessment.service.trend import Agenda, Trend, Twice, compare_rounds, make_agenda


class ComparisonQueries(ScoreQueries):
    """What changed between two rounds, and where house and police differ."""

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
        register = self._load_register(self._find_state())
        earlier = find_round(register, earlier_id)
        later = find_round_or_newest(register, which.round_id, self._today)
        if earlier.opens >= later.opens:
            raise CommandUsageError(
                f"Ronde '{earlier.round_id}' is niet van voor ronde '{later.round_id}'. Noem eerst de oudste."
            )
        newer = max(earlier.rules, later.rules)
        return compare_rounds(*(self._score_twice(each, which, newer) for each in (earlier, later)))

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
        register = self._load_register(self._find_state())
        round_ = find_round_or_newest(register, round_id, self._today)
        house = find_house(register, round_, house_id)
        for whose in (Perspective.HOUSE, Perspective.POLICE):
            self._require(Task.SEE_SCORES, house, whose)
        own, theirs = (
            self.find_scores(Which(round_.round_id, whose, house_id))
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
            self.find_scores(Which(round_id, whose, unit_id=unit_id))
            for whose in (Perspective.HOUSE, Perspective.POLICE)
        )
        both = [each.house_id for each in own.houses if each.house_id in theirs.grid.house_ids]
        if not both:
            raise NoAnswersError(f"Nergens leverden huis en politie beide in voor '{own.round.round_id}'.")
        return [self._make_agenda(own, theirs, house_id) for house_id in both]

    def _make_agenda(self, own: RoundScores, theirs: RoundScores, house_id: str) -> Agenda:
        said = tuple(self.find_submission(each.submissions[house_id]) for each in (own, theirs))
        one, other = (keep_houses(each, {house_id}) for each in (own, theirs))
        return make_agenda(one, other, said)

    def _score_twice(self, round_: Round, which: Which, rules: Rules) -> Twice:
        meant = which._replace(round_id=round_.round_id)
        told = self.find_scores(meant)
        return Twice(told, told if round_.rules is rules else self.find_scores(meant, rules))
