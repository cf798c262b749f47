from collections.abc import Sequence
from datetime import date

import pytest

from assessment.engine.validation import Checked, check_rows, describe_attached
from assessment.engine.validation.check import find_in_text, passes_elfproef
from assessment.model.issue import IssueCode, Weight
from assessment.model.receipt import RowClass
from assessment.model.scale import Kind
from assessment.model.sheets import Attached, AttachedKind, CellFault, Part, SheetRow
from assessment.model.wording import match_options
from tests import builders

ASKED = builders.questionnaire(
    builders.criterion("POS-1", core=(False, False)),
    builders.criterion("POS-2", kind=Kind.HARD_NORM, core=(True,)),
)
COLUMNS = {"key": "A", "answer": "D", "explanation": "E", "evidence": "F"}
DEVIATION_COLUMNS = {"key": "A", "reason": "C", "agreed_by": "D", "until": "E"}


def row(key: str, answer: str = "", number: int = 5, explanation: str = "", **changes: object) -> SheetRow:
    texts = {"answer": answer, "explanation": explanation, "evidence": ""}
    made = SheetRow("POS", number, Part.QUESTIONS, key, texts, COLUMNS)
    return made._replace(**changes)  # type: ignore[arg-type]


def deviation(key: str = "POS-1", **texts: str) -> SheetRow:
    given = {"reason": "Zo afgesproken", "agreed_by": "stuurgroep", "until": "31-12-2027"} | texts
    return SheetRow("Bewust anders", 4, Part.DEVIATIONS, key, given, DEVIATION_COLUMNS)


def check(*rows: SheetRow, other_ids: Sequence[str] = (), changed: Sequence[str] = ()) -> Checked:
    keys = {each.key for each in rows}
    rest = [row(question_id) for question_id in ASKED.question if question_id not in keys]
    return check_rows([*rows, *rest], ASKED, find_other_ids=lambda: other_ids, changed=changed)


def classes(checked: Checked) -> list[RowClass]:
    return [outcome.row_class for outcome in checked.outcomes]


@pytest.mark.parametrize(
    "answer",
    ["Antwoord voldoet", "  antwoord  VOLDOET ", "“Antwoord voldoet”", "a", "A.", "a) Antwoord voldoet"],
)
def test_an_answer_is_read_however_it_was_typed(answer: str) -> None:
    checked = check(row("POS-1.1", answer, explanation="Zie het verslag"))

    assert checked.issues == ()
    assert checked.answers[0].option_id == "a"
    assert checked.answers[0].explanation == "Zie het verslag"


def test_a_way_to_write_that_fits_two_options_fits_none() -> None:
    assert match_options([("a", "Ja!"), ("b", "Ja?")]).get("ja") is None
    assert match_options([("a", "Ja!"), ("b", "Ja?")])["ja!"] == "a"


@pytest.mark.parametrize(
    ("answer", "row_class"),
    [
        ("Antwoord deels", RowClass.READ),
        ("Antwoord onbekend", RowClass.UNKNOWN),
        ("Antwoord niet van toepassing", RowClass.NOT_APPLICABLE),
        ("", RowClass.EMPTY),
        ("ja", RowClass.NOT_UNDERSTOOD),
        ("3", RowClass.NOT_UNDERSTOOD),
        ("b) Antwoord voldoet", RowClass.NOT_UNDERSTOOD),
    ],
)
def test_a_question_ends_in_one_class(answer: str, row_class: RowClass) -> None:
    assert classes(check(row("POS-1.1", answer)))[0] is row_class


def test_an_answer_that_is_no_option_names_its_place_and_the_options() -> None:
    checked = check(row("POS-1.1", "ja, deels", number=14, explanation="Twee van de drie"))

    assert [issue.code for issue in checked.issues] == [IssueCode.UNKNOWN_ANSWER]
    assert checked.issues[0].message.startswith("Blad POS, cel D14: 'ja, deels' is geen keuze bij POS-1.1.")
    assert "'Antwoord voldoet'; 'Antwoord deels'" in checked.issues[0].message
    assert checked.answers[0].option_id is None
    assert checked.answers[0].explanation == "Twee van de drie"


def test_one_close_option_is_suggested_and_two_are_not() -> None:
    one, two = check(row("POS-1.1", "Antword voldoet")), check(row("POS-1.1", "Antwoord"))

    assert "Bedoelt u 'Antwoord voldoet'?" in one.issues[0].message
    assert "Bedoelt u" not in two.issues[0].message


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (CellFault.ERROR, IssueCode.ERROR_CELL),
        (CellFault.FORMULA, IssueCode.FORMULA_CELL),
        (CellFault.MERGED, IssueCode.MERGED_CELL),
    ],
)
def test_a_cell_that_cannot_be_read_is_not_understood(fault: CellFault, code: IssueCode) -> None:
    checked = check(row("POS-1.1", "Antwoord voldoet", faults={"answer": fault}))

    assert [issue.code for issue in checked.issues] == [code]
    assert classes(checked)[0] is RowClass.NOT_UNDERSTOOD
    assert checked.answers[0].option_id is None


@pytest.mark.parametrize(
    ("odd", "row_class", "code"),
    [
        (row("POS-9.9"), RowClass.UNKNOWN_ID, IssueCode.UNKNOWN_ROW),
        (row("Let op!"), RowClass.NOTE, None),
        (row("Let op!", "ja"), RowClass.UNKNOWN_ID, IssueCode.UNKNOWN_ROW),
        (row("", "ja"), RowClass.NOT_UNDERSTOOD, IssueCode.NO_KEY),
        (row("", aside="hier verder"), RowClass.NOTE, None),
        (row("POS-1"), RowClass.OWN_TEXT, None),
        (row("POS-1", "ja"), RowClass.NOT_UNDERSTOOD, IssueCode.AT_CRITERION),
        (row("STU-1.1", "Ja"), RowClass.OUTSIDE_ROUND, IssueCode.OUTSIDE_ROUND),
        (row("POS-1.1", part=Part.NOTES), RowClass.NOT_UNDERSTOOD, IssueCode.NO_HEADINGS),
        (row("", part=Part.NOTES, aside="boodschappen"), RowClass.NOTE, None),
        (row("", part=Part.OWN_TEXT), RowClass.OWN_TEXT, None),
    ],
)
def test_a_row_that_is_no_question_ends_in_one_class(
    odd: SheetRow, row_class: RowClass, code: IssueCode | None
) -> None:
    checked = check(odd, other_ids=["STU-1.1"])

    assert classes(checked)[0] is row_class
    assert [issue.code for issue in checked.issues] == ([code] if code else [])


def test_two_rows_that_say_something_else_are_both_left_out() -> None:
    checked = check(row("POS-1.1", "a"), row("POS-1.1", "b"))

    assert classes(checked)[:2] == [RowClass.DOUBLE, RowClass.DOUBLE]
    assert {issue.code for issue in checked.issues} == {IssueCode.DOUBLE_ROW}
    assert "POS-1.1" not in {answer.question_id for answer in checked.answers}


@pytest.mark.parametrize("again", ["a", ""])
def test_a_row_that_adds_nothing_is_skipped_and_said_so(again: str) -> None:
    checked = check(row("POS-1.1", again), row("POS-1.1", "a"))

    assert sorted(classes(checked)[:2]) == [RowClass.DOUBLE, RowClass.READ]
    assert [issue.code for issue in checked.issues] == [IssueCode.SAME_ROW_AGAIN]
    assert checked.issues[0].code.weight is Weight.NOTE
    assert {a.option_id for a in checked.answers if a.question_id == "POS-1.1"} == {"a"}


def test_two_different_deviations_of_one_criterion_are_both_left_out() -> None:
    checked = check(deviation(), deviation(reason="Anders"))

    assert checked.deviations == ()
    assert {issue.code for issue in checked.issues} == {IssueCode.DOUBLE_ROW}


def test_rows_that_are_gone_are_asked_about_per_theme() -> None:
    checked = check_rows([row("POS-1.1"), row("POS-1.2")], ASKED)

    assert [issue.message for issue in checked.issues] == [
        (
            "Vragen van thema POS die niet in het bestand staan: POS-2.1 (1 in totaal). Neem ze over uit een "
            "nieuwe vragenlijst, of ga door: ze tellen dan als leeg."
        )
    ]


def test_a_question_that_changed_since_is_not_taken_over() -> None:
    checked = check(row("POS-1.1", "a"), changed=["POS-1.1"])

    assert classes(checked)[0] is RowClass.OUTSIDE_ROUND
    assert [issue.code for issue in checked.issues] == [IssueCode.CHANGED_QUESTION]
    assert "POS-1.1" not in {answer.question_id for answer in checked.answers}


@pytest.mark.parametrize("until", ["31-12-2027", "31/12/2027", "2027-12-31", "31.12.2027"])
def test_a_deviation_is_read_with_its_last_day(until: str) -> None:
    checked = check(deviation(until=until))

    assert checked.deviations[0].until == date(2027, 12, 31)
    assert classes(checked)[0] is RowClass.READ


@pytest.mark.parametrize(
    ("row_", "code"),
    [
        (deviation(reason=""), IssueCode.HALF_DEVIATION),
        (deviation(agreed_by=""), IssueCode.HALF_DEVIATION),
        (deviation(until=""), IssueCode.HALF_DEVIATION),
        (deviation(until="volgend jaar"), IssueCode.NO_DATE),
        (deviation("POS-2"), IssueCode.NO_DEVIATION),
        (deviation("POS-9"), IssueCode.UNKNOWN_ROW),
        (deviation(""), IssueCode.NO_KEY),
    ],
)
def test_a_deviation_without_all_its_parts_is_refused(row_: SheetRow, code: IssueCode) -> None:
    checked = check(row_)

    assert {issue.code for issue in checked.issues} == {code}
    assert checked.deviations == ()


def test_all_faults_of_a_deviation_are_told_at_once() -> None:
    odd = deviation(reason="", agreed_by="#N/A", until="ooit")._replace(faults={"agreed_by": CellFault.ERROR})

    codes = [issue.code for issue in check(odd).issues]

    assert codes == [IssueCode.ERROR_CELL, IssueCode.HALF_DEVIATION, IssueCode.NO_DATE]


@pytest.mark.parametrize(("today", "asked"), [(date(2027, 12, 31), 0), (date(2028, 1, 1), 1)])
def test_a_deviation_that_ended_is_asked_about_and_kept(today: date, asked: int) -> None:
    checked = check_rows([deviation(), row("POS-1.1"), row("POS-1.2"), row("POS-2.1")], ASKED, today=today)

    assert [issue.code for issue in checked.issues] == [IssueCode.EXPIRED] * asked
    assert [issue.code.weight for issue in checked.issues] == [Weight.ASK] * asked
    assert len(checked.deviations) == 1


def test_what_is_attached_to_cells_is_told_per_sheet_with_its_cells() -> None:
    comments = [Attached("LOS", f"D{number}", AttachedKind.COMMENT, "x") for number in range(5, 30)]
    link = Attached("POS", "F5", AttachedKind.LINK, "https://verslag.example")

    told = [issue.message for issue in describe_attached([*comments, link])]

    assert told[0].startswith("Blad LOS: er staan opmerkingen bij cellen (D5, D6, ")
    assert "D24 en nog 5)" in told[0]
    assert told[1].startswith("Blad POS: achter tekst in cellen zit een koppeling (F5)")


def test_an_empty_deviation_says_nothing() -> None:
    checked = check(deviation(reason="", agreed_by="", until=""))

    assert (checked.issues, classes(checked)[0]) == ((), RowClass.EMPTY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BSN 123456782", IssueCode.CITIZEN_NUMBER),
        ("bsn:123.456.782.", IssueCode.CITIZEN_NUMBER),
        ("1234 56 782", IssueCode.CITIZEN_NUMBER),
        ("bel 06-12345678", IssueCode.PHONE_NUMBER),
        ("06 12 34 56 78", IssueCode.PHONE_NUMBER),
        ("+31 (0)6 1234 5678", IssueCode.PHONE_NUMBER),
        ("010-1234567", IssueCode.PHONE_NUMBER),
        ("jan.jansen@gmail.com", IssueCode.MAIL_ADDRESS),
    ],
)
def test_a_text_that_may_be_about_a_citizen_is_asked_about(text: str, code: IssueCode) -> None:
    checked = check(row("POS-1.1", "a", explanation=text))

    assert [(issue.code, issue.cell) for issue in checked.issues] == [(code, "E5")]
    assert checked.answers[0].explanation == text


@pytest.mark.parametrize(
    "text",
    [
        "000000000",
        "123456789",
        "31-12-2027",
        "01-02-2027 10:00",
        "€ 1.234.567,89",
        "0900-8844",
        "art. 12",
        "2026/3",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert check(row("POS-1.1", "a", explanation=text)).issues == ()


def test_the_elfproef_needs_more_than_zeros() -> None:
    assert passes_elfproef("111222333")
    assert passes_elfproef("12345672") is passes_elfproef("012345672")
    assert not passes_elfproef("000000000")
    assert not passes_elfproef("111222334")


@pytest.mark.parametrize("piece", ["a", "a.", "a-", "a@", "1", "1 ", "1.", "0", "(0", "06-", "+31 ", ". "])
def test_a_megabyte_made_to_keep_the_search_for_persons_busy_does_not(piece: str) -> None:
    # One search that is not in step with the text would take hours.
    text = "@" + piece * (2**20 // len(piece))

    assert all(len(issue.facts["given"]) <= 4 for issue in find_in_text(text))
