"""Use case: the plan of a house as a file that leaves the house, of any kind."""

from pathlib import Path

from assessment.model.scale import Actor, Worded
from assessment.tables.house_plan import HousePlan
from assessment.tables.plan_document import compose_plan
from assessment.writers.calendar import write_calendar
from assessment.writers.docx import write_docx
from assessment.writers.pdf import write_pdf
from assessment.writers.plan import write_plan


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
