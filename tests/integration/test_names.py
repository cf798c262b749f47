"""Names are text: what would steer a screen is refused where it comes in, and shown as a sign if stored."""

import json
from pathlib import Path

import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from assessment.errors import AccountError, RegisterError
from assessment.model.access import IdToken
from assessment.service.installation import Installation
from assessment.service.register import import_houses, put_district
from assessment.store.tables import AccountRow, DistrictRow, HouseRow, RoundRow, UnitRow
from assessment.ui import visitor
from tests.conftest import NOW, Run
from tests.reading import reading, write_trail

SIGNS = pytest.mark.parametrize("sign", ["\x1b", "\u202e", "\x9b", "\x07"])
REFUSED = "er staat een regeleinde of een onzichtbaar stuurteken in. Typ de naam opnieuw, op één regel."
PAGE = """
import streamlit as st
from assessment.errors import NotAllowedError
from assessment.ui.cache import trying
from assessment.ui.notices import show_notice

def refuse():
    raise NotAllowedError("U mag dit niet.", "see_scores", "terpmark")

st.button("Doe het", on_click=lambda: trying(refuse))
show_notice()
"""


@SIGNS
def test_a_name_that_would_steer_a_screen_is_refused_in_a_file(
    installation: Installation, tmp_path: Path, sign: str
) -> None:
    file = tmp_path / "huizen.csv"
    file.write_text(f"house_id,title,unit_id\nx,Huis {sign}X,limburg\n", encoding="utf-8")

    with pytest.raises(RegisterError) as refusal:
        import_houses(installation, file, NOW)

    assert str(refusal.value).startswith(f"{file}, regel 2: title {REFUSED}")
    assert installation.register().houses == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x85"])
def test_a_name_on_two_lines_is_refused_in_a_file(
    installation: Installation, tmp_path: Path, end: str
) -> None:
    file = tmp_path / "huizen.csv"
    file.write_text(f'house_id,title,unit_id\nx,"Huis{end}X",limburg\n', encoding="utf-8", newline="")

    with pytest.raises(RegisterError, match=REFUSED):
        import_houses(installation, file, NOW)


@SIGNS
def test_a_name_that_would_steer_a_screen_is_refused_by_every_command(on_demo: Run, sign: str) -> None:
    name, days = f"a{sign}b", ("--opens", "2027-03-01", "--closes", "2027-05-31")

    changed = on_demo("house", "change", "veenrijk", "--title", name, "--version", "1")
    opened = on_demo("round", "open", "2027", "--title", name, "--framework", "politie/1.0", *days)
    added = on_demo("account", "add", "a-1", "--name", name)

    assert (changed.returncode, opened.returncode) == (RegisterError.exit_code,) * 2
    assert f"veenrijk: title {REFUSED}" in changed.stderr
    assert f"title {REFUSED}" in opened.stderr
    assert added.returncode == AccountError.exit_code
    assert "op één regel, zonder onzichtbare stuurtekens" in added.stderr
    assert sign not in changed.stderr + opened.stderr + added.stderr


@SIGNS
def test_a_district_is_called_by_text(demo: Installation, sign: str) -> None:
    given = {"district_id": "d-1", "title": f"D{sign}", "unit_id": "limburg"}

    with pytest.raises(RegisterError, match="stuurteken"):
        put_district(demo, given, NOW)


@SIGNS
def test_a_name_that_was_stored_before_has_a_sign_and_breaks_nothing(
    on_demo: Run, demo: Installation, tmp_path: Path, sign: str
) -> None:
    on_demo("account", "add", "a-1", "--name", "Jip")
    with demo.store.writing() as session:
        for row in (HouseRow, RoundRow, UnitRow, DistrictRow):
            session.query(row).update({"title": f"Oud {sign} huis"})
        session.query(HouseRow).update({"teams": f"Team {sign}"})
        session.query(UnitRow).update({"regions": f"Regio {sign}"})
        session.query(AccountRow).update({"name": f"Jip {sign}"})
    file = tmp_path / "vragen.xlsx"

    ended = on_demo("template", "--house", "veenrijk", "-o", file)

    assert ended.returncode == 0, ended.stderr
    cells = [str(cell) for sheet in load_workbook(file) for row in sheet.values for cell in row]
    assert any("Oud \ufffd huis" in cell for cell in cells)
    assert not any(sign in cell for cell in cells)
    assert [each.name for each in reading(demo).list_accounts()] == ["Jip \ufffd"]


def test_a_name_from_who_signs_people_in_is_cleaned_and_keeps_nobody_out(
    demo: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"iss": "https://x.example", "sub": "1", "nonce": "n", "iat": NOW.timestamp()}

    def read(**names: str) -> IdToken:
        monkeypatch.setattr(type(st.user), "to_dict", lambda _: said | names)
        return visitor._read_token(demo)  # noqa: SLF001 - where what was said comes in

    assert read(name="Jip\x1b\n\u202eJansen").name == "Jip\ufffd \ufffdJansen"
    assert read(name="\n", email="jip@x.example").name == "jip@x.example"


def test_what_a_click_was_refused_is_in_the_trail(on_pages: Installation) -> None:
    page = AppTest.from_string(PAGE, default_timeout=180).run()

    page.button[0].click().run()

    entry = json.loads(list(write_trail(on_pages))[-1])
    assert (entry["action"], entry["subject"], entry["new"]) == (
        "geweigerd",
        "terpmark",
        {"task": "see_scores"},
    )
    assert [each.value for each in page.warning] == ["U mag dit niet."]
