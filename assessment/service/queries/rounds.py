"""The rounds, with the versions that were handed in and the drafts in them; and who may see them."""

from functools import partial
from hashlib import sha256

import pandas as pd

from assessment.errors import AuditError, CommandUsageError, DraftError, RoundStateError, SettingsError
from assessment.model.access import Task
from assessment.model.answers import WITHHELD, Submission, Whose
from assessment.model.draft import Draft, DraftSummary, ThemeProgress, find_missing
from assessment.model.register import House, Register, Round
from assessment.model.rounds import Board, RoundEvent
from assessment.model.scale import Perspective
from assessment.model.texts import ReminderTexts
from assessment.readers.files import read_model
from assessment.service.access import describe_closed
from assessment.service.joint_versions import Pair, find_both, load_pair
from assessment.service.lookup import (
    find_house,
    find_place,
    find_round,
    find_round_or_newest,
    refuse_unknown_unit,
)
from assessment.service.queries.houses import ScoreQueries
from assessment.service.queries.reader import Computed
from assessment.service.round_scores import find_moment
from assessment.service.rounds import Reminder, draw_lines, write_reminders
from assessment.service.versions import (
    Comparison,
    ShownVersion,
    VersionList,
    compare_versions,
    find_version,
    judge_version,
)
from assessment.store.audit import find_last_restore
from assessment.store.drafts import list_drafts, load_draft
from assessment.store.register import load_closings, load_round_events
from assessment.store.submissions import load_current, load_file
from assessment.store.versions import load_events, load_settled, load_versions


class RoundQueries(ScoreQueries):
    """Everything about a round that is no figure."""

    def find_board(self, round_id: str | None, unit_id: str | None = None) -> Board:
        """How far each house of a round is that the visitor may know of, by unit and name.

        Args:
            round_id: the round, or None for the newest that has opened.
            unit_id: only the houses of this police unit.

        Raises:
            NotAllowedError: the visitor may see none of these houses.
            UnknownRoundError, UnknownUnitError: there is no such round or unit.
        """
        register = self._load_register()
        round_ = find_round_or_newest(register, round_id, self._today)
        with self.installation.store.reading() as session:
            versions = load_versions(session, round_.round_id)
            drafts = list_drafts(session, round_.round_id)
            closing = load_closings(session).get(round_.round_id)
        questions = len(self.installation.questionnaire_of(round_).choices)
        houses = self._list_followed(register, round_, unit_id)
        return Board(round_, questions, draw_lines(houses, round_, versions, drafts), closing)

    def make_reminders(self, round_id: str | None, house_id: str | None = None) -> tuple[Reminder, ...]:
        """A reminder for each house of which answers are expected, or for one house.

        Raises:
            NotAllowedError: the visitor may see none of these houses.
            UnknownRoundError, UnknownHouseError: there is no such round, or the house is not in it.
            RoundStateError: the round is closed.
            SettingsError: the text of reminders is not sound.
        """
        board = self.find_board(round_id)
        if board.closing is not None:
            raise RoundStateError(describe_closed(board.closing))
        if house_id is not None:
            find_house(self._load_register(), board.round, house_id)
            lines = tuple(line for line in board.lines if line.house.house_id == house_id)
            board = board._replace(lines=lines)
        texts = read_model(self.installation.settings.reports / "reminder.yaml", ReminderTexts, SettingsError)
        return write_reminders(board, texts, self.now())

    def find_history(self, round_id: str) -> tuple[RoundEvent, ...]:
        """What was done with a round after it was opened, in order.

        Raises:
            UnknownRoundError: there is no such round.
        """
        self._require(Task.SEE_REGISTER)
        find_round(self._load_register(), round_id)
        with self.installation.store.reading() as session:
            return load_round_events(session, round_id)

    def find_closing(self, round_: Round) -> RoundEvent | None:
        """How a round was closed, or None where it is open."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return load_closings(session).get(round_.round_id)

    def _list_followed(self, register: Register, round_: Round, unit_id: str | None) -> list[House]:
        """The houses of a round, or of a unit in it, of which the visitor may know how far they are."""
        if unit_id is not None:
            refuse_unknown_unit(register, unit_id)
        houses = [house for house in register.houses_of(round_) if unit_id in {None, house.unit_id}]
        seen = [house for house in houses if self.may(Task.SEE_PROGRESS, house)]
        if houses and not seen:
            self._require(Task.SEE_PROGRESS)
        return seen


class DraftQueries(ScoreQueries):
    """What stands in a draft, which only who fills it in may see, and how far it is."""

    def find_whose(self, house_id: str, round_id: str | None, perspective: Perspective) -> Whose:
        """For which round and house something is meant; without a round the newest that has opened.

        Raises:
            UnknownHouseError, UnknownRoundError: there is no such house or round, or it is not in it.
        """
        self._require(Task.SEE_REGISTER)
        register = self._load_register()
        round_ = find_round_or_newest(register, round_id, self._today)
        return Whose(round_.round_id, find_house(register, round_, house_id).house_id, perspective)

    def find_drafts(self, round_id: str | None = None) -> list[DraftSummary]:
        """How far every draft is, of one round or of all, where the visitor may know that."""
        register = self._load_register()
        with self.installation.store.reading() as session:
            drafts = list_drafts(session, round_id)
        return [
            each._replace(asked=self._count_asked(register.round[each.whose.round_id]))
            for each in drafts
            if self.may(Task.SEE_PROGRESS, register.house[each.whose.house_id])
        ]

    def _count_asked(self, round_: Round) -> int:
        """How many questions ask for an answer; an open text may stay empty."""
        return len(self.installation.questionnaire_of(round_).choices)

    def find_draft(self, whose: Whose) -> Draft | None:
        """The draft of a house, or None where nobody began one.

        Raises:
            NotAllowedError: the visitor may not see the concepts of the house.
            UnknownHouseError, UnknownRoundError: there is no such house or round, or the round does not ask
                them.
        """
        self._find_round_of(whose)
        with self.installation.store.reading() as session:
            return load_draft(session, whose)

    def get_draft(self, whose: Whose) -> Draft:
        """The draft of a house.

        Raises:
            DraftError: there is none.
            NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_draft`.
        """
        draft = self.find_draft(whose)
        if draft is None:
            raise DraftError(f"{whose.dutch}: er is geen concept. Begin er een: kaderscan draft begin.")
        return draft

    def find_progress(self, draft: Draft) -> tuple[ThemeProgress, ...]:
        """How far each theme of a draft is.

        Raises:
            NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_draft`.
        """
        return find_missing(draft, self.installation.questionnaire_of(self._find_round_of(draft.whose)))

    def find_settled(self, whose: Whose) -> str | None:
        """The id of the version of a house that is adopted or frozen; None where nothing is.

        Raises:
            NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_draft`.
        """
        self._find_round_of(whose)
        with self.installation.store.reading() as session:
            return load_settled(session, [whose]).get(whose)

    def _find_round_of(self, whose: Whose) -> Round:
        """The round of a draft, once the visitor may see what stands in it."""
        house, round_ = find_place(self._load_register(), whose)
        self._require(Task.SEE_CONCEPTS, house, whose.perspective)
        return round_


class VersionQueries(ScoreQueries):
    """Everything about one version, about two, or about those of a round."""

    def list_versions(self, round_id: str | None, house_id: str | None = None) -> VersionList:
        """Every version of a round that the visitor may know of, or those of one house.

        Raises:
            UnknownRoundError, UnknownHouseError: there is no such round, or the house is not in it.
        """
        register = self._load_register()
        round_ = find_round_or_newest(register, round_id, self._today)
        if house_id is not None:
            find_house(register, round_, house_id)
        with self.installation.store.reading() as session:
            versions = load_versions(session, round_.round_id, house_id)
        seen = [each for each in versions if self.may(Task.SEE_PROGRESS, register.house[each.house_id])]
        house_ids = [house.house_id for house in register.houses_of(round_)]
        perspectives = list(Perspective)
        seen.sort(key=lambda v: (house_ids.index(v.house_id), perspectives.index(v.perspective), v.version))
        return VersionList(register, round_, tuple(seen))

    def find_version(self, submission_id: str) -> ShownVersion:
        """A version, its answers, and what was done with it after it was handed in.

        Raises:
            NotAllowedError: the visitor may not see the answers of this house.
            NoAnswersError: there is no such version.
        """
        submission = self.find_submission(submission_id)
        with self.installation.store.reading() as session:
            version, _ = find_version(session, submission_id)
            events = load_events(session, submission_id)
        register = self._load_register()
        house, round_ = register.house[version.house_id], register.round[version.round_id]
        if not self.may(Task.SEE_TEXT, house, version.perspective):
            version = version.model_copy(update={"file_name": WITHHELD})
            events = tuple(e.model_copy(update={"reason": WITHHELD}) if e.reason else e for e in events)
        asked, days = self.installation.questionnaire_of(round_), self._find_evidence_days(submission)
        return ShownVersion(version, submission, events, asked, days)

    def find_file(self, submission_id: str) -> tuple[str, bytes]:
        """The file of a version, byte for byte as it was uploaded, with its name.

        Raises:
            NotAllowedError: the visitor may not read the texts of this house.
            NoAnswersError: there is no such version.
            AuditError: the file in the store is no longer the one that was handed in.
        """
        register = self._load_register()
        with self.installation.store.reading() as session:
            version, _ = find_version(session, submission_id)
            self._require(Task.SEE_TEXT, register.house[version.house_id], version.perspective)
            content = load_file(session, submission_id)
        if sha256(content).hexdigest() != version.file_sha256:
            raise AuditError(
                f"{submission_id}: het bestand in de database is niet meer wat er is ingeleverd: het "
                "controlegetal klopt niet. Zet een reservekopie terug, of zoek uit wie dit deed."
            )
        return version.file_name, content

    def compare_versions(self, old_id: str, new_id: str) -> Comparison:
        """Put two versions of the same house in the same round side by side.

        Raises:
            NotAllowedError: the visitor may not see one of them.
            NoAnswersError: one of them is not there.
            CommandUsageError: they are of different houses or rounds.
        """
        old, new = self.find_submission(old_id), self.find_submission(new_id)
        if (old.house_id, old.round_id) != (new.house_id, new.round_id):
            raise CommandUsageError(
                f"{old_id} en {new_id} zijn niet van hetzelfde huis in dezelfde ronde. Vergelijk versies "
                "met hetzelfde begin; zie: kaderscan submission list."
            )
        register = self._load_register()
        round_ = register.round[old.round_id]
        with self.installation.store.reading() as session:
            moment = find_moment(session, register, round_, self._today)
            restored = find_last_restore(session)
        asked = self.installation.questionnaire_of(round_)

        def judge(version: Submission) -> pd.DataFrame:
            key = repr(("verdicts", version.submission_id, moment, restored))
            return self.cache(Computed.OF_HOUSES, key, partial(judge_version, version, asked, moment))

        return compare_versions(old, new, asked, judge)

    def find_current(self, whose: Whose) -> Submission | None:
        """What counts now for a house, round and perspective; None where nothing was handed in.

        Raises:
            NotAllowedError: the visitor may not see that.
        """
        with self.installation.store.reading() as session:
            current = load_current(session, *whose)
        return current and self._show(current)

    def find_pair(self, round_id: str, house_id: str) -> Pair | None:
        """What house and police handed in, side by side; None where one of them did not.

        Raises:
            NotAllowedError: the visitor may not adopt for this house.
        """
        register = self._load_register()
        with self.installation.store.reading() as session:
            both = find_both(session, round_id, house_id)
            if both is None:
                return None
            self._require(Task.ADOPT, register.house[house_id], both[0].perspective)
            return load_pair(self.installation.library, session, *both)
