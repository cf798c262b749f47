"""Every page as every role, for whoever does not see, does not use a mouse, or has a narrow screen.

What axe finds in the markup of the framework stands in docs/accessibility.md, and nowhere else.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assessment.model.access import Role
from assessment.model.answers import Whose
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.conftest import NOW
from tests.e2e.test_browser import wait_until_drawn
from tests.unit.test_palette import contrast

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

EVERYTHING = "alle rechten"
LONGEST_RUN = 180_000  # in milliseconds, on a machine that does much besides
ROLES = (EVERYTHING, *(role.value for role in Role))
OPEN_ALL = """() => new Promise(drawn => {
    document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click());
    setTimeout(drawn, 100);
})"""
FIND_WIDEST = """() => {
    document.querySelector('[data-testid=stMain]').scrollLeft = 1000;
    const wide = [document.documentElement, document.querySelector('[data-testid=stMain]')];
    return Math.max(...wide.map(each => each.scrollWidth)) - innerWidth;
}"""
LIST_CUT = """() => {
    const cut = [];
    const main = document.querySelector('[data-testid=stMain]');
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode, range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        let around = text.parentElement, isCut = false;
        if (!text.textContent.trim() || !box.width || around.closest('style, script')) continue;
        for (; around !== main; around = around.parentElement) {
            const drawn = getComputedStyle(around), room = around.getBoundingClientRect();
            if (drawn.clipPath !== 'none' || ['auto', 'scroll'].includes(drawn.overflowX)) break;
            const holds = drawn.overflowX === 'visible';
            isCut ||= !holds && (box.left < room.left - 2 || box.right > room.right + 2);
        }
        const outside = box.left < -2 || box.right > innerWidth + 2;
        if (isCut || (around === main && outside)) cut.push(text.textContent.trim());
    }
    return cut;
}"""
"""What is cut off at a side: not what one can scroll to, nor what is there to be heard alone."""
NARROW = {"320 px": (320, 640), "200 %": (683, 384)}
"""The narrowest screen, and a window of 1366 × 768 in which everything is twice as large."""
LIST_NOT_CHOSEN = """() => [...document.querySelectorAll(
    '[data-testid=stCheckbox] label > span + div, [data-testid=stRadioOption] > span + div > div:first-child'
)].filter(each => !each.closest('label').querySelector('input').checked).map(each => {
    const drawn = getComputedStyle(each);
    return [drawn.borderTopColor, drawn.backgroundColor];
})"""
IS_IN = "([target, selector]) => document.querySelector(target)?.closest(selector) !== null"
ENGLISH = re.compile(
    r"\b(skip|close|choose|select|selected|increment|decrement|upload|browse|drag|drop|files?|link to|pages|"
    r"clear|remove|search|results?|previous|next|month|year|day|empty|press|help for|expand|collapse|"
    r"fullscreen|copy|copied|clipboard|running|loading|available|monday|sunday|connecting|rerun|settings|"
    r"the|and|your|to|with|this)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"""(?:"([^"]*)"|: (.*))""")
"""What is heard in a line of the tree, without the kind of thing that it is."""


class Visit(NamedTuple):
    """What one page turned out to be for one role."""

    violations: list[str]
    english: list[str]
    too_wide: dict[str, int]
    cut: dict[str, list[str]]


def list_known() -> list[tuple[str, str]]:
    """The rule and the place of each fault of the framework, as the statement tells of them."""
    told = (HOME / "docs" / "accessibility.md").read_text("utf-8")
    return re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", told, re.MULTILINE)


@pytest.fixture(scope="module", autouse=True)
def _half_filled(opened: Installation) -> None:
    """A draft, so that Invullen shows its questions to who may answer them."""
    begin_draft(opened, Whose("2026-najaar", "terpmark", Perspective.HOUSE), NOW)


@pytest.fixture(scope="module", params=ROLES)
def visits(request: pytest.FixtureRequest, browser: Browser, dashboard: str) -> Iterator[dict[str, Visit]]:
    """What each page in the menu of a role turned out to be; in a browser that speaks English."""
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US") as context:
        page = context.new_page()
        yield {path: visit(page, path) for path in list_menu(page, dashboard, request.param)}


def list_menu(page: Page, dashboard: str, role: str) -> list[str]:
    page.goto(f"{dashboard}/?rol={quote(role)}")
    wait_for_run(page)
    links = page.get_by_test_id("stMain").get_by_test_id("stPageLink").locator("a").all()
    paths = {str(link.get_attribute("href")).partition("?")[0] for link in links}
    if "mijn-huis" in paths:
        paths.add("leverkaart")  # in no menu: a house and its unit lead to it
    return [f"{dashboard}/{path}?rol={quote(role)}" for path in sorted(paths)]


def wait_for_run(page: Page) -> None:
    """Wait until a page is drawn, also where it computes the whole country for the first time."""
    expect(page.locator("h1").first).to_be_visible(timeout=LONGEST_RUN)
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached(timeout=LONGEST_RUN)
    wait_until_drawn(page)


def visit(page: Page, address: str) -> Visit:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    wait_for_run(page)
    page.evaluate(OPEN_ALL)
    violations = list(find_violations(page))
    english = [line for line in page.locator("body").aria_snapshot().splitlines() if is_english(line)]
    too_wide, cut = {}, {}
    for name, (width, height) in NARROW.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)  # in which charts are drawn anew
        too_wide[name], cut[name] = page.evaluate(FIND_WIDEST), page.evaluate(LIST_CUT)
    return Visit(violations, english, too_wide, cut)


def is_english(line: str) -> bool:
    heard = " ".join("".join(found) for found in NAMES.findall(line.partition("/url:")[0]))
    return ENGLISH.search(heard) is not None or "**" in heard


def find_violations(page: Page) -> Iterator[str]:
    """Whatever axe finds that is not known of the framework."""
    for rule in Axe().run(page).response["violations"]:
        selectors = [selector for known, selector in list_known() if known == rule["id"]]
        for node in rule["nodes"]:
            target = node["target"][0]
            if not any(page.evaluate(IS_IN, [target, selector]) for selector in selectors):
                yield f"{rule['id']} {target}: {node['html'][:200]}"


def test_axe_finds_nothing_of_ours_on_any_page(visits: dict[str, Visit]) -> None:
    assert {path: found.violations for path, found in visits.items() if found.violations} == {}


def test_whoever_hears_a_page_hears_dutch(visits: dict[str, Visit]) -> None:
    assert {path: found.english for path, found in visits.items() if found.english} == {}


def test_no_page_scrolls_sideways_on_the_narrowest_screen_or_at_200_percent(
    visits: dict[str, Visit],
) -> None:
    wide = {path: found.too_wide for path, found in visits.items()}
    assert {path: found for path, found in wide.items() if max(found.values()) > 0} == {}


def test_nothing_is_cut_off_on_the_narrowest_screen_or_at_200_percent(visits: dict[str, Visit]) -> None:
    assert {path: found.cut for path, found in visits.items() if any(found.cut.values())} == {}


@pytest.mark.parametrize(
    "path", ["mijn-huis", "routekaart", "landelijk-beeld", "mijn-eenheid", "invullen?huis=terpmark"]
)
def test_in_the_dark_every_text_can_be_read(browser: Browser, dashboard: str, path: str) -> None:
    with browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{dashboard}/{path}")
        wait_for_run(page)
        ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")

        assert contrast(as_hex(ground), "#FFFFFF") > 15
        assert list(find_violations(page)) == []


@pytest.mark.parametrize("path", ["invullen?huis=terpmark", "inleveringen?huis=waterwolde", "rapporten"])
def test_the_border_of_what_is_not_chosen_stands_out(dashboard: str, page: Page, path: str) -> None:
    page.goto(f"{dashboard}/{path}")
    wait_for_run(page)
    page.evaluate(OPEN_ALL)
    page.locator("[data-testid=stRadioOption], [data-testid=stCheckbox]").first.wait_for()

    drawn = page.evaluate(LIST_NOT_CHOSEN)

    assert drawn
    assert min(contrast(*map(as_hex, colours)) for colours in drawn) >= 3


def as_hex(computed: str) -> str:
    """A colour as the palette writes it, of "rgb(1, 2, 3)"."""
    return "#" + "".join(f"{int(each):02X}" for each in re.findall(r"\d+", computed))
