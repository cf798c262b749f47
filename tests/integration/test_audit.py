"""The audit trail in a real database: what is written, and what is found of tampering."""

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from assessment.errors import AuditError, CommandUsageError, NotAllowedError, StoreError
from assessment.model.access import Grant, Role
from assessment.model.audit import Action, AuditEntry, AuditHead, Change, Signature, read_head
from assessment.model.rules import ZONE
from assessment.service.accounts import add_account, grant_role
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.register import Asks, import_houses, open_round
from assessment.settings import HOME
from assessment.store.audit import append_changes
from assessment.store.engine import Store, open_store
from tests.conftest import NOW, Run
from tests.reading import verify_trail, write_trail

CHANGE = Change(action=Action.HOUSE_ADDED, subject="x", new={"title": "Huis Één"})
SIGNATURE = Signature("lokaal", NOW)
DEMO_FILE = HOME / "data" / "demo" / "2026-najaar" / "2026-najaar_hofduin_huis.xlsx"
COLUMNS = ("moment", "who", "action", "subject", "old", "new", "previous_sha256", "sha256")
SWAP = ((2, 0), (3, 2), (0, 3))
INSERT_SEVENTH = f"insert into audit select 7, {', '.join(COLUMNS)} from audit where number = 6"  # noqa: S608


def read_entries(installation: Installation) -> list[dict[str, object]]:
    return [json.loads(line) for line in write_trail(installation)]


def append(store: Store, times: int = 1) -> None:
    for _ in range(times):
        with store.writing() as session:
            append_changes(session, SIGNATURE, [CHANGE])


def find_told(installation: Installation, kept: AuditHead | None = None) -> str:
    with pytest.raises(AuditError) as found:
        verify_trail(installation, kept)
    return str(found.value)


@pytest.fixture
def trail(installation: Installation) -> Installation:
    """A trail of six entries."""
    append(installation.store, 6)
    return installation


def tamper(installation: Installation, *statements: str) -> None:
    """Change the database behind the back of the program."""
    with installation.store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_every_use_case_that_changes_something_writes_what_it_changed(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "huizen.csv"
    file.write_text("house_id,title,unit_id,source\nx,Huis X,limburg,Jan Jansen\n", encoding="utf-8")
    import_houses(installation, file, NOW)
    import_houses(installation, file, NOW)
    file.write_text("house_id,title,unit_id,source\nx,Huis Y,limburg,Jan Jansen\n", encoding="utf-8")
    import_houses(installation, file, NOW)
    days = (NOW.date(), NOW.date())
    open_round(installation, ("een", "Een"), days, Asks(("politie/1.0",), ()), NOW)

    entries = read_entries(installation)

    assert [entry["action"] for entry in entries] == [
        *["eenheid-toegevoegd"] * 10,
        *["huis-toegevoegd", "huis-gewijzigd", "ronde-geopend"],
    ]
    changed = entries[11]
    assert (changed["who"], changed["subject"]) == ("lokaal", "x")
    assert changed["moment"] == "2026-11-22T12:00:00+01:00"
    assert changed["old"] == {**changed["new"], "title": "Huis X"}  # type: ignore[dict-item]
    assert "Jan Jansen" not in json.dumps(entries)
    assert entries[12]["new"]["house_ids"] == ["x"]  # type: ignore[index]
    assert verify_trail(installation).number == 13


def test_what_is_refused_writes_nothing(installation: Installation) -> None:
    with pytest.raises(StoreError):
        append_and_fail(installation.store)

    assert verify_trail(installation) == AuditHead()


def append_and_fail(store: Store) -> None:
    with store.writing() as session:
        append_changes(session, SIGNATURE, [CHANGE])
        session.execute(text("insert into houses (house_id) values ('y')"))


def test_the_demo_writes_all_that_it_adds_and_a_second_time_nothing(demo: Installation) -> None:
    head = verify_trail(demo)
    list(fill_demo(demo, NOW))

    actions = [entry["action"] for entry in read_entries(demo)]
    assert verify_trail(demo) == head
    assert {action: actions.count(action) for action in set(actions)} == {
        "eenheid-toegevoegd": 10,
        "huis-toegevoegd": 30,
        "formule-gewijzigd": 15,
        "inzet-van-partij-gewijzigd": 48,
        "ronde-geopend": 3,
        "demo-gevuld": 1,
        "district-gewijzigd": 13,
        "vragenlijst-ingeleverd": 100 + 5,
        "inlevering-vastgesteld": 60 + 8 + 5 * 3,
        "plan-gewijzigd": 4,
        "inlevering-heropend": 1,
        "concept-begonnen": 5,
        "ronde-gesloten": 2,
    }


def test_a_questionnaire_tells_old_and_new_letters_and_no_word_that_a_house_wrote(demo: Installation) -> None:
    first = hand_in(demo, NamedFile("jan de vries.xlsx", DEMO_FILE.read_bytes() + b" "), NOW)

    entry = read_entries(demo)[-1]

    assert entry["subject"] == first.submission_id == "2026-najaar.hofduin.huis.2"
    assert entry["old"]["version"] == 1  # type: ignore[index]
    assert entry["new"] == {  # the same answers in another file: no letter changed
        "version": 2,
        "file_sha256": first.file.sha256,
        "answers": {},
        "deviations": {},
        "accepted_with_reason": False,
    }
    assert "jan" not in json.dumps(entry).lower()


def test_the_first_version_tells_every_letter(demo: Installation) -> None:
    entries = [entry for entry in read_entries(demo) if entry["action"] == "vragenlijst-ingeleverd"]

    assert all(entry["old"] is None for entry in entries)
    for entry in entries:
        letters = entry["new"]["answers"].values()  # type: ignore[index]
        assert all(re.fullmatch("[a-z]", letter) for letter in letters)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", range(1, 7))
def test_a_byte_changed_in_any_column_of_any_entry_is_found(
    trail: Installation, column: str, number: int
) -> None:
    changed = f"replace({column}, substr({column}, 1, 1), '~')"
    tamper(trail, f"update audit set {column} = {changed} where number = {number}")  # noqa: S608

    assert f"Logboek, regel {number} is veranderd." in find_told(trail)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["delete from audit where number = 3"], "regel 3 is weg"),
        (["delete from audit where number = 1"], "regel 1 is weg"),
        (["delete from audit where number > 4"], "regel 5 tot en met 6: afgeknipt van het einde"),
        (["delete from audit"], "regel 1 tot en met 6: afgeknipt van het einde"),
        (["update audit set number = number - 10"], "regel -9 is ertussen gezet"),
        (
            [f"update audit set number = {new} where number = {old}" for old, new in SWAP],  # noqa: S608
            "regel 2 is veranderd",
        ),
        ([INSERT_SEVENTH], "regel 7 is veranderd"),
        (["delete from audit_head"], "het slot van het logboek is weg"),
        (["update audit_head set number = 5"], "regel 6 tot en met 6: erachter gezet"),
        (["update audit_head set sha256 = replace(sha256, '0', '1')"], "regel 6 past niet op het slot"),
    ],
)
def test_entries_that_went_moved_or_came_are_found(
    trail: Installation, statements: list[str], told: str
) -> None:
    tamper(trail, *statements)

    assert told in find_told(trail)


def test_a_tail_cut_off_with_its_head_only_shows_beside_a_head_that_was_kept(trail: Installation) -> None:
    kept = verify_trail(trail)
    hash_of_fourth = read_entries(trail)[3]["sha256"]
    tamper(
        trail,
        "delete from audit where number > 4",
        f"update audit_head set number = 4, sha256 = '{hash_of_fourth}'",  # noqa: S608
    )

    assert verify_trail(trail).number == 4
    assert "regel 6 is niet meer de regel die u apart hebt bewaard" in find_told(trail, kept)


def test_every_byte_of_the_file_of_an_entry_counts_also_one_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.sqlite"
    installation = Installation(None, open_store(f"sqlite:///{path.as_posix()}"))  # type: ignore[arg-type]
    append(installation.store, 3)

    for column in COLUMNS:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            whole = f"select cast({column} as blob) from audit where number = 2"  # noqa: S608
            (old,) = connection.execute(whole).fetchone()
            for place in range(len(old)):
                for changed in (old[place] ^ 0x01, 0xFF, 0x00):
                    new = old[:place] + bytes([changed]) + old[place + 1 :]
                    connection.execute(
                        f"update audit set {column} = cast(? as text) where number = 2",  # noqa: S608
                        [new],
                    )
                    assert new == old or "regel 2 is veranderd" in find_told(installation)
            connection.execute(f"update audit set {column} = cast(? as text) where number = 2", [old])  # noqa: S608
    assert verify_trail(installation).number == 3
    assert len(list(write_trail(installation))) == 3
    installation.close()


def test_nothing_is_stored_that_cannot_be_recorded(trail: Installation) -> None:
    tamper(trail, "delete from audit_head")

    with pytest.raises(AuditError, match="slot van het logboek is weg"):
        import_houses(trail, HOME / "data" / "houses.csv", NOW)

    assert trail.register().houses == ()


def test_many_writers_at_once_keep_one_unbroken_chain(installation: Installation) -> None:
    other = open_store(installation.settings.database_url)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(append, [installation.store, other] * 4, [20] * 8))
    other.engine.dispose()

    assert verify_trail(installation).number == 160
    assert [entry["number"] for entry in read_entries(installation)] == list(range(1, 161))


def test_the_commands_print_a_head_to_keep_and_write_lines_that_anyone_can_check(
    on_demo: Run, demo: Installation, tmp_path: Path
) -> None:
    count = len(read_entries(demo))
    verified = on_demo("audit", "verify")
    head = verified.stdout.splitlines()[1].removeprefix("Slot: ")
    exported = on_demo("audit", "export", "-o", tmp_path / "logboek.jsonl")

    assert verified.stdout.startswith(f"Het logboek is in orde: {count} regels.")
    assert on_demo("audit", "verify", "--kept", head).returncode == 0
    assert exported.stdout.endswith(f"({count} regels).\n")
    lines = (tmp_path / "logboek.jsonl").read_text(encoding="utf-8").splitlines()
    assert head == f"{len(lines)}:{json.loads(lines[-1])['sha256']}"


def test_a_broken_trail_ends_with_a_code_of_its_own(on_demo: Run, demo: Installation) -> None:
    count = len(read_entries(demo))
    tamper(demo, "update audit set who = 'niemand' where number > 100")

    ended = on_demo("audit", "verify")

    assert ended.returncode == 19
    lines = ended.stderr.splitlines()
    assert lines[0] == "Logboek, regel 101 is veranderd."
    assert lines[20] == f"En nog {count - 100 - 20} fouten."
    assert len(lines) == 22


@pytest.mark.parametrize("written", ["", "12", "12:abc", "x:" + "0" * 64])
def test_a_head_that_is_none_is_told(written: str) -> None:
    with pytest.raises(CommandUsageError, match="is geen slot"):
        read_head(written)


def test_an_entry_is_read_back_as_it_was_written(trail: Installation) -> None:
    entries = read_entries(trail)

    given = {
        key: value if isinstance(value, (str, int)) else json.dumps(value)
        for key, value in entries[0].items()
    }
    assert AuditEntry.model_validate(given).number == 1
    assert entries[0]["new"] == {"title": "Huis Één"}
    assert datetime.fromisoformat(str(entries[0]["moment"])) == NOW.replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2026-07-01T12:00", "2026-07-01T12:00:00+02:00"),
        ("2026-10-25T01:30+00:00", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T00:30+00:00", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_a_moment_tells_its_zone_also_in_the_hour_that_comes_twice(
    installation: Installation, moment: str, written: str
) -> None:
    given = datetime.fromisoformat(moment)
    dutch = given.astimezone(ZONE).replace(tzinfo=None) if given.tzinfo else given
    with installation.store.writing() as session:
        append_changes(session, Signature("lokaal", dutch), [CHANGE])

    assert read_entries(installation)[-1]["moment"] == written


def test_what_leaves_is_told(on_demo: Run, demo: Installation, tmp_path: Path) -> None:
    before = len(read_entries(demo))

    for words in (
        ("submission", "export", "2026-najaar.hofduin.huis.1", "-o", "antwoorden.xlsx"),
        ("plan", "--house", "hofduin", "-o", "plannen"),
        ("house", "export", "-o", "huizen.csv"),
        ("audit", "export", "-o", "logboek.jsonl"),
        ("backup", "alles.zip"),
    ):
        assert on_demo(*words).returncode == 0

    told = [(entry["action"], entry["subject"]) for entry in read_entries(demo)[before:]]
    assert told == [
        ("bestand-uitgegeven", "2026-najaar.hofduin.huis.1"),
        ("bestand-uitgegeven", "plan/hofduin"),
        ("bestand-uitgegeven", "huizen"),
        ("bestand-uitgegeven", "logboek"),
        ("reservekopie-gemaakt", "database"),
    ]
    checksum = sha256((tmp_path / "alles.zip").read_bytes()).hexdigest()
    assert read_entries(demo)[-1]["new"] == {"file_sha256": checksum}
    verify_trail(demo)


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        (("score", "--house", "hofduin", "--format", "json"), "score/hofduin"),
        (("score", "--unit", "limburg", "--format", "csv"), "score/limburg"),
        (("compare", "--format", "json"), "compare"),
        (("roadmap", "--house", "hofduin", "--format", "csv"), "roadmap/hofduin"),
        (("round", "board", "--format", "json"), "round board"),
        (("plan", "capacity", "--house", "hofduin", "--format", "json"), "plan capacity/hofduin"),
        (("plan", "show", "--house", "hofduin", "--format", "json"), "plan show/hofduin"),
    ],
)
def test_what_a_command_writes_for_other_programs_is_told_as_what_leaves(
    on_demo: Run, demo: Installation, words: tuple[str, ...], subject: str
) -> None:
    before = len(read_entries(demo))

    ended = on_demo(*words)

    assert ended.returncode == 0, ended.stderr
    told = [(entry["action"], entry["subject"]) for entry in read_entries(demo)[before:]]
    assert told == [("bestand-uitgegeven", subject)]


def test_what_is_shown_as_a_table_or_failed_is_not_told_as_what_leaves(
    on_demo: Run, demo: Installation
) -> None:
    before = len(read_entries(demo))

    shown, failed = (
        on_demo("score", "--house", "hofduin"),
        on_demo("score", "--house", "x", "--format", "json"),
    )

    assert (shown.returncode, failed.returncode == 0) == (0, False)
    assert len(read_entries(demo)) == before


def test_a_questionnaire_a_receipt_and_reminders_are_told_as_what_leaves(
    on_demo: Run, demo: Installation, tmp_path: Path
) -> None:
    before = len(read_entries(demo))

    assert on_demo("template", "--house", "hofduin", "-o", "vragen.xlsx").returncode == 0
    assert on_demo("check", "vragen.xlsx", "--receipts", "bonnen").returncode == 0
    assert on_demo("round", "remind", "-o", "herinneringen.txt").returncode == 0

    checksum = sha256((tmp_path / "vragen.xlsx").read_bytes()).hexdigest()
    told = [(entry["action"], entry["subject"]) for entry in read_entries(demo)[before:]]
    assert told == [
        ("bestand-uitgegeven", "vragenlijst/2026-najaar.hofduin.huis"),
        ("bestand-uitgegeven", f"ontvangstbewijs/{checksum}"),
        ("bestand-uitgegeven", "herinneringen"),
    ]


def test_who_acts_in_the_name_of_somebody_else_is_told(on_demo: Run, demo: Installation) -> None:
    add_account(demo, "a-1", "Jip", None, NOW)
    grant_role(demo, "a-1", Grant(role=Role.MANAGER, house_id="veenrijk"), NOW)

    on_demo("--as", "a-1", "house", "share", "veenrijk", "--yes")

    entry = read_entries(demo)[-1]
    assert (entry["action"], entry["who"]) == ("toelichtingen-wel-of-niet-gedeeld", "lokaal namens a-1")


def test_a_refusal_is_told_once_with_what_was_asked_and_no_word_more(
    on_demo: Run, demo: Installation
) -> None:
    add_account(demo, "a-1", "Jip", None, NOW)
    before = len(read_entries(demo))

    for _ in range(2):
        ended = on_demo("--as", "a-1", "score", "--house", "terpmark")

    assert ended.returncode == NotAllowedError.exit_code
    (entry,) = read_entries(demo)[before:]
    assert (entry["who"], entry["action"], entry["subject"]) == ("lokaal namens a-1", "geweigerd", "terpmark")
    assert entry["new"] == {"task": "see_scores"}
