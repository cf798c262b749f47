"""The check at the top of each use case: may this visitor do this?"""

from assessment.errors import NotAllowedError
from assessment.model.access import Task, Visitor, say_who_may
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.service.installation import Installation


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
            f"U mag dit niet: {task.dutch}{where}. Wel mogen dat: {say_who_may(task)}. "
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
