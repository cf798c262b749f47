"""The project stands by itself: no registry hosts, no paths of one machine, everything pinned."""

import re
import subprocess
import tomllib
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from assessment.settings import HOME

REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted|files\.python|npmjs|debian\.org|--index-url|find-links", re.IGNORECASE
)
MOST_MODULES = 190
MACHINE_PATHS = re.compile(r"[\"'\s(/](?:/(?:root|home|work|tmp)/[a-z])|\.\./shared")


def tracked_texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=HOME).stdout
    texts = {}
    for name in listed.splitlines():
        content = (HOME / name).read_bytes() if (HOME / name).is_file() else b""
        if b"\0" not in content:
            texts[name] = content.decode("utf-8")
    return texts


@pytest.mark.parametrize("pattern", [REGISTRY_HOSTS, MACHINE_PATHS], ids=["registry hosts", "machine paths"])
def test_no_tracked_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = {name for name, text in tracked_texts().items() if pattern.search(text)}

    assert found <= {"tests/integration/test_repository.py"}


def test_every_dependency_says_what_it_is_for() -> None:
    text = (HOME / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)

    assert listed
    assert [line for line in listed[1].splitlines() if "#" not in line] == []


def test_every_direct_dependency_is_pinned_in_the_constraints() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (HOME / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }

    names = {re.split(r"[<>=\[ ]", each)[0].lower().replace("_", "-") for each in wanted}
    assert names <= pinned


def test_the_dutch_of_click_is_compiled_from_its_text() -> None:
    folder = HOME / "assessment" / "cli" / "locale" / "nl" / "LC_MESSAGES"
    with (folder / "click.po").open("rb") as text, (folder / "click.mo").open("rb") as compiled:
        written = [message for message in read_po(text) if message.id]
        dutch = GNUTranslations(compiled)

    for message in written:
        if isinstance(message.id, str):
            assert dutch.gettext(message.id) == message.string
        else:
            assert tuple(dutch.ngettext(message.id[0], message.id[1], n) for n in (1, 2)) == message.string


def test_modules_stay_small() -> None:
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in Path(HOME, "assessment").rglob("*.py")
    }

    assert {str(path): size for path, size in sizes.items() if size > 400} == {}


def test_there_are_no_more_modules_than_now() -> None:
    modules = [path for path in Path(HOME, "assessment").rglob("*.py") if "migrations" not in path.parts]

    assert len(modules) <= MOST_MODULES


def test_only_one_module_touches_what_a_session_remembers() -> None:
    modules = {
        path for path in Path(HOME, "assessment").rglob("*.py") if "session_state" in path.read_text("utf-8")
    }

    assert modules == {Path(HOME, "assessment", "ui", "session.py")}


def test_the_keys_of_widgets_are_made_where_a_session_is_kept() -> None:
    written = {
        line.strip()
        for path in Path(HOME, "assessment", "ui").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"key=f?[\"']|form\(f?[\"']", line)
    }

    assert {line for line in written if "st.container(" not in line} == set()


def test_a_page_stands_in_a_file_that_is_named_as_in_the_menu() -> None:
    menu = Path(HOME, "assessment", "dashboard.py").read_text("utf-8")
    titles = re.findall(r'render, (?:title=)?"([^"]+)"', menu)
    files = {path.stem for path in Path(HOME, "assessment", "ui", "pages").iterdir() if path.suffix == ".py"}

    assert titles
    assert files == {"__init__", *(title.lower().replace(" ", "_") for title in titles)}
