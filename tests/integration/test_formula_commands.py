"""Formulas on the command line: shown, changed, taken along and read back, each of them accounted for."""

import json
from pathlib import Path

import pytest

from assessment.service.formula_files import make_formula_schema
from assessment.service.formulas import FormulaEdit, change_formulas
from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.conftest import NOW, Run
from tests.integration.test_formulas import HOUSE, WHOLE, find

pytestmark = pytest.mark.sqlite


@pytest.fixture
def exported(on_demo: Run, demo: Installation, tmp_path: Path) -> Path:
    """The formulas of the house as a file: one that is whole, one that is half."""
    edits = [FormulaEdit(HOUSE, "buurt", WHOLE), FormulaEdit(HOUSE, "half", {"title": "Half"})]
    change_formulas(demo, edits, NOW)
    on_demo("formula", "capacity", "politie", "--house", HOUSE, "--year", 2026, "--number", 2, "--in", "fte")
    path = tmp_path / "formules.json"
    assert on_demo("formula", "export", "--house", HOUSE, "-o", path).returncode == 0
    return path


def rewrite(path: Path, **changes: object) -> Path:
    """The file with other fields in its first formula."""
    given = json.loads(path.read_text(encoding="utf-8"))
    given["formulas"][0] |= changes
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


def test_a_list_tells_who_puts_in_what_and_what_is_missing(on_demo: Run, exported: Path) -> None:
    assert exported.exists()

    told = on_demo("formula", "list", "--house", HOUSE, "--year", 2026).stdout
    facts = json.loads(on_demo("formula", "list", "--house", HOUSE, "--format", "json").stdout)

    assert "Veilige buurt" in told
    assert "signaleert, 416 uur per jaar" in told
    assert "FOR-1: Bij 1 van 2 formules" in told
    assert facts["loads"][0]["asked"] == 416
    assert facts["loads"][0]["excess"] == 0
    assert facts["missing"][f"{HOUSE}/buurt"] == []
    assert facts["missing"][f"{HOUSE}/half"][0]["told"] == "Het vraagstuk staat er niet bij."
    assert on_demo("formula", "list", "--house", HOUSE, "--format", "csv").stdout.startswith("Huis,Nr.,")


def test_one_formula_is_shown_and_changed_on_the_version_that_was_seen(on_demo: Run, exported: Path) -> None:
    assert exported.exists()

    changed = on_demo(
        *("formula", "set", "half", "--house", HOUSE, "--theme", "jeugd", "--casus", "wijkteam"),
        *("--start", "1-3-2027", "--review", "", "--seen", 1, "--shared"),
    )
    again = on_demo("formula", "set", "half", "--house", HOUSE, "--theme", "buurt", "--seen", 1)
    shown = on_demo("formula", "show", "half", "--house", HOUSE, "--versions").stdout

    assert "Formule half: versie 2 bewaard." in changed.stdout
    assert again.returncode == 23
    assert "vraagstuk: nu 'jeugd', van u 'buurt'" in again.stderr
    assert "casusregie: wijkteam" in shown
    assert "1 maart 2027" in shown
    assert "Er staat geen maatschappelijk effect (outcome) in." in shown
    assert json.loads(on_demo("formula", "show", "half", "--house", HOUSE, "--format", "json").stdout)[
        "shared"
    ]


def test_what_goes_out_comes_back_as_nothing_changed(on_demo: Run, exported: Path) -> None:
    loaded = on_demo("formula", "load", exported)

    assert loaded.returncode == 0
    assert loaded.stdout.count("stond er al") == 3
    assert "0 van 3 gewijzigd" in loaded.stdout


def test_a_file_that_changes_a_formula_is_shown_first_and_taken_over(
    on_demo: Run, demo: Installation, exported: Path
) -> None:
    rewrite(exported, theme="jeugd", status="vastgesteld")

    shown = on_demo("formula", "load", exported, "--check").stdout
    assert "gewijzigd: vraagstuk, status" in shown
    assert find(demo).version == 1
    loaded = on_demo("formula", "load", exported, "--house", HOUSE)

    assert "1 van 3 gewijzigd" in loaded.stdout
    assert (find(demo).theme, find(demo).version) == ("jeugd", 2)


def test_a_file_of_before_somebody_elses_change_is_a_conflict_only_where_it_changes_something(
    on_demo: Run, demo: Installation, exported: Path
) -> None:
    change_formulas(demo, [FormulaEdit(HOUSE, "buurt", {"theme": "van een ander"})], NOW)

    assert "0 van 3 gewijzigd" in on_demo("formula", "load", exported).stdout
    conflict = on_demo("formula", "load", rewrite(exported, theme="van ons"))

    assert conflict.returncode == 23
    assert "vraagstuk: nu 'van een ander', van u 'van ons'" in conflict.stderr
    assert find(demo).theme == "van een ander"


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"review": "2020-01-01"}, 29, "formule buurt: "),
        ({"house_id": "hofduin"}, 29, "van een ander huis: hofduin/buurt"),
        ({"zaak": "x"}, 29, "formule buurt: formules › nr. 1 › zaak is geen bekend veld"),
        ({"counts": [{"name": "Gesprekken"}]}, 29, "Gesprekken: zonder eenheid"),
        ({"problem": "bel 06-12345678"}, 11, "lijkt een telefoonnummer"),
        ({"status": "vastgesteld", "outcomes": []}, 29, "Er staat geen maatschappelijk effect"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole_with_its_place(  # noqa: PLR0913, PLR0917 - as the table gives it
    on_demo: Run, demo: Installation, exported: Path, changes: dict[str, object], code: int, told: str
) -> None:
    refused = on_demo("formula", "load", rewrite(exported, **changes))

    assert refused.returncode == code
    assert told in refused.stderr
    assert "Er is niets bewaard" in refused.stderr
    assert find(demo).version == 1


def test_a_file_of_another_house_or_no_json_is_refused(on_demo: Run, exported: Path, tmp_path: Path) -> None:
    other = on_demo("formula", "load", exported, "--house", "hofduin")
    strange = tmp_path / "vreemd.json"
    strange.write_text("geen json", encoding="utf-8")

    assert (other.returncode, on_demo("formula", "load", strange).returncode) == (5, 29)
    assert "Dit zijn formules van" in other.stderr


def test_nothing_to_change_and_two_places_at_once_are_told(on_demo: Run) -> None:
    assert on_demo("formula", "set", "x", "--house", HOUSE).returncode == 2
    assert on_demo("formula", "list", "--house", HOUSE, "--unit", "limburg").returncode == 2


def test_the_schema_that_is_published_is_that_of_the_program() -> None:
    published = HOME / "reports" / "formulas.schema.json"

    assert published.read_text(encoding="utf-8") == make_formula_schema()
