"""Use case: keep what was tried in a what-if. Capacities, pins and drops are kept together, or none of them.

A national action is not kept: it counts once houses have answered again.
"""

from datetime import datetime

from assessment.errors import PlanError
from assessment.model.access import Task
from assessment.model.capacity import find_resource
from assessment.service.installation import Installation
from assessment.service.people.access import require
from assessment.service.plans.capacities import (
    CapacityChanged,
    CapacityEdit,
    find_capacity,
    require_capacity,
)
from assessment.service.plans.deciding import Decided, Wishes, decide
from assessment.service.plans.lines import Changed, Edit, find_line
from assessment.service.plans.seen import refuse_changed
from assessment.service.plans.what_if import Comparison
from assessment.service.standing import find_standing

_AGAIN = "Er is niets bewaard: bekijk het plan zoals het nu is en neem het dan over."


def find_wanted(comparison: Comparison) -> Decided:
    """What adopting would change: each line and capacity as it is now, and as it was tried."""
    present, tried = comparison.present, comparison.tried
    pairs = [(find_line(present.decisions, *key), line) for key, line in tried.decisions.line.items()]
    resources = {
        find_resource(actor, house): number
        for actor, number in tried.capacity.items()
        for house in present.standing.houses
    }
    capacities = [(find_capacity(present.decisions, each), number) for each, number in resources.items()]
    return Decided(
        tuple(Changed(old, new) for old, new in pairs if new.differs_from(old)),
        tuple(
            CapacityChanged(old, old.model_copy(update={"number": number}))
            for old, number in capacities
            if number != old.number
        ),
    )


def require_adoption(installation: Installation, comparison: Comparison) -> None:
    """Go on only when the visitor may keep all that was tried.

    Raises:
        NotAllowedError: the visitor may not change the plan of a house, or a capacity.
    """
    standing, wanted = comparison.present.standing, find_wanted(comparison)
    for house in standing.houses:
        require(installation, Task.PLAN, house)
    for _, new in wanted.capacities:
        require_capacity(installation, standing.register, new.resource)


def adopt_what_if(installation: Installation, comparison: Comparison, reason: str, now: datetime) -> Decided:
    """Keep what was tried, all of it or nothing; it freezes no plan.

    Args:
        installation: where to keep it.
        comparison: what was shown.
        reason: why measures are dropped, where any is.
        now: the moment.

    Returns:
        What was changed.

    Raises:
        NotAllowedError: the visitor may not change the plan of a house, or a capacity.
        PlanError: nothing was tried that can be kept, a reason is missing, or no plan can be made with it.
        ConflictError: somebody decided something or handed in anew since it was shown.
    """
    require_adoption(installation, comparison)
    wanted, present = find_wanted(comparison), comparison.present.standing
    _refuse_nothing(wanted)
    _refuse_no_reason(wanted, reason)
    wishes = Wishes(
        [_make_edit(each, reason) for each in wanted.lines],
        [CapacityEdit(new.resource, new.number, old.version) for old, new in wanted.capacities],
    )
    standing = find_standing(installation, present.round.round_id, present.perspective, now.date())
    return decide(
        installation,
        standing,
        wishes,
        now,
        lambda session: refuse_changed(session, comparison.present, present.grid.house_ids, _AGAIN),
    )


def _make_edit(changed: Changed, reason: str) -> Edit:
    old, new = changed
    changes = {field: getattr(new, field) for field in new.differs_from(old)}
    given = {"dropped": reason} if "dropped" in changes else {}
    return Edit(new.house_id, new.measure_id, changes | given, old.version)


def _refuse_nothing(wanted: Decided) -> None:
    if not any(wanted):
        raise PlanError(
            "Er is niets om over te nemen: de capaciteiten en maatregelen zijn zoals ze al waren. Een "
            "landelijke actie telt pas als huizen opnieuw hebben geantwoord."
        )


def _refuse_no_reason(wanted: Decided, reason: str) -> None:
    dropped = list(dict.fromkeys(new.measure_id for old, new in wanted.lines if new.dropped != old.dropped))
    if dropped and not reason.strip():
        raise PlanError(
            f"Laten vervallen vraagt een reden: {', '.join(dropped)}. Schrijf waarom. Er is niets bewaard."
        )
