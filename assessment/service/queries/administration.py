"""What is administered: the register, the accounts, the audit trail and what is old; and who may see that."""

from collections.abc import Iterator

import pandas as pd

from assessment.engine.validation.audit_chain import find_breaks
from assessment.errors import AuditError
from assessment.model.access import Account, Task
from assessment.model.audit import AuditHead
from assessment.model.records import OldRecord
from assessment.model.register import Round
from assessment.service.queries.houses import Reader, ScoreQueries
from assessment.service.register import HouseRevision, describe_left_out, load_revision
from assessment.service.retention import find_old
from assessment.store.accounts import load_accounts
from assessment.store.audit import load_entries, load_head
from assessment.store.register import load_closings, load_register
from assessment.tables.administration import list_register
from assessment.tables.rounds import list_rounds

_MOST_TOLD = 20


class RegisterQueries(ScoreQueries):
    """What else is read of the register, which is no secret to anybody."""

    def list_register_houses(self) -> pd.DataFrame:
        """The houses of the register, by unit and name, for reading."""
        return list_register(self.find_register())

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
            more = [f"En nog {len(breaks) - _MOST_TOLD} fouten."] if len(breaks) > _MOST_TOLD else []
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
