"""Installations that are not as the demo: every page opens as every role, and can be read."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assessment.model.access import Role
from assessment.model.answers import Answer, Submission
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.readers.tables import read_units
from assessment.service.bench.filled import filled_database
from assessment.service.clock import now
from assessment.service.installation import Installation, open_installation
from assessment.service.register import Asks, edit_house, open_round
from assessment.settings import HOME, Settings
from assessment.store.register import add_houses, add_units
from assessment.store.submissions import add_submissions
from assessment.ui.cache import share_installation
from tests.pages import texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite

PAGE = """
from collections import defaultdict
import streamlit as st
from assessment.errors import UserError
from assessment.ui.pages import {page}
from assessment.ui.navigation import give_title, begin_run, open_page
only = st.Page({page}.render, title="Alleen deze", default=True)
begin_run(defaultdict(lambda: only))
shown = st.navigation([only])
open_page("Alleen deze")
try:
    shown.run()
except UserError as error:
    give_title()
    st.warning(str(error))
"""
PAGES = sorted(
    path.stem for path in (HOME / "assessment" / "ui" / "pages").glob("*.py") if path.stem != "__init__"
)
LONG = "Veiligheidshuis " + "Zeer-Lange-Naam aan de IJssel en omstreken, " * 2 + "Noordwest-Veluwe"
TEAM = ("Basisteam " + "van een heel groot gebied " * 5)[:119].strip()


@contextmanager
def _filled(houses: int) -> Iterator[Settings]:
    with filled_database(Settings(), houses=houses, rounds=2) as filled:
        yield filled.settings


@contextmanager
def _with_long_names() -> Iterator[Settings]:
    with _filled(12) as settings:
        where = open_installation(settings)
        for house in where.register().houses:
            title = f"{LONG} {house.house_id}"[:120]
            seen = reading(where).get_house(house.house_id)
            edit_house(where, seen, {"title": title, "teams": (TEAM,)}, now())
        where.close()
        yield settings


@contextmanager
def _asking(ref: str, folder: Path, answer: str = "") -> Iterator[Settings]:
    """One round that asks one framework of five houses of one unit, and what each of them answers."""
    for name in ("data", "reports"):
        (folder / name).symlink_to(HOME / name)
    shutil.copytree(HOME / "questionnaires", folder / "questionnaires")
    own = folder / "questionnaires" / "gebruiksgemak"
    own.mkdir()
    shutil.copy(HOME / "tests" / "files" / "frameworks" / "gebruiksgemak.yaml", own / "1.0.yaml")
    settings = Settings(database_url=f"sqlite:///{folder / 'odd.sqlite'}", content_folder=folder)
    where = open_installation(settings)
    houses = tuple(
        House(house_id=f"h{place}", title=f"Huis {place}", unit_id="limburg", invented=True)
        for place in range(5)
    )
    with where.store.writing() as session:
        add_units(session, read_units(settings.data / "units.csv"))
        add_houses(session, houses)
    today = now().date()
    days = (today - timedelta(days=9), today + timedelta(days=9))
    round_ = open_round(where, ("proef", "Proef"), days, Asks((ref,)), now())
    if answer:
        asked = [each.question_id for each in where.questionnaire_of(round_).questions if each.options]
        _hand_in(where, [(house.house_id, asked) for house in houses], answer)
    where.close()
    yield settings


def _hand_in(where: Installation, said: list[tuple[str, list[str]]], answer: str) -> None:
    handed_in = [
        Submission(
            house_id=house_id,
            round_id="proef",
            perspective=Perspective.HOUSE,
            answers=tuple(Answer(question_id=key, option_id=answer) for key in asked),
            handed_in=now(),
            file_name="proef.xlsx",
            file_sha256=sha256(house_id.encode()).hexdigest(),
        )
        for house_id, asked in said
    ]
    with where.store.writing() as session:
        add_submissions(session, [(each, each.house_id.encode()) for each in handed_in])


ODD: dict[str, Callable[[Path], AbstractContextManager[Settings]]] = {
    "a round without answers": lambda folder: _asking("politie/1.1", folder),
    "one house only, nine units without houses": lambda _: _filled(1),
    "names of 120 characters": lambda _: _with_long_names(),
    "a framework with one criterion": lambda folder: _asking("gebruiksgemak/1.0", folder, "b"),
    "a framework with one criterion, without answers": lambda folder: _asking("gebruiksgemak/1.0", folder),
}


@pytest.fixture(scope="module", params=ODD)
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made = ODD[request.param](tmp_path_factory.mktemp("odd"))
    with made as settings, pytest.MonkeyPatch.context() as patched:
        for name, value in settings.environment.items():
            patched.setenv(name, value)
        yield request.param
        share_installation().close()
        st.cache_resource.clear()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_as_every_role_and_can_be_read(odd: str, page: str) -> None:
    read = {role: _open(page, role) for role in (None, *Role)}

    faults = {role: [str(each.value) for each in shown.exception] for role, shown in read.items()}
    assert {role: said for role, said in faults.items() if said} == {}, odd
    assert [role for role, shown in read.items() if not shown.title] == []
    told = {role: texts(shown) for role, shown in read.items()}
    assert [role for role, text in told.items() if len(text) < 20] == []
    assert [role for role, text in told.items() if " nan" in text or "None" in text] == []


def _open(page: str, role: Role | None) -> AppTest:
    shown = AppTest.from_string(PAGE.format(page=page), default_timeout=120)
    if role is not None:
        shown.session_state["rol"] = role.value
    return shown.run()
