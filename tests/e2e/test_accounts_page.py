"""Beheer: accounts and rights on a page, and what is in the menu of whom."""

import pytest
from streamlit.testing.v1 import AppTest

from assessment.model.access import OPERATOR, Identity, Role
from assessment.service.accounts import add_account
from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.conftest import NOW, SIGNING_IN
from tests.pages import as_read, texts
from tests.reading import reading

PAGE = """
import streamlit as st
from assessment.ui.pages import beheer
st.navigation([st.Page(beheer.render, title="Beheer", default=True)]).run()
"""


@pytest.fixture
def page(on_pages: Installation) -> AppTest:
    shown = AppTest.from_string(PAGE, default_timeout=180).run()
    assert on_pages is not None
    assert not shown.exception
    return shown


def add(page: AppTest, account_id: str, name: str = "Jip") -> None:
    page.text_input(key="nieuw-account").input(account_id)
    page.text_input(key="nieuw-naam").input(name)
    page.button[0].click().run()


def told(page: AppTest) -> str:
    return "\n".join(as_read(str(each.value)) for kind in (page.success, page.warning) for each in kind)


def test_an_account_gets_rights_and_loses_them_again(page: AppTest, on_pages: Installation) -> None:
    add(page, "a-1")
    page.selectbox(key="beheer-recht").select(Role.MANAGER.value).run()
    page.selectbox(key="beheer-plaats/manager").select("veenrijk").run()
    next(each for each in page.button if each.label == "Geef recht").click().run()

    (account,) = reading(on_pages).list_accounts()
    assert list(map(str, account.grants)) == ["manager:veenrijk"]
    assert told(page) == "a-1 heeft nu het recht manager: Veenrijk."
    assert "<div>manager: Veenrijk</div>" in texts(page)
    assert "manager:veenrijk" not in texts(page)

    page.button(key="beheer-intrekken/manager:veenrijk").click().run()
    assert reading(on_pages).list_accounts()[0].grants == ()
    assert told(page) == "Het recht manager: Veenrijk van a-1 is ingetrokken."
    page.button(key="beheer-beeindigen").click().run()
    assert reading(on_pages).list_accounts()[0].ended
    assert told(page) == "Account a-1 is beëindigd."
    assert not page.exception


def test_what_cannot_be_is_told_and_changes_nothing(page: AppTest, on_pages: Installation) -> None:
    add(page, "A 1")

    assert "kleine letters, cijfers en streepjes" in told(page)
    assert reading(on_pages).list_accounts() == ()


def test_where_signing_in_is_set_up_a_number_is_linked_to_an_account(
    on_pages: Installation, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    for name, value in SIGNING_IN.items():
        monkeypatch.setenv(f"KADERSCAN_OIDC_{name}", value)
    monkeypatch.setenv("KADERSCAN_OIDC_ISSUER", provider)
    add_account(on_pages, "a-1", "Jip", None, NOW)
    monkeypatch.setattr("assessment.ui.cache.find_visitor", lambda _: OPERATOR)
    page = AppTest.from_string(PAGE, default_timeout=180).run()

    page.text_input(key="beheer-nummer/a-1").input("0001-abc")
    page.button(key="beheer-koppelen").click().run()

    assert told(page) == "Wie met dit nummer aanmeldt, werkt voortaan als account a-1."
    (account,) = reading(on_pages).list_accounts()
    assert account.identity == Identity(issuer="https://inlog.example", subject="0001-abc")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_sees_accounts(page: AppTest, role: Role) -> None:
    page.session_state["rol"] = role.value

    page.run()

    assert page.exception or not page.text_input


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("beheerder", {"Zelfscan", "Invullen", "Mijn huis", "Routekaart", "Landelijk beeld"}),
        ("manager", {"Beheer", "Mijn eenheid"}),
        ("landelijk", {"Beheer", "Invullen"}),
    ],
)
@pytest.mark.usefixtures("on_pages")
def test_the_menu_holds_what_a_role_may_do(role: str, hidden: set[str]) -> None:
    app = AppTest.from_file(str(HOME / "assessment" / "dashboard.py"), default_timeout=180)
    app.session_state["rol"] = role

    app.run()

    named = {getattr(link, "label", "") for link in app.get("page_link")}
    assert not named & hidden
    assert "Start" in named


OF_A_HOUSE = ["Mijn huis", "Routekaart", "Formules"]
ALONE = ["Landelijk beeld", "Rapporten", "Kader"]
TOGETHER = ["Ronde", "Inleveringen"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("role", "menu"),
    [
        ("manager", ["Start", "Zelfscan", "Invullen", *OF_A_HOUSE, *TOGETHER, *ALONE]),
        ("eenheid", ["Start", "Mijn eenheid", *TOGETHER, *ALONE, *OF_A_HOUSE, "Zelfscan"]),
        (
            "landelijk",
            ["Start", ALONE[0], *TOGETHER, *ALONE[1:], "Mijn eenheid", *OF_A_HOUSE, "Zelfscan"],
        ),
        ("beheerder", ["Start", "Beheer", *TOGETHER, "Kader"]),
    ],
)
@pytest.mark.usefixtures("on_pages")
def test_the_menu_stands_in_the_order_of_the_work_of_a_role(role: str, menu: list[str]) -> None:
    app = AppTest.from_file(str(HOME / "assessment" / "dashboard.py"), default_timeout=180)
    app.session_state["rol"] = role

    app.run()

    assert [getattr(link, "label", "") for link in app.get("page_link")][: len(menu)] == menu
