"""How many measures an actor carries at once, and whose that capacity is.

Source: questionnaires/roadmap.md, section 2.
"""

from typing import NamedTuple

from pydantic import Field

from assessment.model.register import House, Slug
from assessment.model.rules import Frozen
from assessment.model.scale import Actor

MOST = 99
"""Nobody carries more measures at once than that."""
SHARED_IN_UNIT = frozenset({Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION})
"""Who has one capacity for all houses of a police unit; every other actor has its own for each house."""


class Resource(NamedTuple):
    """The capacity of an actor; `owner_id` is the police unit where the actor is shared, else the house."""

    actor: Actor
    owner_id: str

    def __str__(self) -> str:
        """As it stands in frames and in the audit trail."""
        return f"{self.actor.value} {self.owner_id}"


class Capacity(Frozen):
    """How many measures a resource carries at once.

    `version` counts the changes that were stored, so that nobody overwrites what he has not seen; 0 is never
    stored: then it is the usual number.
    """

    actor: Actor
    owner_id: Slug
    number: int = Field(ge=1, le=MOST)
    version: int = Field(default=0, ge=0)

    @property
    def resource(self) -> Resource:
        """What it is the capacity of."""
        return Resource(self.actor, self.owner_id)


def find_resource(actor: Actor, house: House) -> Resource:
    """On which capacity an actor draws for a house, by what the register knows.

    It knows the police unit of a house, and neither its district nor its municipalities. So the unit, its
    districts together and the OM have one capacity for all houses of the unit; every other actor has its own
    for each house. Where one municipality serves two houses that is more than it has, and where each house
    has a district of its own it is less.
    """
    return Resource(actor, house.unit_id if actor in SHARED_IN_UNIT else house.house_id)
