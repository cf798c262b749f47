"""Twelve slow files that one visitor delivers in three windows, beside somebody else with a good one."""

from collections.abc import Sequence

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from assessment.model.access import Grant, Role
from assessment.model.scale import Perspective
from assessment.service.accounts import add_account, grant_role
from assessment.service.clock import now
from assessment.service.installation import Installation
from assessment.service.sign_in import make_identity
from assessment.writers.questionnaire import write_questionnaire
from tests.dashboards import sign_in
from tests.odd_files import make_slow_file
from tests.reading import reading

STRANGER, OTHER = "a-1", "a-2"
_HOUSES = {STRANGER: "terpmark", OTHER: "veenrijk"}
READING = "Het bestand wordt gelezen"
READ, NOT_READ = "Bestand gelezen: 0 van 120 vragen beantwoord", "Niet gelezen"
WINDOWS, FILES_PER_WINDOW = 3, 4


def add_managers(installation: Installation, issuer: str) -> None:
    """Give the two visitors an account, each as manager of a house."""
    settings = installation.settings.model_copy(update={"oidc_issuer": issuer})
    for account_id, house_id in _HOUSES.items():
        add_account(installation, account_id, account_id, make_identity(settings, account_id), now())
        grant_role(installation, account_id, Grant(role=Role.MANAGER, house_id=house_id), now())


def make_good_file(installation: Installation) -> FilePayload:
    """An empty questionnaire of the house of the other visitor."""
    queries = reading(installation)
    form = queries.find_form(queries.find_whose(_HOUSES[OTHER], None, Perspective.HOUSE))
    return FilePayload(name=form.file_name, mimeType="", buffer=write_questionnaire(form))


def deliver_slow_files(context: BrowserContext, dashboard: str) -> list[Page]:
    """Have the stranger deliver twelve slow files in three windows, until each window waits for its first."""
    content = make_slow_file()
    names = [f"traag-{number}.ods" for number in range(FILES_PER_WINDOW)]
    files = [FilePayload(name=name, mimeType="", buffer=content) for name in names]
    sign_in(context.new_page(), dashboard, STRANGER)
    windows = [open_delivery(context.new_page(), dashboard) for _ in range(WINDOWS)]
    for window in windows:
        deliver(window, files)
    for window in windows:
        expect(window.get_by_text(READING)).to_be_visible()
    return windows


def open_delivery(page: Page, dashboard: str) -> Page:
    """The page on which files are delivered, once it stands there."""
    page.goto(f"{dashboard}/zelfscan")
    expect(page.get_by_role("button", name="Download de vragenlijst")).to_be_visible()
    return page


def deliver(page: Page, files: Sequence[FilePayload]) -> None:
    """Choose files on a page."""
    page.set_input_files("input[type=file]", files)
