"""Signing in at a real identity provider, in a real browser; and the local trial, where nobody signs in."""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from assessment.errors import SettingsError
from assessment.model.access import Grant, Identity, Role
from assessment.service.accounts import add_account, end_account, grant_role, link_identity, revoke_role
from assessment.service.clock import now
from assessment.service.installation import Installation
from assessment.service.sign_in import make_identity, recognise
from assessment.settings import HOME
from tests.conftest import NOW
from tests.dashboards import SECRET, identity_provider, serving, sign_in, sign_in_at

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

MANAGER = Grant(role=Role.MANAGER, house_id="veenrijk")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with identity_provider() as address:
        yield address


@pytest.fixture(scope="module")
def variables(issuer: str) -> dict[str, str]:
    return sign_in_at(issuer)


class Person(NamedTuple):
    """Somebody with an account: its id, and who that is for the identity provider."""

    account_id: str
    identity: Identity


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """The numbers of the accounts, each given once."""
    return count(1)


@pytest.fixture
def jip(opened: Installation, issuer: str, numbers: Iterator[int]) -> Person:
    """Somebody new, who has an account as manager of Veenrijk."""
    number = next(numbers)
    settings = opened.settings.model_copy(update={"oidc_issuer": f"{issuer}/"})
    person = Person(f"a-{number}", make_identity(settings, f"jip-{number}"))
    assert person.identity == Identity(issuer=issuer, subject=f"jip-{number}")
    add_account(opened, person.account_id, "Jip de Vries", person.identity, NOW)
    grant_role(opened, person.account_id, MANAGER, NOW)
    return person


@pytest.fixture(scope="module")
def dashboard(opened: Installation, variables: dict[str, str]) -> Iterator[str]:
    with serving(opened.settings.database_url, **variables) as address:
        yield address


def test_who_did_not_sign_in_sees_nothing_of_any_house(dashboard: str, page: Page) -> None:
    for path in ("", "/mijn-huis", "/routekaart", "/landelijk-beeld", "/zelfscan"):
        page.goto(f"{dashboard}{path}")

        expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()
        expect(page.get_by_text("Veiligheidshuis")).to_have_count(0)


def test_a_manager_signs_in_sees_the_own_house_and_no_other_and_signs_out(
    dashboard: str, jip: Person, page: Page
) -> None:
    sign_in(page, dashboard, jip.identity.subject)
    expect(page.get_by_text("Aangemeld als Jip de Vries (manager: Veenrijk)")).to_be_visible()

    page.goto(f"{dashboard}/mijn-huis")
    expect(page.get_by_role("heading", name="Veenrijk: ")).to_be_visible()
    page.goto(f"{dashboard}/mijn-huis?huis=terpmark")
    expect(page.get_by_text("is hier niet te kiezen").first).to_be_visible()
    expect(page.get_by_text(re.compile("Terpmark"))).to_have_count(0)
    page.goto(f"{dashboard}/landelijk-beeld")
    expect(page.get_by_role("heading", name="volgens het kader", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("Terpmark"))).to_have_count(0)

    page.get_by_role("button", name="Afmelden").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()
    page.goto(f"{dashboard}/mijn-huis")
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()


def test_after_signing_out_neither_the_cookie_nor_another_window_gets_in(
    dashboard: str, jip: Person, page: Page, browser: Browser
) -> None:
    sign_in(page, dashboard, jip.identity.subject)
    expect(page.get_by_text("Aangemeld als Jip de Vries")).to_be_visible()
    stolen = page.context.storage_state()
    other = page.context.new_page()
    other.goto(f"{dashboard}/mijn-huis")
    expect(other.get_by_role("heading", name="Veenrijk: ")).to_be_visible()

    page.get_by_role("button", name="Afmelden").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()

    other.get_by_role("link", name="Routekaart", exact=True).click()
    expect(other.get_by_text("U bent afgemeld.")).to_be_visible()
    expect(other.get_by_text("Veenrijk")).to_have_count(0)
    with browser.new_context(storage_state=stolen) as elsewhere:
        thief = elsewhere.new_page()
        thief.goto(f"{dashboard}/mijn-huis")
        expect(thief.get_by_text("U bent afgemeld.")).to_be_visible()
        expect(thief.get_by_text("Veenrijk")).to_have_count(0)


def test_an_open_window_of_who_was_unlinked_shows_nothing_any_more(
    dashboard: str, opened: Installation, jip: Person, page: Page
) -> None:
    sign_in(page, dashboard, jip.identity.subject)
    page.get_by_role("link", name="Mijn huis", exact=True).click()
    expect(page.get_by_role("heading", name="Veenrijk: ")).to_be_visible()

    other = jip.identity.model_copy(update={"subject": f"kim-{jip.account_id}"})
    link_identity(opened, jip.account_id, other, now())
    page.get_by_role("link", name="Routekaart", exact=True).click()

    expect(page.get_by_text("nog geen account")).to_be_visible()
    expect(page.get_by_text("Veenrijk")).to_have_count(0)
    expect(page.get_by_role("link", name="Routekaart", exact=True)).to_have_count(0)


def test_a_right_that_is_taken_away_is_gone_at_the_next_click(
    dashboard: str, opened: Installation, jip: Person, page: Page
) -> None:
    sign_in(page, dashboard, jip.identity.subject)
    page.get_by_role("link", name="Mijn huis", exact=True).click()
    expect(page.get_by_role("heading", name="Veenrijk: ")).to_be_visible()

    revoke_role(opened, jip.account_id, MANAGER, NOW)
    page.get_by_role("link", name="Routekaart", exact=True).click()
    expect(page.get_by_text("U mag dit niet")).to_be_visible()
    expect(page.get_by_text("Veenrijk")).to_have_count(0)

    end_account(opened, jip.account_id, NOW)
    page.get_by_role("link", name="Start", exact=True).click()
    expect(page.get_by_text(f"Uw account ({jip.account_id}) is beëindigd.")).to_be_visible()


def test_who_has_no_account_sees_the_number_to_give_to_the_administrator(dashboard: str, page: Page) -> None:
    sign_in(page, dashboard, "vreemd-0002")

    expect(page.get_by_text("Geef dit nummer aan de beheerder: vreemd-0002")).to_be_visible()
    expect(page.get_by_role("button", name="Afmelden")).to_be_visible()


def test_a_claim_that_the_settings_know_gives_a_first_role(
    dashboard: str, opened: Installation, issuer: str, page: Page
) -> None:
    sign_in(page, dashboard, "iemand-van-land")

    expect(page.get_by_text("(landelijk)")).to_be_visible()
    expect(page.get_by_role("link", name="Landelijk beeld", exact=True).first).to_be_visible()
    visitor = recognise(opened, Identity(issuer=issuer, subject="iemand-van-land"))
    assert visitor.grants == (Grant(role=Role.COUNTRY),)


def test_with_signing_in_the_secret_stands_in_no_file_and_is_not_shown(variables: dict[str, str]) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "assessment", "settings"],
        env={"PATH": "", **variables},
        cwd=HOME,
        capture_output=True,
        text=True,
        check=True,
    )

    assert SECRET not in shown.stdout
    assert "***" in shown.stdout
    assert not (HOME / ".streamlit" / "secrets.toml").exists()


def test_without_signing_in_the_dashboard_starts_on_this_machine_only(demo: Installation) -> None:
    words = ["-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.headless", "true"]  # noqa: S104 - it must refuse

    ended = subprocess.run(
        [sys.executable, *words],
        env={"PATH": "", **demo.settings.environment},
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == SettingsError.exit_code
    assert ended.stderr.splitlines()[-1].startswith(
        "Zonder aanmelden mag het dashboard alleen op deze machine"
    )
    assert "Traceback" not in ended.stderr


def test_on_a_local_trial_every_page_says_so_and_a_role_can_be_tried(demo: Installation, page: Page) -> None:
    with serving(demo.settings.database_url) as dashboard:
        for path in ("", "/mijn-huis", "/routekaart", "/landelijk-beeld", "/zelfscan", "/bestaat-niet"):
            page.goto(f"{dashboard}{path}")
            expect(page.get_by_text("Zonder aanmelden · u kijkt als")).to_be_visible()
        page.goto(f"{dashboard}/mijn-huis")
        page.get_by_role("combobox", name="Bekijk als").click()
        page.get_by_role("option", name="beheerder").click()

        expect(page.get_by_text("U mag dit niet: antwoorden en uitkomsten zien")).to_be_visible()
