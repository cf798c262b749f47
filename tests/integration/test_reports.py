"""The report to the partners of a house, and the one on all houses: what they say and what they do not."""

import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from assessment.errors import FrameworkError, NotAllowedError
from assessment.model.access import Role
from assessment.model.answers import Answer
from assessment.model.document import Document
from assessment.model.question import Question
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.model.texts import NationalTexts
from assessment.readers.files import read_model
from assessment.service.installation import Installation
from assessment.service.reports import ON_PAPER, PlanFile, write_document
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.store.submissions import add_submissions
from assessment.tables.delivery import describe_answers, list_parts
from assessment.tables.groups import describe_country
from assessment.tables.national import Nation, compose_national
from assessment.tables.plan_document import compose_partners
from assessment.tables.scores import list_phases
from tests.conftest import Run
from tests.integration.test_groups import as_role
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what leaves the store, not where things are kept
OPEN, CLOSED, FIRST = "2026-najaar", "2026-voorjaar", "2025-najaar"
REPORTS = HOME / "reports"


def find_nation(installation: Installation, round_id: str = OPEN) -> Nation:
    return reading(installation).find_nation(round_id, Perspective.RECORD)


def compose_for_partners(installation: Installation, house_id: str) -> Document:
    queries = reading(installation)
    planned = queries.find_roadmap(Which(OPEN, Perspective.RECORD, house_id))
    return compose_partners(
        queries.find_house_plan(planned, house_id), queries.find_delivery(planned, house_id)
    )


def list_texts(document: Document) -> list[str]:
    """Every text of a document, as its reader sees it."""
    texts = [document.title, document.of]
    for part in document.parts:
        texts += [part.title, part.lead, *part.lines]
        texts += [text for each in part.answers for text in (each.label, each.figure, each.beside, each.note)]
        cells = [cell for table in part.tables for row in table.rows for cell in row]
        texts += [text for cell in cells for text in (cell.text, cell.quiet, cell.said)]
    return [text for text in texts if text]


def squeeze(text: str) -> str:
    """A text without what a line that breaks adds or takes away."""
    return "".join(text.split()).replace("\u2011", "-").replace("\u00ad", "")


@pytest.fixture(scope="module")
def nation(opened: Installation) -> Nation:
    return find_nation(opened)


@pytest.mark.parametrize("round_id", [FIRST, CLOSED, OPEN])
def test_the_report_on_all_houses_names_none_of_them(opened: Installation, round_id: str) -> None:
    told = "\n".join(list_texts(compose_national(find_nation(opened, round_id))))

    houses = opened.register().houses
    assert [each.house_id for each in houses if each.title in told or each.short_title in told] == []


def test_it_says_what_the_page_says(opened: Installation, nation: Nation) -> None:
    country = reading(opened).find_country(OPEN, Perspective.RECORD)
    told = list_texts(compose_national(nation))

    assert describe_country(nation.faces, country.scores.totals) in told
    phases = list_phases(country.scores.totals)
    for phase, number in zip(phases["Fase"], phases["Aantal huizen"].astype("str"), strict=True):
        assert told[told.index(phase) + 1] == number
    assert "30 van 30 huizen leverden in" in compose_national(nation).of


def test_phases_of_so_few_houses_that_each_could_be_known_are_not_told(nation: Nation) -> None:
    (units,) = (part for part in compose_national(nation).parts if part.title == nation.texts.units.title)

    assert units.tables[0].headings == ("Eenheid", "Ingeleverd")  # no unit of the demo has more than four


def test_phases_of_many_houses_are_told_beside_units_of_which_they_are_not(nation: Nation) -> None:
    in_order = nation.register.houses_of(nation.round)
    first, second = list(dict.fromkeys(house.unit_id for house in in_order))[:2]
    together = tuple(
        house.model_copy(update={"unit_id": first, "district_id": None}) if house.unit_id == second else house
        for house in nation.register.houses
    )
    # A copy would keep what the register found in its houses before.
    other = Register.model_construct(**(dict(nation.register) | {"houses": together}))
    joined = nation._replace(register=other)

    (units,) = (part for part in compose_national(joined).parts if part.title == nation.texts.units.title)
    told = [row[2].text for row in units.tables[0].rows]

    assert len(told) > 1
    assert [text == "niet genoemd: minder dan vijf huizen" for text in told] == [
        False,
        *[True] * (len(told) - 1),
    ]


def test_what_is_counted_stands_on_the_right(nation: Nation) -> None:
    tables = [table for part in compose_national(nation).parts for table in part.tables]
    counted = [table.headings[place] for table in tables for place in table.figures]

    assert counted[:4] == ["Hoe gelijk", "Gemiddeld", "Staat vast bij", "Aantal huizen"]
    assert counted[4:] == [
        "pioniersfase",
        "in transitie",
        "volgens het kader",
        "80 % zeker volgens het kader",
    ]


def test_the_curve_draws_what_its_table_counts(nation: Nation) -> None:
    (part,) = (part for part in compose_national(nation).parts if part.curve)
    rows, curve = part.tables[0].rows, part.curve

    assert curve is not None
    assert [f"na {each}" if "-" in each else each for each in curve.quarters] == [row[0].text for row in rows]
    assert [*map(str, curve.planned)] == [row[3].text for row in rows]
    assert [*map(str, curve.sure)] == [row[4].text for row in rows]
    assert curve.of == len(nation.totals)
    assert curve.years is not None
    assert curve.quarters[curve.years] == str(nation.begin + 11)  # three years of four quarters


def test_the_curve_in_word_is_a_picture_that_says_in_words_what_it_shows(nation: Nation) -> None:
    document = compose_national(nation)
    opened = docx.Document(BytesIO(write_document(document, PlanFile.DOCX, REPORTS)))
    (shape,) = opened.inline_shapes
    (curve,) = (part.curve for part in document.parts if part.curve)

    assert plainly(shape._inline.docPr.get("descr")) == plainly(curve.told)  # noqa: SLF001 - no other way
    assert round(shape.width.mm) == 176
    assert curve.told.startswith(
        f"Lijn van de huizen die volgens het kader werken: nu {curve.planned[0]}, na"
    )


def plainly(text: str) -> str:
    """With any hyphen as one and any space as one."""
    return text.replace("\N{NON-BREAKING HYPHEN}", "-").replace("\N{NO-BREAK SPACE}", " ")


def test_what_draws_the_curve_is_refused_with_its_place_where_it_is_not_sound(
    nation: Nation, tmp_path: Path
) -> None:
    reports = Path(shutil.copytree(REPORTS, tmp_path / "reports"))
    (reports / "curve.typ").write_text("#nergens", encoding="utf-8")

    for kind in ON_PAPER:
        with pytest.raises(FrameworkError, match=r"nergens.*curve\.typ:1:1"):
            write_document(compose_national(nation), kind, reports)


def test_a_manager_reads_of_no_unit_and_of_no_round_that_is_open(opened: Installation) -> None:
    manager = as_role(opened, Role.MANAGER, "veenrijk")
    found = find_nation(manager, CLOSED)
    titles = [part.title for part in compose_national(found).parts]

    assert not found.complete
    assert found.texts.units.title not in titles
    assert found.texts.units.title in [
        part.title for part in compose_national(find_nation(opened, CLOSED)).parts
    ]
    with pytest.raises(NotAllowedError):
        find_nation(manager, OPEN)


def test_rules_that_tell_no_face_have_no_part_about_it(opened: Installation) -> None:
    document = compose_national(find_nation(opened, FIRST))

    assert not any("gezicht" in part.title for part in document.parts[1:])
    assert [each.label for each in document.parts[0].answers] == [
        "Volgens het kader",
        "Laatste huis waarschijnlijk in",
    ]


def test_partners_read_what_moves_why_and_what_they_may_hold_the_police_to(opened: Installation) -> None:
    document = compose_for_partners(opened, "terpmark")

    first, why, *card, coming = document.parts
    assert first.title == "De politie laat één taak los"
    assert first.tables[0].rows[0][1].text.startswith("Het Veiligheidshuis: klaar in ")
    assert first.tables[0].rows[0][2].text.startswith("Het basisteam: stopt vanaf ")
    assert "als niets tegenzit" in first.lead
    (reason,) = why.tables[0].rows
    assert reason[0].text.startswith("LOS-2 ")
    assert "Harde norm" in reason[1].quiet
    queries = reading(opened)
    planned = queries.find_roadmap(Which(OPEN, Perspective.RECORD, "terpmark"))
    delivery = queries.find_delivery(planned, "terpmark")
    assert card == list(list_parts(delivery))
    assert describe_answers(delivery) in document.of
    open_ = set(queries.find_house_plan(planned, "terpmark").gaps["criterion_id"])
    assert coming.title == "Wat komt er"
    assert {row[0].text.partition(" ")[0] for row in coming.tables[0].rows} == open_ & {
        each.criterion_id for each in delivery.promises
    }
    assert "waarschijnlijk klaar in" in first.tables[0].rows[0][2].text


def test_partners_of_a_house_from_which_nothing_moves_read_so(opened: Installation) -> None:
    queries = reading(opened)
    moving = {
        house_id: queries.find_roadmap(Which(OPEN, Perspective.RECORD, house_id)).measures
        for house_id in ("terpmark", "veenrijk", "ijpoort", "eskwartier")
    }
    still = [key for key, rows in moving.items() if not rows["criterion_id"].isin(["LOS-2", "LOS-3"]).any()]
    document = compose_for_partners(opened, still[0])

    assert document.parts[0].title == "De politie heeft haar taken al losgelaten"
    assert "Dit voldoet al: " in document.parts[0].lead
    assert document.parts[1].title != "Waarom de rol van de politie verandert"


LONG = "Veiligheidshuis " + "Onafgebrokenlangenaam" * 14


def count_pages(document: Document) -> int:
    return len(PdfReader(BytesIO(write_document(document, PlanFile.PDF, REPORTS))).pages)


def test_partners_get_two_pages_of_every_house_whatever_its_name(opened: Installation) -> None:
    queries = reading(opened)
    planned = queries.find_roadmap(Which(OPEN, Perspective.RECORD))
    plans = queries.list_house_plans(planned)
    documents = [
        compose_partners(each, queries.find_delivery(planned, each.house.house_id)) for each in plans
    ]

    pages = {each.title: count_pages(each) for each in documents}
    assert len(pages) == len(queries.find_register().houses)
    assert {name for name, number in pages.items() if number > 2} == set()
    longest = max(documents, key=lambda each: len(str(each.parts)))
    assert count_pages(replace(longest, title=LONG)) == 2


def test_partners_get_two_pages_of_a_house_that_has_everything_to_do(demo: Installation) -> None:
    own = reading(demo).find_submission(f"{OPEN}.veenrijk.huis.1")
    asked = demo.questionnaire_of(demo.register().round[OPEN])
    answers = tuple(
        Answer(question_id=each.question_id, option_id=find_worst(each), explanation="Nog niet. " * 9)
        for each in asked.choices
        if any(option.mark.worth is not None for option in each.options)
    )
    worst = own.model_copy(update={"version": own.version + 1, "answers": answers, "deviations": ()})
    with demo.store.writing() as session:
        add_submissions(session, [(worst, b"")])

    document = compose_for_partners(demo, "veenrijk")

    assert len(document.parts[-1].tables[0].rows) == 9  # promises
    assert count_pages(document) == 2


def find_worst(question: Question) -> str:
    """The letter of the option that counts least."""
    worths = {letter: option.mark.worth for letter, option in question.lettered}
    return min((worth, letter) for letter, worth in worths.items() if worth is not None)[1]


def test_a_report_says_what_a_quarter_is_and_how_sure_a_date(opened: Installation, nation: Nation) -> None:
    partners, national = compose_for_partners(opened, "terpmark"), compose_national(nation)
    method = " ".join(national.parts[-1].lines)

    for told in (partners.parts[0].lead, method):
        assert "K1 is het eerste kwartaal van een jaar." in told
        assert "vier van de vijf keer" in told
    assert "in de helft van 2.000 keer naspelen" in partners.parts[-1].lead
    assert "Gemiddeld is het gemiddelde van alle huizen" in method


@pytest.mark.parametrize("compose", ["nation", "partners"])
def test_pdf_and_word_say_the_same(opened: Installation, nation: Nation, compose: str) -> None:
    document = compose_national(nation) if compose == "nation" else compose_for_partners(opened, "terpmark")
    pdf, word = (write_document(document, kind, REPORTS) for kind in ON_PAPER)

    pages = PdfReader(BytesIO(pdf)).pages
    printed = squeeze("".join(page.extract_text() for page in pages))
    opened_word = docx.Document(BytesIO(word))
    cells = [cell.text for table in opened_word.tables for row in table.rows for cell in row.cells]
    written = squeeze("".join([*(each.text for each in opened_word.paragraphs), *cells]))
    for text in list_texts(document):
        assert squeeze(text) in written, text
    missing = [text for text in list_texts(document) if squeeze(text) not in printed]
    assert missing == []
    assert len(pages) <= (4 if compose == "nation" else 3)
    assert write_document(document, PlanFile.PDF, REPORTS) == pdf


def test_a_text_that_names_what_is_not_filled_in_is_refused(tmp_path: Path) -> None:
    text = (REPORTS / "national.yaml").read_text(encoding="utf-8").replace("{finding}", "{huis}")
    file = tmp_path / "national.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(FrameworkError, match=r"finding.*tussen \{ \} kan alleen staan"):
        read_model(file, NationalTexts, FrameworkError)


def test_a_command_writes_both_reports_and_the_trail_tells(
    run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)

    ended = [run("report", *which, "-o", tmp_path) for which in (("--all",), ("--house", "terpmark"))]
    refused = [
        run("report", *which, "-o", tmp_path)
        for which in ((), ("--all", "--house", "terpmark"), ("--all", "--format", "xlsx"))
    ]

    assert [each.returncode for each in ended] == [0, 0]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        f"{name}.{kind}"
        for name in (f"landelijk_{OPEN}", f"partners_{OPEN}_terpmark")
        for kind in ("docx", "pdf")
    ]
    assert [each.returncode for each in refused] == [2, 2, 2]
    trail = "\n".join(reading(opened).write_trail())
    assert f"national/{OPEN}" in trail
    assert "partners/terpmark" in trail
