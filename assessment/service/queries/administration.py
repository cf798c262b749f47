"""What is administered: the units, houses and rounds of the register, and the accounts; who may see that."""

import pandas as pd

from assessment.model.access import Account, Task
from assessment.model.register import Round
from assessment.service.queries.houses import Reader, ScoreQueries
from assessment.service.register import HouseRevision, describe_left_out, load_revision
from assessment.store.accounts import load_accounts
from assessment.store.register import load_closings, load_house_versions, load_register
from assessment.tables.administration import list_register
from assessment.tables.rounds import list_rounds
from assessment.writers.downloads import write_houses_csv


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

    def export_houses(self) -> bytes:
        """The houses as a CSV file, each with its version, to change and take over again."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return write_houses_csv(load_register(session).houses, load_house_versions(session))


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
