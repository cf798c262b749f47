"""The versions that houses handed in, with what was done with them, and who may see them."""

from hashlib import sha256

from assessment.errors import AuditError, CommandUsageError
from assessment.model.access import Task
from assessment.model.answers import WITHHELD, Submission, Whose
from assessment.model.scale import Perspective
from assessment.service.joint_versions import Pair, find_both, load_pair
from assessment.service.lookup import find_house, find_round_or_newest
from assessment.service.queries.houses import ScoreQueries
from assessment.service.round_scores import find_moment
from assessment.service.versions import Comparison, ShownVersion, VersionList, compare_versions, find_version
from assessment.store.register import load_register
from assessment.store.submissions import load_current, load_file
from assessment.store.versions import load_events, load_versions


class VersionQueries(ScoreQueries):
    """Everything about one version, about two, or about those of a round."""

    def list_versions(self, round_id: str | None, house_id: str | None = None) -> VersionList:
        """Every version of a round that the visitor may know of, or those of one house.

        Raises:
            UnknownRoundError, UnknownHouseError: there is no such round, or the house is not in it.
        """
        with self.installation.store.reading() as session:
            register = load_register(session)
            round_ = find_round_or_newest(register, round_id, self._today)
            if house_id is not None:
                find_house(register, round_, house_id)
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
            register = load_register(session)
        house, round_ = register.house[version.house_id], register.round[version.round_id]
        if not self.may(Task.SEE_TEXT, house, version.perspective):
            version = version.model_copy(update={"file_name": WITHHELD})
            events = tuple(e.model_copy(update={"reason": WITHHELD}) if e.reason else e for e in events)
        return ShownVersion(version, submission, events, self.installation.questionnaire_of(round_))

    def find_file(self, submission_id: str) -> tuple[str, bytes]:
        """The file of a version, byte for byte as it was uploaded, with its name.

        Raises:
            NotAllowedError: the visitor may not read the texts of this house.
            NoAnswersError: there is no such version.
            AuditError: the file in the store is no longer the one that was handed in.
        """
        with self.installation.store.reading() as session:
            version, _ = find_version(session, submission_id)
            self._require(Task.SEE_TEXT, load_register(session).house[version.house_id], version.perspective)
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
        with self.installation.store.reading() as session:
            register = load_register(session)
            round_ = register.round[old.round_id]
            moment = find_moment(session, register, round_, self._today)
        return compare_versions(old, new, self.installation.questionnaire_of(round_), moment)

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
        with self.installation.store.reading() as session:
            both = find_both(session, round_id, house_id)
            if both is None:
                return None
            self._require(Task.ADOPT, load_register(session).house[house_id], both[0].perspective)
            return load_pair(self.installation.library, session, *both)
