"""Whether a plan is still what it was when somebody looked at it."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from assessment.errors import ConflictError
from assessment.model.capacity import find_resource
from assessment.model.plan_line import Decisions
from assessment.model.register import House
from assessment.model.scale import Actor
from assessment.service.plans.capacities import find_capacity
from assessment.service.plans.roadmap import Roadmap
from assessment.store.capacities import load_capacities
from assessment.store.plans import load_lines
from assessment.store.submissions import load_newest


def refuse_changed(session: Session, seen: Roadmap, house_ids: Collection[str], otherwise: str) -> None:
    """Refuse to go on with a plan that is no longer what it was when somebody looked at it.

    Args:
        session: in which to look.
        seen: the plan that was looked at.
        house_ids: which of its houses matter.
        otherwise: what is so where it changed, and what to do then.

    Raises:
        ConflictError: somebody decided something or handed in anew since.
    """
    standing = seen.standing
    newest = load_newest(session, standing.round.round_id, standing.perspective)
    for house_id in house_ids:
        house = standing.register.house[house_id]
        stored = Decisions(load_lines(session, [house_id]), load_capacities(session, [house_id]))
        same = _list_versions(stored, house) == _list_versions(seen.decisions, house)
        if not same or newest.get(house_id) != standing.submissions[house_id]:
            raise ConflictError(
                f"Het plan van {house.title} of de antwoorden zijn intussen gewijzigd. {otherwise}"
            )


def _list_versions(decisions: Decisions, house: House) -> dict[str, int]:
    """The version of everything that was decided about a house, by what it is about."""
    resources = (find_resource(actor, house) for actor in Actor)
    lines = decisions.of_houses([house.house_id]).lines
    return {str(each): find_capacity(decisions, each).version for each in resources} | {
        line.measure_id: line.version for line in lines
    }
