"""What is administered: the register, frameworks, accounts, the trail, what is old; and who may see that."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from assessment.engine.validation.audit_chain import find_breaks
from assessment.errors import (
    AuditError,
    FrameworkError,
    NoAnswersError,
    NotAllowedError,
    UnknownRoundError,
)
from assessment.model.access import Account, Task
from assessment.model.audit import AuditHead
from assessment.model.framework import Framework
from assessment.model.questionnaire import Questionnaire
from assessment.model.records import OldRecord
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective
from assessment.service.frameworks import EditionDifference, find_difference, read_questionnaire_texts
from assessment.service.lookup import find_default_round
from assessment.service.queries.houses import ScoreQueries
from assessment.service.queries.reader import Reader
from assessment.service.register import HouseRevision, describe_left_out, load_revision
from assessment.service.retention import find_old
from assessment.service.round_scores import RoundScores, Which, rescore
from assessment.store.accounts import load_accounts
from assessment.store.audit import load_entries, load_head
from assessment.store.register import load_closings, load_register
from assessment.tables.administration import list_districts, list_register, list_rounds
from assessment.tables.formats import format_counted
from assessment.tables.frameworks import list_editions


class Met(NamedTuple):
    """Of which round it is told at how many houses each criterion is met, or why of none.

    `counts` holds by criterion_id how many houses meet it, of how many to which it applies; a criterion of
    which too few houses tell, or that may not be told of, is not in it.
    """

    round: Round | None
    counts: Mapping[str, tuple[int, int]]
    why_not: str = ""


class FrameworkQueries(ScoreQueries):
    """What is read of frameworks beside what was answered to them."""

    def find_editions(self) -> dict[str, Framework]:
        """Every published version by its ref, as framework_id/version; by framework, the oldest first.

        Raises:
            FrameworkError: a published file is not sound.
        """
        self._require(Task.SEE_REGISTER)
        return self.installation.library.find_editions()

    def find_questionnaire(self, ref: str | None = None) -> Questionnaire:
        """One published version by itself; without a ref all that the newest round that opened asks together.

        Before there is a round that is the newest version of every framework.

        Raises:
            FrameworkError: that version is not there, or what is asked together does not go together.
        """
        self._require(Task.SEE_REGISTER)
        library, register = self.installation.library, self.find_register()
        if ref is None and register.rounds:
            return self.installation.questionnaire_of(find_default_round(register, self._today))
        newest = {each.framework_id: key for key, each in library.find_editions().items()}
        refs = tuple(newest.values()) if ref is None else (ref,)
        found = library.find_questionnaire(refs)
        if found is None:
            raise FrameworkError(
                f"Vragenlijst {', '.join(refs)} is hier niet. Zie: kaderscan framework list."
            )
        return found

    def find_difference(self, old: str, new: str) -> EditionDifference:
        """Two published versions of one framework beside each other, each by its ref.

        Raises:
            FrameworkError: a version is not there.
        """
        return find_difference(self.find_questionnaire(old), self.find_questionnaire(new))

    def find_words(self) -> dict[str, str]:
        """The words of the questionnaires with what they mean.

        Raises:
            FrameworkError: the text around the questions is not sound.
        """
        self._require(Task.SEE_REGISTER)
        return read_questionnaire_texts(self.installation.settings).words

    def find_met(self, refs: Collection[str]) -> Met:
        """At how many houses each criterion is met, in the newest round of which the visitor may know that.

        Args:
            refs: the versions, each as framework_id/version; a round must ask all of them.
        """
        opened = [each for each in self.find_register().rounds if each.opens <= self._today]
        if not self.may(Task.SEE_GROUPS):
            return Met(None, {}, "")
        asking = [each for each in opened if set(refs) <= set(each.frameworks)]
        told = ""
        for round_ in reversed(asking):
            try:
                country = self.find_country(round_.round_id, Perspective.RECORD)
            except (NoAnswersError, NotAllowedError) as error:
                told = told or str(error)
                continue  # of the round before that it may be known
            return Met(round_, country.met)
        return Met(None, {}, told or "Er is nog geen ronde die dit vraagt.")

    def list_frameworks(self) -> pd.DataFrame:
        """Every published version, with the rounds that ask it.

        Raises:
            FrameworkError: a published file is not sound.
        """
        return list_editions(list(self.find_editions().values()), self.find_register())

    def find_moved(self, which: Which, old: str, new: Path) -> tuple[RoundScores, RoundScores]:
        """The houses that the visitor may see, as they were scored, and as another version would score them.

        Args:
            which: whose scores; without a round it is the newest that asks the old version.
            old: the version that was asked, as framework_id/version.
            new: the file of the version to try in its place.

        Raises:
            UnknownRoundError: no round asks the old version, or this one does not.
            NotAllowedError, UnknownHouseError, UnknownUnitError, NoAnswersError: as `find_scores`.
            FrameworkError: the new version does not go together with what else the round asks.
        """
        round_ = find_asking(self.find_register(), which.round_id, old)
        scores = self.find_scores(which._replace(round_id=round_.round_id))
        questionnaire = self.installation.library.try_instead(round_, old, new)
        return scores, rescore(self.installation, scores, questionnaire)


def find_asking(register: Register, round_id: str | None, ref: str) -> Round:
    """The round that asks a version; without an id the newest of them.

    Raises:
        UnknownRoundError: there is none.
    """
    asking = [
        each for each in register.rounds if ref in each.frameworks and round_id in {None, each.round_id}
    ]
    if not asking:
        which = f"Ronde '{round_id}' vraagt {ref} niet" if round_id else f"Geen ronde vraagt {ref}"
        raise UnknownRoundError(f"{which}. Zie: kaderscan framework list.")
    return max(asking, key=lambda round_: (round_.opens, round_.round_id))


_MOST_TOLD = 20


class RegisterQueries(ScoreQueries):
    """What else is read of the register, which is no secret to anybody."""

    def list_register_houses(self) -> pd.DataFrame:
        """The houses of the register, by unit and name, for reading."""
        return list_register(self.find_register())

    def list_register_districts(self) -> pd.DataFrame:
        """The districts of the register, by unit, for reading."""
        return list_districts(self.find_register())

    def list_register_rounds(self) -> pd.DataFrame:
        """The rounds, for reading."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return list_rounds(load_register(session), load_closings(session))

    def describe_left_out(self, opened: Round) -> list[str]:
        """Tell of each house of the register that a round for all houses does not ask, why."""
        return describe_left_out(self.find_register(), opened)

    def get_house(self, house_id: str) -> HouseRevision:
        """A house with its version.

        Raises:
            UnknownHouseError: the register does not know the house.
        """
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return load_revision(session, house_id)


class AccountQueries(Reader):
    """The accounts, which who administers them may see."""

    def list_accounts(self) -> tuple[Account, ...]:
        """All accounts with their rights, by id, those that ended too.

        Raises:
            NotAllowedError: the visitor may not.
        """
        self._require(Task.MANAGE_ACCOUNTS)
        with self.installation.store.reading() as session:
            return load_accounts(session)


class RecordQueries(Reader):
    """All that is kept of whomever, which the operator may see."""

    def verify_trail(self, kept: AuditHead | None = None) -> AuditHead:
        """Check that nothing in the audit trail was changed, taken out, put in or moved behind our back.

        Args:
            kept: a head that was printed before and kept elsewhere: without it nobody can tell that someone
                with full access to the database wrote the whole trail anew, head and all.

        Returns:
            The head, to be kept elsewhere.

        Raises:
            NotAllowedError: the visitor may not.
            AuditError: the trail is not whole; one line per fault, with the number of the entry.
        """
        self._require(Task.READ_AUDIT)
        with self.installation.store.reading() as session:
            head = load_head(session)
            breaks = find_breaks(load_entries(session), head, kept)
        if breaks or head is None:
            told = [f"Logboek, regel {each.number} {each.fault}." for each in breaks[:_MOST_TOLD]]
            left = len(breaks) - _MOST_TOLD
            more = [f"En nog {format_counted(left, 'fout')}."] if left > 0 else []
            remedy = "Zet een reservekopie terug, of zoek uit wie dit deed."
            raise AuditError("\n".join([*told, *more, remedy]))
        return head

    def write_trail(self) -> Iterator[str]:
        """Write every entry of the audit trail as a line of JSON, by number, as it is stored and unchecked.

        Raises:
            NotAllowedError: the visitor may not.
        """
        self._require(Task.READ_AUDIT)
        with self.installation.store.reading() as session:
            for entry in load_entries(session):
                yield f"{entry.write_line()}\n"

    def find_old_records(self) -> list[OldRecord]:
        """Everything that is older now than its term; nothing is changed.

        Raises:
            NotAllowedError: the visitor may not.
        """
        self._require(Task.RETAIN)
        with self.installation.store.reading() as session:
            return find_old(session, self.installation.settings, self.now())
