"""Drafts: begun, filled in by several people, and handed in the way a file is."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from assessment.errors import (
    AnswersRefusedError,
    ConflictError,
    DraftError,
    NoAnswersError,
    NotAllowedError,
    RoundStateError,
    UnknownRoundError,
)
from assessment.model.access import Grant, Role, Visitor
from assessment.model.answers import Answer, Answered, Deviation, Whose
from assessment.model.draft import Content, Draft, DraftDeviation, DraftRow, ThemeShare, add_up
from assessment.model.receipt import RowClass
from assessment.model.scale import Perspective
from assessment.model.sheets import Part
from assessment.service.drafts import (
    Edit,
    begin_draft,
    check_draft,
    drop_draft,
    hand_in_draft,
    save,
    take_draft,
)
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.joint_versions import adopt_for_house
from assessment.service.rounds import close_round
from assessment.service.versions import reopen
from assessment.settings import HOME
from assessment.store.tables import AuditRow
from assessment.tables.formats import format_answered
from tests.conftest import NOW, Run, count_submissions
from tests.reading import reading, verify_trail, write_trail

WHOSE = Whose("2026-najaar", "waterwolde", Perspective.HOUSE)
LATER = NOW + timedelta(minutes=3)
FILE = HOME / "data" / "demo" / "2026-najaar" / "2026-najaar_hofduin_huis.xlsx"


@pytest.fixture
def draft(demo: Installation) -> Draft:
    return begin_draft(demo, WHOSE, NOW, empty=True)


def write(
    demo: Installation, draft: Draft, content: Content, seen: int = 1, *, accepted: bool = False
) -> DraftRow[Content]:
    return save(demo, Edit(draft.whose, draft.draft_id, content, seen, accepted), LATER)


def answer(option_id: str | None = "a", question_id: str = "LOS-1.1", **texts: str) -> Answer:
    return Answer(question_id=question_id, option_id=option_id, **texts)


def reload(demo: Installation) -> Draft:
    return reading(demo).get_draft(WHOSE)


def test_an_empty_draft_has_a_row_for_all_that_can_be_filled_in(demo: Installation, draft: Draft) -> None:
    asked = demo.questionnaire_of(demo.register().round["2026-najaar"])

    assert reload(demo) == draft
    assert set(draft.answers) == set(asked.question)
    assert set(draft.themes) == {theme.theme_id for theme in asked.themes}
    assert "LOS-2" not in draft.deviations
    assert draft.answered == frozenset()


def test_a_draft_may_go_on_where_the_newest_version_ended(demo: Installation) -> None:
    handed_in = reading(demo).find_submission("2026-najaar.waterwolde.huis.1")

    draft = begin_draft(demo, WHOSE, NOW)

    assert draft.based_on == 1
    assert [row.content for row in draft.answers.values() if row.content in handed_in.answers] == sorted(
        handed_in.answers, key=lambda each: list(draft.answers).index(each.question_id)
    )
    assert {
        key: (row.content.reason, row.content.until)
        for key, row in draft.deviations.items()
        if row.content.reason
    } == {each.criterion_id: (each.reason, each.until) for each in handed_in.deviations}


def test_there_is_nothing_to_go_on_with_before_the_first_version(demo: Installation) -> None:
    with pytest.raises(NoAnswersError, match="nog niets ingeleverd"):
        begin_draft(demo, WHOSE._replace(house_id="klaverlo", perspective=Perspective.POLICE), NOW)


def test_a_draft_may_begin_with_a_file(demo: Installation) -> None:
    draft = take_draft(demo, NamedFile(FILE.name, FILE.read_bytes()), NOW)

    stored = reading(demo).find_submission("2026-najaar.hofduin.huis.1")
    assert draft.whose.house_id == "hofduin"
    assert draft.answered == {each.question_id for each in stored.answers if each.option_id}


def test_there_is_one_draft_at_a_time(demo: Installation, draft: Draft) -> None:
    with pytest.raises(DraftError, match="er is al een concept"):
        begin_draft(demo, WHOSE, LATER)

    assert reload(demo) == draft


def test_a_draft_is_for_a_house_and_round_that_belong_together(demo: Installation) -> None:
    with pytest.raises(UnknownRoundError):
        begin_draft(demo, WHOSE._replace(round_id="2031"), NOW)


def test_an_answer_is_stored_with_who_and_when_and_counts(demo: Installation, draft: Draft) -> None:
    row = write(demo, draft, answer("Voor een deel", explanation=" twee dagen "))

    assert row == DraftRow(answer("b", explanation="twee dagen"), 2, "lokaal", LATER)
    assert reload(demo).answers["LOS-1.1"] == row
    assert reload(demo).answered == {"LOS-1.1"}
    (summary,) = (each for each in reading(demo).find_drafts("2026-najaar") if each.whose == WHOSE)
    assert (summary.answered, summary.asked, summary.changed) == (1, 120, LATER)


def test_saying_the_same_again_makes_no_version(demo: Installation, draft: Draft) -> None:
    first = write(demo, draft, answer("b"))

    again = write(demo, draft, answer("b"))

    assert again == first
    assert reload(demo).revision == 1


def test_the_second_who_changes_an_answer_sees_both_and_overwrites_nothing(
    demo: Installation, draft: Draft
) -> None:
    write(demo, draft, answer("b", explanation="van haar"))

    with pytest.raises(ConflictError) as conflict:
        write(demo, draft, answer("c", explanation="van hem"))

    assert "LOS-1.1" in str(conflict.value)
    assert "'b', toelichting 'van haar'" in str(conflict.value)
    assert "'c', toelichting 'van hem'" in str(conflict.value)
    assert reload(demo).answers["LOS-1.1"].content == answer("b", explanation="van haar")
    assert write(demo, draft, answer("c", explanation="van hem"), seen=2).version == 3


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (answer("z"), "LOS-1.1: 'z' is geen keuze bij LOS-1.1"),
        (answer("a", "XYZ-1.1"), "'XYZ-1.1' is geen nr. van Kaderscan"),
        (answer(explanation="bsn 111222333"), "'111…' kan een burgerservicenummer zijn"),
        (answer(evidence="bel 06-12345678"), "'06-…' lijkt een telefoonnummer"),
        (answer(explanation="x" * 10_001), "te lang"),
        (DraftDeviation(criterion_id="LOS-2", reason="Anders"), "bewust anders kan niet bij LOS-2"),
        (DraftDeviation(criterion_id="KAD-1", agreed_by="jan@voorbeeld.nl"), "'jan…' is een e-mailadres"),
        (ThemeShare(theme_id="LOS", taken_by="piet@voorbeeld.nl"), "'pie…' is een e-mailadres"),
        (ThemeShare(theme_id="XYZ", taken_by="Piet"), "'XYZ' is geen nr. van Kaderscan"),
    ],
)
def test_what_is_not_sound_or_may_be_about_a_person_is_told_before_it_is_stored(
    demo: Installation, draft: Draft, content: Content, fault: str
) -> None:
    with pytest.raises(AnswersRefusedError) as refusal:
        write(demo, draft, content)

    assert fault in str(refusal.value)
    assert reload(demo) == draft


def test_what_only_looks_like_a_person_is_stored_when_somebody_says_so(
    demo: Installation, draft: Draft
) -> None:
    content = answer(explanation="dossier 111222333")

    assert write(demo, draft, content, accepted=True).content == content
    with pytest.raises(AnswersRefusedError):
        write(demo, draft, answer("z"), seen=2, accepted=True)


def test_themes_are_divided_and_each_tells_what_is_missing(demo: Installation, draft: Draft) -> None:
    write(demo, draft, ThemeShare(theme_id="INF", taken_by="Fatima"))
    write(demo, draft, answer("a", "INF-1.1"))

    inf = {each.theme.theme_id: each for each in reading(demo).find_progress(reload(demo))}["INF"]

    assert (inf.taken_by, inf.answered, inf.asked) == ("Fatima", 1, 8)
    assert "INF-1.1" not in inf.missing
    assert len(inf.missing) == 7


def test_the_trail_holds_letters_and_versions_but_no_word_that_was_written(
    demo: Installation, draft: Draft
) -> None:
    write(demo, draft, answer("b", explanation="een geheim"))
    write(demo, draft, answer("c", explanation="een geheim"), seen=2)
    write(demo, draft, ThemeShare(theme_id="INF", taken_by="Fatima"))

    trail = [json.loads(line) for line in write_trail(demo)]
    verify_trail(demo)
    changed = [(each["subject"].rpartition("/")[2], each["old"], each["new"]) for each in trail[-3:]]
    assert changed == [
        ("LOS-1.1", {"option_id": None, "version": 1}, {"option_id": "b", "version": 2}),
        ("LOS-1.1", {"option_id": "b", "version": 2}, {"option_id": "c", "version": 3}),
        ("INF", {"taken": False, "version": 1}, {"taken": True, "version": 2}),
    ]
    assert trail[-4]["action"] == "concept-begonnen"
    assert "geheim" not in str(trail)
    assert "Fatima" not in str(trail)


def fill_in(demo: Installation, draft: Draft) -> Draft:
    """Answer one question and agree on a deviation."""
    write(demo, draft, answer("a", explanation="=1+1", evidence="verslag\nvan mei"))
    write(
        demo,
        draft,
        DraftDeviation(
            criterion_id="KAD-1", reason="Klein", agreed_by="stuurgroep", until=date(2027, 12, 31)
        ),
    )
    return reload(demo)


def test_a_draft_that_is_handed_in_becomes_a_version_with_its_file(demo: Installation, draft: Draft) -> None:
    filled = fill_in(demo, draft)

    handed_in = hand_in_draft(demo, filled, LATER)

    assert handed_in.submission_id == "2026-najaar.waterwolde.huis.2"
    stored = reading(demo).find_submission(handed_in.submission_id)
    assert stored.answers == (answer("a", explanation="=1+1", evidence="verslag\nvan mei"),)
    assert stored.deviations == (
        Deviation(criterion_id="KAD-1", reason="Klein", agreed_by="stuurgroep", until=date(2027, 12, 31)),
    )
    assert stored.file_sha256 == sha256(check_draft(demo, filled, NOW.date()).file.content).hexdigest()
    assert reading(demo).find_draft(WHOSE) is None
    assert [json.loads(line)["action"] for line in write_trail(demo)][-2:] == [
        "concept-ingeleverd",
        "vragenlijst-ingeleverd",
    ]


ODD_TEXTS = (
    "=1+1",
    "@x",
    "regel\r\nregel",
    "\x01\x0b",
    "_x0041_",
    "  ruim  ",
    "😀",
    "01-02-2026",
    "1e5",
    "WAAR",
    "#N/B",
    "Nr.",
    "<b>&amp;",
    "half \ud800 teken",
    "x" * 10_000,
)


def test_what_was_typed_comes_through_the_file_as_it_was_stored(demo: Installation, draft: Draft) -> None:
    for key, text in zip(draft.answers, ODD_TEXTS, strict=False):
        write(demo, draft, answer("a", key, explanation=text), accepted=True)
    filled = reload(demo)

    handed_in = hand_in_draft(demo, filled, LATER)

    stored = {
        each.question_id: each for each in reading(demo).find_submission(handed_in.submission_id).answers
    }
    assert stored == {key: row.content for key, row in filled.answers.items() if row.content.option_id}
    assert len(stored) == len(ODD_TEXTS)


def test_the_file_of_a_draft_is_read_like_any_other(demo: Installation, draft: Draft) -> None:
    filled = fill_in(demo, draft)
    file = check_draft(demo, filled, NOW.date()).file
    hand_in_draft(demo, filled, LATER)

    assert hand_in(demo, file, LATER).already


def test_handing_in_tells_what_is_half_and_then_stores_nothing(demo: Installation, draft: Draft) -> None:
    before = count_submissions(demo)
    write(demo, draft, DraftDeviation(criterion_id="KAD-1", reason="Klein"))
    filled = reload(demo)

    receipt = check_draft(demo, filled, NOW.date()).receipt
    with pytest.raises(AnswersRefusedError, match="bewust anders bij KAD-1 mist Akkoord van en Tot en met"):
        hand_in_draft(demo, filled, LATER)

    assert receipt
    assert [issue.sentence for issue in receipt.blocking] == [
        "bewust anders bij KAD-1 mist Akkoord van en Tot en met. Vul alles in of maak de regel leeg."
    ]
    assert count_submissions(demo) == before
    assert reload(demo) == filled
    assert hand_in_draft(demo, filled, LATER, "Volgt later").submission_id


def test_open_texts_are_counted_apart_in_a_draft_as_in_what_is_handed_in(
    demo: Installation, draft: Draft
) -> None:
    for content in (
        answer("a"),
        answer(None, "POS-6.4", explanation="Wie belt wie?"),
        answer(None, "POS-6.5", explanation="Meer tijd"),
    ):
        write(demo, draft, content)

    drafted = add_up(reading(demo).find_progress(reload(demo)))
    receipt = hand_in_draft(demo, reload(demo), LATER).receipt

    assert receipt is not None
    assert drafted == receipt.answered == Answered(answered=1, asked=120, written=2, open=5)
    assert format_answered(drafted) == "1 van 120 vragen beantwoord, 2 van 5 open vragen"
    assert receipt.of_questions[RowClass.EMPTY] == 119
    assert receipt.count(RowClass.READ, RowClass.EMPTY, parts=[Part.QUESTIONS, Part.OPEN_QUESTIONS]) == 125


def test_what_was_changed_after_it_was_seen_is_not_handed_in_nor_removed(
    demo: Installation, draft: Draft
) -> None:
    before = count_submissions(demo)
    write(demo, draft, answer("a"))

    for act in (hand_in_draft, drop_draft):
        with pytest.raises(ConflictError, match="intussen veranderd"):
            act(demo, draft, LATER)

    assert count_submissions(demo) == before
    assert reload(demo).answered == {"LOS-1.1"}


def test_who_still_looks_at_a_draft_that_was_handed_in_is_told(demo: Installation, draft: Draft) -> None:
    hand_in_draft(demo, draft, LATER)
    begin_draft(demo, WHOSE, LATER)

    with pytest.raises(DraftError, match="ingeleverd of weggehaald"):
        write(demo, draft, answer("a"))


def test_a_draft_that_is_removed_leaves_a_line_in_the_trail(demo: Installation, draft: Draft) -> None:
    drop_draft(demo, draft, LATER)

    assert reading(demo).find_draft(WHOSE) is None
    with demo.store.reading() as session:
        newest = session.scalar(select(AuditRow.action).order_by(AuditRow.number.desc()).limit(1))
        assert session.scalar(select(func.count()).select_from(AuditRow))
    assert newest == "concept-verwijderd"


def test_the_command_line_does_it_all(on_demo: Run) -> None:
    of = ("--house", "waterwolde")

    none = on_demo("draft", "show", *of)
    begun = on_demo("draft", "begin", *of, "--empty")
    stored = on_demo("draft", "set", *of, "LOS-1.1", "--option", "voor een deel", "--explanation", "deels")
    conflict = on_demo("draft", "set", *of, "LOS-1.1", "--option", "c", "--version", "1")
    divided = on_demo("draft", "divide", *of, "LOS", "--who", "Fatima")
    agreed = on_demo(
        "draft",
        "deviate",
        *of,
        "KAD-1",
        "--reason",
        "Klein",
        "--agreed-by",
        "stuurgroep",
        "--until",
        "2027-12-31",
    )
    progress = on_demo("draft", "show", *of)
    listed = on_demo("draft", "list")
    shown = json.loads(on_demo("draft", "show", *of, "--format", "json").stdout)
    handed_in = on_demo("draft", "hand-in", *of)

    assert none.returncode == 26
    assert "0 van 120 vragen beantwoord" in begun.stdout
    assert stored.stdout == "Bewaard: LOS-1.1 is 'b', toelichting 'deels' (versie 2).\n"
    assert conflict.returncode == 23
    assert "LOS-1.1: intussen veranderd door lokaal. Versie 2 is 'b'" in conflict.stderr
    assert "versie 2" in divided.stdout
    assert agreed.returncode == 0
    assert "Fatima" in progress.stdout
    assert "1 van 120" in listed.stdout
    assert [row["version"] for row in shown["answers"] if row["option_id"]] == [2]
    assert "2026-najaar.waterwolde.huis.2: bewaard" in handed_in.stdout
    assert on_demo("draft", "show", *of).returncode == 26


def test_a_word_that_is_no_question_of_the_draft_is_told(on_demo: Run) -> None:
    on_demo("draft", "begin", "--house", "waterwolde")

    refused = on_demo("draft", "set", "--house", "waterwolde", "LOS-9.9", "--option", "a")

    assert refused.returncode == 2
    assert "'LOS-9.9' is geen vraag van dit concept." in refused.stderr


def test_a_draft_begun_with_a_file_is_removed_after_a_yes(on_demo: Run) -> None:
    taken = on_demo("draft", "take", FILE)

    assert "Begonnen: 2026-najaar.hofduin.huis.concept-" in taken.stdout
    assert on_demo("draft", "take", FILE).returncode == 26
    assert on_demo("draft", "drop", "--house", "hofduin", "--yes").returncode == 0
    assert "hofduin" not in on_demo("draft", "list").stdout


@pytest.mark.parametrize("begin", ["empty", "newest", "file"])
def test_what_is_adopted_is_reopened_before_a_draft_begins(demo: Installation, begin: str) -> None:
    whose = Whose("2026-najaar", "hofduin", Perspective.HOUSE)
    version = find_version(demo)
    if reading(demo).find_settled(whose) is None:
        adopt_for_house(demo, ("2026-najaar", "hofduin"), {}, "huis", NOW)

    def start() -> Draft:
        if begin == "file":
            return take_draft(demo, NamedFile(FILE.name, FILE.read_bytes()), LATER)
        return begin_draft(demo, whose, LATER, empty=begin == "empty")

    with pytest.raises(RoundStateError, match=rf"^{version} is al vastgesteld.*Er is niets begonnen"):
        start()

    assert reading(demo).find_draft(whose) is None
    reopen(demo, version, "Er is iets veranderd.", LATER)
    assert reading(demo).find_settled(whose) is None
    assert start().whose == whose


def find_version(demo: Installation) -> str:
    """The newest version of the house of `FILE`."""
    versions = reading(demo).list_versions("2026-najaar", "hofduin").versions
    return max(each.submission_id for each in versions if each.perspective is Perspective.HOUSE)


def as_visitor(demo: Installation, role: Role, on: str) -> Installation:
    given = {"house_id": on} if role is Role.MANAGER else {"unit_id": on}
    return replace(demo, visitor=Visitor(who="a1", name="A", grants=(Grant(role=role, **given),)))


def test_a_draft_is_for_those_who_fill_it_in_alone(demo: Installation, draft: Draft) -> None:
    unit_id = demo.register().house["waterwolde"].unit_id
    others = [
        as_visitor(demo, Role.UNIT, unit_id),
        as_visitor(demo, Role.POLICE, unit_id),
        as_visitor(demo, Role.MANAGER, "veenrijk"),
    ]
    acts: list[Callable[[Installation], object]] = [
        lambda where: reading(where).get_draft(WHOSE),
        lambda where: begin_draft(where, WHOSE, NOW, empty=True),
        lambda where: take_draft(where, check_draft(demo, draft, NOW.date()).file, NOW),
        lambda where: write(where, draft, answer("b")),
        lambda where: reading(where).find_progress(draft),
        lambda where: check_draft(where, draft, NOW.date()),
        lambda where: hand_in_draft(where, draft, NOW),
        lambda where: drop_draft(where, draft, NOW),
    ]

    for other in others:
        for act in acts:
            with pytest.raises(NotAllowedError):
                act(other)
    own = as_visitor(demo, Role.MANAGER, "waterwolde")
    assert write(own, draft, answer("b")).changed_by == "a1"
    assert hand_in_draft(own, reading(own).get_draft(WHOSE), LATER).submission_id


def test_who_may_know_how_far_a_house_is_sees_that_there_is_a_draft(demo: Installation, draft: Draft) -> None:
    unit_id = demo.register().house["waterwolde"].unit_id

    assert [each.draft_id for each in reading(as_visitor(demo, Role.UNIT, unit_id)).find_drafts()] == [
        draft.draft_id
    ]
    assert reading(as_visitor(demo, Role.MANAGER, "veenrijk")).find_drafts() == []


def test_in_a_round_that_is_closed_nothing_is_filled_in_and_a_draft_stays_as_it_is(
    demo: Installation, draft: Draft
) -> None:
    close_round(demo, WHOSE.round_id, NOW)
    before = count_submissions(demo)

    for act in (
        lambda: write(demo, draft, answer("b")),
        lambda: hand_in_draft(demo, draft, LATER),
        lambda: begin_draft(demo, WHOSE._replace(house_id="veenrijk"), LATER),
    ):
        with pytest.raises(RoundStateError, match="gesloten"):
            act()
    assert reload(demo) == draft
    assert count_submissions(demo) == before
