"""What is older than its term is listed before it goes; what was adopted and the audit trail never go."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from io import StringIO

import pytest

from assessment.errors import NotAllowedError, SettingsError
from assessment.model.access import Grant, Role, Visitor
from assessment.model.answers import Answer, Whose
from assessment.model.audit import Signature
from assessment.model.draft import Draft
from assessment.model.formula import FormulaStatus
from assessment.model.records import OldRecord, RecordKind
from assessment.model.scale import Perspective
from assessment.service.drafts import Edit, begin_draft, drop_draft, hand_in_draft, save
from assessment.service.formulas import FormulaEdit, change_formulas
from assessment.service.installation import Installation
from assessment.service.retention import remove_old_records
from assessment.service.versions import adopt, reopen, withdraw
from assessment.settings import read_settings
from assessment.store.formulas import add_formulas
from assessment.store.records import count_rows, dump_files
from assessment.store.submissions import find_versions
from tests.conftest import NOW, Run, count_submissions
from tests.reading import reading, verify_trail, write_trail

WHOSE = Whose("2026-najaar", "hofduin", Perspective.HOUSE)
FIRST = "2026-najaar.hofduin.huis.1"
LATER = NOW + timedelta(days=400)


def keeping(demo: Installation, **months: int) -> Installation:
    return replace(demo, settings=demo.settings.model_copy(update=months))


def hand_in_next(demo: Installation, moment: datetime, option_id: str = "b") -> str:
    """Hand in another version of the house."""
    draft = begin_draft(demo, WHOSE, moment)
    answer = Answer(question_id="LOS-1.1", option_id=option_id)
    save(demo, Edit(WHOSE, draft.draft_id, answer, 1), moment)
    return hand_in_draft(demo, reading(demo).get_draft(WHOSE), moment).submission_id


@pytest.fixture
def draft(demo: Installation) -> Draft:
    return begin_draft(demo, WHOSE, NOW, empty=True)


def list_old(demo: Installation, now: datetime = LATER, **months: int) -> list[str]:
    return [record.record_id for record in of_house(reading(keeping(demo, **months), now).find_old_records())]


def of_house(records: list[OldRecord]) -> list[OldRecord]:
    """Those of the house of the tests; the demo has others."""
    return [record for record in records if "hofduin." in record.record_id]


def test_without_a_term_everything_is_kept(demo: Installation, draft: Draft) -> None:
    assert list_old(demo, NOW + timedelta(days=4000)) == []
    assert reading(demo).find_draft(WHOSE) == draft


def test_a_draft_is_old_when_nobody_changed_it_for_its_term(demo: Installation, draft: Draft) -> None:
    year = datetime.fromisoformat("2027-11-22T12:00")

    assert list_old(demo, year, keep_drafts_months=12) == []
    assert list_old(demo, year + timedelta(seconds=1), keep_drafts_months=12) == [draft.draft_id]
    save(demo, Edit(WHOSE, draft.draft_id, Answer(question_id="LOS-1.1", option_id="a"), 1), year)
    assert list_old(demo, year + timedelta(seconds=1), keep_drafts_months=12) == []


def test_only_versions_that_were_replaced_are_old(demo: Installation) -> None:
    assert list_old(demo, keep_versions_months=12) == []

    newest = hand_in_next(demo, NOW)

    assert list_old(demo, keep_versions_months=12) == [FIRST]
    assert newest not in list_old(demo, keep_versions_months=1)


def test_what_was_ever_adopted_stays(demo: Installation) -> None:
    withdraw(demo, FIRST.replace("huis", "politie"), "Verkeerd bestand", NOW)
    adopt(demo, FIRST, NOW)
    reopen(demo, FIRST, "Nieuwe gegevens", NOW)

    hand_in_next(demo, NOW)

    assert FIRST not in list_old(demo, keep_versions_months=1)


def test_what_goes_takes_its_answers_and_its_file_along_and_leaves_a_line(
    demo: Installation, draft: Draft
) -> None:
    remove = keeping(demo, keep_versions_months=12, keep_drafts_months=12)
    drop_draft(demo, draft, NOW)
    hand_in_next(demo, NOW)
    draft = begin_draft(demo, WHOSE, NOW)
    before = count_submissions(demo)
    with demo.store.reading() as session:
        gone = next(each for each in find_versions(session, *WHOSE) if each.submission_id == FIRST)
        rows = count_rows(session)

    removed = remove_old_records(remove, of_house(reading(remove, LATER).find_old_records()), LATER)

    assert {record.record_id for record in removed} == {FIRST, draft.draft_id}
    assert count_submissions(demo) == before - 1
    with demo.store.reading() as session:
        assert gone.file_sha256 not in {sha256(content).hexdigest() for content in dump_files(session)}
        left = count_rows(session)
    assert left["answers"] < rows["answers"]
    assert left["drafts"] == rows["drafts"] - 1
    assert left["audit"] == rows["audit"] + 2
    verify_trail(demo)
    lines = [json.loads(line) for line in write_trail(demo)][-2:]
    assert {(line["action"], line["subject"]) for line in lines} == {
        ("inlevering-verwijderd", FIRST),
        ("concept-verwijderd", draft.draft_id),
    }


def change_formula(demo: Installation, moment: datetime, **changes: object) -> None:
    change_formulas(demo, [FormulaEdit("hofduin", "buurt", {"title": "Buurt", **changes})], moment)


def test_versions_of_a_formula_that_were_replaced_and_never_adopted_are_old(demo: Installation) -> None:
    change_formula(demo, NOW, theme="jeugd")
    change_formula(demo, NOW, theme="buurt")
    with demo.store.writing() as session:
        adopted = reading(demo).find_formula("hofduin", "buurt").formula
        ready = adopted.model_copy(update={"version": 3, "status": FormulaStatus.ADOPTED})
        add_formulas(session, [ready], Signature("a-1", NOW))
    change_formula(demo, NOW, theme="straat", status="concept")
    remove = keeping(demo, keep_versions_months=12)

    removed = remove_old_records(remove, of_house(reading(remove, LATER).find_old_records()), LATER)

    assert [record.record_id for record in removed] == ["hofduin.buurt.1", "hofduin.buurt.2"]
    left = reading(demo).list_formula_versions("hofduin", "buurt")
    assert [each.formula.version for each in left] == [4, 3]
    last = json.loads(list(write_trail(demo))[-1])
    assert (last["action"], last["subject"]) == ("formule-versie-verwijderd", "hofduin.buurt.2")
    change_formula(demo, LATER, theme="wijk", status="concept")
    assert reading(demo).find_formula("hofduin", "buurt").formula.version == 5


def test_a_draft_that_somebody_went_on_with_after_the_list_was_shown_stays(
    demo: Installation, draft: Draft
) -> None:
    remove = keeping(demo, keep_drafts_months=12)
    seen = of_house(reading(remove, LATER).find_old_records())
    save(demo, Edit(WHOSE, draft.draft_id, Answer(question_id="LOS-1.1", option_id="a"), 1), LATER)

    assert [record.kind for record in seen] == [RecordKind.DRAFT]
    assert remove_old_records(remove, seen, LATER) == []
    assert reading(demo).get_draft(WHOSE).answered == {"LOS-1.1"}


def test_a_number_of_a_version_is_never_used_again(demo: Installation) -> None:
    hand_in_next(demo, NOW)
    remove = keeping(demo, keep_versions_months=12)
    remove_old_records(remove, reading(remove, LATER).find_old_records(), LATER)

    assert hand_in_next(demo, LATER, "c") == "2026-najaar.hofduin.huis.3"


def test_only_the_administrator_applies_terms(demo: Installation) -> None:
    for role in Role:
        given = {"house_id": "hofduin"} if role is Role.MANAGER else {}
        given |= {"unit_id": "limburg"} if role in {Role.POLICE, Role.UNIT} else {}
        visitor = Visitor(who="a1", name="A", grants=(Grant.model_validate({"role": role, **given}),))
        other = replace(demo, visitor=visitor)
        if role is Role.ADMINISTRATOR:
            assert reading(other, LATER).find_old_records() == []
            continue
        with pytest.raises(NotAllowedError):
            reading(other, LATER).find_old_records()
        with pytest.raises(NotAllowedError):
            remove_old_records(other, [], LATER)


def test_on_the_command_line_what_would_go_is_shown_and_asked_first(
    on_demo: Run, demo: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin_draft(demo, WHOSE, datetime.fromisoformat("2020-01-01"), empty=True)
    monkeypatch.setenv("KADERSCAN_KEEP_DRAFTS_MONTHS", "6")
    monkeypatch.setattr("sys.stdin", StringIO("nee\nja\n"))

    shown = on_demo("retention", "show")
    refused = on_demo("retention", "apply")
    kept = reading(demo).find_draft(WHOSE)
    done = on_demo("retention", "apply")

    assert draft.draft_id in shown.stdout
    assert "6 maanden" in shown.stdout
    assert "Er is niets verwijderd." in refused.stdout
    assert kept == draft
    assert "Verwijderd: 1 van 1." in done.stdout
    assert reading(demo).find_draft(WHOSE) is None
    assert "Er is niets te verwijderen." in on_demo("retention", "apply", "--yes").stdout


def test_a_term_that_is_no_number_of_months_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADERSCAN_KEEP_DRAFTS_MONTHS", "-1")

    with pytest.raises(SettingsError, match="keep_drafts_months"):
        read_settings()
