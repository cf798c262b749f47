"""Frameworks are checked alone and together."""

from datetime import date
from io import BytesIO
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest
from openpyxl import load_workbook

from assessment.engine.comparison import CLASS_OF, EditionChange
from assessment.engine.disclosure import SMALLEST
from assessment.errors import FilesRefusedError, FrameworkError, UnknownRoundError
from assessment.model.framework import Criterion, Framework, Measure, Theme
from assessment.model.question import Question
from assessment.model.register import Round
from assessment.model.scale import ChangeClass, Perspective, Rules
from assessment.readers.framework import Library
from assessment.service.frameworks import (
    check_frameworks,
    compare_editions,
    describe_framework,
    find_file,
    make_trial,
)
from assessment.service.installation import Installation
from assessment.service.register import Asks, open_round
from assessment.service.round_scores import Which
from assessment.settings import HOME, Settings
from assessment.tables.formats import NOTHING
from assessment.tables.frameworks import describe_changes, list_changes, list_moves, search_criteria
from assessment.tables.scores import count_met_each
from assessment.writers.questionnaire import write_questionnaire
from tests.conftest import NOW
from tests.reading import reading


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
    assert "wacht op onbekend: XXX-1. Noem bij needs_first criteria die er zijn. (regel: eerst-nodig" in told
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

    with pytest.raises(FilesRefusedError, match=r"samen: wacht in een kring: .* \(regel: geen-kring\)"):
        list(check_frameworks(settings, ()))

    assert len(published) == 6


def test_a_draft_is_shown_as_a_published_framework_is(settings: Settings, tmp_path: Path) -> None:
    draft = tmp_path / "ontwerp.yaml"
    draft.write_bytes((settings.questionnaires / "politie" / "1.1.yaml").read_bytes())

    assert list(describe_framework(settings, str(draft))) == list(describe_framework(settings, "politie/1.1"))


def test_all_of_a_criterion_is_shown_but_for_remarks_of_the_makers(settings: Settings) -> None:
    told = "\n".join(describe_framework(settings, "politie/1.1", ["LOS-2"]))

    for part in (
        "LOS-2 Politie doet geen casusadministratie (harde norm, gewicht 1)",
        "Rust op: de politie zegt dit zelf",
        "Bronnen: S1 = Politie in Veiligheidshuizen",
        "Eerst nodig: ",
        "(kern, in een kop: ",
        "hulp: ",
        "a Nooit (● voldoet, telt 1)",
        "regelt LOS-2.1, LOS-2.2",
        "laat los na LOS-2.M1",
    ):
        assert part in told
    assert "Hoe zeker" not in told
    with pytest.raises(FrameworkError, match=r"politie/1.1: onbekende criteria: POS-99. Kies uit: POS-1, "):
        list(describe_framework(settings, "politie/1.1", ["POS-99"]))


def test_every_field_has_a_class_of_change() -> None:
    """A field that nobody classed would change unseen."""
    parts = {"themes", "criteria", "questions", "measures"}
    known = {*CLASS_OF, *parts, "note", "framework_id", "version"}

    fields = {
        name for model in (Framework, Theme, Criterion, Question, Measure) for name in model.model_fields
    }

    assert {name for name in fields - known if not name.endswith("_id")} == set()
    changes = [EditionChange("POS-1", each, field, None, None) for field, each in CLASS_OF.items()]
    assert set(list_changes(changes)["Deel"]).isdisjoint({*CLASS_OF, NOTHING} - {"basis"})


def test_what_changed_is_told_in_its_class(settings: Settings) -> None:
    for old, new in (
        ("text: Staat de politie in het stuk waarin", "text: Staat de politie in stukken waarin"),
        ("text: Ja, alleen met naam", "text: Alleen met naam"),
        ("kind: core_norm", "kind: hard_norm"),
        ("days: 4", "days: 5"),
    ):
        edit(settings, "politie", old, new, "1.1")
    draft = settings.questionnaires / "politie" / "1.1.yaml"
    old = str(HOME / "questionnaires" / "politie" / "1.1.yaml")

    found = compare_editions(settings, old, str(draft))

    assert [(each.key, each.change, each.field) for each in found.changes] == [
        ("POS-1", ChangeClass.KIND, "kind"),
        ("POS-1.1", ChangeClass.WORDING, "text"),
        ("POS-1.1", ChangeClass.OPTIONS, "options"),
        ("POS-1.M1", ChangeClass.MEASURES, "days"),
    ]
    assert found.same == found.asked - 1
    table = list_changes(found.changes)
    assert table.iloc[0].tolist() == ["POS-1", "soort", "soort", "kern hard, vorm vrij", "harde norm"]
    assert describe_changes(*found).startswith(
        "Soort: 1, keuzes: 1, maatregelen: 1 en woorden: 1. 65 van 66 vragen zijn gelijk gebleven"
    )


def test_parts_that_came_and_went_are_told_as_such(settings: Settings) -> None:
    changes = compare_editions(settings, "politie/1.0", "politie/1.1").changes

    came = {each.key for each in changes if each.change is ChangeClass.ADDED}
    went = {each.key for each in changes if each.change is ChangeClass.REMOVED}
    assert {"POS-2.4", "LOS-3.M3"} <= came
    assert {"AAN-1.M1"} <= went
    assert list_changes(changes).notna().all(axis=None)


def test_two_frameworks_are_no_versions_of_one(settings: Settings) -> None:
    with pytest.raises(FrameworkError, match="geen versies van één kader: politie en landelijk-kader"):
        compare_editions(settings, "politie/1.1", "landelijk-kader/1.1")


@pytest.mark.parametrize(
    "ref", ["/nergens/nergens.yaml", "nergens.yml", "hier/nergens.yaml", "politie", "/politie", "a/b/c"]
)
def test_what_is_neither_a_file_nor_a_version_is_told_as_it_was_written(settings: Settings, ref: str) -> None:
    with pytest.raises(FrameworkError, match="is geen bestand dat er is") as refused:
        find_file(settings, ref)

    assert str(refused.value).startswith(f"'{ref}' ")
    assert "politie/1.0" in str(refused.value)


def test_a_version_that_is_not_published_is_told_beside_those_that_are(settings: Settings) -> None:
    with pytest.raises(FrameworkError, match=r"'politie' versie 9\.9 staat niet in"):
        find_file(settings, "politie/9.9")


def test_a_draft_can_be_tried_as_a_house_would_get_it(tmp_path: Path) -> None:
    draft = tmp_path / "ontwerp.yaml"
    draft.write_bytes((HOME / "questionnaires" / "integrale-veiligheid" / "1.1.yaml").read_bytes())

    form = make_trial(Settings(), (draft,), Perspective.HOUSE, NOW.date())

    book = load_workbook(BytesIO(write_questionnaire(form)))
    assert book.sheetnames[:2] == ["Inleiding", "FOR"]
    keys = [row[0].value for row in book["FOR"].iter_rows()]
    assert "FOR-1.1" in keys


def test_the_rounds_that_ask_a_version_stand_beside_it(demo: Installation) -> None:
    table = reading(demo).list_frameworks().set_index("Kader")

    assert table.loc["politie/1.0", "Gevraagd in"] == "najaar 2025, voorjaar 2026"
    assert table.loc["politie/1.1", "Gevraagd in"] == "najaar 2026"


@pytest.mark.sqlite
def test_figures_that_another_version_would_move_are_told_per_house(demo: Installation) -> None:
    which = Which("2026-voorjaar", Perspective.HOUSE, house_id="terpmark")
    file = find_file(demo.settings, "politie/1.1")

    before, after = reading(demo).find_moved(which, "politie/1.0", file)

    table = list_moves(before.criteria, after.criteria, before.register)
    moves = {key: (old, new) for _, key, old, new in table.itertuples(index=False)}
    assert (before.questionnaire.rules, after.questionnaire.rules) == (Rules.ONE, Rules.TWO)
    assert moves["INV-4"] == ("● voldoet, 100\N{NO-BREAK SPACE}%", "· geen oordeel")
    assert moves["INV-1"][1].startswith("? nog onbepaald")
    assert "KAD-1" not in moves
    with pytest.raises(UnknownRoundError, match=r"Ronde '2026-voorjaar' vraagt politie/1.1 niet"):
        reading(demo).find_moved(which, "politie/1.1", file)


def test_a_version_moves_nothing_where_it_changes_nothing(demo: Installation) -> None:
    which = Which("2026-najaar", Perspective.HOUSE)

    before, after = reading(demo).find_moved(which, "politie/1.1", find_file(demo.settings, "politie/1.1"))

    assert len(before.houses) == 30
    assert list_moves(before.criteria, after.criteria, before.register).empty


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


@pytest.mark.sqlite
def test_how_many_houses_meet_a_criterion_comes_from_the_newest_round_that_asks_it(
    demo: Installation,
) -> None:
    old, new, never = (reading(demo).find_met([ref]) for ref in ("politie/1.0", "politie/1.1", "politie/9"))

    assert [each.round.round_id for each in (old, new) if each.round] == ["2026-voorjaar", "2026-najaar"]
    assert new.counts["POS-4"] == (14, 30)
    assert (never.round, never.counts) == (None, {})
    assert never.why_not == "Er is nog geen ronde die dit vraagt."


@pytest.mark.sqlite
def test_what_is_asked_now_is_what_the_round_that_opened_asks_by_its_own_rules(demo: Installation) -> None:
    asked = reading(demo).find_questionnaire()
    days = (date(2027, 3, 1), date(2027, 4, 30))
    later = open_round(demo, ("later", "Later"), days, Asks(("politie/1.0",), ("veenrijk",), Rules.TWO), NOW)

    assert later.opens > NOW.date()
    assert reading(demo).find_questionnaire() is asked
    assert asked.rules is Rules.TWO
    assert reading(demo).find_met(["politie/1.0"]).round == demo.register().round["2026-voorjaar"]


def test_of_fewer_than_five_houses_it_is_not_told_how_many_meet_a_criterion() -> None:
    rows = [("POS-1", "meets")] * 4 + [("POS-1", "not_applicable")] + [("POS-2", "not_yet")] * 5
    scores = pd.DataFrame(rows, columns=["criterion_id", "verdict"])

    assert count_met_each(scores, SMALLEST) == {"POS-2": (0, 5)}


def test_a_criterion_is_found_by_whole_or_half_words_in_any_order() -> None:
    asked = Library(HOME / "questionnaires").find_questionnaire(("politie/1.1",))
    assert asked is not None

    found = [each.criterion_id for each in search_criteria(asked, "vervang LIAISON")]

    assert "POS-4" in found
    assert len(search_criteria(asked, "")) == len(asked.criteria)
    assert search_criteria(asked, "bestaatniet") == []
