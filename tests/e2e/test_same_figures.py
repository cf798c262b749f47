"""A figure is the same on the pages, in the workbook, pdf, Word, the calendar, csv and JSON.

Each place is read by itself, as its reader does, into the same figures; then they are laid side by side. What
only the data tell to the last digit is compared as rounded as the others say it.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from html import unescape
from io import BytesIO, StringIO
from typing import NamedTuple
from zipfile import ZipFile

import docx
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from assessment.model.frames import Subject
from assessment.model.plan import Quarter
from assessment.model.scale import Perspective, Phase
from assessment.service.installation import Installation
from assessment.service.queries import Queries
from assessment.service.reports import DATA_FILES, PlanFile, write_plan_file, write_unit_bundle
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.tables.house_plan import HousePlan
from tests.pages import make_page, texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is told, not where it is kept

# With a wide range, with none, and with an agreed deviation.
HOUSES = ("veenrijk", "klaverlo", "waterwolde")
UNIT, ROUND = "noord-nederland", "2026-najaar"
REPORTS = HOME / "reports"
_QUARTER, _RANGE = r"(\d{4}-K[1-4])", r"\d+ %(?: \(\d+–\d+ %\))?"
_WHEN = (
    rf"(?i)waarschijnlijk (?:volgens het kader )?in {_QUARTER},? 80 % zeker in {_QUARTER}"
    rf".{{0,60}}?niets tegenzit in {_QUARTER}"
)
_STANDING = r"Volgens het kader · ([a-z ]+?) (\d+ %)(?: (\d+–\d+ %))?"
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DAY = rf"\d{{1,2}} (?:{_MONTHS}) \d{{4}}"


class Measure(NamedTuple):
    """When a measure is done, and how many days it takes."""

    first: str
    last: str
    days: int


class Told(NamedTuple):
    """What a place tells of a house; nothing of what it does not tell.

    `when` is likely, 80 % and if nothing goes wrong; `measures` are by title, `criteria` by id: what is open.
    """

    conformity: str = ""
    phase: str = ""
    when: tuple[str, ...] = ()
    measures: Mapping[str, Measure] = {}
    criteria: Mapping[str, str] = {}


def plainly(text: str) -> str:
    return " ".join(text.replace("\N{NON-BREAKING HYPHEN}", "-").split())


def squeeze(text: str) -> str:
    return "".join(plainly(text).split())


def find(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, text)
    assert found, pattern
    return found.groups() or (found[0],)


# ---- as each place is read ----


def open_asked(page: str, **asked: str) -> AppTest:
    shown = make_page(page)
    for name, value in asked.items():
        shown.query_params[name.replace("_", "-")] = value
    shown.run()
    assert not shown.exception
    return shown


def read_page(page: str, **asked: str) -> str:
    return plainly(unescape(re.sub(r"<[^>]+>", " ", texts(open_asked(page, **asked)))))


def read_first(text: str) -> Told:
    """The answers with which a page and a document begin."""
    phase, middle, ends = find(_STANDING, text)
    return Told(f"{middle} ({ends})" if ends else middle, phase, find(_WHEN, text))


def read_pages(plan: HousePlan) -> Told:
    house_id = plan.house.house_id
    first, roadmap = (read_page(page, huis=house_id) for page in ("mijn_huis", "routekaart"))
    measures = {}
    for title, key in zip(list_titles(plan), plan.measures["criterion_id"], strict=True):
        whose = re.escape(f"{title} {key} ")
        begin, end, days = find(rf"{whose}.{{0,120}}?{_QUARTER} {_QUARTER} (\d+)", roadmap)
        measures[title] = Measure(begin, end, int(days))
    open_ = {
        key: score
        for theme in plan.questionnaire.themes
        for key, score in _read_theme(house_id, theme.theme_id)
        if key in set(plan.gaps["criterion_id"])
    }
    return read_first(first)._replace(measures=measures, criteria=open_)


def _read_theme(house_id: str, theme_id: str) -> Iterator[tuple[str, str]]:
    """What the page says of each criterion of the theme that it opens."""
    shown = open_asked("mijn_huis", huis=house_id, thema=theme_id)
    keys = [found[1] for each in shown.expander if (found := re.search(r" · ([A-Z]{3}-\d+) ", each.label))]
    results = re.findall(r"\*\*Uitkomst: ([^*]*)\*\*", texts(shown))
    return zip(keys, map(_cut, results), strict=True)


def _cut(text: str) -> str:
    """The score in what is said of a criterion; nothing where none is."""
    found = re.search(_RANGE, plainly(text))
    return found[0] if found else ""


def read_rows(sheet: Worksheet, head: int = 4) -> Iterator[dict[str, object]]:
    names = [str(cell.value) for cell in sheet[head]]
    for row in sheet.iter_rows(min_row=head + 1, values_only=True):
        if row[0] is None:
            return
        yield dict(zip(names, row, strict=True))


def read_xlsx(plan: HousePlan) -> Told:
    book = load_workbook(BytesIO(write_plan_file(plan, PlanFile.XLSX, REPORTS)))
    facts = {row[0].value: plainly(str(row[1].value)) for row in book["Samenvatting"].iter_rows(max_col=2)}
    return Told(
        conformity=facts["Nu volgens het kader"],
        phase=facts["Fase nu"],
        when=find(_WHEN, facts["Volgens het kader"]),
        measures={
            str(row["Maatregel"]): Measure(str(row["Begin"]), str(row["Eind"]), int(str(row["Dagen"])))
            for row in read_rows(book["Plan"])
        },
        criteria={str(row["Nr."]): _cut(str(row["Score"])) for row in read_rows(book["Nog te doen"])},
    )


def read_docx(plan: HousePlan) -> Told:
    opened = docx.Document(BytesIO(write_plan_file(plan, PlanFile.DOCX, REPORTS)))
    tables = [[[plainly(cell.text) for cell in row.cells] for row in table.rows] for table in opened.tables]
    gaps = next(rows for rows in tables if rows[0][1] == "Het kader vraagt")
    work = [row for rows in tables if rows[0][-1] == "Waarom dan" for row in rows[1:]]
    measures = {row[0].rpartition(" (")[0]: _read_span(row[1], row[2]) for row in work}
    first = " ".join(f"{label} {answer}" for label, answer in zip(*tables[0], strict=True))
    return read_first(first)._replace(
        measures=measures, criteria={row[0].split()[0]: _cut(row[0]) for row in gaps[1:]}
    )


def _read_span(when: str, days: str) -> Measure:
    quarters = re.findall(_QUARTER, when)
    return Measure(quarters[0], quarters[-1], int(days))


def read_pdf(plan: HousePlan) -> Told:
    pages = PdfReader(BytesIO(write_plan_file(plan, PlanFile.PDF, REPORTS))).pages
    all_ = squeeze(" ".join(page.extract_text() for page in pages))
    measures = {}
    for key, title in zip(plan.measures["criterion_id"], list_titles(plan), strict=True):
        shape = rf"{re.escape(squeeze(title))}\({key}\){_QUARTER}(?:t/m{_QUARTER})?(\d+)"
        first, last, days = find(shape, all_)
        measures[title] = Measure(first, last or first, int(days))
    return read_first(plainly(pages[0].extract_text()))._replace(
        measures=measures, criteria=dict(_read_printed_gaps(plan, all_))
    )


def _read_printed_gaps(plan: HousePlan, printed: str) -> Iterator[tuple[str, str]]:
    for key in plan.gaps["criterion_id"]:
        title = re.escape(squeeze(plan.questionnaire.criterion[key].title))
        said = r"(?:voldoetdeels|(?:voldoet)?nogniet|nogonbepaald|voldoet|bewustanders)"
        (score,) = find(rf"{key}{title}.{{0,2}}{said}(?:,(\d+%(?:\(\d+–\d+%\))?))?", printed)
        yield key, re.sub(r"%\(", "% (", re.sub(r"(\d)%", r"\1 %", score or ""))


def read_csv(bundle: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(bundle.read(f"csv/{name}.csv").decode("utf-8-sig")), delimiter=";"))


def read_data(queries: Queries, plan: HousePlan) -> Told:
    which = Which(ROUND, Perspective.RECORD, plan.house.house_id)
    with ZipFile(BytesIO(DATA_FILES[".zip"](queries.find_open_data(which)))) as bundle:
        (house,) = read_csv(bundle, "huizen")
        criteria, work, when = (read_csv(bundle, name) for name in ("criteria", "maatregelen", "wanneer"))
    (reached,) = (
        row for row in when if row["subject"] == Subject.BY_FRAMEWORK and row["house_id"] == which.house_id
    )
    title = {key: measure.title for key, measure in plan.questionnaire.measure.items()}
    return Told(
        conformity=say_range(house["low"], house["high"]),
        phase=" of ".join(dict.fromkeys(Phase(house[f"phase_{end}"]).dutch for end in ("low", "high"))),
        when=(reached["likely"], reached["at_80"], reached["if_nothing_goes_wrong"]),
        measures={
            title[row["measure_id"]]: Measure(row["first"], row["last"], int(row["days"])) for row in work
        },
        criteria={row["criterion_id"]: say_range(row["low"], row["high"]) for row in criteria},
    )


def read_json(queries: Queries, house_id: str) -> Told:
    data = queries.find_open_data(Which(ROUND, Perspective.RECORD, house_id))
    (house,) = json.loads(DATA_FILES[".json"](data))["results"]["houses"]
    ends = house["conformity"]
    return Told(
        conformity=say_range(ends["low"], ends["high"]),
        phase=" of ".join(Phase(each).dutch for each in house["phase"]),
        criteria={row["criterion_id"]: say_range(row["low"], row["high"]) for row in house["criteria"]},
    )


def say_range(low: object, high: object) -> str:
    """As a reader rounds: the middle, and the ends where they differ."""
    if low in {"", None}:
        return ""
    ends = [float(str(end).replace(",", ".")) * 100 for end in (low, high)]
    middle, first, last = (int(each + 0.5 + 1e-9) for each in (sum(ends) / 2, *ends))
    return f"{middle} %" if first == last else f"{middle} % ({first}–{last} %)"


def read_deadlines(plan: HousePlan) -> dict[str, str]:
    """In which quarter each measure ends, by its id, as a calendar shows it."""
    content = write_plan_file(plan, PlanFile.ICS, REPORTS)
    ends = {}
    for event in Calendar.from_ical(content).events:
        key = str(event["UID"]).removeprefix(f"{plan.house.house_id}.").removesuffix("@kaderscan")
        assert isinstance(event.start, date)
        ends[key] = str(Quarter.of(event.start))
    return ends


def list_titles(plan: HousePlan) -> list[str]:
    return [plan.questionnaire.measure[key].title for key in plan.measures["measure_id"]]


# ---- side by side ----


@pytest.mark.parametrize("house_id", HOUSES)
def test_a_figure_is_the_same_wherever_it_is_read(on_pages: Installation, house_id: str) -> None:
    queries = reading(on_pages)
    plan = queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, house_id)), house_id)

    data, sealed = read_data(queries, plan), read_json(queries, house_id)
    open_ = {key: data.criteria[key] for key in plan.gaps["criterion_id"]}
    assert len(data.measures) == len(plan.measures) > 0
    assert sealed == data._replace(when=(), measures={})
    for place in (read_pages, read_xlsx, read_pdf, read_docx):
        told = place(plan)
        for field, value in data._replace(criteria=open_)._asdict().items():
            assert getattr(told, field) == value, (place.__name__, field)
    ends = {
        key: data.measures[title].last
        for key, title in zip(plan.measures["measure_id"], list_titles(plan), strict=True)
    }
    assert {key: when for key, when in read_deadlines(plan).items() if key in ends} == ends


@pytest.mark.parametrize("house_id", HOUSES)
def test_pdf_and_word_hold_the_same_quarters_percentages_and_days_as_often(
    on_pages: Installation, house_id: str
) -> None:
    queries = reading(on_pages)
    plan = queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, house_id)), house_id)
    pages = PdfReader(BytesIO(write_plan_file(plan, PlanFile.PDF, REPORTS))).pages
    opened = docx.Document(BytesIO(write_plan_file(plan, PlanFile.DOCX, REPORTS)))

    foot = re.compile(r"Verbeterplan [^·]*· \d+ \w+ \d{4} bladzijde \d+ van \d+")
    printed = foot.sub("", plainly(" ".join(page.extract_text() for page in pages)))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in dict.fromkeys(row.cells)]
    written = plainly(" ".join([*(each.text for each in opened.paragraphs), *cells]))
    for shape in (_QUARTER, r"\d+(?:–\d+)? %", _DAY):
        assert Counter(re.findall(shape, printed)) == Counter(re.findall(shape, written)), shape


def test_a_unit_is_told_the_same_on_its_page_in_its_workbook_its_plans_and_its_data(
    on_pages: Installation,
) -> None:
    queries = reading(on_pages)
    planned = queries.find_roadmap(Which(None, Perspective.RECORD, unit_id=UNIT))
    plans = queries.list_house_plans(planned)
    page = read_page("mijn_eenheid", mijn_eenheid=UNIT)
    with ZipFile(BytesIO(write_unit_bundle(planned, plans, REPORTS))) as bundle:
        book = load_workbook(BytesIO(bundle.read(f"eenheid_{ROUND}_{UNIT}.xlsx")))
        folders = {name.partition("/")[0] for name in bundle.namelist() if "/" in name}
    data = queries.find_open_data(Which(ROUND, Perspective.RECORD, unit_id=UNIT))
    with ZipFile(BytesIO(DATA_FILES[".zip"](data))) as bundle:
        when = {
            row["house_id"]: row for row in read_csv(bundle, "wanneer") if row["subject"] == "by_framework"
        }
        work = read_csv(bundle, "maatregelen")

    houses = {str(row["Huis"]): row for row in read_rows(book["Huizen"])}
    assert folders == {plan.house.house_id for plan in plans}
    for plan in plans:
        row, told = houses[plan.house.title], when[plan.house.house_id]
        shown = [
            plainly(str(row[name])) for name in ("Volgens het kader", "Waarschijnlijk in", "80 % zeker in")
        ]
        assert shown[1:] == [told["likely"], told["at_80"]]
        assert re.search(
            rf"{plan.house.short_title} {re.escape(shown[0])} .{{0,200}}?{shown[1]} {shown[2]}", page
        )
        for place in (read_xlsx(plan), read_pdf(plan), read_docx(plan)):
            assert [place.conformity, *place.when[:2]] == shown
    title = {key: measure.title for key, measure in plans[0].questionnaire.measure.items()}
    name = {plan.house.house_id: plan.house.title for plan in plans}
    assert sorted(
        (str(row["Huis"]), str(row["Maatregel"]), str(row["Begin"]), str(row["Eind"]), str(row["Dagen"]))
        for row in read_rows(book["Wie doet wat"])
    ) == sorted(
        (name[row["house_id"]], title[row["measure_id"]], row["first"], row["last"], row["days"])
        for row in work
    )


class Beside(NamedTuple):
    """How many measures each party has, which task moves when, and until when something is agreed otherwise.

    Parties are by the first word of their name; of what moves it is told by when it is taken over and from
    when it is let go, by criterion.
    """

    measures: Mapping[str, int]
    moving: Mapping[str, tuple[str, ...]]
    agreed: Mapping[str, date]


def name_party(told: object) -> str:
    return re.sub(r"^(?:het|de) ", "", str(told).casefold()).split()[0].strip(",")


def find_quarters(*cells: object) -> tuple[str, ...]:
    """The first quarter of each cell that has one."""
    found = (re.search(_QUARTER, plainly(str(cell))) for cell in cells)
    return tuple(each[1] for each in found if each)


def read_day(told: str) -> date:
    day, month, year = told.split()
    return date(int(year), _MONTHS.split("|").index(month) + 1, int(day))


def read_beside_in_data(queries: Queries, plan: HousePlan) -> Beside:
    data = queries.find_open_data(Which(ROUND, Perspective.RECORD, plan.house.house_id))
    with ZipFile(BytesIO(DATA_FILES[".zip"](data))) as bundle:
        work, agreed = (read_csv(bundle, name) for name in ("maatregelen", "afwijkingen"))
    sealed = json.loads(DATA_FILES[".json"](data))["deviations"]
    assert [row["criterion_id"] for row in sealed] == [row["criterion_id"] for row in agreed]
    rows, moving = {row["measure_id"]: row for row in work}, {}
    for key, row in rows.items():
        if (takes := plan.questionnaire.measure[key].lets_go_after) is not None:
            taken = (rows[takes]["last"],) if takes in rows else ()
            moving[row["criterion_id"]] = (*taken, row["first"])
    until = {row["criterion_id"]: date.fromisoformat(row["until"].lstrip("'")) for row in agreed}
    return Beside(Counter(name_party(row["actor"]) for row in work), moving, until)


def read_beside_in_xlsx(plan: HousePlan) -> Beside:
    book = load_workbook(BytesIO(write_plan_file(plan, PlanFile.XLSX, REPORTS)))
    moving, agreed = (
        list(read_rows(book[name])) if name in book.sheetnames else []
        for name in ("Overdrachten", "Bewust anders")
    )
    days = {str(row["Criterium"]).split()[0]: row["Geldt tot en met"] for row in agreed}
    return Beside(
        Counter(name_party(row["Aan zet"]) for row in read_rows(book["Plan"])),
        {str(row["Criterium"]): find_quarters(row["Overgenomen"], row["Losgelaten"]) for row in moving},
        {key: day.date() for key, day in days.items() if isinstance(day, datetime)},
    )


def read_beside_in_docx(plan: HousePlan) -> Beside:
    opened = docx.Document(BytesIO(write_plan_file(plan, PlanFile.DOCX, REPORTS)))
    tables = [[[plainly(cell.text) for cell in row.cells] for row in table.rows] for table in opened.tables]
    measures: Counter[str] = Counter()
    for head, *rows in (rows for rows in tables if rows[0][0].startswith("Maatregel · ")):
        measures[name_party(head[0].removeprefix("Maatregel · "))] += len(rows)
    moving = [row for rows in tables if rows[0][0] == "Overdracht" for row in rows[1:]]
    agreed = [row for rows in tables if rows[0][1] == "Waarom anders" for row in rows[1:]]
    return Beside(
        measures,
        {find(r"[A-Z]{3}-\d+", row[0])[0]: find_quarters(*row[1:]) for row in moving},
        {row[0].split()[0]: read_day(find(_DAY, row[3])[0]) for row in agreed},
    )


def read_beside_in_ics(plan: HousePlan) -> Beside:
    """A calendar has no agreements, and names a hand-over by the measure that lets go."""
    told = [
        (str(event["UID"]).split(".", 1)[1], event.start, str(event["DESCRIPTION"]))
        for event in Calendar.from_ical(write_plan_file(plan, PlanFile.ICS, REPORTS)).events
    ]
    moving = {
        key.partition(".")[0]: (
            *find_quarters(*re.findall(rf"klaar in {_QUARTER}", text)),
            str(Quarter.of(day)),
        )
        for key, day, text in told
        if ".overdracht@" in key
    }
    whose = (re.search(r"Aan zet: (.+)", text) for _, _, text in told)
    return Beside(Counter(name_party(each[1]) for each in whose if each), moving, {})


@pytest.mark.parametrize("house_id", HOUSES)
def test_who_does_how_much_what_moves_and_what_is_agreed_are_the_same_wherever_they_are_read(
    on_pages: Installation, house_id: str
) -> None:
    queries = reading(on_pages)
    plan = queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, house_id)), house_id)

    wanted = read_beside_in_data(queries, plan)
    printed = squeeze(
        " ".join(
            page.extract_text()
            for page in PdfReader(BytesIO(write_plan_file(plan, PlanFile.PDF, REPORTS))).pages
        )
    )
    page = read_page("mijn_huis", huis=house_id)

    assert sum(wanted.measures.values()) == len(plan.measures) > 0
    assert read_beside_in_xlsx(plan) == wanted
    assert read_beside_in_docx(plan) == wanted
    assert read_beside_in_ics(plan) == wanted._replace(agreed={})
    moving = Counter(re.findall(rf"klaarin{_QUARTER}alsniets.{{0,150}}?stoptvanaf{_QUARTER}", printed))
    assert moving == Counter(wanted.moving.values())
    for key, day in wanted.agreed.items():
        told = f"{day.day} {_MONTHS.split('|')[day.month - 1]} {day.year}"
        title = plan.questionnaire.criterion[key].title
        assert re.search(rf"{key} {re.escape(title)} .{{0,300}}?{told}", page)
        assert re.search(rf"{key}{re.escape(squeeze(title))}.{{0,300}}?{squeeze(told)}", printed)
