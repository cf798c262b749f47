"""A filled questionnaire comes in: stored whole, or not at all, with a message that tells what to do."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from sqlalchemy import func, select

from assessment.errors import (
    AnswersRefusedError,
    NotAllowedError,
    NotAWorkbookError,
    OtherVersionError,
    UnknownHouseError,
    UnknownRoundError,
    UserError,
)
from assessment.model.access import Visitor
from assessment.model.issue import IssueCode
from assessment.model.receipt import RowClass
from assessment.model.register import House, Round, Unit
from assessment.model.scale import Perspective
from assessment.service.installation import Installation, open_installation
from assessment.service.intake import FileOutcome, NamedFile, check_file, hand_in
from assessment.service.receipts import make_receipt
from assessment.service.round_scores import score_round
from assessment.settings import HOME, Settings
from assessment.store.register import add_houses, add_round, add_units
from assessment.store.tables import AnswerRow, SubmissionRow
from tests.conftest import NOW
from tests.reading import reading, write_form


def blank(installation: Installation, round_id: str = "2026-najaar") -> Workbook:
    content = write_form(installation, "waterwolde", round_id, Perspective.HOUSE)
    return load_workbook(BytesIO(content))


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def count(installation: Installation) -> tuple[int, int]:
    with installation.store.reading() as session:
        submissions = session.scalar(select(func.count()).select_from(SubmissionRow))
        answers = session.scalar(select(func.count()).select_from(AnswerRow))
    return submissions or 0, answers or 0


def test_a_sound_file_becomes_a_new_version(demo: Installation) -> None:
    book = blank(demo)
    book["LOS"]["D5"] = "Ja, voor alle"
    book["LOS"]["E5"] = "Sinds dit voorjaar"

    stored = hand_in(demo, NamedFile("waterwolde.xlsx", saved(book)), NOW)

    submission = reading(demo).find_submission(stored.submission_id)
    assert stored.submission_id == "2026-najaar.waterwolde.huis.2"
    assert [(a.question_id, a.option_id, a.explanation) for a in submission.answers] == [
        ("LOS-1.1", "a", "Sinds dit voorjaar")
    ]
    assert reading(demo).find_submission("2026-najaar.waterwolde.huis.1").version == 1


def test_the_same_file_again_changes_nothing(demo: Installation) -> None:
    content = saved(blank(demo))
    hand_in(demo, NamedFile("waterwolde.xlsx", content), NOW)
    before = count(demo)

    again = hand_in(demo, NamedFile("waterwolde.xlsx", content), NOW)

    assert again.already
    assert count(demo) == before


def test_a_file_is_read_once_to_be_checked_handed_in_and_marked(
    demo: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = NamedFile("waterwolde.xlsx", saved(blank(demo)))
    check_file(demo, file, NOW.date())
    monkeypatch.setattr("assessment.service.intake.read_file", None)

    stored = hand_in(demo, file, NOW)

    assert stored.submission_id
    assert make_receipt(demo, stored).marked


def test_a_file_that_somebody_else_checked_is_still_refused_to_who_may_not(demo: Installation) -> None:
    file = NamedFile("waterwolde.xlsx", saved(blank(demo)))
    check_file(demo, file, NOW.date())

    with pytest.raises(NotAllowedError):
        check_file(replace(demo, visitor=Visitor(who="a-1", name="A")), file, NOW.date())


def test_an_explanation_without_an_answer_is_kept_and_stays_unknown(demo: Installation) -> None:
    book = blank(demo)
    book["LOS"]["E5"] = "Dit zoeken wij uit"

    stored = hand_in(demo, NamedFile("waterwolde.xlsx", saved(book)), NOW)

    assert reading(demo).find_submission(stored.submission_id).answers[0].option_id is None
    scores = score_round(demo, "2026-najaar", Perspective.HOUSE, NOW.date())
    own = scores.criteria.query("house_id == 'waterwolde' and criterion_id == 'LOS-1'")
    assert own[["low", "high"]].to_numpy().tolist() == [[0, 1]]


def test_a_row_may_move_because_it_is_found_by_its_number(demo: Installation) -> None:
    book = blank(demo)
    sheet = book["AAN"]
    sheet["A30"], sheet["D30"] = sheet["A5"].value, "Ja, op schrift"
    sheet["A5"] = None

    stored = hand_in(demo, NamedFile("waterwolde.xlsx", saved(book)), NOW)

    answers = reading(demo).find_submission(stored.submission_id).answers
    assert [(a.question_id, a.option_id) for a in answers] == [("AAN-1.1", "a")]


def change_identity(name: str, value: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for row in book["kaderscan"].iter_rows(max_col=2):
            if row[0].value == name:
                row[1].value = value

    return change


def no_option(book: Workbook) -> None:
    book["LOS"]["D5"] = "ja, deels"


def no_identity(book: Workbook) -> None:
    del book["kaderscan"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (no_option, AnswersRefusedError, "Blad LOS, cel D5: 'ja, deels' is geen keuze bij LOS-1.1. Kies uit"),
        (
            no_identity,
            UnknownHouseError,
            "het bestand zegt niet voor welk huis, welke ronde en van wie het is",
        ),
        (change_identity("house_id", "atlantis"), UnknownHouseError, "Huis 'atlantis' staat niet in het"),
        (change_identity("round_id", "1999"), UnknownRoundError, "Ronde '1999' bestaat niet. Wel: 2025-naj"),
        (change_identity("perspective", "OM"), UnknownRoundError, "vraagt geen antwoorden van 'OM'"),
        (
            change_identity("frameworks", "politie/0.9"),
            OtherVersionError,
            "gemaakt voor politie/0.9, maar ronde '2026-najaar' vraagt politie/1.1",
        ),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_is_stored(
    demo: Installation, change: Callable[[Workbook], None], error: type[UserError], message: str
) -> None:
    book = blank(demo)
    change(book)
    before = count(demo)

    with pytest.raises(error) as refusal:
        hand_in(demo, NamedFile("waterwolde.xlsx", saved(book)), NOW)

    assert message in str(refusal.value)
    assert count(demo) == before


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 ...", b"PK\x03\x04 broken", b"\xff" * 1000])
def test_a_file_that_is_no_workbook_says_what_to_do(demo: Installation, content: bytes) -> None:
    with pytest.raises(NotAWorkbookError, match=r"^brief\.xlsx: .*(Bewaar|Lever|bewaar|Download)"):
        hand_in(demo, NamedFile("brief.xlsx", content), NOW)


def test_every_kind_of_user_error_has_its_own_exit_code() -> None:
    kinds = [kind for kind in UserError.__subclasses__() if kind.__name__ != "FilesRefusedError"]

    codes = [kind.exit_code for kind in kinds]

    assert len(set(codes)) == len(kinds)
    assert not {0, 1} & set(codes)


def test_of_an_older_version_what_is_the_same_is_taken_over_with_a_reason(tmp_path: Path) -> None:
    """Version 1.9 asks LOS-1.1 in other words and drops nothing."""
    newer = newer_version(tmp_path)
    book = blank(newer, "2026-oud")
    book["LOS"]["D5"], book["LOS"]["D6"] = "Ja, voor alle", "Nee"
    set_identity(book, "round_id", "2027-nieuw")
    file = NamedFile("oud.xlsx", saved(book))

    with pytest.raises(AnswersRefusedError) as refusal:
        hand_in(newer, file, NOW)
    stored = hand_in(newer, file, NOW, accepted_because="de rest volgt")

    assert (
        "gemaakt voor politie/1.0, maar de ronde vraagt politie/1.9. 54 vragen" in str(refusal.value).lower()
    )
    submission = reading(newer).find_submission(stored.submission_id)
    assert [(a.question_id, a.option_id) for a in submission.answers] == [("LOS-1.2", "c")]
    assert submission.accepted_because == "de rest volgt"
    assert stored.receipt is not None
    outside = [i.facts["key"] for i in stored.receipt.issues if i.code is IssueCode.CHANGED_QUESTION]
    assert outside == ["LOS-1.1"]
    assert stored.receipt.count(RowClass.OUTSIDE_ROUND) == 1
    newer.close()


def newer_version(folder: Path) -> Installation:
    """An installation in which a second version of a framework was published, each with a round."""
    content = folder / "inhoud"
    for part in ("questionnaires", "reports"):
        shutil.copytree(HOME / part, content / part)
    published = content / "questionnaires" / "politie" / "1.0.yaml"
    text = published.read_text(encoding="utf-8").replace("version: '1.0'", "version: '1.9'")
    changed = text.replace(
        "Heeft het huis eigen mensen voor het begel", "Heeft u eigen mensen voor het begel"
    )
    assert changed not in {text, published.read_text(encoding="utf-8")}
    published.with_name("1.9.yaml").write_text(changed, encoding="utf-8")
    opened = open_installation(
        Settings(database_url=f"sqlite:///{(folder / 'x.sqlite').as_posix()}", content_folder=content)
    )
    house = House(house_id="waterwolde", title="Waterwolde", unit_id="noord", invented=True)
    with opened.store.writing() as session:
        add_units(session, (Unit(unit_id="noord", title="Noord", regions=("Noord",)),))
        add_houses(session, (house,))
        for round_id, version in (("2026-oud", "1.0"), ("2027-nieuw", "1.9")):
            add_round(session, a_round(round_id, version))
    return opened


def a_round(round_id: str, version: str) -> Round:
    day = date(2026, 1, 1)
    return Round(
        round_id=round_id,
        title=round_id,
        opens=day,
        closes=day,
        frameworks=(f"politie/{version}",),
        house_ids=("waterwolde",),
    )


def set_identity(book: Workbook, name: str, value: str) -> None:
    change_identity(name, value)(book)


def test_a_deviation_that_ended_and_comments_are_told_on_the_receipt(demo: Installation) -> None:
    book = blank(demo)
    row = next(row for row in book["Bewust anders"].iter_rows() if row[0].value == "POS-2")
    for cell, text in zip(row[2:5], ("Klein huis", "Bestuur", "1 juli 2026"), strict=True):
        cell.value = text
    book["LOS"]["D5"].comment = Comment("nog navragen", "Piet")
    file = NamedFile("waterwolde.xlsx", saved(book))

    receipt = check_file(demo, file, NOW.date())

    assert [issue.code for issue in receipt.issues] == [IssueCode.EXPIRED, IssueCode.COMMENTS]
    assert "liep tot en met 1 juli 2026" in receipt.issues[0].message
    with pytest.raises(AnswersRefusedError, match="telt dus niet meer mee"):
        hand_in(demo, file, NOW)
    assert hand_in(demo, file, NOW, "Het loopt af.").submission_id
    sheet = load_workbook(BytesIO(make_receipt(demo, FileOutcome(file, receipt)).content))["Ontvangst"]
    assert any(
        "opmerkingen bij cellen (D5)" in str(cell.value) for line in sheet.iter_rows() for cell in line
    )


def test_a_citizen_in_a_comment_is_asked_about_at_its_cell(demo: Installation) -> None:
    book = blank(demo)
    book["LOS"]["D5"].comment = Comment("gaat over 123456782", "Piet")

    receipt = check_file(demo, NamedFile("waterwolde.xlsx", saved(book)), NOW.date())

    asked = [(each.code, each.sheet, each.cell) for each in receipt.blocking]
    assert asked == [(IssueCode.CITIZEN_NUMBER, "LOS", "D5")]
