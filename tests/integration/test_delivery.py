"""The delivery card of a house says what answers, evidence and plan say, and nothing else."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from assessment.errors import NotAllowedError
from assessment.model.access import Grant, Role, Visitor
from assessment.model.answers import Answer
from assessment.model.decisions import Decisions, PlanLine
from assessment.model.document import Cell, Table
from assessment.model.scale import Perspective
from assessment.model.sheets import Earlier
from assessment.service.installation import Installation
from assessment.service.reports import PlanFile, write_document
from assessment.service.round_scores import Which
from assessment.service.versions import find_since
from assessment.tables.delivery import NOT_FILLED_IN, Delivery, compose_delivery, list_deliveries
from tests.reading import reading

HOUSE, UNIT = "scheldekreek", "zeeland-west-brabant"


@pytest.fixture(scope="module")
def card(opened: Installation) -> Delivery:
    queries = reading(opened)
    return queries.find_delivery(queries.find_roadmap(Which(None, Perspective.RECORD, HOUSE)), HOUSE)


def tables(card: Delivery) -> list[Table]:
    return [table for part in compose_delivery(card).parts for table in part.tables]


def row_of(card: Delivery, criterion_id: str) -> tuple[Cell, ...]:
    _, promises = tables(card)
    return next(row for row in promises.rows if row[0].text.startswith(f"{criterion_id} "))


def answering(card: Delivery, *answers: Answer) -> Delivery:
    """The card where only these were answered."""
    return card._replace(submission=card.submission.model_copy(update={"answers": answers}))


def test_a_card_has_a_row_for_every_promise_with_its_verdict(card: Delivery) -> None:
    _, promises = tables(card)

    verdicts = dict(zip(card.criteria["criterion_id"], card.criteria["verdict"], strict=True))
    assert [row[0].text.partition(" ")[0] for row in promises.rows] == [f"POS-{n}" for n in range(1, 10)]
    assert all(row[2].verdict == verdicts[row[0].text.partition(" ")[0]] for row in promises.rows)


def test_a_card_tells_answers_in_the_words_of_the_questionnaire(card: Delivery) -> None:
    told = answering(card, Answer("POS-2.3", "d"), Answer("POS-2.1", "b"), Answer("POS-6.2", "a"))

    agreements, _ = tables(told)
    assert row_of(told, "POS-2")[1].text == "aanwezig: Op afroep"
    assert row_of(told, "POS-2")[2].text.endswith(": 6 tot en met 8")
    assert "Minder dan een jaar geleden, met verslag" in {row[1].text for row in agreements.rows}


def test_where_nothing_was_said_the_card_says_so(card: Delivery) -> None:
    empty = answering(card)._replace(decisions=Decisions(), since={})

    agreements, promises = tables(empty)
    assert {row[1].text for row in agreements.rows} == {NOT_FILLED_IN}
    assert promises.headings == ("Toezegging", "In welke vorm", "Geleverd?")  # of which there is nothing
    assert agreements.headings == ("Afspraak", "Antwoord")
    assert list_deliveries([empty])["Laatste gesprek"].tolist() == [NOT_FILLED_IN]


def test_evidence_and_what_the_plan_agrees_stand_on_the_card(card: Delivery) -> None:
    lines = (
        PlanLine(house_id=HOUSE, measure_id="POS-7.M1", done=date(2026, 11, 10)),
        PlanLine(house_id=HOUSE, measure_id="POS-7.M2", due=date(2027, 7, 1), owner="teamchef"),
    )
    told = answering(card, Answer("POS-7.2", "a", evidence="rolprofiel.pdf"))
    row = row_of(told._replace(decisions=Decisions(lines)), "POS-7")

    assert row[3].text == "gereed op 10 november 2026: Schrijf een document over rol en overdracht"
    assert row[4].text.splitlines() == [
        "bewijs: rolprofiel.pdf",
        "afgesproken voor 1 juli 2027, teamchef: Werk opvolgers in met dit document",
    ]


def test_what_the_reader_may_not_read_is_not_called_empty(card: Delivery) -> None:
    assert row_of(card._replace(shared=False), "POS-1")[-1].text == "bewijs en toelichting: niet gedeeld"


def test_an_answer_holds_since_the_first_round_without_a_break(card: Delivery) -> None:
    first, second, now = card.register.rounds[-3:]
    chosen = (Answer("POS-1.1", "a"), Answer("POS-1.2", "b"), Answer("POS-2.1", None))
    submission = card.submission.model_copy(update={"answers": chosen})
    before = [
        Earlier(second, {"POS-1.1": Answer("POS-1.1", "a"), "POS-1.2": Answer("POS-1.2", "a")}),
        Earlier(first, {"POS-1.1": Answer("POS-1.1", "a"), "POS-1.2": Answer("POS-1.2", "b")}),
    ]

    since = find_since(submission, now, before)

    assert since == {"POS-1.1": first, "POS-1.2": now}


def test_a_round_that_asks_nothing_of_the_police_has_no_card(card: Delivery) -> None:
    texts = card.texts.model_copy(update={"promises": ()})

    document = compose_delivery(card._replace(texts=texts))

    assert [part.lead for part in document.parts] == [card.texts.nothing]


def test_every_question_that_a_card_tells_of_is_asked_in_some_version(
    opened: Installation, card: Delivery
) -> None:
    editions = reading(opened).find_editions()
    named = {key for each in card.texts.promises for key in (*each.form, *each.delivered)}
    asked = {q.question_id for each in editions.values() for c in each.criteria for q in c.questions}

    assert {*named, *card.texts.agreements, card.texts.talk} <= asked


def test_a_manager_has_no_card_of_another_house(opened: Installation) -> None:
    planned = reading(opened).find_roadmap(Which(None, Perspective.RECORD, unit_id=UNIT))
    manager = Visitor(who="m", name="m", grants=(Grant(role=Role.MANAGER, house_id="veenrijk"),))
    queries = reading(replace(opened, visitor=manager))

    with pytest.raises(NotAllowedError):
        queries.find_delivery(planned, HOUSE)
    with pytest.raises(NotAllowedError):
        queries.list_deliveries(planned)


def test_the_card_leaves_as_a_pdf_and_for_word(opened: Installation, card: Delivery) -> None:
    reports = opened.settings.reports

    pdf, word = (
        write_document(compose_delivery(card), kind, reports) for kind in (PlanFile.PDF, PlanFile.DOCX)
    )

    told = [
        cell.text for table in docx.Document(BytesIO(word)).tables for row in table.rows for cell in row.cells
    ]
    assert pdf.startswith(b"%PDF")
    assert any("POS-6 Leverafspraken op papier" in text for text in told)


def test_a_card_stands_on_one_page(opened: Installation) -> None:
    queries = reading(opened)
    planned = queries.find_roadmap(Which(None, Perspective.RECORD))
    longest = [queries.find_delivery(planned, house) for house in ("terpmark", "waterwolde", "dommelrade")]

    printed = [
        write_document(compose_delivery(each), PlanFile.PDF, opened.settings.reports) for each in longest
    ]
    assert [len(PdfReader(BytesIO(pdf)).pages) for pdf in printed] == [1, 1, 1]
