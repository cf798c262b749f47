"""Everything in one file and back: the same figures, whole or not at all, never from an unsound file."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, text

from assessment.errors import BackupError, FileAccessError, NewerBackupError, StoreError, UserError
from assessment.model.access import Grant, Identity, Role
from assessment.model.decisions import Resource
from assessment.model.effort import Amount, TimeUnit
from assessment.model.register import House, Unit
from assessment.model.scale import Actor, Perspective
from assessment.service import backup as use_case
from assessment.service.accounts import add_account, grant_role, link_identity
from assessment.service.backup import find_last_restore, make_backup, prepare_restore, restore
from assessment.service.formulas import (
    FormulaEdit,
    PartyCapacityEdit,
    change_formulas,
    set_party_capacities,
)
from assessment.service.installation import Installation, open_installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.capacities import CapacityEdit
from assessment.service.plans.decisions import Edit, change_lines, set_capacities
from assessment.service.plans.what_if import WhatIf, adopt_what_if, try_out
from assessment.service.register import import_houses
from assessment.service.round_scores import Which, find_revision, score_round
from assessment.settings import HOME, Settings
from assessment.store.audit import load_entries
from assessment.store.engine import Store
from assessment.store.records import dump_files, dump_tables
from assessment.store.register import add_houses, add_units
from tests.conftest import NOW, Run, count_submissions
from tests.reading import reading, verify_trail, write_trail

LATER = NOW + timedelta(hours=1)
DEMO_FILE = HOME / "data" / "demo" / "2026-najaar" / "2026-najaar_hofduin_huis.xlsx"
Parts = dict[str, bytes]


def read_all(store: Store) -> dict[str, object]:
    """Everything that a database holds, but for the audit trail."""
    with store.reading() as session:
        tables: dict[str, object] = {name: list(rows) for name, rows in dump_tables(session)}
        tables["files"] = sorted(sha256(content).hexdigest() for content in dump_files(session))
    return {name: rows for name, rows in tables.items() if not name.startswith("audit")}


def put_back(installation: Installation, path: Path) -> use_case.Restored:
    with prepare_restore(installation, path) as replacement:
        return restore(replacement, LATER)


def hand_in_again(installation: Installation, more: bytes = b" ") -> str:
    return hand_in(installation, NamedFile("nieuw.xlsx", DEMO_FILE.read_bytes() + more), NOW).submission_id


@contextmanager
def other_installation(path: Path) -> Iterator[Installation]:
    """An empty installation beside the one of the test."""
    opened = open_installation(Settings(database_url=f"sqlite:///{path.as_posix()}"))
    yield opened
    opened.close()


@pytest.fixture
def small(installation: Installation, tmp_path: Path) -> Path:
    """A backup of a small register."""
    path = tmp_path / "klein.zip"
    import_houses(installation, HOME / "data" / "houses.csv", NOW)
    make_backup(installation, path, NOW)
    return path


def change_parts(path: Path, change: Callable[[Parts], None]) -> Path:
    """A backup with other parts."""
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    changed = path.with_name("veranderd.zip")
    with ZipFile(changed, "w", ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return changed


def change_manifest(path: Path, change: Callable[[dict[str, object]], object]) -> Path:
    def rewrite(parts: Parts) -> None:
        manifest = json.loads(parts["manifest.json"])
        change(manifest)
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change_parts(path, rewrite)


def change_table(path: Path, table: str, old: str, new: str) -> Path:
    """A backup whose rows were changed by someone who corrected the manifest too."""

    def rewrite(parts: Parts) -> None:
        name = f"tables/{table}.jsonl"
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
        manifest = json.loads(parts["manifest.json"])
        facts = {"bytes": len(parts[name]), "sha256": sha256(parts[name]).hexdigest()}
        facts["rows"] = parts[name].count(b"\n")
        manifest["tables"][table] = facts
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change_parts(path, rewrite)


def test_after_a_restore_scores_are_the_same_byte_for_byte(
    on_demo: Run, demo: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = on_demo("score", "--format", "json").stdout
    count = len(list(write_trail(demo)))
    saved = on_demo("backup", tmp_path / "alles.zip")
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", f"sqlite:///{(tmp_path / 'ander.sqlite').as_posix()}")

    restored = on_demo("restore", "--yes", tmp_path / "alles.zip")

    assert saved.stdout.startswith(
        f"Bewaard in {tmp_path / 'alles.zip'}: 30 huizen, 3 rondes, 105 inleveringen."
    )
    assert restored.returncode == 0
    assert "Wat er was" not in restored.stdout
    assert on_demo("score", "--format", "json").stdout == scores
    # Told since: that all came back, and that scores were taken along.
    assert on_demo("audit", "verify").stdout.startswith(f"Het logboek is in orde: {count + 2} regels.")


def test_a_restore_brings_back_all_and_keeps_a_copy_of_what_was_there(
    demo: Installation, tmp_path: Path
) -> None:
    before, head = read_all(demo.store), verify_trail(demo)
    make_backup(demo, tmp_path / "eerst.zip", NOW)
    hand_in_again(demo)
    later, later_head = read_all(demo.store), verify_trail(demo)

    restored = put_back(demo, tmp_path / "eerst.zip")

    assert read_all(demo.store) == before != later
    assert restored.copy == tmp_path / "voor-terugzetten_2026-11-22_130000.zip"
    assert verify_trail(demo, kept=head) == restored.head
    entry = json.loads(list(write_trail(demo))[-1])
    assert entry["action"] == "reservekopie-teruggezet"
    assert entry["number"] == restored.head.number == head.number + 1
    assert (entry["old"]["head"], entry["new"]["head"]) == (str(later_head), str(head))
    assert entry["new"]["file_sha256"] == sha256((tmp_path / "eerst.zip").read_bytes()).hexdigest()
    with prepare_restore(demo, restored.copy) as replacement:
        restore(replacement, LATER + timedelta(hours=1))
    assert read_all(demo.store) == later


def test_pages_forget_what_they_remembered_when_the_same_id_means_something_else(
    demo: Installation, tmp_path: Path
) -> None:
    perspective = demo.register().rounds[-1].perspectives[0]
    make_backup(demo, tmp_path / "eerst.zip", NOW)
    assert find_last_restore(demo) == ""
    marks = []
    for more in (b"1", b"2"):
        assert hand_in_again(demo, more) == "2026-najaar.hofduin.huis.2"
        marks.append((find_revision(demo, "2026-najaar", perspective), find_last_restore(demo)))
        with prepare_restore(demo, tmp_path / "eerst.zip") as replacement:
            restore(replacement, LATER + timedelta(minutes=len(marks)))

    assert len(set(marks)) == 2
    assert marks[0][0] != marks[1][0]
    assert find_last_restore(demo) != marks[1][1] != ""


def test_a_backup_holds_one_moment_while_others_go_on_writing(demo: Installation, tmp_path: Path) -> None:
    count = len(list(write_trail(demo)))

    def write(number: int) -> None:
        house = House(house_id=f"druk-{number}", title="Druk", unit_id="limburg", invented=True)
        file = tmp_path / f"druk-{number}.csv"
        file.write_text(
            f"house_id,title,unit_id,invented\n{house.house_id},Druk,limburg,true\n", encoding="utf-8"
        )
        import_houses(demo, file, NOW)

    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(write, number) for number in range(24)]
        paths = [tmp_path / f"kopie-{number}.zip" for number in range(4)]
        saving = [threads.submit(make_backup, demo, path, NOW) for path in paths]
        for written in writing:
            written.result()
        for saved in saving:
            saved.result()

    assert len(demo.register().houses) == 30 + 24
    with other_installation(tmp_path / "ander.sqlite") as other:
        for path in paths:
            with prepare_restore(other, path) as replacement:
                assert replacement.breaks == 0
                with replacement.scratch.reading() as session:
                    told = [entry.action for entry in load_entries(session)][count:]
                assert told.count("huis-toegevoegd") == replacement.in_file["houses"] - 30


def test_houses_that_point_to_each_other_come_back(installation: Installation, tmp_path: Path) -> None:
    houses = [House(house_id=f"h{n}", title="H", unit_id="e", merged_into=f"h{n + 1}") for n in range(3)]
    with installation.store.writing() as session:
        add_units(session, (Unit(unit_id="e", title="E", regions=()),))
        add_houses(session, (*houses, House(house_id="h3", title="H", unit_id="e")))
    before = read_all(installation.store)
    make_backup(installation, tmp_path / "keten.zip", NOW)

    put_back(installation, tmp_path / "keten.zip")

    assert read_all(installation.store) == before


@pytest.mark.parametrize("answered", [("ja\n", 0), ("nee\n", 130), ("\n", 130), ("", 130)])
def test_a_restore_shows_what_it_replaces_and_asks(
    on_demo: Run, demo: Installation, small: Path, monkeypatch: pytest.MonkeyPatch, answered: tuple[str, int]
) -> None:
    answer, code = answered
    monkeypatch.setattr("sys.stdin", StringIO(answer))

    ended = on_demo("restore", small)

    assert ended.returncode == code
    assert "gemaakt op 22 november 2026 om 12:00 uur, met Kaderscan" in ended.stdout
    assert ["Inleveringen", "105", "0"] in [line.split() for line in ended.stdout.splitlines()]
    assert count_submissions(demo) == (0 if code == 0 else 105)
    assert len(list(small.parent.glob("voor-terugzetten_*.zip"))) == (1 if code == 0 else 0)


def test_a_backup_never_overwrites_a_file_and_leaves_no_part_behind(
    installation: Installation, small: Path
) -> None:
    content = small.read_bytes()

    told = verify_trail(installation)
    with pytest.raises(FileAccessError, match="er staat al een bestand"):
        make_backup(installation, small, NOW)

    assert small.read_bytes() == content
    assert verify_trail(installation) == told
    assert not list(small.parent.glob(".*"))


def test_a_backup_that_cannot_be_written_is_told(installation: Installation, small: Path) -> None:
    with pytest.raises(FileAccessError, match="kan het bestand niet schrijven"):
        make_backup(installation, small / "in" / "een.zip", NOW)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "geen reservekopie van Kaderscan"),
        (b"Geachte heer, mevrouw", "geen reservekopie van Kaderscan"),
        (DEMO_FILE.read_bytes(), "geen reservekopie van Kaderscan"),
        (b"PK\x03\x04 en dan niets", "beschadigd"),
    ],
)
def test_a_file_that_is_no_backup_is_refused(
    installation: Installation, tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "iets.zip"
    path.write_bytes(content)

    with pytest.raises(BackupError, match=told):
        put_back(installation, path)


def test_a_file_that_is_not_there_is_told(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match="het bestaat niet"):
        put_back(installation, tmp_path / "weg.zip")


def test_a_backup_that_was_cut_off_is_refused(installation: Installation, small: Path) -> None:
    content = small.read_bytes()
    for length in range(0, len(content), 499):
        small.write_bytes(content[:length])
        with pytest.raises(BackupError):
            put_back(installation, small)


@pytest.mark.sqlite
def test_a_byte_that_flipped_is_refused_or_changes_nothing(installation: Installation, small: Path) -> None:
    before, content, refused = read_all(installation.store), small.read_bytes(), 0
    for place in range(0, len(content), 401):
        small.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            with prepare_restore(installation, small) as replacement:
                assert read_all(replacement.scratch) == before, place
        except UserError:
            refused += 1

    assert refused > 5
    assert read_all(installation.store) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(format=2),
        lambda m: m["maker"].update(migration="9999"),
        lambda m: m["maker"].update(program="99.0"),
        lambda m: m["maker"].update(program=f"{version('kaderscan')}.1rc1"),
    ],
)
def test_a_backup_of_a_newer_version_is_refused(
    installation: Installation, small: Path, change: Callable[[dict[str, object]], object]
) -> None:
    with pytest.raises(NewerBackupError, match="nieuwere versie"):
        put_back(installation, change_manifest(small, change))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.update({"../../buiten": b"x"}),
        lambda parts: parts.update({"/buiten": b"x"}),
        lambda parts: parts.update({"tables/x.jsonl": b"{}\n"}),
        lambda parts: parts.update({f"files/{'0' * 64}": b"x"}),
        lambda parts: parts.pop("tables/houses.jsonl"),
        lambda parts: parts.update({"tables/houses.jsonl": parts["tables/houses.jsonl"] * 2}),
        lambda parts: parts.update({"tables/houses.jsonl": b""}),
        lambda parts: parts.update({"manifest.json": b"{"}),
        lambda parts: parts.update({"manifest.json": b"[" * 100_000}),
        lambda parts: parts.update({"manifest.json": b" " * (2**20 + 1)}),
        lambda parts: parts.update({"manifest.json": parts["manifest.json"].replace(b'"rows"', b'"rijen"')}),
    ],
)
def test_other_parts_than_the_manifest_names_are_refused(
    installation: Installation, small: Path, change: Callable[[Parts], None]
) -> None:
    before = read_all(installation.store)

    with pytest.raises(BackupError, match=r"beschadigd|geen reservekopie"):
        put_back(installation, change_parts(small, change))

    assert read_all(installation.store) == before


@pytest.mark.sqlite
def test_two_parts_of_one_name_are_refused(installation: Installation, small: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(small, "a") as archive:
        archive.writestr("tables/units.jsonl", b"")

    with pytest.raises(BackupError, match="beschadigd"):
        put_back(installation, small)


@pytest.mark.sqlite
def test_a_part_that_unpacks_to_far_more_than_it_takes_is_refused(
    installation: Installation, small: Path
) -> None:
    bomb = change_table(small, "rounds", "", " " * 70 * 2**20)

    with pytest.raises(BackupError, match="beschadigd"):
        put_back(installation, bomb)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("houses", '"unit_id": "', '"unit_id": "atlantis-'),
        ("houses", '"house_id"', '"huis_id"'),
        ("houses", '"invented": false', '"invented": "nee"'),
        ("houses", '"invented": false', '"invented": null'),
        ("houses", '"invented": false', '"invented": 0.0'),
        ("houses", '"house_id": "', '"house_id": "Geen Id! '),
        ("houses", '"valid_from": null', '"valid_from": "gisteren"'),
        ("units", '"place": 1,', '"place": 99999999999999999999,'),
        ("units", '{"unit_id"', '["unit_id"'),
        ("units", '"title": "', '"title": "\\ud800'),
    ],
)
def test_rows_that_cannot_be_are_refused_also_with_the_right_checksums(
    installation: Installation, small: Path, table: str, old: str, new: str
) -> None:
    before = read_all(installation.store)
    changed = change_table(small, table, old, new)

    with pytest.raises(BackupError):
        put_back(installation, changed)

    assert read_all(installation.store) == before


@pytest.fixture(scope="module")
def everything(opened: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a demo in which every table holds something."""
    jip = Identity(issuer="https://inlog.example", subject="1")
    add_account(opened, "a-1", "Jip", jip, NOW)
    grant_role(opened, "a-1", Grant(role=Role.MANAGER, house_id="veenrijk"), NOW)
    link_identity(opened, "a-1", jip.model_copy(update={"subject": "2"}), NOW)
    scores = score_round(opened, None, Perspective.HOUSE, NOW.date())
    set_capacities(opened, scores, [CapacityEdit(Resource(Actor.MUNICIPALITIES, "veenrijk"), 1)], NOW)
    which = Which(None, Perspective.HOUSE, "veenrijk")
    measure_id = str(reading(opened).find_roadmap(which).measures["measure_id"].iat[0])
    change_lines(opened, scores, [Edit("veenrijk", measure_id, {"owner": "Anna"}, None)], NOW)
    adopt_plan(opened, reading(opened).find_roadmap(which), ["veenrijk"], NOW)
    tried = try_out(reading(opened).find_roadmap(which), WhatIf({Actor.HOUSE: 2}), NOW.date())
    adopt_what_if(opened, tried, "", NOW)
    change_formulas(opened, [FormulaEdit("veenrijk", "buurt", {"title": "Veilige buurt"})], NOW)
    hours = Amount(number=1.5, unit=TimeUnit.FTE)
    set_party_capacities(opened, [PartyCapacityEdit("veenrijk", "Scholen", 2027, hours)], NOW)
    path = tmp_path_factory.mktemp("vol") / "vol.zip"
    make_backup(opened, path, NOW)
    return path


@pytest.fixture
def full(everything: Path, tmp_path: Path) -> Path:
    """That backup, for one test to change."""
    return Path(shutil.copy(everything, tmp_path))


def test_what_is_sound_is_refused_nowhere(
    installation: Installation, opened: Installation, full: Path
) -> None:
    put_back(installation, full)

    restored = read_all(installation.store)
    assert restored == read_all(opened.store)
    assert [name for name, rows in restored.items() if not rows] == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("accounts", '"account_id": "a-1"', '"account_id": "A 1!"'),
        ("accounts", '"name": "Jip"', '"name": " "'),
        ("accounts", '"ended": null', '"ended": "2026-11-22"'),
        ("grants", '"role": "manager"', '"role": "baas"'),
        ("grants", '"granted_on": "veenrijk"', '"granted_on": "atlantis"'),
        ("grants", '"granted_on": "veenrijk"', '"granted_on": ""'),
        ("submission_events", '"adopted"', '"verzonnen"'),
        ("submission_events", '"number": 1', '"number": 0'),
        ("round_events", '"closed"', '"verzonnen"'),
        ("round_decisions", r'\\"now\\":', r"\"toen\":"),
        ("drafts", '"perspective": "politie"', '"perspective": "iedereen"'),
        ("capacities", '"number": 1', '"number": 0'),
        ("capacities", '"gemeenten"', '"buren"'),
        ("answers", r'"question_id": "[A-Z]+-\d', '"question_id": "XX-9'),
        ("answers", r'"option_id": "a"', '"option_id": "z"'),
        ("answers", r'"option_id": "a"', '"option_id": "geen idee"'),
        ("deviations", r'"criterion_id": "[A-Z]+-\d+"', '"criterion_id": "XX-9"'),
        ("submissions", r'"perspective": "politie"', '"perspective": "gemeente"'),
        ("submissions", r'"version": 1', '"version": 7'),
        ("submissions", r'"file_sha256": "[0-9a-f]{8}', '"file_sha256": "00000000'),
        ("rounds", r'"perspectives": "huis politie"', '"perspectives": "politie"'),
        ("rounds", r'"frameworks": "\S+', '"frameworks": "niet-van-hier/1.0'),
        ("rounds", r'"frameworks": "\S+ ', '"frameworks": "'),
        ("draft_answers", r'"question_id": "[A-Z]+-\d', '"question_id": "XX-9'),
        ("draft_answers", r'"option_id": "a"', '"option_id": "z"'),
        ("draft_deviations", r'"criterion_id": "[A-Z]+-\d+"', '"criterion_id": "XX-9"'),
        ("draft_themes", r'"theme_id": "[A-Z]+"', '"theme_id": "XX"'),
        ("plan_lines", r'"measure_id": "[A-Z]+', '"measure_id": "XX'),
        ("shown_measures", r'"measure_id": "[A-Z]+', '"measure_id": "XX'),
        ("shown_measures", r'"first": "\d{4}-K\d', '"first": "ooit'),
        ("capacities", r'"owner_id": "veenrijk"', '"owner_id": "atlantis"'),
        ("capacities", r'"owner_id": "veenrijk"', '"owner_id": "oost-nederland"'),
        ("baselines", r'"submission_id": "2026-najaar.veenrijk', '"submission_id": "2026-najaar.hofduin'),
        ("baselines", r'"frameworks": "\S+ ', '"frameworks": "'),
        ("baseline_measures", r'"measure_id": "[A-Z]+', '"measure_id": "XX'),
        ("formulas", r'"house_id": "veenrijk"', '"house_id": "hofduin"'),
        ("formulas", r'"version": 1', '"version": 2'),
        ("formulas", r'"status": "concept"', '"status": "vastgesteld"'),
        ("formulas", r'\\"version\\":1', r"\"version\":0"),
        ("formulas", r'\\"level\\":null', r"\"level\":\"europees\""),
        ("party_capacities", '"party_key": "scholen"', '"party_key": "politie"'),
        ("party_capacities", '"number": 1.5', '"number": -1.5'),
        ("party_capacities", '"unit": "fte"', '"unit": "dagen"'),
        ("party_capacities", '"year": 2027', '"year": 1066'),
        ("former_identities", r'"account_id": "a-1"', '"account_id": "a-9"'),
    ],
)
def test_what_no_kaderscan_would_have_stored_is_refused_wherever_it_stands(
    installation: Installation, full: Path, table: str, old: str, new: str
) -> None:
    with ZipFile(full) as archive:
        found = re.search(old, archive.read(f"tables/{table}.jsonl").decode())
    assert found
    before = read_all(installation.store)

    with pytest.raises(BackupError, match="Er is niets vervangen"):
        put_back(installation, change_table(full, table, found[0], new))

    assert read_all(installation.store) == before


def test_a_restore_that_is_stopped_half_way_leaves_no_copy(
    demo: Installation, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        assert list(small.parent.glob("voor-terugzetten_*"))
        raise KeyboardInterrupt

    monkeypatch.setattr(use_case, "replace_contents", stop)
    before, there = read_all(demo.store), set(small.parent.iterdir())

    with pytest.raises(KeyboardInterrupt):
        put_back(demo, small)

    assert read_all(demo.store) == before
    assert set(small.parent.iterdir()) == there


@pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_restore_that_is_stopped_leaves_nothing_behind(
    installation: Installation, small: Path, tmp_path: Path, stop: signal.Signals, code: int
) -> None:
    scratch = tmp_path / "tijdelijk"
    scratch.mkdir()
    environment = os.environ | installation.settings.environment | {"TMPDIR": str(scratch)}
    words = [sys.executable, "-m", "assessment", "restore", str(small)]
    before = read_all(installation.store)

    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        told = running.stdout
        assert told is not None
        for _ in iter(lambda: told.read(1), b"?"):  # until it asks whether to go on
            pass
        assert list(scratch.iterdir())
        running.send_signal(stop)

    assert running.returncode == code
    assert list(scratch.iterdir()) == []
    assert read_all(installation.store) == before
    assert not list(small.parent.glob("voor-terugzetten_*"))


def test_a_restore_tells_whose_rights_change(on_demo: Run, demo: Installation, tmp_path: Path) -> None:
    add_account(demo, "a-1", "Jip", None, NOW)
    make_backup(demo, tmp_path / "alles.zip", NOW)
    grant_role(demo, "a-1", Grant(role=Role.ADMINISTRATOR), NOW)
    add_account(demo, "a-2", "Kim", None, NOW)

    ended = on_demo("restore", tmp_path / "alles.zip", "--yes")

    told = ended.stdout[ended.stdout.index("Rechten die veranderen:") :].splitlines()
    assert told[1:3] == [
        "  a-1: beheerder (geen nummer) wordt geen rechten (geen nummer)",
        "  a-2: geen rechten (geen nummer) wordt geen account",
    ]


def test_files_count_towards_what_may_be_unpacked(
    demo: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(demo, tmp_path / "alles.zip", NOW)
    with ZipFile(tmp_path / "alles.zip") as archive:
        tables = sum(part.file_size for part in archive.infolist() if part.filename.startswith("tables/"))
    monkeypatch.setattr("assessment.readers.backup.MAX_UNPACKED", tables + 1)

    with pytest.raises(BackupError, match="beschadigd"):
        put_back(demo, tmp_path / "alles.zip")


def test_a_database_that_refuses_half_way_keeps_all_that_it_had(demo: Installation, tmp_path: Path) -> None:
    make_backup(demo, tmp_path / "alles.zip", NOW)
    hand_in_again(demo)
    before, head = read_all(demo.store), verify_trail(demo)
    with demo.store.engine.begin() as connection:
        connection.execute(text("delete from answers"))
        connection.execute(text("create unique index hoogstens_een on answers (option_id)"))
    half = read_all(demo.store)

    with pytest.raises(StoreError, match="niets bewaard"):
        put_back(demo, tmp_path / "alles.zip")

    assert read_all(demo.store) == half != before
    assert verify_trail(demo) == head


def test_a_copy_that_cannot_be_kept_stops_the_restore(demo: Installation, small: Path) -> None:
    shutil.copy(small, small.with_name("voor-terugzetten_2026-11-22_130000.zip"))
    before = read_all(demo.store)

    with pytest.raises(FileAccessError, match="er staat al een bestand"):
        put_back(demo, small)

    assert read_all(demo.store) == before


def test_a_trail_that_was_broken_before_the_backup_is_told(
    on_demo: Run, demo: Installation, tmp_path: Path
) -> None:
    with demo.store.engine.begin() as connection:
        connection.execute(text("update audit set who = 'niemand' where number = 7"))
    on_demo("backup", tmp_path / "alles.zip")

    ended = on_demo("restore", "--yes", tmp_path / "alles.zip")

    assert "Let op: het logboek in dit bestand was al niet in orde." in ended.stdout
    assert "regel 7 is veranderd" in on_demo("audit", "verify").stderr


def columns_of(migration: str, folder: Path) -> dict[str, set[str]]:
    """The columns of each table as they were at a migration."""
    engine = create_engine(f"sqlite:///{(folder / 'toen.sqlite').as_posix()}")
    config, tables = Config(), MetaData()
    config.set_main_option("script_location", str(HOME / "assessment" / "store" / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, migration)
        tables.reflect(connection)
    engine.dispose()
    return {name: set(table.columns.keys()) for name, table in tables.tables.items()}


def age(parts: Parts, columns: dict[str, set[str]], migration: str) -> None:
    """Make a backup what it would have been at a migration."""
    manifest = json.loads(parts["manifest.json"])
    manifest["maker"]["migration"] = migration
    for table in manifest["tables"].keys() - columns.keys():
        del parts[f"tables/{table}.jsonl"], manifest["tables"][table]
    for table, facts in manifest["tables"].items():
        rows = [json.loads(line) for line in parts[f"tables/{table}.jsonl"].splitlines()]
        lines = [json.dumps({name: row[name] for name in row.keys() & columns[table]}) for row in rows]
        part = "".join(f"{line}\n" for line in lines).encode()
        parts[f"tables/{table}.jsonl"] = part
        manifest["tables"][table] = facts | {"bytes": len(part), "sha256": sha256(part).hexdigest()}
    parts["manifest.json"] = json.dumps(manifest).encode()


def test_a_backup_of_an_older_database_is_brought_up_to_date(
    installation: Installation, small: Path, tmp_path: Path
) -> None:
    before, columns = read_all(installation.store), columns_of("0001", tmp_path)

    put_back(installation, change_parts(small, partial(age, columns=columns, migration="0001")))

    assert read_all(installation.store) == before
    assert verify_trail(installation).number == 1


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", range(0, 1200, 60))
def test_a_restore_that_is_killed_leaves_all_or_nothing(
    demo: Installation, tmp_path: Path, milliseconds: int
) -> None:
    make_backup(demo, tmp_path / "alles.zip", NOW)
    then = read_all(demo.store)
    hand_in_again(demo)
    before = read_all(demo.store)
    words = [sys.executable, "-m", "assessment", "restore", "--yes", str(tmp_path / "alles.zip")]
    environment = os.environ | demo.settings.environment

    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.read(1)  # it shows what it will replace: from here it goes to work
        time.sleep(milliseconds / 1000)
        running.kill()

    assert read_all(demo.store) in (before, then)
    verify_trail(demo)
