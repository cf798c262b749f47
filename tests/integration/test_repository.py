"""The project stands by itself: no registry hosts, no paths of one machine, everything pinned."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from gettext import GNUTranslations
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from assessment.service.installation import Installation
from assessment.settings import HOME

REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted|files\.python|npmjs|debian\.org|--index-url|find-links", re.IGNORECASE
)
MOST_MODULES = 269  # 186 at release 0.2.0 (bar 190); formulas, large tables and measuring brought rooms
SERVICE = "assessment.service."
NO_READ = {
    "accounts.act_as": "says who visits, before anything is read",
    "backup.prepare_restore": "looks at a copy that is about to take the place of everything",
    "drafts.check_draft": "judges what is about to be handed in",
    "formula_files.propose_formulas": "judges a file that the visitor brings",
    "formula_files.read_formula_file": "reads one",
    "intake.check_file": "judges a file that the visitor brings",
    "intake.check_files": "the same, of many",
    "intake.find_refusal": "says whether a file that the visitor brings can be handed in",
    "plans.what_if.require_adoption": "is the check before adopting",
    "plans.workbook.open_plan": "judges a file that the visitor brings",
    "receipts.make_receipt": "writes remarks in a file that the visitor brings",
    "receipts.make_receipts": "the same, of many",
    "register.find_changes": "judges a file that the visitor brings",
}
"""What screen and command line ask of the service besides queries, though it changes nothing, and why."""
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


def list_asked() -> Iterator[tuple[str, object]]:
    """What screen and command line import from the modules of the service; a method of queries is none."""
    inside = [Path(HOME, "assessment", "dashboard.py")]
    inside += [path for part in ("ui", "cli") for path in Path(HOME, "assessment", part).rglob("*.py")]
    for path in inside:
        for found in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(found, ast.ImportFrom) and (found.module or "").startswith(SERVICE):
                module = import_module(str(found.module))
                where = module.__name__.removeprefix(SERVICE)
                yield from ((f"{where}.{each.name}", getattr(module, each.name)) for each in found.names)


def reads(function: object) -> bool:
    """Whatever changes something is told the moment of it, and is not called as what finds something."""
    if not isfunction(function):
        return False
    given = signature(function).parameters
    changes = "now" in given and not function.__name__.startswith(("find_", "list_", "get_", "count_"))
    return not changes and any(each.annotation is Installation for each in given.values())


def test_screen_and_command_line_read_through_the_queries_alone() -> None:
    """Whoever adds something to read adds it to `service.queries`, where it is decided who may see it."""
    asked = {name for name, function in list_asked() if reads(function)}

    assert asked == set(NO_READ)
