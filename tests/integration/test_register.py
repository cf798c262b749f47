import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from assessment.errors import ConflictError, FrameworkError, RegisterError, UnknownRoundError
from assessment.model.scale import Kind, Perspective, Rules
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round, find_house
from assessment.service.register import Asks, HouseRevision, edit_house, import_houses, open_round
from assessment.service.round_scores import score_round
from assessment.settings import HOME
from tests.conftest import NOW, Run
from tests.reading import reading, write_trail

DAYS = (date(2027, 3, 1), date(2027, 5, 31))
REAL = HOME / "data" / "houses.csv"


def test_the_real_register_holds_ten_units_and_what_sources_confirm(installation: Installation) -> None:
    import_houses(installation, REAL, NOW)

    register = installation.register()
    assert len(register.units) == 10
    assert sum(len(unit.regions) for unit in register.units) == 25
    assert all(house.source and not house.invented for house in register.houses)
    assert register.house["alkmaar"].merged_into == "noord-holland-noord"
    assert reading(installation).list_register_houses().iloc[0]["Eenheid"] == "Eenheid Noord-Nederland"


def test_a_round_concerns_the_houses_that_exist_when_it_opens(installation: Installation) -> None:
    import_houses(installation, REAL, NOW)

    opened = open_round(installation, ("2027", "voorjaar 2027"), DAYS, Asks(("politie/1.0",), ()), NOW)

    assert "noord-holland-noord" in opened.house_ids
    assert "alkmaar" not in opened.house_ids


def test_demo_and_real_houses_never_mix(installation: Installation, tmp_path: Path) -> None:
    import_houses(installation, REAL, NOW)
    with pytest.raises(RegisterError, match="echte huizen"):
        list(fill_demo(installation, NOW))

    invented = tmp_path / "verzonnen.csv"
    invented.write_text("house_id,title,unit_id,invented\nx,Huis X,limburg,true\n", encoding="utf-8")
    with pytest.raises(RegisterError, match="gaan niet samen"):
        import_houses(installation, invented, NOW)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x,Huis X,atlantis", "onbekende eenheid bij: x"),
        ("x,,limburg", "regel 2: title ontbreekt"),
        ("X Y,Huis,limburg", "regel 2: house_id heeft niet de goede vorm"),
        ("x,Huis,limburg,extra", "regel 2: 'extra', onder geen kopje, is geen bekend veld"),
    ],
)
def test_a_line_that_is_not_sound_is_told_with_its_place(
    installation: Installation, tmp_path: Path, line: str, fault: str
) -> None:
    file = tmp_path / "huizen.csv"
    file.write_text(f"house_id,title,unit_id\n{line}\n", encoding="utf-8")

    with pytest.raises(RegisterError) as refusal:
        import_houses(installation, file, NOW)

    assert fault in str(refusal.value)
    assert installation.register().houses == ()


def test_a_file_as_dutch_excel_saves_it_is_read(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "huizen.csv"
    file.write_bytes("\ufeffhouse_id;title;unit_id\r\nx;Huis Één;limburg\r\n".encode())

    assert import_houses(installation, file, NOW) == 1
    assert installation.register().house["x"].title == "Huis Één"


@pytest.mark.parametrize(
    ("round_id", "days", "asked", "error"),
    [
        ("2026-najaar", DAYS, Asks(("politie/1.0",), ()), RegisterError),
        ("nieuw", DAYS[::-1], Asks(("politie/1.0",), ()), RegisterError),
        ("nieuw", DAYS, Asks(("politie/1.0",), ("atlantis",)), RegisterError),
        ("nieuw", DAYS, Asks(("politie/9.0",), ()), FrameworkError),
        ("Nieuw!", DAYS, Asks(("politie/1.0",), ()), RegisterError),
    ],
)
def test_a_round_that_cannot_be_is_refused(
    demo: Installation,
    round_id: str,
    days: tuple[date, date],
    asked: Asks,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        open_round(demo, (round_id, "Ronde"), days, asked, NOW)

    assert len(demo.register().rounds) == 3


def write_houses(folder: Path, *lines: str) -> Path:
    file = folder / "huizen.csv"
    file.write_text("\n".join(["house_id,title,unit_id,merged_into", *lines]), encoding="utf-8")
    return file


def test_houses_that_merged_one_after_the_other_come_in_in_any_order(
    installation: Installation, tmp_path: Path
) -> None:
    file = write_houses(tmp_path, "a,Huis A,limburg,b", "b,Huis B,limburg,c", "c,Huis C,limburg,")

    assert import_houses(installation, file, NOW) == 3
    assert installation.register().house["a"].merged_into == "b"


@pytest.mark.parametrize(
    "lines", [("a,Huis A,limburg,a",), ("a,Huis A,limburg,b", "b,Huis B,limburg,c", "c,Huis C,limburg,a")]
)
def test_a_house_never_merged_into_itself(
    installation: Installation, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    with pytest.raises(RegisterError, match="huizen opgegaan in een kring: "):
        import_houses(installation, write_houses(tmp_path, *lines), NOW)

    assert installation.register().houses == ()


@pytest.mark.parametrize(
    ("heading", "fault"),
    [
        ("question_id,option_id", "ontbreekt: house_id, title, unit_id; onbekend: question_id, option_id."),
        ("house_id,title,unit_id,title", "dubbel: title."),
        ("", "ontbreekt: house_id, title, unit_id; onbekend: x, y."),
    ],
)
def test_a_file_of_something_else_is_told_in_one_line(
    installation: Installation, tmp_path: Path, heading: str, fault: str
) -> None:
    file = tmp_path / "anders.csv"
    file.write_text("\n".join([heading, *["x,y"] * 50]), encoding="utf-8")

    with pytest.raises(RegisterError) as refusal:
        import_houses(installation, file, NOW)

    known = (
        "house_id, title, unit_id, valid_from, valid_to, merged_into, source, districts, teams, invented, "
        "version"
    )
    assert str(refusal.value) == f"{file}, kopregel: {fault} Kolommen zijn: {known}."


@pytest.mark.parametrize(
    ("today", "round_id"),
    [
        (date(2020, 1, 1), "2025-najaar"),
        (date(2025, 9, 1), "2025-najaar"),
        (date(2026, 8, 31), "2026-voorjaar"),
        (date(2026, 9, 1), "2026-najaar"),
        (date(2030, 1, 1), "2026-najaar"),
    ],
)
def test_the_round_by_default_is_the_newest_that_has_opened(
    demo: Installation, today: date, round_id: str
) -> None:
    assert find_default_round(demo.register(), today).round_id == round_id
    assert score_round(demo, None, Perspective.HOUSE, today).round.round_id == round_id


def test_a_house_outside_a_round_is_told_what_to_do(installation: Installation) -> None:
    import_houses(installation, REAL, NOW)
    open_round(installation, ("een", "Een"), DAYS, Asks(("politie/1.0",), ("zeeland",)), NOW)
    open_round(installation, ("twee", "Twee"), DAYS, Asks(("politie/1.0",), ("drenthe",)), NOW)
    register = installation.register()

    with pytest.raises(UnknownRoundError, match=r"doet niet mee aan ronde 'een'. Wel aan: twee\."):
        find_house(register, register.round["een"], "drenthe")
    with pytest.raises(
        UnknownRoundError, match=r"Dat mag: de landelijke portefeuillehouder, met: kaderscan round open\."
    ):
        find_house(register, register.round["een"], "groningen")


def write_own(folder: Path, title: str, version: str = "") -> Path:
    file = folder / f"{title}.csv"
    file.write_text(f"house_id,title,unit_id,version\nx,{title},limburg,{version}\n", encoding="utf-8")
    return file


@pytest.fixture
def house(installation: Installation, tmp_path: Path) -> HouseRevision:
    import_houses(installation, write_own(tmp_path, "Huis Een"), NOW)
    return reading(installation).get_house("x")


def test_each_change_of_a_house_is_a_version_and_saying_the_same_is_none(
    installation: Installation, house: HouseRevision
) -> None:
    changed = edit_house(installation, house, {"title": "Huis Twee"}, NOW)
    again = edit_house(installation, changed, {"title": "Huis Twee"}, NOW)

    assert (house.version, changed.version, again.version) == (1, 2, 2)
    assert reading(installation).get_house("x") == changed
    assert json.loads(list(write_trail(installation))[-1])["new"]["title"] == "Huis Twee"


def test_the_second_who_changes_a_house_sees_both_and_overwrites_nothing(
    installation: Installation, house: HouseRevision
) -> None:
    edit_house(installation, house, {"title": "Van haar"}, NOW)

    with pytest.raises(ConflictError) as conflict:
        edit_house(installation, house, {"title": "Van hem"}, NOW)

    assert "Versie 2 is naam 'Van haar'" in str(conflict.value)
    assert "van u is naam 'Van hem'" in str(conflict.value)
    assert reading(installation).get_house("x").house.title == "Van haar"


@pytest.mark.parametrize(
    "changes", [{"unit_id": "atlantis"}, {"merged_into": "x"}, {"valid_from": "gisteren"}]
)
def test_a_change_that_is_not_sound_changes_nothing(
    installation: Installation, house: HouseRevision, changes: dict[str, object]
) -> None:
    with pytest.raises(RegisterError, match="x"):
        edit_house(installation, house, changes, NOW)

    assert reading(installation).get_house("x") == house


def test_a_file_that_was_written_out_before_somebody_changed_a_house_is_refused_with_both(
    installation: Installation, house: HouseRevision, tmp_path: Path
) -> None:
    edit_house(installation, house, {"title": "Van haar"}, NOW)

    with pytest.raises(ConflictError, match=r"Versie 2 is naam 'Van haar'.*; van u is naam 'Van hem'"):
        import_houses(installation, write_own(tmp_path, "Van hem", "1"), NOW)

    assert reading(installation).get_house("x").house.title == "Van haar"
    import_houses(installation, write_own(tmp_path, "Van hem", "2"), NOW)
    assert reading(installation).get_house("x").version == 3


def test_houses_that_were_written_out_come_back_as_they_are(
    installation: Installation, tmp_path: Path
) -> None:
    import_houses(installation, REAL, NOW)
    file = tmp_path / "huizen.csv"
    file.write_bytes(reading(installation).export_houses())
    before = installation.register()

    import_houses(installation, file, NOW)

    assert installation.register() == before
    assert reading(installation).get_house("alkmaar").version == 1


@pytest.mark.parametrize("title", ["=1+1", "+Huis", "-Huis", "@Huis", "\tHuis", "'=Huis", "'s-Huis"])
def test_a_title_that_looks_like_a_formula_comes_back_as_it_was_typed(
    installation: Installation, tmp_path: Path, title: str
) -> None:
    import_houses(installation, write_own(tmp_path, "Huis Een"), NOW)
    edit_house(installation, reading(installation).get_house("x"), {"title": title}, NOW)
    file = tmp_path / "huizen.csv"
    file.write_bytes(reading(installation).export_houses())

    import_houses(installation, file, NOW)

    assert reading(installation).get_house("x").house.title == title
    assert reading(installation).get_house("x").version == 2


def test_what_a_file_without_versions_would_change_is_shown_and_asked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("house", "import", write_own(tmp_path, "Huis Een"))
    monkeypatch.setattr("sys.stdin", StringIO("nee\n"))

    asked = run("house", "import", write_own(tmp_path, "Huis Twee"))
    after = run("house", "show", "x").stdout
    done = run("house", "import", "--yes", write_own(tmp_path, "Huis Twee"))

    assert "x: naam 'Huis Een' wordt 'Huis Twee'" in asked.stdout
    assert asked.returncode == 130
    assert after == "x: naam 'Huis Een', eenheid 'limburg' (versie 1).\n"
    assert done.returncode == 0
    assert "'Huis Twee'" in run("house", "show", "x").stdout


def test_a_house_is_changed_on_the_command_line_on_top_of_what_was_seen(run: Run, tmp_path: Path) -> None:
    run("house", "import", write_own(tmp_path, "Huis Een"))

    changed = run("house", "change", "x", "--title", "Huis Twee", "--from", "2026-01-01", "--version", "1")
    conflict = run("house", "change", "x", "--title", "Huis Drie", "--version", "1")
    written = run("house", "export", "-o", tmp_path / "uit.csv")

    assert changed.stdout == "x: naam 'Huis Twee', eenheid 'limburg', vanaf '1 januari 2026' (versie 2).\n"
    assert conflict.returncode == 23
    assert "van u is naam 'Huis Drie'" in conflict.stderr
    assert written.returncode == 0
    assert "x;Huis Twee;limburg;2026-01-01;;;;;;False;2" in (tmp_path / "uit.csv").read_text("utf-8-sig")


def test_of_many_who_change_a_house_at_once_each_that_counted_is_a_version(
    installation: Installation, house: HouseRevision
) -> None:
    def change(number: int) -> str | None:
        title = f"Huis {number}"
        try:
            edit_house(installation, reading(installation).get_house("x"), {"title": title}, NOW)
        except ConflictError:
            return None
        return title

    with ThreadPoolExecutor(8) as threads:
        acknowledged = [title for title in threads.map(change, range(32)) if title]

    stored = reading(installation).get_house("x")
    titles = [
        json.loads(line)["new"]["title"] for line in write_trail(installation) if "huis-gewijzigd" in line
    ]
    assert stored.version == house.version + len(acknowledged)
    assert sorted(titles) == sorted(acknowledged)
    assert stored.house.title == titles[-1]


@pytest.mark.parametrize(
    ("asks", "rules"),
    [
        (Asks(("politie/1.0",)), Rules.ONE),
        (Asks(("politie/1.1",)), Rules.TWO),
        (Asks(("politie/1.0",), rules=Rules.TWO), Rules.TWO),
        (Asks(("politie/1.0", "landelijk-kader/1.1")), Rules.TWO),
    ],
)
def test_a_round_keeps_the_rules_that_its_frameworks_were_made_for(
    demo: Installation, asks: Asks, rules: Rules
) -> None:
    opened = open_round(demo, ("nieuw", "Nieuw"), DAYS, asks, NOW)

    assert opened.rules is rules
    assert demo.register().round["nieuw"] == opened
    assert demo.questionnaire_of(opened).rules is rules


def test_a_round_by_other_rules_than_its_framework_was_made_for_is_refused(demo: Installation) -> None:
    with pytest.raises(FrameworkError, match=r"volgens regels 1, .* politie/1\.1 .*Kies kaders en regels"):
        open_round(demo, ("nieuw", "Nieuw"), DAYS, Asks(("politie/1.1",), rules=Rules.ONE), NOW)

    assert "nieuw" not in demo.register().round


def test_a_round_of_before_is_scored_by_rules_1_for_ever(demo: Installation) -> None:
    assert [each.rules for each in demo.register().rounds[:-1]] == [Rules.ONE, Rules.ONE]


def test_what_other_rules_would_make_of_a_round_is_told_and_not_stored(demo: Installation) -> None:
    by_one = score_round(demo, "2026-voorjaar", Perspective.HOUSE, NOW.date())
    by_two = score_round(demo, "2026-voorjaar", Perspective.HOUSE, NOW.date(), Rules.TWO)
    again = score_round(demo, "2026-voorjaar", Perspective.HOUSE, NOW.date())

    local = by_two.criteria["kind"] == Kind.LOCAL_ROOM
    norms = by_two.criteria["kind"].isin([Kind.HARD_NORM, Kind.CORE_NORM])
    assert by_two.criteria[local]["low"].isna().all()
    assert by_two.criteria[norms].equals(by_one.criteria[norms])
    assert not by_two.totals["low"].equals(by_one.totals["low"])
    assert again.totals.equals(by_one.totals)
