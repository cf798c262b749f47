"""Use case: a house decides whether the country may read its explanations."""

from datetime import datetime

from assessment.model.access import Task
from assessment.model.audit import Action, Change, Signature
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered
from assessment.service.people.access import require
from assessment.store.audit import append_changes
from assessment.store.register import add_houses, load_register


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
