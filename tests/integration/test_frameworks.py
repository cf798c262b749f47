"""Frameworks are checked alone and together."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from assessment.errors import FilesRefusedError
from assessment.model.register import Round
from assessment.model.scale import Rules
from assessment.readers.framework import Library
from assessment.service.frameworks import check_frameworks, list_framework
from assessment.settings import HOME, Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of what is published, to edit, in the folder of the user."""
    monkeypatch.chdir(tmp_path)
    copytree(HOME / "questionnaires", tmp_path / "questionnaires")
    return Settings(content_folder=tmp_path, database_url="sqlite://")


def edit(settings: Settings, framework_id: str, old: str, new: str, version: str = "1.0") -> None:
    file = settings.questionnaires / framework_id / f"{version}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_faults_of_all_files_are_told_with_paths_as_seen_from_here(settings: Settings) -> None:
    edit(settings, "politie", "kind: hard_norm", "kind: zachte_norm")
    edit(settings, "integrale-veiligheid", "[POS-6, KAD-1]", "[XXX-1]")
    absent = settings.content_folder / "weg.yaml"

    with pytest.raises(FilesRefusedError) as refusal:
        list(check_frameworks(settings, (absent,)))

    told = str(refusal.value)
    assert refusal.value.exit_code == 8
    assert "questionnaires/politie/1.0.yaml: POS-1 › kind moet een van deze zijn" in told
    assert "wacht op onbekend: XXX-1" in told
    assert "weg.yaml: kan het bestand niet lezen (het bestaat niet)." in told
    assert all(line.startswith(("questionnaires/", str(absent))) for line in told.splitlines())


def test_what_is_sound_is_told_before_what_is_not(settings: Settings) -> None:
    edit(settings, "politie", "kind: hard_norm", "kind: zachte_norm")
    edit(settings, "integrale-veiligheid", "[POS-6, KAD-1]", "[]")
    edit(settings, "landelijk-kader", "kind: hard_norm", "kind: zachte_norm")

    lines = check_frameworks(settings, ())

    for name in (
        "integrale-veiligheid/1.0",
        "integrale-veiligheid/1.1",
        "landelijk-kader/1.1",
        "politie/1.1",
    ):
        assert next(lines).startswith(f"questionnaires/{name}.yaml: in orde")
    with pytest.raises(FilesRefusedError, match="kind moet een van deze zijn"):
        next(lines)


def test_a_circle_over_two_frameworks_is_found(settings: Settings) -> None:
    published = list(check_frameworks(settings, ()))
    edit(settings, "politie", "needs_first: []", "needs_first: [FOR-1]", "1.1")
    edit(settings, "integrale-veiligheid", "[POS-6, KAD-1]", "[POS-1]", "1.1")

    with pytest.raises(FilesRefusedError, match="wacht in een kring: "):
        list(check_frameworks(settings, ()))

    assert len(published) == 6


def test_a_draft_is_shown_as_a_published_framework_is(settings: Settings, tmp_path: Path) -> None:
    draft = tmp_path / "ontwerp.yaml"
    draft.write_bytes((settings.questionnaires / "politie" / "1.1.yaml").read_bytes())

    assert list_framework(settings, str(draft)).equals(list_framework(settings, "politie/1.1"))


def test_each_file_is_read_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    real = Path.read_bytes

    def count(path: Path) -> bytes:
        read.append(path)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", count)

    list(check_frameworks(settings, ()))

    assert len(read) == len(set(read)) == 6


def test_a_questionnaire_is_read_once_whoever_asks_for_it(settings: Settings) -> None:
    library, refs = Library(settings.questionnaires), ("politie/1.0",)
    opens, closes = date(2027, 3, 1), date(2027, 5, 31)
    asked = Round(
        round_id="2027", title="2027", opens=opens, closes=closes, frameworks=refs, house_ids=("veenrijk",)
    )

    assert library.questionnaire_of(asked) is library.find_questionnaire(refs)
    assert library.questionnaire_of(asked.model_copy(update={"rules": Rules.TWO})).rules is Rules.TWO


def test_a_published_file_is_named_after_what_it_holds(settings: Settings) -> None:
    published = settings.questionnaires / "politie" / "1.0.yaml"
    published.rename(published.with_name("1.2.yaml"))

    with pytest.raises(
        FilesRefusedError, match=r"politie/1.2.yaml: bevat politie versie 1.0. Noem het bestand"
    ):
        list(check_frameworks(settings, ()))
