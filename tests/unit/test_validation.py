from datetime import date

import pytest

from assessment.engine.validation import Checked, check_rows
from assessment.model.issue import IssueCode
from assessment.model.scale import Kind
from assessment.model.sheet import SheetRow
from tests import builders

ASKED = builders.questionnaire(
    builders.criterion("POS-1", core=(False, False)),
    builders.criterion("POS-2", kind=Kind.HARD_NORM, core=(True,)),
)
COLUMNS = {"key": "A", "answer": "D", "explanation": "E", "evidence": "F"}
DEVIATION_COLUMNS = {"key": "A", "reason": "C", "agreed_by": "D", "until": "E"}


def row(key: str, answer: str = "", number: int = 5, explanation: str = "") -> SheetRow:
    texts = {"answer": answer, "explanation": explanation, "evidence": ""}
    return SheetRow("POS", number, key, texts, COLUMNS)


def deviation(key: str = "POS-1", **texts: str) -> SheetRow:
    given = {"reason": "Zo afgesproken", "agreed_by": "stuurgroep", "until": "31-12-2027"} | texts
    return SheetRow("Bewust anders", 4, key, given, DEVIATION_COLUMNS)


def check(*rows: SheetRow, deviations: tuple[SheetRow, ...] = ()) -> Checked:
    keys = {each.key for each in rows}
    rest = [row(question_id) for question_id in ASKED.question if question_id not in keys]
    return check_rows([*rows, *rest], deviations, ASKED)


def test_an_answer_is_read_whatever_its_case_and_spaces() -> None:
    checked = check(row("POS-1.1", "  antwoord  VOLDOET ", explanation="Zie het verslag"))

    assert checked.issues == ()
    assert checked.answers[0].option_id == "a"
    assert checked.answers[0].explanation == "Zie het verslag"


def test_an_empty_answer_stays_empty() -> None:
    assert [answer.option_id for answer in check().answers] == [None, None, None]


def test_an_answer_that_is_no_option_names_its_place_and_the_options() -> None:
    checked = check(row("POS-1.1", "ja, deels", number=14))

    assert [issue.code for issue in checked.issues] == [IssueCode.UNKNOWN_ANSWER]
    assert checked.issues[0].message.startswith("Blad POS, cel D14: 'ja, deels' is geen keuze bij POS-1.1.")
    assert "'Antwoord voldoet'; 'Antwoord deels'" in checked.issues[0].message


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((row("POS-9.9"),), IssueCode.UNKNOWN_ROW),
        ((row("POS-1.1"), row("POS-1.1")), IssueCode.DOUBLE_ROW),
    ],
)
def test_every_row_ends_as_an_answer_or_an_issue(rows: tuple[SheetRow, ...], code: IssueCode) -> None:
    assert code in {issue.code for issue in check(*rows).issues}


def test_a_row_that_is_gone_is_missed() -> None:
    checked = check_rows([row("POS-1.1"), row("POS-1.2")], [], ASKED)

    assert [issue.message for issue in checked.issues] == [
        "Blad POS: POS-2.1 ontbreekt. Neem de regel over uit een nieuwe vragenlijst."
    ]


def test_a_row_of_a_criterion_is_no_answer() -> None:
    assert check(row("POS-1")).issues == ()


@pytest.mark.parametrize("until", ["31-12-2027", "31/12/2027", "2027-12-31"])
def test_a_deviation_is_read_with_its_last_day(until: str) -> None:
    checked = check(deviations=(deviation(until=until),))

    assert checked.deviations[0].until == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("row_", "code"),
    [
        (deviation(reason=""), IssueCode.HALF_DEVIATION),
        (deviation(agreed_by=""), IssueCode.HALF_DEVIATION),
        (deviation(until=""), IssueCode.HALF_DEVIATION),
        (deviation(until="volgend jaar"), IssueCode.NO_DATE),
        (deviation("POS-2"), IssueCode.NO_DEVIATION),
        (deviation("POS-9"), IssueCode.UNKNOWN_ROW),
    ],
)
def test_a_deviation_without_all_its_parts_is_refused(row_: SheetRow, code: IssueCode) -> None:
    checked = check(deviations=(row_,))

    assert [issue.code for issue in checked.issues] == [code]
    assert checked.deviations == ()


def test_an_empty_deviation_says_nothing() -> None:
    assert check(deviations=(deviation(reason="", agreed_by="", until=""),)).issues == ()
