"""Use cases: what leaves the house as a file: the plan of a house, those of a unit, and open data.

And whether the texts around it are sound, before anybody asks for a file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache, partial
from itertools import product
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pandas as pd
from pydantic import BaseModel

from assessment.errors import FilesRefusedError, FrameworkError, UserError
from assessment.model.document import Document, name_file
from assessment.model.frames import Subject, of_house
from assessment.model.register import House, Round
from assessment.model.scale import Actor, Worded
from assessment.model.texts import (
    AgendaTexts,
    DeliveryTexts,
    FormulaTexts,
    NationalTexts,
    OpenDataTexts,
    PlanTexts,
    QuestionnaireTexts,
    ReminderTexts,
)
from assessment.readers.files import read_model
from assessment.service.plans.planning import Roadmap
from assessment.tables.forecasts import find_when
from assessment.tables.formats import (
    NOTHING,
    agree,
    describe_part,
    format_count,
    format_counted,
    format_day,
    join_words,
)
from assessment.tables.groups import count_there, list_houses_with_dates, list_work
from assessment.tables.house_plan import HousePlan, list_hand_overs
from assessment.tables.plan_document import compose_plan
from assessment.tables.plan_parts import list_moving
from assessment.writers.calendar import has_dates, write_calendar
from assessment.writers.docx import write_docx
from assessment.writers.downloads import write_bundle, write_guide
from assessment.writers.open_data import OpenData, list_open_files, write_exchange
from assessment.writers.pdf import check_templates, write_pdf
from assessment.writers.plan import write_plan
from assessment.writers.unit_plan import UnitTables, write_unit_plan


class PlanFile(Worded):
    """A kind of file in which a plan leaves the house: how its name ends, and what it is called."""

    XLSX = "xlsx", "Excel"
    PDF = "pdf", "pdf"
    DOCX = "docx", "Word"
    ICS = "ics", "agenda"


class WrittenPlan(NamedTuple):
    """The plan of a house as one kind of file."""

    kind: PlanFile
    content: bytes


# A document of a zip that is to be written, and what goes through them; that may tell how far the writing is.
ToWrite: TypeAlias = tuple[House, PlanFile]
Follow: TypeAlias = Callable[[Iterable[ToWrite]], Iterable[ToWrite]]
ON_PAPER = (PlanFile.PDF, PlanFile.DOCX)


TEXTS: Mapping[str, type[BaseModel]] = {
    "delivery.yaml": DeliveryTexts,
    "formulas.yaml": FormulaTexts,
    "joint_agenda.yaml": AgendaTexts,
    "national.yaml": NationalTexts,
    "open_data.yaml": OpenDataTexts,
    "plan.yaml": PlanTexts,
    "questionnaire.yaml": QuestionnaireTexts,
    "reminder.yaml": ReminderTexts,
}
"""The texts of `reports/`, each with what it holds."""


def refuse_unsound_texts(reports: Path) -> None:
    """Read all that documents are written with, so that what is not sound is told before it is needed.

    Args:
        reports: the folder with texts, templates and fonts.

    Raises:
        FilesRefusedError: one line per fault, of all files, with its place.
    """
    checks: list[Callable[[], object]] = [
        *(partial(read_model, reports / name, model, FrameworkError) for name, model in TEXTS.items()),
        partial(check_templates, reports),
    ]
    faults = [fault for fault in map(_find_fault, checks) if fault]
    if faults:
        raise FilesRefusedError("\n".join([*map(str, faults), _REMEDY]), faults)


_REMEDY = "Verbeter dit, of zet het bestand terug zoals het bij deze versie van Kaderscan hoort."


def _find_fault(check: Callable[[], object]) -> UserError | None:
    try:
        check()
    except UserError as error:
        return error
    return None


def write_plan_file(plan: HousePlan, kind: PlanFile, reports: Path, actor: Actor | None = None) -> bytes:
    """Write the plan of a house as one kind of file; see `write_plan_files`."""
    return next(write_plan_files(plan, (kind,), reports, actor)).content


def write_plan_files(
    plan: HousePlan, kinds: Iterable[PlanFile], reports: Path, actor: Actor | None = None
) -> Iterator[WrittenPlan]:
    """Write the plan of a house as these kinds of files; what is a document is composed once.

    Args:
        plan: what stands in it.
        kinds: as what, in this order.
        reports: the folder with templates and fonts.
        actor: whose calendar; without one, everybody's.

    Raises:
        FrameworkError: a template is not sound.
    """
    compose = cache(lambda: compose_plan(plan))
    for kind in kinds:
        yield WrittenPlan(kind, _write_kind(plan, compose, kind, reports, actor))


def _write_kind(
    plan: HousePlan,
    compose: Callable[[], Document],
    kind: PlanFile,
    reports: Path,
    actor: Actor | None = None,
) -> bytes:
    match kind:
        case PlanFile.XLSX:
            return write_plan(plan)
        case PlanFile.PDF:
            return write_pdf(compose(), reports)
        case PlanFile.DOCX:
            return write_docx(compose(), reports)
        case PlanFile.ICS:
            return write_calendar(plan, actor)


def list_written_kinds(
    plan: HousePlan, kinds: Iterable[PlanFile], actor: Actor | None = None
) -> tuple[PlanFile, ...]:
    """The kinds of files of which there is something to write: no calendar without any date."""
    return tuple(kind for kind in kinds if kind is not PlanFile.ICS or has_dates(plan, actor))


def name_plan_file(plan: HousePlan, kind: PlanFile, actor: Actor | None = None) -> str:
    """What to call the file; a calendar of one actor carries its name."""
    whose = f"_{actor.casefold()}" if actor and kind is PlanFile.ICS else ""
    return f"{plan.name}{whose}.{kind}"


def write_document(document: Document, kind: PlanFile, reports: Path) -> bytes:
    """Write what is read as a whole: a delivery card, a report to partners, one on all houses.

    Args:
        document: what stands in it.
        kind: as what; one of `ON_PAPER`.
        reports: the folder with templates and fonts.

    Raises:
        FrameworkError: a template is not sound.
    """
    write = write_pdf if kind is PlanFile.PDF else write_docx
    return write(document, reports)


def write_plans(  # noqa: PLR0913 - of whom, as what, and how it is made
    houses: Sequence[House],
    find: Callable[[House], HousePlan],
    kinds: Sequence[PlanFile],
    reports: Path,
    *,
    moment: datetime,
    follow: Follow = iter,
) -> bytes:
    """Write the plans of some houses, each as these kinds of files, into one .zip.

    Args:
        houses: whose.
        find: finds the plan of one; asked once for each, when it is up.
        kinds: as what; of a plan without any date there is no calendar.
        reports: the folder with templates and fonts.
        moment: when they were made.
        follow: goes through the documents, and may tell how far the writing is.

    Returns:
        The bytes of a .zip.

    Raises:
        FrameworkError: a template is not sound.
    """
    written = _write_each(houses, find, kinds, reports, follow)
    return write_bundle(((name_plan_file(plan, kind), content) for plan, kind, content in written), moment)


def _write_each(
    houses: Sequence[House],
    find: Callable[[House], HousePlan],
    kinds: Sequence[PlanFile],
    reports: Path,
    follow: Follow,
) -> Iterator[tuple[HousePlan, PlanFile, bytes]]:
    """Write document after document; of one house at a time its plan and its document are kept."""
    find_once = lru_cache(maxsize=1)(find)
    compose_once = lru_cache(maxsize=1)(lambda house: compose_plan(find_once(house)))
    for house, kind in follow([*product(houses, kinds)]):
        plan = find_once(house)
        if list_written_kinds(plan, (kind,)):
            yield plan, kind, _write_kind(plan, partial(compose_once, house), kind, reports)


def name_all(houses: Iterable[House]) -> str:
    """What the audit trail calls the plans of houses that leave the building together."""
    return " ".join(f"plan/{house.house_id}" for house in houses)


def name_unit_bundle(round_: Round, unit_id: str) -> str:
    """What to call the file with everything of a unit."""
    return f"{name_file('verbeterplannen', round_.round_id, unit_id)}.zip"


def write_unit_bundle(
    planned: Roadmap, plans: Sequence[HousePlan], reports: Path, follow: Follow = iter
) -> bytes:
    """Write the plans of the houses of a unit: a reading guide, a workbook of the unit, a folder per house.

    Args:
        planned: the houses, planned together.
        plans: at least one; everything that each is written from.
        reports: the folder with templates and fonts.
        follow: goes through the documents, and may tell how far the writing is.

    Returns:
        The bytes of a .zip.

    Raises:
        FrameworkError: a template is not sound.
    """
    first = plans[0]
    return write_bundle(_list_bundled(planned, plans, reports, follow), first.basis.moment)


def _list_bundled(
    planned: Roadmap, plans: Sequence[HousePlan], reports: Path, follow: Follow
) -> Iterator[tuple[str, bytes]]:
    workbook = f"{name_file('eenheid', planned.scores.round.round_id, plans[0].house.unit_id)}.xlsx"
    yield write_guide(_tell_guide(planned, plans, workbook))
    yield workbook, _write_unit(planned, plans)
    plan_of = {plan.house: plan for plan in plans}
    for plan, kind, content in _write_each([*plan_of], plan_of.__getitem__, [*PlanFile], reports, follow):
        yield f"{plan.house.house_id}/{name_plan_file(plan, kind)}", content


def _tell_guide(planned: Roadmap, plans: Sequence[HousePlan], workbook: str) -> str:
    """Fill in the reading guide: of which unit, which round and which day the files are."""
    scores, first = planned.scores, plans[0]
    return first.texts.guide.format(
        unit=scores.register.unit[first.house.unit_id].title,
        round=scores.round.title,
        made=format_day(first.basis.moment),
        houses=f"{format_counted(len(plans), 'huis')} ({join_words([each.house.title for each in plans])})",
        workbook=workbook,
    )


def _write_unit(planned: Roadmap, plans: Sequence[HousePlan]) -> bytes:
    scores, plan = planned.scores, plans[0]
    title = scores.register.unit[plan.house.unit_id].title
    subtitle = f"Op de antwoorden van {scores.round.title}, gemaakt op {format_day(plan.basis.moment)}"
    houses = list_houses_with_dates(scores.totals, planned.estimates, planned.begin, scores.register)
    whens = (
        find_when(of_house(planned.estimates, house_id), Subject.BY_FRAMEWORK, planned.begin)
        for house_id in scores.totals["house_id"]
    )
    tables = UnitTables(
        houses.assign(
            **{"Als niets tegenzit in": [str(w.if_nothing_goes_wrong) if w else NOTHING for w in whens]}
        ),
        list_work(planned.measures, planned.begin, scores.questionnaire, scores.register),
        _list_moving(plans),
    )
    return write_unit_plan(
        (title, subtitle), _find_in_unit(scores.totals, tables), tables, scores.round.opens
    )


def _list_moving(plans: Iterable[HousePlan]) -> pd.DataFrame:
    """The tasks that move, of each house; without their numbers, which are those of its own Gantt."""
    listed = (list_moving(plan, list_hand_overs(plan)).assign(Huis=plan.house.title) for plan in plans)
    moving = pd.concat(listed, ignore_index=True)
    return moving.assign(Overdracht=[text.partition(". ")[2] for text in moving["Overdracht"]])


def _find_in_unit(totals: pd.DataFrame, tables: UnitTables) -> str:
    """Say how many houses of a unit work by the kader, and how many tasks move in their plans."""
    number, moving = count_there(totals), len(tables.moving)
    there = f"{agree(number or 1, 'werkt', 'werken')} {describe_part(number, len(totals), 'huis')}"
    tasks = f"{format_count(moving)} {agree(moving, 'taak', 'taken')}"
    return f"Nu {there} volgens het kader; de politie laat {tasks} los."


def write_data(data: OpenData) -> bytes:
    """Write open data as one .zip.

    Raises:
        FrameworkError: a column has no words in the dictionary.
    """
    return write_bundle(list_open_files(data))


# How open data leave the house, by how the name of the file ends.
DATA_FILES: Mapping[str, Callable[[OpenData], bytes]] = {
    ".zip": write_data,
    ".json": lambda data: write_exchange(data.exchange),
}


def name_data(round_id: str, house_ids: Iterable[str]) -> str:
    """What the audit trail calls open data: the round, and each house of which they tell."""
    return " ".join([f"data/{round_id}", *house_ids])
