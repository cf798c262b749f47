"""Every exception of Kaderscan, from general to precise.

A `UserError` can be repaired by the user: it is shown as one Dutch line (place, fault, remedy) without a
traceback, and ends the command line with an exit code of its own. Everything else is our own mistake and
keeps its traceback.
"""

import errno

_REASONS = {
    errno.ENOENT: "het bestaat niet",
    errno.EACCES: "u mag hier niet bij",
    errno.EPERM: "u mag hier niet bij",
    errno.EROFS: "hier kan alleen worden gelezen",
    errno.EISDIR: "het is een map",
    errno.ENOTDIR: "een deel van het pad is geen map",
    errno.EEXIST: "er staat al iets met deze naam",
    errno.ENOSPC: "de schijf is vol",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.EMFILE: "er zijn te veel bestanden open",
    errno.EADDRINUSE: "daar luistert al iets anders",
    errno.EADDRNOTAVAIL: "dat adres is niet van deze machine",
}


def describe_reason(error: OSError) -> str:
    """Say in Dutch why a file, folder or address cannot be used, whatever the language of the machine."""
    return _REASONS.get(error.errno or 0, f"fout {error.errno}")


class KaderscanError(Exception):
    """Anything that Kaderscan raises on purpose."""


class SchemaError(KaderscanError):
    """A frame does not have the columns, types or keys that its schema promises: our own mistake."""


class NoPlanError(KaderscanError):
    """What people fixed in a plan cannot go together; `is_feasible` tells so before."""


class UserError(KaderscanError):
    """Something that the user can repair; its text is Dutch."""

    exit_code = 1


class CommandUsageError(UserError):
    """The words of a command are off."""

    exit_code = 2


class NotAWorkbookError(UserError):
    """A file that should be a questionnaire is no workbook at all."""

    exit_code = 3


class OtherVersionError(UserError):
    """A questionnaire was made for another version of the framework than the round asks for."""

    exit_code = 4


class UnknownHouseError(UserError):
    """A house that the register does not know."""

    exit_code = 5


class UnknownRoundError(UserError):
    """A round that does not exist, or that does not ask this house."""

    exit_code = 6


class AnswersRefusedError(UserError):
    """A questionnaire holds something that was not understood; nothing of it was stored."""

    exit_code = 7


class FrameworkError(UserError):
    """A framework file is not sound."""

    exit_code = 8


class NothingCommonError(FrameworkError):
    """Two rounds ask no question alike."""


class RegisterError(UserError):
    """A register file (units, houses, rounds) is not sound, or a change of the register is refused."""

    exit_code = 9


class AnswerTableError(UserError):
    """A table of answers (CSV, .xlsx, .ods or Parquet) is not sound."""

    exit_code = 10


class PlanError(UserError):
    """A wish for the plan cannot be met: an unknown actor, a capacity of zero, a quarter in the past."""

    exit_code = 11


class PersonalTextError(PlanError):
    """What was written at a measure or in a formula may be about a citizen; somebody has to say it is not."""


class NoAnswersError(UserError):
    """There is nothing to show: the house has not handed in anything for the round."""

    exit_code = 12


class UnknownUnitError(UserError):
    """A police unit that the register does not know."""

    exit_code = 13


class StoreError(UserError):
    """The database cannot be used: not reachable, locked, full, or of a newer version."""

    exit_code = 14


class SettingsError(UserError):
    """A setting has a value that Kaderscan cannot work with."""

    exit_code = 15


class FileAccessError(UserError):
    """A file or folder cannot be read or written."""

    exit_code = 16


class FilesRefusedError(UserError):
    """Of several files some were refused, each with its own message; ends with the code of the first."""

    def __init__(self, message: str, refused: list[UserError]) -> None:
        super().__init__(message)
        self.exit_code = refused[0].exit_code


class UnsafeFileError(UserError):
    """A file is larger, deeper or stranger than an honest questionnaire; it was not opened."""

    exit_code = 17


class UnreadableFileError(UserError):
    """Reading a file took too long or too much memory, or broke the program that reads it."""

    exit_code = 18


class AuditError(UserError):
    """The audit trail is not whole: something was changed behind the program's back."""

    exit_code = 19


class BackupError(UserError):
    """A file is no backup of Kaderscan, or it is damaged; nothing was replaced."""

    exit_code = 20


class NewerBackupError(UserError):
    """A backup was made by a newer version of Kaderscan; nothing was replaced."""

    exit_code = 21


class NotAllowedError(UserError):
    """The visitor may not do this; the message says what, and who may."""

    exit_code = 22

    def __init__(self, told: str, task: str = "", place: str = "") -> None:
        """`task` and `place` are the ids of what was asked and of the house, where it is known which."""
        super().__init__(told)
        self.task, self.place = task, place


class ConflictError(UserError):
    """Somebody changed the same meanwhile: the message tells both values, and nothing was overwritten."""

    exit_code = 23


class RoundStateError(UserError):
    """A round or a version is in a state in which this cannot be done: closed, adopted, withdrawn."""

    exit_code = 24


class SignInError(UserError):
    """Somebody signed in who has no account here, or whose account ended."""

    exit_code = 25


class SignedOutError(SignInError):
    """Somebody signed in, and that is over: ended, too long ago, or not used for too long."""


class DraftError(UserError):
    """A draft is not there (any more), or is there already."""

    exit_code = 26


class AccountError(UserError):
    """An account or a right that cannot be: unknown, taken, ended, or on a house that is not there."""

    exit_code = 27


class FormulaError(UserError):
    """A safety formula cannot be as it was given, is not there, or is not complete enough to be adopted."""

    exit_code = 29


class ComputingError(UserError):
    """What should run a calculation elsewhere is not installed, not reachable, or lost its workers."""

    exit_code = 28
