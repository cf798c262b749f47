"""What houses answered and what that comes to; and who may see it.

Every query rests on an installation, on a visitor with rights, and on a cache that all visitors share.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial

from assessment.engine.disclosure import SMALLEST, choose_groups
from assessment.errors import NoAnswersError, NotAllowedError
from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective, Rules
from assessment.service.installation import Installation
from assessment.service.lookup import find_round_or_newest
from assessment.service.queries.reader import Computed, Reader
from assessment.service.round_scores import (
    Country,
    RoundScores,
    Which,
    choose_houses,
    describe_country,
    find_revision,
    find_rightful,
    keep_houses,
    refuse_no_answers,
    score_round,
)
from assessment.service.versions import find_evidence_days
from assessment.store.audit import find_last_restore
from assessment.store.register import load_closings
from assessment.store.submissions import load_newest, load_submission


class ScoreQueries(Reader):
    """The register, and everything that is scored."""

    def find_register(self) -> Register:
        """The units, houses and rounds, which are no secret to anybody."""
        self._require(Task.SEE_REGISTER)
        return self._load_register()

    def count_handed_in(self, round_: Round, perspective: Perspective) -> int:
        """How many houses handed in for a round; it names none."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return len(load_newest(session, round_.round_id, perspective))

    def list_places(self, register: Register, round_: Round, task: Task) -> list[tuple[House, Perspective]]:
        """The houses of a round, by unit and name, and the perspectives in which a task is allowed.

        There is more to see than is asked: the figure of record, and a joint version in a round in which any
        house has one.

        Raises:
            NotAllowedError: it is allowed nowhere.
        """
        with self.installation.store.reading() as session:
            joint = load_newest(session, round_.round_id, Perspective.JOINT)
        perspectives = (Perspective.RECORD,) * (task in _SEEING) + round_.perspectives
        perspectives += (Perspective.JOINT,) * (task is Task.SEE_SCORES and bool(joint))
        allowed = [
            (house, whose)
            for house in register.houses_of(round_)
            for whose in perspectives
            if self.may(task, house, find_rightful(whose, house.house_id, joint))
        ]
        if not allowed:
            self._require(task)
        return allowed

    def find_scores(self, which: Which, rules: Rules | None = None) -> RoundScores:
        """The scores of one house, of the houses of a unit, or of all that the visitor may see one by one.

        Args:
            which: whose scores.
            rules: other rules than those of the round, to see what they would make of it.

        Raises:
            NotAllowedError: the visitor may not see a house that is meant, or none at all.
            UnknownRoundError, UnknownHouseError, UnknownUnitError: there is no such round, house or unit.
            NoAnswersError: the house did not hand in, or none of the unit; that nobody did is no error.
            FrameworkError: what was handed in no longer fits the published framework.
        """
        return self._find_keyed(which, rules)[1]

    def find_country(self, round_id: str | None, perspective: Perspective) -> Country:
        """All houses of a round together, as far as the visitor may know.

        Raises:
            NotAllowedError: the visitor sees no groups; or does not see each house, and the round is still
                open or the other houses are too few.
            UnknownRoundError, NoAnswersError, FrameworkError: as `find_scores`.
        """
        key, everyone = self._score(round_id, perspective)
        known = self._require_country(everyone)
        refuse_no_answers(everyone)
        describe = partial(describe_country, everyone, known)
        return self.cache(Computed.COUNTRY, repr((key, sorted(known))), describe)

    def list_group_rounds(self, register: Register) -> list[Round]:
        """The rounds that opened of which the visitor may see the houses together, the newest first.

        Each that is closed; and each of which the visitor may see every house by itself.
        """
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            closings = load_closings(session)
        opened = [each for each in reversed(register.rounds) if each.opens <= self._today]
        return [each for each in opened if each.round_id in closings or self._sees_each(register, each)]

    def _sees_each(self, register: Register, round_: Round) -> bool:
        houses = register.houses_of(round_)
        return all(self.may(Task.SEE_SCORES, house, whose) for house in houses for whose in Perspective)

    def find_submission(self, submission_id: str) -> Submission:
        """One submission; explanations are left out where the visitor may not read them.

        Raises:
            NotAllowedError: the visitor may not see the answers of this house.
            NoAnswersError: it is not there.
        """
        with self.installation.store.reading() as session:
            restored = find_last_restore(session)
        load = partial(_load, self.installation, submission_id)
        return self._show(self.cache(Computed.SUBMISSION, repr((submission_id, restored)), load))

    def _find_evidence_days(self, shown: Submission) -> dict[str, date]:
        """Since which day the evidence beside each answer is there, of a submission as the visitor sees it.

        Whoever may read the one may read those before, which are of the same house and perspective.
        """
        where, state = self.installation, self._find_state()
        house = self._load_register_of(state).house[shown.house_id]
        may_read = self.may(Task.SEE_TEXT, house, shown.perspective)
        find = partial(
            find_evidence_days,
            where.store,
            where.library,
            self._load_register_of(state),
            shown,
            self.find_submission,
        )
        return self.cache(Computed.OF_HOUSES, repr(("evidence", state, shown.submission_id, may_read)), find)

    def _find_keyed(self, which: Which, rules: Rules | None = None) -> tuple[str, RoundScores]:
        """The scores that are meant, as `find_scores`, and a key that is theirs alone."""
        key, everyone = self._score(which.round_id, which.perspective, rules)
        scores = self._select(key, everyone, which, Task.SEE_SCORES)
        return repr((key, scores.grid.house_ids)), scores

    def _score(
        self, round_id: str | None, perspective: Perspective, rules: Rules | None = None
    ) -> tuple[str, RoundScores]:
        """The scores of all houses, which nobody may see as they are, and a key that is theirs alone."""
        state = self._find_state()
        round_ = find_round_or_newest(self._load_register_of(state), round_id, self._today)
        rests_on = partial(find_revision, self.installation, round_.round_id, perspective)
        revision = self.cache(Computed.REVISION, repr((state, round_.round_id, perspective.value)), rests_on)
        key = repr((round_.round_id, perspective.value, revision, self._today, rules))
        score = partial(score_round, self.installation, round_.round_id, perspective, self._today, rules)
        return key, self.cache(Computed.SCORES, key, score)

    def _keep_houses(self, key: str, everyone: RoundScores, house_ids: Collection[str]) -> RoundScores:
        """The scores of those of these houses that handed in, kept with what is computed from them.

        Nobody's rights are looked at here.
        """
        kept = partial(keep_houses, everyone, house_ids)
        return self.cache(Computed.OF_HOUSES, repr((key, tuple(house_ids))), kept)

    def _select(self, key: str, everyone: RoundScores, which: Which, task: Task) -> RoundScores:
        """The houses that are meant, once the visitor may do a task on each; of all those where it is so."""
        house_ids = choose_houses(everyone, which.house_id, which.unit_id)
        houses = [everyone.register.house[house_id] for house_id in house_ids]
        if (which.house_id, which.unit_id) == (None, None):
            return self._keep_allowed(key, everyone, houses, task)
        for house in houses:
            self._require(task, house, everyone.perspective_of(house.house_id))
        kept = self._keep_houses(key, everyone, house_ids)
        refuse_no_answers(kept, house_ids)
        return kept

    def _list_allowed(self, everyone: RoundScores, houses: Iterable[House], task: Task) -> list[str]:
        return [h.house_id for h in houses if self.may(task, h, everyone.perspective_of(h.house_id))]

    def _keep_allowed(
        self, key: str, everyone: RoundScores, houses: Iterable[House], task: Task
    ) -> RoundScores:
        allowed = self._list_allowed(everyone, houses, task)
        if not allowed:
            self._require(task)
        return self._keep_houses(key, everyone, allowed)

    def _require_country(self, everyone: RoundScores) -> frozenset[str]:
        """Go on only when the visitor may see all houses as one group; return those to see one by one."""
        self._require(Task.SEE_GROUPS)
        known = frozenset(self._list_allowed(everyone, everyone.houses, Task.SEE_SCORES))
        if len(known) < len(everyone.houses):
            self._refuse_open(everyone.round)
            self._refuse_few(everyone, known)
        return known

    def _refuse_open(self, round_: Round) -> None:
        """Refuse figures that differ from those of yesterday by one house, as long as houses hand in."""
        with self.installation.store.reading() as session:
            closed = round_.round_id in load_closings(session)
        if not closed:
            raise NotAllowedError(
                f"Ronde {round_.title} is nog open. Cijfers van andere huizen samen ziet u zodra zij is "
                "gesloten."
            )

    def _refuse_few(self, everyone: RoundScores, known: frozenset[str]) -> None:
        """Refuse groups that tell of few: they may differ by a few houses, or by the versions of a few."""
        with self.installation.store.reading() as session:
            newest = {each: load_newest(session, everyone.round.round_id, each) for each in Perspective}
        own = {version for each in newest.values() for house_id, version in each.items() if house_id in known}
        houses = choose_groups([frozenset(each) for each in newest.values()], known)
        versions = choose_groups([frozenset(each.values()) for each in newest.values()], own)
        chosen = dict(zip(newest, zip(houses, versions, strict=True), strict=True))
        if not all(chosen[everyone.perspective]):
            raise NotAllowedError(
                "Deze groep huizen is te klein, of verschilt te weinig van een andere groep die u ziet: u "
                f"zou er cijfers van minder dan {SMALLEST} andere huizen uit kunnen afleiden."
            )

    def _show(self, submission: Submission) -> Submission:
        house = self._load_register().house[submission.house_id]
        self._require(Task.SEE_SCORES, house, submission.perspective)
        may_read = self.may(Task.SEE_TEXT, house, submission.perspective)
        return submission if may_read else submission.without_texts()


# What shows figures, and so the figure of record too.
_SEEING = frozenset({Task.SEE_SCORES, Task.SEE_PLAN, Task.SEE_GROUPS})


def _load(installation: Installation, submission_id: str) -> Submission:
    """Load a submission with everything that was written in it.

    Raises:
        NoAnswersError: it is not there.
    """
    with installation.store.reading() as session:
        submission = load_submission(session, submission_id)
    if submission is None:
        raise NoAnswersError(f"Inlevering '{submission_id}' is er niet.")
    return submission
