"""A draft: what is missing per theme, who takes which, and how a row is checked."""

from datetime import date, datetime

import pytest

from assessment.engine.validation import check_edit
from assessment.model.answers import Answer, Whose
from assessment.model.draft import (
    Content,
    Draft,
    DraftDeviation,
    DraftRow,
    ThemeShare,
    begin_rows,
    find_missing,
)
from assessment.model.issue import IssueCode
from assessment.model.scale import Kind, Perspective
from tests.builders import criterion, questionnaire

NOW = datetime.fromisoformat("2026-11-22T12:00")
ASKED = questionnaire(
    criterion("POS-1", core=(False, False)),
    criterion("LOS-1"),
    criterion("LOS-2", kind=Kind.HARD_NORM, core=(True,)),
)


def draft(answered: dict[str, str], taken: dict[str, str] | None = None) -> Draft:
    answers = {q.question_id: Answer(question_id=q.question_id) for q in ASKED.questions}
    answers |= {key: Answer(question_id=key, option_id=letter or None) for key, letter in answered.items()}
    themes = {theme.theme_id: ThemeShare(theme_id=theme.theme_id) for theme in ASKED.themes}
    themes |= {key: ThemeShare(theme_id=key, taken_by=who) for key, who in (taken or {}).items()}
    whose = Whose("r", "h", Perspective.HOUSE)
    given, shares = begin_rows(answers, "a", NOW), begin_rows(themes, "a", NOW)
    return Draft("d", whose, 0, NOW, "a", NOW, given, {}, shares)


def missing(answered: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {each.theme.theme_id: each.missing for each in find_missing(draft(answered), ASKED)}


def test_every_question_of_an_empty_draft_is_missing_in_order() -> None:
    assert missing({}) == {"POS": ("POS-1.1", "POS-1.2"), "LOS": ("LOS-1.1", "LOS-2.1")}


def test_weet_ik_niet_is_an_answer_and_an_emptied_answer_is_none() -> None:
    unknown = "d"

    assert missing({"POS-1.1": unknown, "LOS-1.1": "", "LOS-2.1": "a"}) == {
        "POS": ("POS-1.2",),
        "LOS": ("LOS-1.1",),
    }


def test_each_theme_tells_who_takes_it() -> None:
    progress = find_missing(draft({"POS-1.1": "a"}, taken={"LOS": "Fatima"}), ASKED)

    assert [(each.taken_by, each.answered, each.asked) for each in progress] == [("", 1, 2), ("Fatima", 0, 2)]


def test_rows_begin_at_their_first_version() -> None:
    assert begin_rows({"LOS": ThemeShare(theme_id="LOS")}, "a", NOW) == {
        "LOS": DraftRow(ThemeShare(theme_id="LOS"), 1, "a", NOW)
    }


@pytest.mark.parametrize("written", ["a", "A", "Antwoord voldoet", " antwoord VOLDOET "])
def test_an_option_may_be_written_as_in_a_sheet(written: str) -> None:
    checked = check_edit(Answer(question_id="POS-1.1", option_id=written), ASKED)

    assert checked.content == Answer(question_id="POS-1.1", option_id="a")
    assert checked.issues == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (Answer(question_id="POS-1.1", option_id="ja"), IssueCode.UNKNOWN_ANSWER),
        (Answer(question_id="POS-9.9", option_id="a"), IssueCode.UNKNOWN_ROW),
        (Answer(question_id="POS-1.1", evidence="a@b.nl"), IssueCode.MAIL_ADDRESS),
        (DraftDeviation(criterion_id="LOS-2", reason="Anders"), IssueCode.NO_DEVIATION),
        (ThemeShare(theme_id="XYZ"), IssueCode.UNKNOWN_ROW),
        (ThemeShare(theme_id="LOS", taken_by="111222333"), IssueCode.CITIZEN_NUMBER),
    ],
)
def test_a_row_gets_the_remark_that_it_would_get_in_a_sheet(content: Content, code: IssueCode) -> None:
    assert [issue.code for issue in check_edit(content, ASKED).issues] == [code]


@pytest.mark.parametrize(
    "content",
    [
        DraftDeviation(criterion_id="LOS-1", reason="Klein"),
        DraftDeviation(criterion_id="LOS-1", until=date(2027, 12, 31)),
        DraftDeviation(criterion_id="LOS-1"),
        Answer(question_id="POS-1.1"),
        ThemeShare(theme_id="LOS", taken_by="Fatima"),
    ],
)
def test_what_is_half_or_empty_may_stand_in_a_draft(content: Content) -> None:
    assert check_edit(content, ASKED).issues == ()
