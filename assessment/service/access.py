"""Whether something may be done: by who does it, and in a round or version that may be closed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import NotAllowedError, RoundStateError
from assessment.model.access import Task, Visitor, describe_who_acts, describe_who_may
from assessment.model.answers import Submission, Whose
from assessment.model.audit import Action, Change, Signature
from assessment.model.register import House
from assessment.model.rounds import RoundEvent
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered
from assessment.store.audit import append_changes, is_newest
from assessment.store.register import add_houses, load_closings, load_register
from assessment.store.versions import load_settled
from assessment.tables.formats import format_day


def require(
    installation: Installation,
    task: Task,
    house: House | None = None,
    perspective: Perspective | None = None,
) -> None:
    """Go on only when the visitor may do this.

    Args:
        installation: with the visitor.
        task: what is about to be done.
        house: on which house; None where it is about no house, or about all of them.
        perspective: whose answers it is about, where it is about answers.

    Raises:
        NotAllowedError: the visitor may not.
    """
    require_of(installation.visitor, task, house, perspective)


def require_of(
    visitor: Visitor, task: Task, house: House | None = None, perspective: Perspective | None = None
) -> None:
    """As `require`, where there is only a visitor.

    Raises:
        NotAllowedError: the visitor may not.
    """
    if not visitor.may(task, house, perspective):
        where = f" (hier: {house.title})" if house else ""
        raise NotAllowedError(
            f"U mag dit niet: {task.dutch}{where}. {_describe_remedy(visitor, task)}",
            task.value,
            house.house_id if house else "",
        )


def _describe_remedy(visitor: Visitor, task: Task) -> str:
    """Say who may, and whom to ask: nobody what houses decide, and no administrator the administrator."""
    if visitor.waits_for_houses(task):
        return "U mag dat bij elk huis dat dit met het land deelt; daarover beslist het huis zelf."
    ask = "" if visitor.may(Task.MANAGE_ACCOUNTS) else _ASK
    return f"Wel mogen dat: {describe_who_may(task)}.{ask}"


_ASK = " Hebt u dit recht nodig, vraag het dan aan de beheerder."


def note_refusal(installation: Installation, refusal: NotAllowedError, now: datetime) -> None:
    """Write in the audit trail that somebody was refused something; asking it again at once adds nothing."""
    change = Change(Action.REFUSED, subject=refusal.place or "alles", new={"task": refusal.task})
    with installation.store.writing() as session:
        if refusal.task and not is_newest(session, installation.who, change):
            append_changes(session, Signature(installation.who, now), [change])


def note_handed_out(installation: Installation, what: str, now: datetime) -> None:
    """Write in the audit trail that somebody took a file along.

    Args:
        installation: with who took it.
        what: the id of a version, or which plans, houses or records it holds.
        now: the moment.
    """
    with installation.store.writing() as session:
        change = Change(Action.HANDED_OUT, subject=what)
        append_changes(session, Signature(installation.who, now), [change])


def may(
    installation: Installation,
    task: Task,
    house: House | None = None,
    perspective: Perspective | None = None,
) -> bool:
    """Whether the visitor may do this, so that a page need not offer what would be refused."""
    return installation.visitor.may(task, house, perspective)


def share_text(installation: Installation, house_id: str, now: datetime, *, shares: bool) -> None:
    """Let the country read what a house explained, or no longer; choosing the same again changes nothing.

    Raises:
        UnknownHouseError: the register does not know the house.
        NotAllowedError: the visitor does not decide for this house.
    """
    with installation.store.writing() as session:
        house = find_registered(load_register(session), house_id)
        require(installation, Task.SHARE_TEXT, house)
        if house.shares_text == shares:
            return
        add_houses(session, (house.model_copy(update={"shares_text": shares}),))
        change = Change(action=Action.TEXT_SHARED, subject=house_id, old=house.shares_text, new=shares)
        append_changes(session, Signature(installation.who, now), [change])


class Gate(NamedTuple):
    """What is shut at one moment, for some files: as cheap for many files as for one."""

    closings: Mapping[str, RoundEvent]
    settled: Mapping[Whose, str]

    def find_refusal(self, submission: Submission) -> RoundStateError | None:
        """Why nothing new may be handed in, beginning with the name of the file; None where it may."""
        return self.find_refusal_of(submission.whose, submission.file_name)

    def find_refusal_of(self, whose: Whose, name: str) -> RoundStateError | None:
        """As `find_refusal`, for a round, a house and a perspective."""
        closing = self.closings.get(whose[0])
        if closing is not None:
            return RoundStateError(f"{name}: {describe_closed(closing)}")
        settled = self.settled.get(whose)
        if settled is not None:
            return RoundStateError(
                f"{name}: {settled} is al vastgesteld. Er is niets bewaard. Vraag de eenheid om die te "
                f'heropenen: kaderscan submission reopen {settled} --reason "…"'
            )
        return None


def open_gate(session: Session, wanted: Collection[Whose]) -> Gate:
    """Look once what is shut for them, in the transaction that stores something of theirs."""
    return Gate(load_closings(session), load_settled(session, wanted))


def refuse_closed(session: Session, round_id: str) -> None:
    """Refuse any change in a round that is closed.

    Raises:
        RoundStateError: it is.
    """
    closing = load_closings(session).get(round_id)
    if closing is not None:
        raise RoundStateError(describe_closed(closing))


def describe_closed(closing: RoundEvent) -> str:
    """Say that a round is closed, since when, and what can be done."""
    reopen = f'kaderscan round reopen {closing.round_id} --reason "…"'
    return (
        f"Ronde '{closing.round_id}' is gesloten op {format_day(closing.moment)}; er is niets veranderd. "
        f"Moet het toch, heropen dan de ronde. {describe_who_acts(Task.MANAGE_ROUNDS, reopen)}"
    )
