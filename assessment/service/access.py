"""Who may do what: the check at the top of each use case, and what is kept from whom."""

from datetime import datetime

from assessment.errors import NotAllowedError
from assessment.model.access import Task, Visitor, describe_who_may
from assessment.model.audit import Action, Change, Signature
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered
from assessment.store.audit import append_changes
from assessment.store.register import add_houses, load_register


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
            f"U mag dit niet: {task.dutch}{where}. Wel mogen dat: {describe_who_may(task)}. "
            "Hebt u dit recht nodig, vraag het dan aan de beheerder."
        )


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
