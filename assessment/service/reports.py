"""Use case: the plan of a house as a file that leaves the house, of any kind; those of a unit as one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assessment.model.scale import Actor, Worded
from assessment.service.plans.planning import Roadmap
from assessment.tables.delivery import Delivery, compose_delivery
from assessment.tables.formats import format_day
from assessment.tables.groups import list_houses_with_dates, list_work
from assessment.tables.house_plan import HousePlan
from assessment.tables.plan_document import compose_plan
from assessment.writers.calendar import write_calendar
from assessment.writers.docx import write_docx
from assessment.writers.downloads import write_bundle
from assessment.writers.pdf import write_pdf
from assessment.writers.plan import write_plan
from assessment.writers.unit_plan import write_unit_plan


class PlanFile(Worded):
    """A kind of file in which a plan leaves the house: how its name ends, and what it is called."""

    XLSX = "xlsx", "Excel"
    PDF = "pdf", "pdf"
    DOCX = "docx", "Word"
    ICS = "ics", "agenda"


def write_plan_file(plan: HousePlan, kind: PlanFile, reports: Path, actor: Actor | None = None) -> bytes:
    """Write the plan of a house.

    Args:
        plan: what stands in it.
        kind: as what.
        reports: the folder with templates and fonts.
        actor: whose calendar; without one, everybody's.

    Raises:
        FrameworkError: a template is not sound.
    """
    match kind:
        case PlanFile.XLSX:
            return write_plan(plan)
        case PlanFile.PDF:
            return write_pdf(compose_plan(plan), reports)
        case PlanFile.DOCX:
            return write_docx(compose_plan(plan))
        case PlanFile.ICS:
            return write_calendar(plan, actor)


def name_plan_file(plan: HousePlan, kind: PlanFile, actor: Actor | None = None) -> str:
    """What to call the file; a calendar of one actor carries its name."""
    whose = f"_{actor.casefold()}" if actor and kind is PlanFile.ICS else ""
    return f"{plan.name}{whose}.{kind}"


def write_delivery_file(card: Delivery, kind: PlanFile, reports: Path) -> bytes:
    """Write the delivery card of a house as a pdf, or for Word.

    Args:
        card: what stands on it.
        kind: as what; of these two.
        reports: the folder with templates and fonts.

    Raises:
        FrameworkError: a template is not sound.
    """
    document = compose_delivery(card)
    return write_pdf(document, reports) if kind is PlanFile.PDF else write_docx(document)


def name_unit_bundle(planned: Roadmap, unit_id: str) -> str:
    """What to call the file with everything of a unit."""
    return f"verbeterplannen_{planned.scores.round.round_id}_{unit_id}.zip"


def write_unit_bundle(planned: Roadmap, plans: Sequence[HousePlan], reports: Path) -> bytes:
    """Write the plans of the houses of a unit: a reading guide, a workbook of the unit, a folder per house.

    Args:
        planned: the houses, planned together.
        plans: at least one; everything that each is written from.
        reports: the folder with templates and fonts.

    Returns:
        The bytes of a .zip.

    Raises:
        FrameworkError: a template is not sound.
    """
    first = plans[0]
    return write_bundle(_list_bundled(planned, plans, reports), first.basis.moment)


def _list_bundled(planned: Roadmap, plans: Sequence[HousePlan], reports: Path) -> Iterator[tuple[str, bytes]]:
    unit_id, guide = plans[0].house.unit_id, plans[0].texts.guide
    yield "LEESMIJ.txt", "\r\n".join(guide.splitlines()).encode("utf-8-sig")
    yield f"eenheid_{planned.scores.round.round_id}_{unit_id}.xlsx", _write_unit(planned, plans[0])
    for plan in plans:
        for kind in PlanFile:
            yield f"{plan.house.house_id}/{name_plan_file(plan, kind)}", write_plan_file(plan, kind, reports)


def _write_unit(planned: Roadmap, plan: HousePlan) -> bytes:
    scores = planned.scores
    title = scores.register.unit[plan.house.unit_id].title
    subtitle = f"Op de antwoorden van {scores.round.title}, gemaakt op {format_day(plan.basis.moment)}"
    houses = list_houses_with_dates(scores.totals, planned.estimates, planned.begin, scores.register)
    work = list_work(planned.measures, planned.begin, scores.questionnaire, scores.register)
    return write_unit_plan(title, subtitle, houses, work)
