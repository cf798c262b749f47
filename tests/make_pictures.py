"""Makes a picture of every page as every role, to be judged by eye: `python -m tests.make_pictures FOLDER`.

In three states: nothing stored at all, a round in which houses are at work, and the demo; on a laptop and a
telephone. The menu of a role says which pages it has.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Page, expect

from assessment.model.access import Role
from assessment.service.bench.filled import filled_database
from assessment.settings import Settings
from tests.conftest import installation_at
from tests.dashboards import filled_demo, open_browser, serving

SCREENS = {"1366": (1366, 768), "390": (390, 844)}
# Milliseconds until what moves stands still, and at most until all that a page shows is there.
STANDS_STILL, MOST = 2000, 120_000
# What the framework shows while a page is not whole yet, and how it marks one that is.
AT_WORK = ", ".join(f"[data-testid={each}]" for each in ("stStatusWidget", "stSkeleton", "stSpinner"))
WHOLE = "[data-testid=stApp][data-test-script-state=notRunning]"
PLACES = {Role.MANAGER: "Waterwolde", Role.POLICE: "Oost-Nederland", Role.UNIT: "Oost-Nederland"}
HALF = 10, 1
"""Houses and rounds of the state in between: the first house has a draft, the others handed in."""


@contextmanager
def nothing_stored() -> Iterator[str]:
    """The address of a database without anything."""
    with TemporaryDirectory() as folder:
        installation = installation_at(f"sqlite:///{(Path(folder) / 'leeg.sqlite').as_posix()}")
        installation.close()
        yield installation.settings.database_url


@contextmanager
def at_work() -> Iterator[str]:
    """The address of a database with one open round."""
    with filled_database(Settings(), *HALF) as filled:
        yield filled.settings.database_url


@contextmanager
def full() -> Iterator[str]:
    """The address of a database with the demo."""
    with filled_demo() as demo:
        yield demo.settings.database_url


STATES = {"leeg": nothing_stored, "half": at_work, "vol": full}


def main() -> None:
    """Write the pictures into the folder that the command line names."""
    (folder,) = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    for state, stored in STATES.items():
        with stored() as database, serving(database) as dashboard, open_browser() as browser:
            for role in Role:
                take_role(browser, f"{dashboard}/", role, folder / f"{state}-{role.value}")


def take_role(browser: Browser, dashboard: str, role: Role, begin: Path) -> None:
    """Take every page in the menu of a role: the first screen of each, and on a laptop the whole as well."""
    place = {f"rol-bij-{role.value}": PLACES[role]} if role in PLACES else {}
    chosen = urlencode({"rol": role.value} | place)
    paths = find_paths(browser, f"{dashboard}?{chosen}")
    for name, (width, height) in SCREENS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        for path in paths:
            open_still(page, f"{dashboard}{path}?{chosen}")
            page.screenshot(path=f"{begin}-{path or 'start'}-{name}.png")
            if name == "1366":
                grow(page, width)
                page.screenshot(path=f"{begin}-{path or 'start'}-heel.png")
                page.set_viewport_size({"width": width, "height": height})
        page.close()


def find_paths(browser: Browser, address: str) -> list[str]:
    """The pages to which the menu leads, and the one to which a house leads; the first page has no path."""
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    open_still(page, address)
    links = page.locator("[data-testid=stTopNavLink]:visible").all()
    paths = [urlsplit(str(link.get_attribute("href"))).path.strip("/") for link in links]
    page.close()
    return [*paths, *(["leverkaart"] if "mijn-huis" in paths else [])] or [""]


def open_still(page: Page, address: str) -> None:
    """Open a page, and wait until it is whole and stands still."""
    page.goto(address)
    page.locator("h1").first.wait_for()
    expect(page.locator(WHOLE)).to_be_attached(timeout=MOST)
    expect(page.locator(AT_WORK)).to_have_count(0, timeout=MOST)
    page.wait_for_timeout(STANDS_STILL)


def grow(page: Page, width: int) -> None:
    """Make the window as high as what scrolls in it, so that a picture shows the page to its foot."""
    height = page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(STANDS_STILL)


if __name__ == "__main__":
    main()
