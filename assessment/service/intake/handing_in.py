"""Use case: read filled questionnaires, tell what was read, and store each whole or not at all."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from assessment.errors import RoundStateError
from assessment.model.answers import Submission, Whose
from assessment.model.receipt import Receipt
from assessment.model.sheet import Passport
from assessment.service.access import show_submission
from assessment.service.installation import Installation
from assessment.service.intake.desk import NOT_GIVEN, Desk, HandedIn, NamedFile
from assessment.service.intake.gate import open_gate
from assessment.store.submissions import load_current


def check_file(installation: Installation, file: NamedFile, given: Passport = NOT_GIVEN) -> Receipt:
    """Read a filled questionnaire and tell what it holds; nothing is stored.

    Args:
        installation: where the round is.
        file: the file.
        given: house, round and perspective, for a file that does not say so itself.

    Raises:
        NotAWorkbookError, UnsafeFileError, UnreadableFileError: the file cannot be read.
        NotAllowedError: the visitor has nothing to do with that house, or not from that perspective.
        UnknownHouseError, UnknownRoundError: it was made for a house or round that is not there.
        OtherVersionError: it was made for versions that are not known here.
    """
    desk = Desk(installation, given)
    return desk.receive(file, desk.start(file).result())


def check_files(
    installation: Installation, files: Iterable[NamedFile], given: Passport = NOT_GIVEN
) -> Iterator[HandedIn]:
    """Read many files and tell what they hold; nothing is stored, and a bad file never stops the others."""
    return Desk(installation, given).take_in(files)


def find_current(installation: Installation, receipt: Receipt) -> Submission | None:
    """What counts now for the house, round and perspective of a file; None where nothing was handed in.

    Raises:
        NotAllowedError: the visitor may not see that.
    """
    whose = (receipt.round.round_id, receipt.house.house_id, receipt.perspective)
    with installation.store.reading() as session:
        current = load_current(session, *whose)
    return current and show_submission(installation, current)


def find_refusal(installation: Installation, receipt: Receipt) -> RoundStateError | None:
    """Why a file that was read cannot be handed in any more; None where it can."""
    whose = Whose(receipt.round.round_id, receipt.house.house_id, receipt.perspective)
    with installation.store.reading() as session:
        return open_gate(session, {whose}).find_refusal_of(whose, receipt.file_name)


def hand_in(
    installation: Installation,
    file: NamedFile,
    now: datetime,
    accepted_because: str = "",
    given: Passport = NOT_GIVEN,
) -> HandedIn:
    """Store a filled questionnaire as a new version, whole or not at all.

    Args:
        installation: where to store it.
        file: the file.
        now: the moment of handing in.
        accepted_because: why the house goes on although there are remarks; what was not understood is then
            left out and stays open.
        given: as `check_file`.

    Raises:
        AnswersRefusedError: something asks for a repair or a reason, and none was given; nothing was stored.
        UserError: as `check_file`.
    """
    handed_in = next(hand_in_files(installation, [file], now, accepted_because, given))
    if handed_in.error is not None:
        raise handed_in.error
    return handed_in


def hand_in_files(
    installation: Installation,
    files: Iterable[NamedFile],
    now: datetime,
    accepted_because: str = "",
    given: Passport = NOT_GIVEN,
) -> Iterator[HandedIn]:
    """Store many files, each whole or not at all; a bad one never stops the others.

    Files are read side by side in processes of their own, and stored in their order.

    Yields:
        What became of each file, in order.

    Raises:
        StoreError: the database cannot be used; what was yielded before is stored.
    """
    return Desk(installation, given, now, accepted_because).take_in(files)
