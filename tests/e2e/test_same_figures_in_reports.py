"""Every figure on a delivery card, in a report to partners and on all houses is that of page and data.

Word is read as its reader does; the pdf is found to hold the same numbers, each as often. Then figure after
figure is laid beside the page, and beside what is made anew of the data that leave with open data.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

import docx
import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from assessment.model.document import Document
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Face, Mark, Perspective, Phase, Verdict
from assessment.service.installation import Installation
from assessment.service.queries import Queries
from assessment.service.reports import DATA_FILES, PlanFile, write_document
from assessment.service.round_scores import Which
from assessment.tables.delivery import Delivery, compose_delivery
from assessment.tables.forecasts import SURE
from assessment.tables.national import compose_national
from assessment.tables.plan_document import compose_partners
from tests.e2e.test_same_figures import (
    HOUSES,
    REPORTS,
    ROUND,
    UNIT,
    open_asked,
    plainly,
    read_csv,
    say_range,
)
from tests.pages import texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is told, not where it is kept

_NUMBER, _QUARTER = r"\d+", r"\d{4}-K[1-4]"
_SHORT = {"not_yet", "partly"}
_OPEN = _SHORT | {"undetermined"}
_NO_PART = {"not_applicable", "not_scored"}
Rows = list[dict[str, str]]


class Paper(NamedTuple):
    """What stands on a paper: all of its text, and its tables by their first two headings."""

    text: str
    tables: Mapping[tuple[str, ...], list[list[str]]]


class Data(NamedTuple):
    """Open data as they are unpacked, and what was asked."""

    asked: Questionnaire
    houses: Rows
    criteria: Rows
    answers: Rows
    measures: Rows
    when: Rows
    groups: Rows


def read_paper(document: Document) -> Paper:
    opened = docx.Document(BytesIO(write_document(document, PlanFile.DOCX, REPORTS)))
    tables = [[[plainly(cell.text) for cell in row.cells] for row in table.rows] for table in opened.tables]
    cells = [cell for rows in tables for row in rows for cell in row]
    text = plainly(" ".join([*(each.text for each in opened.paragraphs), *cells]))
    undrawn = replace(document, parts=tuple(replace(part, curve=None) for part in document.parts))
    pages = PdfReader(BytesIO(write_document(undrawn, PlanFile.PDF, REPORTS))).pages
    foot = re.compile(rf"{document.kind}[^·]*· \d+ \w+ \d{{4}} bladzijde \d+ van \d+")
    printed = foot.sub("", plainly(" ".join(page.extract_text() for page in pages)))
    numbers = (re.findall(_NUMBER, told.replace(SURE, "")) for told in (printed, text))  # heads come again
    assert Counter(next(numbers)) == Counter(next(numbers))
    return Paper(text, {tuple(rows[0][:2]): rows[1:] for rows in tables})


def read_data(queries: Queries, which: Which) -> Data:
    data = queries.find_open_data(which)
    with ZipFile(BytesIO(DATA_FILES[".zip"](data))) as bundle:
        names = ("huizen", "criteria", "antwoorden", "maatregelen", "wanneer", "groepen")
        return Data(data.questionnaire, *(read_csv(bundle, name) for name in names))


def read_cells(shown: AppTest) -> list[list[str]]:
    """The rows of every table of a page, as they are read."""
    rows = re.findall(r"<tr>(.*?)</tr>", texts(shown), re.DOTALL)
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows)
    return [[_read_cell(cell) for cell in row] for row in cells]


def _read_cell(cell: str) -> str:
    return plainly(unescape(re.sub(r"<[^>]+>", " ", cell)))


def list_words(row: list[str]) -> tuple[tuple[str, ...], ...]:
    """A row as page and paper both have it, whatever the order of what stands in a cell."""
    return tuple(tuple(sorted(re.findall(r"\w+", cell))) for cell in row)


class House(NamedTuple):
    """What the police promised a house, on its card and in the report to its partners, and the data of it."""

    promised: Delivery
    card: Paper
    report: Document
    data: Data


def find_house(queries: Queries, house_id: str) -> House:
    which = Which(ROUND, Perspective.RECORD, house_id)
    planned = queries.find_roadmap(which)
    promised = queries.find_delivery(planned, house_id)
    report = compose_partners(queries.find_house_plan(planned, house_id), promised)
    return House(promised, read_paper(compose_delivery(promised)), report, read_data(queries, which))


# ---- a house ----


@pytest.mark.parametrize("house_id", HOUSES)
def test_a_delivery_card_says_what_its_page_and_the_answers_say(
    on_pages: Installation, house_id: str
) -> None:
    found, paper, _, data = find_house(reading(on_pages), house_id)
    page = open_asked("leverkaart", huis=house_id)

    printed = [row for rows in paper.tables.values() for row in rows]
    shown = Counter(map(list_words, read_cells(page)))
    assert all(shown[list_words(row)] == 1 for row in printed)
    promised = [row for row in printed if re.match(r"[A-Z]{3}-\d+ ", row[0])]
    verdict = {row["criterion_id"]: Verdict(row["verdict"]) for row in data.criteria}
    counts = Counter(verdict[row[0].split()[0]] for row in promised)
    met = counts[Verdict.MEETS]
    assert f"Van {len(promised)} toezeggingen: {met} {'voldoet' if met == 1 else 'voldoen'}" in paper.text
    assert all(verdict[row[0].split()[0]].dutch in row[2] for row in promised)
    letters = {row["question_id"]: row["option_id"] for row in data.answers}
    for promise in found.promises:
        (row,) = (each for each in promised if each[0].startswith(f"{promise.criterion_id} "))
        for key, words in {**promise.form, **promise.delivered}.items():
            if key in letters:
                option = dict(data.asked.question[key].lettered)[letters[key]]
                assert f"{words}: {plainly(option.text)}" in f"{row[1]} {row[2]}"


@pytest.mark.parametrize("house_id", HOUSES)
def test_a_report_to_partners_says_the_quarters_of_the_plan_and_the_card(
    on_pages: Installation, house_id: str
) -> None:
    _, own, report, data = find_house(reading(on_pages), house_id)
    paper = read_paper(report)

    assert own.tables.items() <= paper.tables.items()
    coming = paper.tables.get(("Toezegging", "Wat er komt"), [])
    likely = {row["subject"]: row["likely"] for row in data.when if row["house_id"] == house_id}
    open_ = {row["criterion_id"] for row in data.criteria if row["verdict"] in _OPEN}
    promised = {row[0].split()[0] for row in own.tables["Toezegging", "In welke vorm"]}
    assert {row[0].split()[0] for row in coming} == open_ & promised
    assert all(row[3] == likely.get(row[0].split()[0], "–") for row in coming)
    dated = Counter(row[3] for row in coming) + Counter(_list_moving(data, house_id))
    assert Counter(re.findall(_QUARTER, paper.text)) == Counter(
        {when: number for when, number in dated.items() if when != "–"}
    )


def _list_moving(data: Data, house_id: str) -> Iterator[str]:
    """The quarters of each task that moves: taken over, let go, and when that is likely and surely done."""
    work = {row["measure_id"]: row for row in data.measures}
    when = {row["subject"]: row for row in data.when if row["house_id"] == house_id}
    for key, row in work.items():
        takes = data.asked.measure[key].lets_go_after
        if takes is None:
            continue
        yield row["first"]
        if takes in work:
            yield work[takes]["last"]
        if row["status"] != "done" and row["criterion_id"] in when:
            yield from (when[row["criterion_id"]][name] for name in ("likely", "at_80"))


# ---- a unit ----


def test_the_houses_of_a_unit_are_told_the_same_on_their_page_and_their_cards(on_pages: Installation) -> None:
    queries = reading(on_pages)
    planned = queries.find_roadmap(Which(ROUND, Perspective.RECORD, unit_id=UNIT))
    shown = [tuple(row) for row in read_cells(open_asked("mijn_eenheid", mijn_eenheid=UNIT))]

    for card in queries.list_deliveries(planned):
        house_id = card.house.house_id
        told = read_paper(compose_delivery(queries.find_delivery(planned, house_id))).text
        (row,) = (each for each in shown if each[0] == card.house.title and "toezegging" in each[1])
        assert row[1].casefold() in told.casefold()
        report = read_paper(compose_partners(queries.find_house_plan(planned, house_id), card))
        assert row[1].casefold() in report.text.casefold()


# ---- the country ----


def test_the_national_report_says_what_its_page_and_the_data_say(on_pages: Installation) -> None:
    queries = reading(on_pages)
    nation = queries.find_nation(ROUND, Perspective.RECORD)
    paper = read_paper(compose_national(nation))
    data = read_data(queries, Which(ROUND, Perspective.RECORD))
    page = read_cells(open_asked("landelijk_beeld", ronde=ROUND))

    shown = set(map(list_words, page))
    check_faces(paper, data)
    check_gaps(paper, data)
    check_phases_and_units(paper, data)
    check_answers(paper, data)
    for heads in (("Kwartaal", "pioniersfase"), ("Onderwerp", "Vraag")):
        assert set(map(list_words, paper.tables[heads])) <= shown


def check_faces(paper: Paper, data: Data) -> None:
    groups = {row["subject_id"]: row for row in data.groups}
    rows = paper.tables["Onderwerp", "Gezicht"]
    for topic, face, alike, met, mean, determined in rows:
        own = groups[topic.split()[0]]
        applying = [row for row in data.criteria if row["criterion_id"] == topic.split()[0] and row["low"]]
        meets = sum(row["verdict"] == "meets" for row in applying)
        assert (face, determined) == (Face(own["face"]).dutch, own["determined"])
        assert alike == (say_range(own["uniformity"], own["uniformity"]) or "–")
        assert (met, mean) == (f"bij {meets} van {own['n']}", say_range(own["low"], own["high"]))
    one = sum(row[1] == Face.ONE.dutch for row in rows)
    assert f"{one} van {len(rows)} normen" in paper.text


def check_gaps(paper: Paper, data: Data) -> None:
    for title, _, told in paper.tables["Criterium", "Soort"]:
        own = [row["verdict"] for row in data.criteria if row["criterion_id"] == title.split()[0]]
        applying = [each for each in own if each not in _NO_PART]
        unknown = own.count("undetermined")
        beside = f", bij {unknown} nog onbepaald" if unknown else ""
        assert told == f"bij {sum(each in _SHORT for each in own)} van {len(applying)} huizen{beside}"


def check_phases_and_units(paper: Paper, data: Data) -> None:
    phases = Counter(
        " of ".join(dict.fromkeys(Phase(row[f"phase_{end}"]).dutch for end in ("low", "high")))
        for row in data.houses
    )
    told = dict(paper.tables["Fase", "Aantal huizen"])
    anything = f"{Phase.PIONEERING.dutch} of {Phase.BY_FRAMEWORK.dutch}"
    wanted = {key: str(number) for key, number in phases.items() if key != anything}
    assert wanted.items() <= told.items()
    assert sum(map(int, told.values())) == len(data.houses)
    units = Counter(row["unit"] for row in data.houses)
    assert {row[0]: row[1].split()[0] for row in paper.tables["Eenheid", "Ingeleverd"]} == {
        key: str(number) for key, number in units.items()
    }
    lowest = Counter(Phase(row["phase_low"]).dutch for row in data.houses)
    now = next(row for row in paper.tables["Kwartaal", "pioniersfase"] if row[0] == "nu")
    assert now[1:4] == [str(lowest[phase.dutch]) for phase in Phase]
    assert f"{lowest[Phase.BY_FRAMEWORK.dutch]} van {len(data.houses)} huizen" in paper.text


def check_answers(paper: Paper, data: Data) -> None:
    """The headlines and the inventory, counted anew of the answers of all houses."""
    given = Counter((row["question_id"], row["option_id"]) for row in data.answers)
    by_text = {plainly(each.text_as_told(Perspective.RECORD)): each for each in data.asked.questions}
    by_headline = {each.headline: each for each in data.asked.headlines}
    for name, told in paper.tables["Vraag", "Antwoorden"]:
        question = by_headline[name]
        counts = [
            given[question.question_id, letter]
            for letter, option in question.lettered
            if option.mark is not Mark.UNKNOWN
        ]
        unknown = len(data.houses) - sum(counts)
        assert [int(each) for each in re.findall(r"(?:^|, )(\d+) (?=‘|onbekend)", told)] == [*counts, unknown]
    for _, asked, told in paper.tables["Onderwerp", "Vraag"]:
        question = by_text[asked]
        wanted = {
            plainly(option.text): given[question.question_id, letter]
            for letter, option in question.lettered
            if option.mark is not Mark.UNKNOWN and given[question.question_id, letter]
        }
        pairs = dict(each.rpartition(": ")[::2] for each in told.split(" · "))
        assert wanted.items() <= {key: int(number) for key, number in pairs.items()}.items()
        assert sum(map(int, pairs.values())) == len(data.houses)
