"""What is adopted is reopened before it is filled in anew: else nobody could hand in what was filled in."""

from sqlalchemy.orm import Session

from assessment.errors import RoundStateError
from assessment.model.access import Task
from assessment.model.answers import Whose
from assessment.service.installation import Installation
from assessment.service.people.access import require
from assessment.store.states import load_settled


def find_settled(installation: Installation, whose: Whose) -> str | None:
    """The id of the version of a house that is adopted or frozen; None where nothing is.

    Raises:
        NotAllowedError: the visitor may not see the concepts of the house.
    """
    require(installation, Task.SEE_CONCEPTS, installation.register().house[whose.house_id], whose.perspective)
    with installation.store.reading() as session:
        return load_settled(session, [whose]).get(whose)


def refuse_settled(session: Session, whose: Whose) -> None:
    """Refuse to begin a draft that could not be handed in.

    Raises:
        RoundStateError: what was handed in is adopted.
    """
    settled = load_settled(session, [whose]).get(whose)
    if settled is not None:
        raise RoundStateError(
            f"{settled} is al vastgesteld, dus een nieuw concept kan niet worden ingeleverd. Er is niets "
            "begonnen. Vraag de eenheid om deze versie eerst te heropenen (bij Inleveringen, of met: "
            f'kaderscan submission reopen {settled} --reason "…").'
        )
