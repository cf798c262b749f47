"""What the documentation names is there."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from click import Group

from assessment.settings import HOME
from tests.definitions import find_definitions
from tests.make_commands import list_commands

PAGES = [*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")]
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
_COMMAND = re.compile(r"kaderscan ((?:[a-z][a-z-]+ ?)+)")


ARCHITECTURE = HOME / "docs" / "architecture.md"


def find_path(name: str) -> Path:
    """Where a file is that a page names from the root, or from the program."""
    return HOME / name if (HOME / name).exists() else HOME / "assessment" / name


def name_page(page: Path) -> str:
    return page.relative_to(HOME).as_posix()


def find_commands(text: str) -> list[list[str]]:
    """The words of each command that a text names in code."""
    return [found.split() for code in re.findall(r"`([^`]*)`", text) for found in _COMMAND.findall(code)]


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_link_leads_to_a_file(page: Path) -> None:
    linked = _LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in linked if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [each for each in PAGES if each.name != "CHANGELOG.md"], ids=name_page)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    known = {each.command_path: each.command for each in list_commands()}

    for words in find_commands(page.read_text(encoding="utf-8")):
        path = "kaderscan"
        while isinstance(known[path], Group) and words:
            path = f"{path} {words.pop(0)}"
            assert path in known


def test_every_name_in_the_glossary_is_one_in_the_code() -> None:
    known = find_definitions()
    rows = (HOME / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    named = [
        name for row in rows if row.startswith("|") for name in re.findall("`([^`]+)`", row.split("|")[3])
    ]

    assert len(named) > 60
    assert [name for name in named if name not in known] == []


def test_every_file_and_name_in_contributing_is_there() -> None:
    known = find_definitions()
    text = (HOME / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:assessment|docs|questionnaires|tests|data)/[^` ]+)`", text)
    names = re.findall(r"`([A-Z][a-z]+[A-Za-z]*)`", text)

    assert paths
    assert [path for path in paths if not (HOME / path).exists()] == []
    assert [name for name in names if name not in {*known, "NamedTuple"}] == []


def test_every_file_on_the_page_of_the_architecture_is_there() -> None:
    named = re.findall(r"`([\w/.]+/|[\w/.]+\.\w+)`", ARCHITECTURE.read_text(encoding="utf-8"))
    files = [name for name in named if "/" in name or name.endswith(".py")]

    assert len(files) > 40
    assert [name for name in files if not find_path(name).exists()] == []


def test_every_name_on_the_page_of_the_architecture_is_in_the_file_beside_it() -> None:
    known = find_definitions()
    rows = re.findall(r"`([\w/]+\.py)` \| (`.+?`) \|", ARCHITECTURE.read_text(encoding="utf-8"))
    named = [(f"assessment/{file}", name) for file, names in rows for name in re.findall("`(.+?)`", names)]

    assert len(named) > 40
    assert [each for each in named if each[0] not in known.get(each[1], ())] == []


def test_the_picture_of_the_architecture_shows_the_layers_of_the_contracts() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    drawn = re.findall(r"^    (\w+)\[", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)

    in_order = [name for layer in layers for name in layer.split(" | ")]
    assert drawn == [name for name in in_order if name not in {"__main__", "dashboard"}]


def test_the_version_is_said_in_one_way() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    public = yaml.safe_load((HOME / "publiccode.yml").read_text(encoding="utf-8"))
    changes = (HOME / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d\S*) - (\S+)$", changes, re.MULTILINE)

    assert newest
    assert newest.groups() == (project["version"], str(public["releaseDate"]))
    assert public["softwareVersion"] == project["version"]


def test_the_readme_fits_on_a_page() -> None:
    assert len((HOME / "README.md").read_text(encoding="utf-8").splitlines()) <= 80
