"""The main path of each role in a real browser, on SQLite and on PostgreSQL.

That of an administrator is in test_first_days: from nothing to a first house that handed in.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from assessment.service.installation import Installation
from tests.dashboards import serving
from tests.e2e.test_browser import COUNTRY, let_it_replace, wait_until_drawn
from tests.reading import reading, write_trail
from tests.soaking import ROUND

pytestmark = pytest.mark.browser


@pytest.fixture
def dashboard(demo: Installation) -> Iterator[str]:
    """The address of a dashboard on the demo."""
    with serving(demo.settings.database_url) as address:
        yield address


def test_house_and_police_adopt_together_and_the_round_is_closed(
    dashboard: str, demo: Installation, page: Page
) -> None:
    page.goto(f"{dashboard}/inleveringen?huis=waterwolde")
    expect(page.get_by_role("heading", name=re.compile("^Waterwolde: "))).to_be_visible()
    adopt = page.get_by_role("button", name="Stel samen één versie vast")
    expect(adopt).to_be_disabled()
    choices = page.get_by_role("radiogroup").filter(has_text="(de politie)")
    pair = reading(demo).find_pair(ROUND, "waterwolde")
    assert pair is not None
    expect(choices).to_have_count(len(pair.open))
    for place in range(len(pair.open)):
        choices.nth(place).get_by_text("(de politie)").click()
    expect(adopt).to_be_enabled()
    adopt.click()
    expect(page.get_by_text("Vastgesteld. De versie die is vastgesteld")).to_be_visible()

    page.goto(f"{dashboard}/ronde")
    house = page.get_by_role("row", name="Veiligheidshuis Waterwolde")
    expect(house.get_by_text("vastgesteld")).to_have_count(3)

    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()
    page.get_by_text("Ronde sluiten").click()
    seen = page.get_by_role("checkbox", name="Ik heb gezien wat er wordt bevroren")
    seen.press("Space")  # a click may miss it while what holds it slides open
    page.get_by_role("button", name="Sluit de ronde").click()
    expect(page.get_by_text("De ronde is gesloten. Wat was vastgesteld, is bevroren.")).to_be_visible()
    expect(house.get_by_text("bevroren")).to_have_count(3)


def test_a_manager_hands_in_and_takes_the_plan_along(
    dashboard: str, demo: Installation, page: Page, filled: Path, tmp_path: Path
) -> None:
    page.goto(f"{dashboard}/zelfscan?rol=manager&rol-bij-manager=Veenrijk&huis=veenrijk")
    page.set_input_files("input[type=file]", filled)
    expect(page.get_by_text("Bestand gelezen: 15 van 120 vragen beantwoord")).to_be_visible()

    let_it_replace(page)
    page.get_by_role("button", name="Lever in").click()
    page.get_by_role("link", name="Bekijk waar Veenrijk staat").click()
    expect(page.get_by_role("heading", name="Veenrijk: ")).to_be_visible()
    expect(page.locator(".ks-answer").first).to_have_text(re.compile(r"^\d+\s% \d+–100\s%$"))

    page.get_by_role("link", name="Routekaart", exact=True).first.click()
    expect(page.get_by_role("heading", name=re.compile("Veenrijk: waarschijnlijk in"))).to_be_visible()
    wait_until_drawn(page)
    papers = page.get_by_role("button", name="Verbeterplan", exact=True)
    excel = page.get_by_role("button", name="Excel: om de voortgang bij te houden")
    papers.click()
    with page.expect_download() as download:
        excel.click()
    plan = tmp_path / "plan.xlsx"
    download.value.save_as(plan)
    assert load_workbook(plan).sheetnames[:4] == ["Samenvatting", "Overzicht", "Plan", "Voortgang"]
    told = json.loads(list(write_trail(demo))[-1])
    assert (told["action"], told["subject"]) == ("bestand-uitgegeven", "plan/veenrijk")


def test_a_unit_sees_who_is_up_and_takes_the_plans_of_its_houses_along(
    dashboard: str, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{dashboard}/mijn-eenheid?rol=eenheid&mijn-eenheid=noord-nederland")
    expect(page.get_by_role("heading", name=re.compile("Noord-Nederland: in .* aan zet"))).to_be_visible()
    page.get_by_role("link", name="Terpmark").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Terpmark: "))).to_be_visible()
    page.get_by_role("link", name="Mijn eenheid").first.click()
    expect(page.get_by_role("heading", name=re.compile("Noord-Nederland: in .* aan zet"))).to_be_visible()
    page.get_by_role("button", name="Verbeterplannen").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Zip van 3 huizen, gemaakt op").click(timeout=60_000)
    bundle = tmp_path / "plannen.zip"
    download.value.save_as(bundle)

    with ZipFile(bundle) as opened:
        assert sorted(opened.namelist()) == [
            "LEESMIJ.txt",
            "eenheid_2026-najaar_noord-nederland.xlsx",
            *(
                f"{house}/verbeterplan_2026-najaar_{house}.{kind}"
                for house in ("terpmark", "veenrijk", "waddehorst")
                for kind in ("docx", "ics", "pdf", "xlsx")
            ),
        ]
        assert opened.testzip() is None


def test_the_country_sees_the_same_gap_everywhere_and_what_solving_it_brings(
    dashboard: str, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{dashboard}/landelijk-beeld?rol=landelijk")
    expect(page.get_by_role("heading", name=COUNTRY).first).to_be_visible()
    wait_until_drawn(page)
    page.locator(".ks-bars").get_by_role("link", name="landelijk is opgelost").first.click()
    expect(page.locator(".st-key-landelijk-opgelost").get_by_text("volgens het kader").first).to_be_visible()

    page.goto(f"{dashboard}/rapporten?rol=landelijk")
    row = page.get_by_test_id("stHorizontalBlock").filter(has_text="Landelijk rapport")
    with page.expect_download() as download:
        row.get_by_role("button", name="Pdf").click()
    assert download.value.suggested_filename == "landelijk_2026-najaar.pdf"
    report = tmp_path / "rapport.pdf"
    download.value.save_as(report)
    assert len(PdfReader(report).pages) > 1
