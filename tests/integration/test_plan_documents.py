"""The improvement plan as a document: what it says, for whom it can be read, and what it withstands."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pandas as pd
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from assessment.errors import FrameworkError
from assessment.model.answers import Deviation
from assessment.model.decisions import PlanLine
from assessment.model.document import Cell, Part, Table
from assessment.model.document import Document as Written
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.model.wording import show_unseen
from assessment.service.installation import Installation
from assessment.service.reports import PlanFile, write_plan_file, write_unit_bundle
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.tables.formats import NOTHING, format_with_capital, join_words
from assessment.tables.house_plan import Beside, HousePlan
from assessment.tables.plan_document import compose_plan
from assessment.tables.plan_parts import list_begin, list_cited
from assessment.writers.docx import write_docx
from assessment.writers.docx_styles import SMALL
from assessment.writers.pdf import write_pdf
from tests.conftest import NOW, Ended, Run
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is written, not where it is kept

REPORTS = HOME / "reports"
MOST, FEWEST = "veenrijk", "waterwolde"  # the houses of the demo with the longest and the shortest plan
FINISHED, OPEN_ADVICE = "dommelrade", "merwehoek"  # with nothing to do; and with recommendations left aside
ODD = (
    "<b>&amp; \"Veilig\" 'heid' =1+1 #let x = $y$ {house} \\ 👮🏽‍♀️ 漢字",
    "שלום עולם – السلام عليكم",
    "Veiligheidshuis " + "Onafgebrokenlangenaam" * 14,
    "stuur\x07 \u202eom\u202c en 2027-K1",
)
_NAMES = ["signs", "right to left", "long", "steering"]


def find_plan(installation: Installation, house_id: str) -> HousePlan:
    queries = reading(installation)
    planned = queries.find_roadmap(Which(None, Perspective.RECORD, house_id))
    return queries.find_house_plan(planned, house_id)


@pytest.fixture(scope="module")
def plan(opened: Installation) -> HousePlan:
    return find_plan(opened, MOST)


def print_plan(plan: HousePlan, reports: Path = REPORTS) -> PdfReader:
    return PdfReader(BytesIO(write_pdf(compose_plan(plan), reports)))


def read_text(printed: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in printed.pages)


def read_pdf(plan: HousePlan) -> str:
    return " ".join(read_text(print_plan(plan)).split())


def squeeze(text: str) -> str:
    """A text without what a line that breaks adds or takes away: spaces, and hyphens of every kind."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)


def open_docx(plan: HousePlan) -> Document:
    return docx.Document(BytesIO(write_docx(compose_plan(plan), REPORTS)))


def read_docx(plan: HousePlan) -> str:
    """All that is written, with the hyphen that keeps a quarter whole as any other."""
    opened = open_docx(plan)
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    written = " ".join([*(each.text for each in opened.paragraphs), *cells])
    return " ".join(written.replace("\N{NON-BREAKING HYPHEN}", "-").split())


def count_tags(printed: PdfReader) -> dict[str, int]:
    """How often each tag stands in the tree that a screen reader walks through."""
    counts: dict[str, int] = {}
    waiting: list[object] = [printed.root_object["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, DictionaryObject):
            tag = str(node.get("/S", ""))
            counts[tag] = counts.get(tag, 0) + 1
            waiting.append(node.get("/K"))
    return counts


def read_stream(root: DictionaryObject, name: str) -> bytes:
    stream = root[name]
    assert isinstance(stream, StreamObject)
    return stream.get_data()


def test_a_pdf_has_a_language_a_title_and_tags_for_who_cannot_see_it(plan: HousePlan) -> None:
    printed = print_plan(plan)
    root, tags = printed.root_object, count_tags(printed)

    assert root.get("/MarkInfo") == {"/Marked": True, "/Suspects": False}
    assert str(root.get("/Lang")).startswith("nl")
    assert root.get("/ViewerPreferences") == {"/DisplayDocTitle": True, "/Direction": "/L2R"}
    assert printed.metadata is not None
    assert printed.metadata.title == f"Verbeterplan {plan.house.title}"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read_stream(root, "/Metadata")
    assert tags["/H1"] >= 10
    assert tags["/Table"] >= 8
    assert tags["/TH"] > 0
    assert tags["/TR"] > len(plan.gaps) + 2 * len(plan.measures)
    assert tags["/L"] >= 2


@pytest.mark.parametrize("house_id", [FEWEST, FINISHED, OPEN_ADVICE, "terpmark", "vechtbroek", "ijpoort"])
def test_signatures_never_stand_alone_on_a_page(opened: Installation, house_id: str) -> None:
    found = find_plan(opened, house_id)
    last = " ".join(print_plan(found).pages[-1].extract_text().split())
    *_, before, signatures = compose_plan(found).parts

    assert signatures.joined
    assert before.title in last.partition(signatures.title)[0]


def test_in_word_the_part_before_the_signatures_goes_along_to_their_page(plan: HousePlan) -> None:
    opened = open_docx(plan)
    (table,) = (table for table in opened.tables if table.rows[0].cells[0].text == "Namens")
    (place,) = (n for n, each in enumerate(opened.paragraphs) if each.text == "Vaststelling")

    assert all(each.paragraph_format.keep_with_next for each in opened.paragraphs[place - 2 : place + 2])
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in table.rows for cell in row.cells)
    heights = [row.height and round(row.height.mm) for row in table.rows]
    assert heights == [None, *[12] * (len(table.rows) - 1)]


def test_every_party_that_is_to_do_something_has_a_line_to_sign(plan: HousePlan) -> None:
    *_, signatures = compose_plan(plan).parts
    signers = [cell.text for row in signatures.tables[0].rows for cell in row[::2]]

    assert signers[:2] == ["Voorzitter van de stuurgroep", "Manager van het huis"]
    assert signers[5:] == ["District Veenrand", "Basisteam (Veenrijk)", "Partners"]
    assert set(plan.measures["actor"]) <= {*plan.texts.signers, "district", "basisteam", "partners"}


def test_a_table_of_a_party_says_on_a_next_page_that_it_goes_on(plan: HousePlan) -> None:
    pages = [" ".join(page.extract_text().split()) for page in print_plan(plan).pages]
    heads = [table.rows[0].cells[0].text for table in open_docx(plan).tables]

    going_on = [page for page in pages if re.match(r"[^.]{3,40} \(vervolg\) Wanneer", page)]
    assert going_on
    assert [text for page in pages for text in re.findall(r"Maatregel Wanneer .*\(vervolg\)$", page)] == []
    assert "Maatregel · Politie-eenheid" in heads


def test_neither_the_last_row_of_a_table_nor_its_heads_stand_alone_on_a_page() -> None:
    def print_rows(count: int) -> list[str]:
        rows = tuple((Cell(f"regel {number}"),) for number in range(count))
        tables = (
            Table("veel", ("Wat",), (1,), rows),
            Table("één", ("Nog",), (1,), ((Cell("alleen"),),), "Een"),
        )
        document = Written("Verbeterplan", "Huis", "", "", (Part("Veel", tables=tables),), NOW)
        pages = PdfReader(BytesIO(write_pdf(document, REPORTS))).pages
        return [page.extract_text() for page in pages]

    for count in range(46, 62):
        pages = print_rows(count)
        last, one = (
            next(page for page in pages if told in page) for told in (f"regel {count - 1}", "alleen")
        )
        assert f"regel {count - 2}" in last
        assert "Nog" in one


def test_a_plan_of_houses_together_says_what_moves_along(opened: Installation) -> None:
    queries = reading(opened)
    together = queries.list_house_plans(
        queries.find_roadmap(Which(None, Perspective.RECORD, unit_id="noord-nederland"))
    )
    *leads, alone = [
        next(part.lead for part in compose_plan(each).parts if part.gantt)
        for each in (*together, find_plan(opened, MOST))
    ]

    others = join_words([each.house.title for each in together[1:]])
    moves = "het einde van de plannen van alle 3 huizen die samen zijn gepland mee"
    assert [moves in lead for lead in leads] == [(each.measures["slack"] == 0).any() for each in together]
    assert f"Dit huis is samen gepland met {others}: zij delen capaciteit." in leads[0]
    assert "dan schuift het einde van het plan mee" in alone
    assert "samen gepland met" not in alone


def test_houses_that_the_reader_may_not_see_are_counted_and_not_named(opened: Installation) -> None:
    found = find_plan(opened, MOST)
    shared = found._replace(basis=found.basis._replace(beside=Beside(("Huis A",), 2)))

    (roadmap,) = (part for part in compose_plan(shared).parts if part.gantt)

    assert "Dit huis is samen gepland met Huis A en 2 andere huizen: zij delen capaciteit." in roadmap.lead


@pytest.mark.parametrize(("slack", "left_out"), [(0, "Licht:"), (1, "Donker:")])
def test_the_lead_of_the_roadmap_explains_no_bar_that_is_not_drawn(
    plan: HousePlan, slack: int, left_out: str
) -> None:
    document = compose_plan(plan._replace(measures=plan.measures.assign(slack=slack)))
    (lead,) = (part.lead for part in document.parts if part.gantt)

    assert left_out not in lead
    assert {"Licht:", "Donker:"} - {left_out} == {told for told in ("Licht:", "Donker:") if told in lead}


def test_who_is_up_for_a_gap_has_a_measure_for_it_and_who_has_none_is_told_so(plan: HousePlan) -> None:
    (gaps,) = (part.tables[0] for part in compose_plan(plan).parts if part.title.endswith("nog open"))
    acting = plan.measures.groupby("criterion_id")["actor"].agg(set)
    for criterion, _, up, _ in gaps.rows:
        key = criterion.text.split()[0]
        order = [] if up.text == NOTHING else up.text.split(", dan ")
        parties = {each for each in acting.get(key, set()) if {each, format_with_capital(each)} & {*order}}
        named = {role.actor.value for role in plan.questionnaire.criterion[key].actors}
        assert parties == acting.get(key, set())
        assert len(parties) == len(order)
        _, _, others = up.quiet.partition(": ")
        assert set(re.split(", | en ", others)) - {""} == named - parties


def test_what_takes_more_than_three_years_is_told_with_what_holds_it_up(plan: HousePlan) -> None:
    late = pd.DataFrame(
        {
            "house_id": [plan.house.house_id],
            "criterion_id": [plan.gaps["criterion_id"].iloc[0]],
            "last": [14],
            "quarters": [15],
            "without_capacity": [""],
        }
    )
    slow = plan.estimates.assign(if_nothing_goes_wrong=14, likely=15, at_80=16)
    document = compose_plan(plan._replace(hold_ups=late, estimates=slow))
    (part,) = (part for part in document.parts if part.title.startswith("Wat na drie jaar klaar is"))

    assert f"Drie jaar na het begin van het plan is eind {plan.begin + 11}." in document.parts[0].lead
    assert part.tables[0].rows[0][2].text == "wat eerst moet, duurt samen al 15 kwartalen"


def test_who_has_nothing_left_to_do_reads_what_it_is_to_keep(opened: Installation) -> None:
    found = find_plan(opened, FINISHED)
    (kept,) = (part for part in compose_plan(found).parts if part.title.startswith("Dit houdt het huis vast"))
    told = [row[0].text.split()[0] for row in kept.tables[0].rows]

    norms = found.basis.criteria[found.basis.criteria["kind"].isin(["hard_norm", "core_norm"])]
    assert kept.title == f"Dit houdt het huis vast: {len(norms)} normen"
    assert sorted(told) == sorted(norms["criterion_id"])
    *_, method, sources, _signatures = compose_plan(found).parts
    assert [row[0].text for row in method.tables[0].rows if row[0].text in {"Planning", "Schatting"}] == []
    assert not any("naspelen" in line for line in method.lines)
    assert sources.title == "Bronnen"
    assert [row[1].quiet.split(" ·")[0] for row in kept.tables[0].rows][:2] == ["Harde norm", "Harde norm"]


def test_no_card_says_a_thing_twice(opened: Installation) -> None:
    labels = [each.label for each in compose_plan(find_plan(opened, FINISHED)).parts[0].answers]

    assert labels == ["Volgens het kader", "9 harde normen", "Werkt volgens het kader"]


@pytest.mark.parametrize("house_id", [FINISHED, OPEN_ADVICE])
def test_who_has_nothing_left_to_do_reads_so_on_the_first_of_four_pages(
    opened: Installation, house_id: str
) -> None:
    printed = print_plan(find_plan(opened, house_id))

    assert len(printed.pages) == 4
    assert "De routekaart: geen maatregelen" in printed.pages[0].extract_text()


@pytest.mark.parametrize("house_id", [MOST, FEWEST])
def test_a_plan_takes_four_to_eight_pages_with_the_summary_on_the_first(
    opened: Installation, house_id: str
) -> None:
    found = find_plan(opened, house_id)
    printed = print_plan(found)
    first = printed.pages[0].extract_text()

    assert 4 <= len(printed.pages) <= 8
    assert all(part.title in " ".join(first.split()) for part in compose_plan(found).parts[:3])
    assert "De routekaart" in printed.pages[1].extract_text()
    assert f"bladzijde 1 van {len(printed.pages)}" in first


def test_the_first_page_names_five_actions_and_counts_everything_else_that_the_plan_asks(
    opened: Installation,
) -> None:
    found = find_plan(opened, "terpmark")
    first = " ".join(print_plan(found).pages[0].extract_text().split())

    part = compose_plan(found).parts[2]
    told = [(row[0].text, row[1].text) for row in part.tables[0].rows]
    every = list(list_begin(found)[["Wat", "Aan zet"]].itertuples(index=False, name=None))
    assert told == every[:5]
    assert [title for title, _ in told if title not in first] == []
    measures = sum(not who.endswith("(wie de vragen invult)") for _, who in told)
    (others,) = re.findall(r"En nog (.*): zie de hele routekaart\.", part.lead)
    assert sum(map(int, re.findall(r"(\d+) maatregel", others))) == len(found.measures) - measures
    assert f"En nog {others}: zie de hele routekaart." in first.replace("\N{NON-BREAKING HYPHEN}", "-")


def test_what_begins_now_is_told_of_whom_whether_it_is_among_the_first_or_not(opened: Installation) -> None:
    found = find_plan(opened, "terpmark")
    starting = found.measures[found.measures["first"] == 0]

    told = list_begin(found)[["Wat", "Aan zet"]].itertuples(index=False, name=None)
    asked = sorted(
        (found.questionnaire.measure[key].title, format_with_capital(who))
        for key, who in starting[["measure_id", "actor"]].to_numpy()
    )
    assert sorted(each for each in told if not each[1].endswith("(wie de vragen invult)")) == asked


def test_without_measures_the_first_page_goes_on(plan: HousePlan) -> None:
    empty = plan._replace(measures=plan.measures.head(0))

    assert not any(part.first for part in compose_plan(empty).parts)


@pytest.mark.parametrize("kind", PlanFile)
def test_the_same_plan_gives_the_same_bytes(plan: HousePlan, kind: PlanFile) -> None:
    assert write_plan_file(plan, kind, REPORTS) == write_plan_file(plan, kind, REPORTS)


def test_pdf_and_word_say_the_same(plan: HousePlan) -> None:
    document = compose_plan(plan)
    printed, written = read_pdf(plan), read_docx(plan)

    for part in document.parts:
        told = [part.title, part.lead, *part.lines, *(each.figure for each in part.answers)]
        told += [cell.text for table in part.tables for row in table.rows for cell in row]
        plain = [" ".join(text.split()) for text in told]
        assert [text for text in plain if text not in written] == []
        assert [text for text in plain if squeeze(text) not in squeeze(printed)] == []


def test_what_a_house_wrote_is_never_taken_for_a_verdict(plan: HousePlan) -> None:
    columns = ["house_id", "measure_id", "criterion_id", "actor"]
    dropped = plan.measures.head(1)[columns].assign(why="? nog geen geld")

    document = compose_plan(plan._replace(dropped=dropped))

    (part,) = (each for each in document.parts if each.tables and each.tables[0].told == "Wat verviel")
    assert part.tables[0].rows[0][-1] == Cell("? nog geen geld")


def test_a_word_file_has_headings_heads_that_are_repeated_and_texts_for_who_cannot_see_a_table(
    plan: HousePlan,
) -> None:
    opened = open_docx(plan)
    document = compose_plan(plan)
    tables = [table._tbl for table in opened.tables]  # noqa: SLF001 - python-docx does not read these itself

    headings = [each.text for each in opened.paragraphs if each.style and each.style.name == "Heading 1"]
    assert len(headings) == len(document.parts)
    assert all(table.find(f".//{qn('w:tblHeader')}") is not None for table in tables)
    assert all(table.find(f".//{qn('w:tblDescription')}").get(qn("w:val")) for table in tables)
    assert opened.core_properties.title == document.name
    assert opened.core_properties.language == "nl-NL"


def test_in_word_the_years_stand_above_their_quarters_on_every_page(plan: HousePlan) -> None:
    (gantt,) = (each.gantt for each in compose_plan(plan).parts if each.gantt)
    (table,) = (each for each in open_docx(plan).tables if len(each.columns) == len(gantt.quarters) + 2)
    years, numbers = ([cell.text for cell in row.cells][2:] for row in table.rows[:2])

    assert list(map("{}-{}".format, years, numbers)) == list(gantt.quarters)
    assert len(table._tbl.findall(f".//{qn('w:tblHeader')}")) == 2  # noqa: SLF001 - python-docx does not read it


def test_no_quarter_or_percentage_in_a_word_file_can_be_broken(plan: HousePlan) -> None:
    opened = open_docx(plan)
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]

    written = "\n".join([*(each.text for each in opened.paragraphs), *cells])
    assert re.search(r"\d{4}-K[1-4]|\d %", written) is None
    assert re.search("\\d{4}\N{NON-BREAKING HYPHEN}K[1-4]", written)


@pytest.mark.parametrize("read", [read_pdf, read_docx])
def test_it_says_everything_that_is_open_and_everything_that_is_planned(
    plan: HousePlan, read: Callable[[HousePlan], str]
) -> None:
    text = read(plan)

    assert [key for key in plan.gaps["criterion_id"] if f"{key} " not in text] == []
    titles = [plan.questionnaire.measure[key].title for key in plan.measures["measure_id"]]
    assert [title for title in titles if title not in text] == []


def test_a_quarter_is_never_broken(plan: HousePlan) -> None:
    lines = read_text(print_plan(plan)).splitlines()

    assert [line for line in lines if re.search(r"\b20\d\d-$", line)] == []


def test_what_is_only_for_who_fills_in_is_not_printed(opened: Installation) -> None:
    told = read_pdf(find_plan(opened, FINISHED))

    assert "Sluit een wijkagent aan? Nee" in told
    assert "alleen beschrijving" not in told


def test_a_range_stands_on_a_line_of_its_own_in_word(opened: Installation) -> None:
    written = open_docx(find_plan(opened, "terpmark"))
    told = [cell.text for table in written.tables for row in table.rows for cell in row.cells]

    ranges = [text for text in told if re.search(r"\(\d+–\d+\s%\)", text)]
    assert ranges
    assert [text for text in ranges if not re.search(r"\n\d+\s% \(\d+–\d+\s%\)$", text)] == []


def test_a_range_is_never_broken(opened: Installation) -> None:
    text = read_text(print_plan(find_plan(opened, "terpmark")))

    assert "(67–100" in text
    assert re.findall(r"\d–\n\d", text) == []


def test_a_document_in_word_does_not_end_with_an_empty_page(plan: HousePlan) -> None:
    *_, last = open_docx(plan).tables[-1].rows

    assert all(each.paragraph_format.keep_with_next for cell in last.cells for each in cell.paragraphs)


def test_a_head_of_figures_stands_over_them_and_the_number_of_a_page_is_as_small_as_its_words(
    plan: HousePlan,
) -> None:
    opened = open_docx(plan)
    days = next(table for table in opened.tables if "Dagen" in [cell.text for cell in table.rows[0].cells])
    with ZipFile(BytesIO(write_docx(compose_plan(plan), REPORTS))) as written:
        foot = written.read("word/footer1.xml").decode()

    assert {row.cells[2].paragraphs[0].alignment for row in days.rows} == {WD_ALIGN_PARAGRAPH.RIGHT}
    assert re.findall(r'w:rStyle w:val="(\w+)"', foot) == [SMALL.style_id] * 4
    assert foot.count("<w:r>") == 4
    assert re.findall(r'w:instr="(\w+)"', foot) == ["PAGE", "NUMPAGES"]


def write_odd_words(plan: HousePlan, name: str) -> HousePlan:
    """The same plan, with a text wherever somebody writes one."""
    key = plan.measures["measure_id"].iloc[0]
    line = PlanLine(house_id=MOST, measure_id=key, owner=name[:120], due=NOW.date(), remark=name)
    told = plan.basis.submission.model_copy(
        update={
            "deviations": (Deviation(criterion_id="POS-2", reason=name, agreed_by=name, until=NOW.date()),)
        }
    )
    return plan._replace(
        house=plan.house.model_copy(update={"title": name}),
        decisions=plan.decisions.with_lines([line]),
        basis=plan.basis._replace(submission=told),
    )


@pytest.mark.parametrize("name", ODD, ids=_NAMES)
def test_whatever_somebody_wrote_stands_as_text_in_word(plan: HousePlan, name: str) -> None:
    text = read_docx(write_odd_words(plan, name))

    assert "22 november 2026" in text
    assert show_unseen(name).replace("\N{NON-BREAKING HYPHEN}", "-") in text


@pytest.mark.parametrize("name", ODD, ids=_NAMES)
def test_whatever_somebody_wrote_is_printed_as_text(plan: HousePlan, name: str) -> None:
    text = read_text(print_plan(write_odd_words(plan, name)))

    assert "22 november 2026" in text
    assert "Bewust anders: één afspraak" in text
    if name.startswith("<b>"):
        assert "<b>&amp; \"Veilig\" 'heid' =1+1 #let x = $y$ {house} \\" in " ".join(text.split())


def empty_plan(plan: HousePlan) -> HousePlan:
    """The same house, with nothing left to do."""
    total = plan.basis.totals.assign(phase_low="by_framework", phase_high="by_framework")
    return plan._replace(
        **{
            name: getattr(plan, name).head(0)
            for name in ("gaps", "measures", "estimates", "steps", "dropped")
        },
        basis=plan.basis._replace(totals=total),
    )


@pytest.mark.parametrize("read", [read_pdf, read_docx])
def test_an_empty_plan_says_so(plan: HousePlan, read: Callable[[HousePlan], str]) -> None:
    text = read(empty_plan(plan))

    assert f"{plan.house.title} werkt nu al volgens het kader" in text
    assert "Er is nog geen overdracht gepland" in text
    assert "De routekaart: geen maatregelen" in text
    assert "Er zijn geen maatregelen nodig: alles wat is gevraagd, voldoet." in text
    assert "Er staat niets meer open" in text


@pytest.mark.parametrize("kind", PlanFile)
def test_a_plan_with_nothing_in_it_leaves_as_any_kind_of_file(plan: HousePlan, kind: PlanFile) -> None:
    assert write_plan_file(empty_plan(plan), kind, REPORTS)


def copy_reports(folder: Path) -> Path:
    return Path(shutil.copytree(REPORTS, folder / "reports"))


def test_a_template_that_is_not_sound_is_refused_with_its_place(plan: HousePlan, tmp_path: Path) -> None:
    reports = copy_reports(tmp_path)
    template = reports / "document.typ"
    template.write_text(f"#nergens\n{template.read_text('utf-8')}", encoding="utf-8")

    with pytest.raises(FrameworkError, match=r"document\.typ.*nergens.*document\.typ:1:1"):
        print_plan(plan, reports)


def test_a_text_that_names_what_is_not_filled_in_is_refused_with_its_place(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Installation
) -> None:
    reports = copy_reports(tmp_path)
    texts = reports / "plan.yaml"
    texts.write_text(texts.read_text("utf-8").replace("{open}", "{opne}"), encoding="utf-8")
    for name in ("questionnaires", "data"):
        (tmp_path / name).symlink_to(HOME / name)
    monkeypatch.setenv("KADERSCAN_CONTENT_FOLDER", str(tmp_path))
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)

    ended = run("plan", "--house", FEWEST, "--format", "pdf", "-o", tmp_path / "uit")

    assert ended.returncode == FrameworkError.exit_code
    assert "plan.yaml: parts › gaps › title tussen { } kan alleen staan: {house}" in ended.stderr
    assert not (tmp_path / "uit").exists()


def write_plans(run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, *words: object) -> Ended:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)
    return run("plan", "--house", FEWEST, *words)


def test_a_command_writes_every_kind_that_is_asked_and_the_audit_trail_tells(
    run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = write_plans(run, opened, monkeypatch, "--format", "pdf, XLSX,docx,ics", "-o", tmp_path)

    assert ended.returncode == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".xlsx", ".docx", ".ics"}
    assert (tmp_path / f"verbeterplan_2026-najaar_{FEWEST}.pdf").read_bytes().startswith(b"%PDF-")
    assert sum(f"plan/{FEWEST}" in line for line in reading(opened).write_trail()) == 4


def test_a_kind_that_is_not_there_is_refused(
    run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = write_plans(run, opened, monkeypatch, "--format", "pdf,odt", "-o", tmp_path)

    assert ended.returncode == 2
    assert "'odt' is geen soort bestand" in ended.stderr


def test_a_unit_takes_everything_along_in_one_file(
    run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)

    ended = run("plan", "--unit", "noord-nederland", "--bundle", "-o", tmp_path)
    refused = [
        run("plan", *asked, "--bundle", "-o", tmp_path)
        for asked in (
            ("--house", FEWEST),
            ("--unit", "noord-nederland", "--format", "pdf"),
            ("--unit", "noord-nederland", "--actor", "district"),
        )
    ]

    assert ended.returncode == 0
    assert [each.returncode for each in refused] == [2, 2, 2]
    assert "In één zip zitten alle soorten, van iedereen: laat --format en --actor weg." in refused[1].stderr
    with ZipFile(tmp_path / "verbeterplannen_2026-najaar_noord-nederland.zip") as bundle:
        names = bundle.namelist()
        book = load_workbook(BytesIO(bundle.read("eenheid_2026-najaar_noord-nederland.xlsx")))
        guide = bundle.read("LEESMIJ.txt").decode("utf-8-sig")
        days = {each.date_time[:3] for each in bundle.infolist()}
    assert len(names) == 2 + 3 * len(PlanFile)
    assert {f"{house}/verbeterplan_2026-najaar_{house}.pdf" for house in ("terpmark", MOST)} <= set(names)
    assert "Verbeterplannen van Eenheid Noord-Nederland: 3 huizen (Veiligheidshuis Terpmark, " in guide
    assert re.search(r"Op de antwoorden van najaar 2026, gemaakt op \d+ \w+ \d{4}\.", guide)
    assert "Begin met: eenheid_2026-najaar_noord-nederland.xlsx" in guide
    assert days != {(1980, 1, 1)}
    assert book.sheetnames == ["Huizen", "Wie doet wat", "Overdrachten"]
    assert str(book["Huizen"]["A2"].value).startswith("Nu werk")
    assert "tussen haakjes staat wat zeker is" in str(book["Huizen"]["A2"].value)
    assert {str(row[3].value).partition(" ")[0] for row in book["Wie doet wat"].iter_rows(min_row=5)} >= {
        "LOS-2"
    }
    assert all(" " in str(row[3].value) for row in book["Wie doet wat"].iter_rows(min_row=5))
    assert {row[1].value for row in book["Overdrachten"].iter_rows(min_row=5)} == {
        "Politie doet geen casusadministratie"
    }
    assert book["Overdrachten"].max_row > 4
    assert book.properties.created.date() == date(2026, 9, 1)  # that of the round, so the bytes stay the same
    assert book["Wie doet wat"].auto_filter.ref is not None
    assert {"District Terpenland", "District Veenrand"} <= {row[0].value for row in book["Wie doet wat"].rows}


def test_who_waits_for_a_bundle_can_follow_each_document(opened: Installation) -> None:
    queries, followed = reading(opened), []
    planned = queries.find_roadmap(Which(None, Perspective.RECORD, MOST))
    plans = queries.list_house_plans(planned)

    def follow(documents: Iterable[tuple[House, PlanFile]]) -> Iterator[tuple[House, PlanFile]]:
        for house, kind in documents:
            yield house, kind
            followed.append((house.house_id, kind))

    told = write_unit_bundle(planned, plans, REPORTS, follow)

    assert followed == [(MOST, kind) for kind in PlanFile]
    assert told == write_unit_bundle(planned, plans, REPORTS)


def test_the_files_of_a_unit_in_which_nothing_is_to_be_done_have_no_calendar_and_no_hand_over(
    opened: Installation,
) -> None:
    queries = reading(opened)
    planned = queries.find_roadmap(Which(None, Perspective.RECORD, MOST))
    plans = list(map(empty_plan, queries.list_house_plans(planned)))

    with ZipFile(BytesIO(write_unit_bundle(planned, plans, REPORTS))) as bundle:
        endings = {name.rpartition(".")[2] for name in bundle.namelist()}
    assert endings == {"txt", "xlsx", "pdf", "docx"}


def test_the_sources_of_all_norms_that_are_shown_are_cited(opened: Installation) -> None:
    plan = find_plan(opened, OPEN_ADVICE)
    parts = {part.title: part for part in compose_plan(plan).parts}
    kept = next(part for title, part in parts.items() if title.startswith("Dit houdt het huis vast"))
    shown = [row[0].text.partition(" ")[0] for row in kept.tables[0].rows]

    assert plan.measures.empty
    assert len(plan.gaps)
    assert set(list_cited(plan, shown)) <= set(parts["Bronnen"].lines)
