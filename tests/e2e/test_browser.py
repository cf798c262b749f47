"""Pages in a real browser: Dutch, complete, safe, on a phone, on paper; and what leads where."""

import re
from io import BytesIO
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

COUNTRY = re.compile("huizen werk(t|en) volgens het kader")
PAGES: dict[str, str | re.Pattern[str]] = {
    "/": "Kaderscan",
    "/zelfscan": re.compile("Terpmark: ingeleverd op"),
    "/invullen": re.compile("Terpmark: ingeleverd op"),
    "/mijn-huis": re.compile("Terpmark: .* harde normen voldoe"),
    "/routekaart": re.compile("Terpmark: waarschijnlijk in .* volgens het kader"),
    "/formules": re.compile("Terpmark: de formules vragen 300 uur te veel van Politie"),
    "/ronde": "Najaar 2026: 40 van 60 vragenlijsten ingeleverd",
    "/inleveringen": re.compile("Terpmark: het huis en de politie leverden in"),
    "/rapporten": "Rapporten over 30 huizen, najaar 2026",
    "/leverkaart": re.compile("Leverkaart Terpmark: van 9 toezeggingen"),
    "/mijn-eenheid": re.compile("Noord-Nederland: in .* aan zet"),
    "/landelijk-beeld": COUNTRY,
    "/kader": re.compile("44 criteria, waarvan 9 harde normen"),
}
WATCH_REFUSALS = """
    window.refused = [];
    addEventListener('securitypolicyviolation', event =>
        refused.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""
"""What the policy of a page refused, as what was asked and for what."""
GOES_ON_WITHOUT = {"script-src wasm-eval"}
"""The framework tries to count faster, and counts as it was where it may not."""


def let_it_replace(page: Page) -> None:
    """Say that a file with fewer answers may replace what the house handed in before."""
    page.get_by_text("Ja, vervang versie 1 (").click()


def test_every_page_is_dutch_complete_and_asks_nothing_from_outside(dashboard: str, page: Page) -> None:
    foreign: list[str] = []
    own = (dashboard, dashboard.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    page.on("websocket", lambda socket_: None if socket_.url.startswith(own) else foreign.append(socket_.url))

    for path, title in PAGES.items():
        page.goto(dashboard + path)
        expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible()
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        assert page.evaluate("document.documentElement.lang") == "nl"
        expect(page).to_have_title(re.compile(r"^\S.* · Kaderscan$"))

    assert foreign == []


@pytest.mark.parametrize("page_of_others", ["beheer", "mijn-eenheid"])
def test_a_page_that_is_refused_has_its_name_as_title(
    dashboard: str, page: Page, page_of_others: str
) -> None:
    page.goto(f"{dashboard}/{page_of_others}?rol=manager")

    name = page_of_others.capitalize().replace("-", " ")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page).to_have_title(f"{name} · Kaderscan")


def test_a_window_is_named_after_its_page_and_house(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/mijn-huis?huis=waterwolde")

    expect(page).to_have_title("Mijn huis · Waterwolde · Kaderscan")


def test_a_single_key_does_not_rerun_the_page(dashboard: str, page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda channel: channel.on("framesent", lambda frame: sent.append(frame)))  # noqa: PLW0108 - playwright marks it
    page.goto(dashboard)
    expect(page.get_by_role("heading", name="Kaderscan", exact=True)).to_be_visible()
    wait_until_drawn(page)
    before = len(sent)

    page.keyboard.press("r")
    page.wait_for_timeout(1000)

    assert before > 0
    assert len(sent) == before


def test_answers_carry_security_headers_and_statistics_are_hidden(dashboard: str) -> None:
    with urlopen(Request(dashboard, headers={"Accept": "text/html"})) as answer:
        headers, body = answer.headers, answer.read().decode()

    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert {what for what, allowed in policy.items() if "unsafe-" in allowed} == {"style-src"}
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert '<html lang="nl">' in body
    with pytest.raises(URLError, match="404"):
        urlopen(f"{dashboard}/_stcore/metrics")


def test_no_page_asks_for_more_than_the_policy_allows(dashboard: str, page: Page) -> None:
    page.add_init_script(WATCH_REFUSALS)

    for path, title in PAGES.items():
        page.goto(dashboard + path)
        expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible()
        wait_until_drawn(page)
        assert set(page.evaluate("refused")) <= GOES_ON_WITHOUT, path


def test_a_script_that_a_stranger_got_into_a_page_does_not_run(dashboard: str, page: Page) -> None:
    page.add_init_script(WATCH_REFUSALS)
    page.goto(dashboard)
    wait_until_drawn(page)
    page.evaluate("window.ran = false")

    for script in (
        """document.body.insertAdjacentHTML('beforeend', '<img src="?" onerror="ran = true">')""",
        "document.body.append(Object.assign(document.createElement('script'), { text: 'ran = true' }))",
        "setTimeout(() => eval('ran = true'), 0)",
    ):
        page.evaluate(script)

    page.wait_for_timeout(500)
    assert page.evaluate("ran") is False
    assert {"script-src-attr inline", "script-src-elem inline", "script-src eval"} <= set(
        page.evaluate("refused")
    )


def wait_until_drawn(page: Page) -> None:
    """Wait until the page has run, and every chart in it is drawn."""
    expect(
        page.locator("h1").first
    ).to_be_visible()  # before it runs for the first time it does not run either
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator("[data-testid=stPlotlyChart]:not(:has(.main-svg))")).to_have_count(0)


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def test_on_a_phone_no_page_scrolls_sideways(dashboard: str, phone: Page) -> None:
    for path, title in PAGES.items():
        phone.goto(dashboard + path)
        expect(phone.get_by_role("heading", name=title, exact=True).first).to_be_visible()
        wait_until_drawn(phone)

        widest = phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")

        assert widest <= 390, path


def test_on_a_phone_the_way_to_every_page_is_in_sight_and_stays_out_of_the_way(
    dashboard: str, phone: Page
) -> None:
    phone.goto(dashboard)

    phone.locator(".st-key-menu").get_by_role("link", name="Landelijk beeld", exact=True).click()

    expect(phone.get_by_role("heading", name=COUNTRY)).to_be_visible()
    expect(phone.get_by_test_id("stExpandSidebarButton")).not_to_be_visible()
    expect(phone.get_by_test_id("stSidebar")).not_to_be_visible()


def test_on_a_phone_titles_stand_above_their_bars(dashboard: str, phone: Page) -> None:
    phone.goto(f"{dashboard}/routekaart")
    row = phone.locator(".ks-gantt").first.locator(".ks-row:has(.ks-title)").last
    row.scroll_into_view_if_needed()

    title, bar = row.locator(".ks-title").bounding_box(), row.locator(".ks-bar").bounding_box()

    assert title is not None
    assert bar is not None
    assert title["y"] + title["height"] <= bar["y"]
    assert title["x"] >= 0
    assert bar["x"] + bar["width"] <= 390


def test_the_country_answers_above_the_fold(dashboard: str, page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{dashboard}/landelijk-beeld")
    wait_until_drawn(page)
    page.wait_for_selector(".st-key-country .ks-legend")

    found = (".ks-strips", ".ks-bars", ".ks-tiles", ".st-key-country [data-testid=stPlotlyChart]")
    strips, *answers = (page.locator(name).bounding_box() for name in found)

    assert strips is not None
    for answer in answers:
        assert answer is not None
        assert strips["y"] + strips["height"] < answer["y"]
        assert answer["y"] + answer["height"] <= 768


def test_a_gap_leads_to_what_comes_of_all_plans_once_it_is_solved(dashboard: str, page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{dashboard}/landelijk-beeld")
    wait_until_drawn(page)

    page.locator(".ks-bars").get_by_role("link", name="landelijk is opgelost").first.click()

    heading = page.get_by_role("heading", name="Wat als dit landelijk is opgelost?")
    expect(page.locator(".st-key-landelijk-opgelost").get_by_text("volgens het kader").first).to_be_visible()
    wait_until_drawn(page)
    expect(heading).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"opgelost=[A-Z]+-\d+"))


_MATRIX_FITS = """() => {
    const matrix = document.querySelector('.ks-matrix').getBoundingClientRect();
    return innerWidth === 1047 && matrix.width > 500 && matrix.right <= innerWidth;
}"""


def test_on_paper_the_matrix_is_whole_and_there_is_nothing_to_click(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/landelijk-beeld?deel-soort=alle")
    wait_until_drawn(page)

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 700})

    page.wait_for_function(_MATRIX_FITS, timeout=60_000)  # once its letters are there
    for test_id in ("stHeader", "stSelectbox"):
        expect(page.get_by_test_id(test_id).first).not_to_be_visible()
    expect(page.locator(".st-key-menu")).not_to_be_visible()


def test_a_cell_of_the_country_leads_to_that_criterion_of_that_house(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/landelijk-beeld?deel-thema=LOS&deel-oordeel=not_yet")
    wait_until_drawn(page)
    shown = page.locator(".ks-matrix tbody td:not(:empty)")
    names = page.locator(".ks-criterion span")
    cell = shown.first
    house = cell.locator("xpath=..").locator("th").inner_text()

    assert set(shown.all_inner_texts()) == {"voldoet nog niet"}
    assert all(
        (box := name.bounding_box()) and box["height"] > 40 for name in names.all()
    )  # upright, to read
    cell.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(house)
    opened = page.locator("details[open] summary")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text(re.compile(r"voldoet nog niet · LOS-\d"))


_SIZES = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (texts.nextNode()) {
        const inside = texts.currentNode.parentElement;
        if (texts.currentNode.data.trim() && inside.checkVisibility({ visibilityProperty: true })) {
            const box = inside.getBoundingClientRect();
            if (box.width > 1 && box.height > 1)
                found.push([parseFloat(getComputedStyle(inside).fontSize) * (inside.currentCSSZoom ?? 1),
                            box.right, texts.currentNode.data.trim()]);
        }
    }
    return found;
}"""
# The width of a sheet of A4 on its side, without its margins, and 8 points; in pixels.
_A4, _SMALLEST = 1047, 8 / 72 * 96


def test_on_paper_a_delivery_card_fits_and_what_is_closed_stays_closed(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/leverkaart?huis=veenrijk")
    expect(page.get_by_role("heading", name=re.compile("^Leverkaart Veenrijk"))).to_be_visible()
    page.wait_for_selector(".ks-rows, table")

    page.emulate_media(media="print")
    page.set_viewport_size({"width": _A4, "height": 700})

    shown = page.evaluate(_SIZES)
    assert len(shown) > 20
    assert [text for size, _, text in shown if size < _SMALLEST] == []
    assert [text for _, right, text in shown if right > _A4] == []
    for test_id in ("stHeader", "stSelectbox", "stPopover"):
        expect(page.get_by_test_id(test_id).first).not_to_be_visible()
    expect(page.get_by_text("Pdf: om te bespreken")).not_to_be_visible()
    (first, *_) = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert sorted(map(round, first.mediabox[2:])) == [595, 842]
    assert "Leverkaart Veenrijk" in first.extract_text()


def test_an_unknown_address_gets_a_dutch_page(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/bestaat-niet")

    expect(page.get_by_role("heading", name="Deze pagina bestaat niet")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_house_that_came_with_the_address_goes_along_to_the_next_page(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/mijn-huis?huis=veenrijk")
    expect(page.get_by_role("heading", name="Veenrijk: ")).to_be_visible()

    page.get_by_role("link", name="Routekaart", exact=True).click()

    expect(page.get_by_role("heading", name=re.compile("Veenrijk: waarschijnlijk in"))).to_be_visible()


def test_on_a_phone_a_wide_table_is_read_whole(dashboard: str, phone: Page) -> None:
    phone.goto(f"{dashboard}/mijn-eenheid")
    table = phone.locator(".ks-wide").first
    expect(table).to_be_visible()

    assert table.evaluate("e => e.closest('.ks-scroll').scrollWidth <= e.closest('.ks-scroll').clientWidth")
    assert "In cijfers" in table.locator("td").nth(1).evaluate("e => getComputedStyle(e, '::before').content")


def test_the_words_on_the_button_for_files_stay_within_it(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/zelfscan")
    button = page.get_by_test_id("stFileUploaderDropzone").get_by_test_id("stBaseButton-secondary")
    expect(button).to_be_visible()

    assert button.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert button.locator("p").evaluate(
        "e => e.getBoundingClientRect().right <= e.closest('button').getBoundingClientRect().right"
    )


def test_a_slider_shows_another_plan_and_leaves_the_rest_of_the_page_alone(
    dashboard: str, page: Page
) -> None:
    page.goto(f"{dashboard}/routekaart")
    expect(page.get_by_text("Volgens het kader, als niets tegenzit: dat blijft")).to_be_visible()
    gantt = page.locator(".ks-gantt").first.element_handle()

    for _ in range(2):
        page.get_by_role("slider", name="Veiligheidshuis").press("ArrowLeft")

    expect(page.get_by_text("kwartalen later,")).to_be_visible()
    assert gantt is not None
    assert gantt.evaluate("e => e.isConnected")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("landelijk-beeld", "huizen-per-fase-en-kwartaal"),
        ("routekaart?huis=terpmark", "verloop_2026-najaar_terpmark"),
        ("mijn-huis?huis=terpmark", "themas_2026-najaar_terpmark"),
    ],
)
def test_a_chart_is_taken_along_as_a_picture(dashboard: str, page: Page, address: str, name: str) -> None:
    page.goto(f"{dashboard}/{address}")
    wait_until_drawn(page)

    with page.expect_download() as download:
        page.locator("[data-title='Neem mee als png']").first.click()

    assert download.value.suggested_filename == f"{name}.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_every_table_of_the_country_is_taken_along(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/landelijk-beeld")
    wait_until_drawn(page)

    taken = {}
    for table in (
        "Alle huizen",
        "De politie-eenheden naast elkaar",
        "Waar hetzelfde gat",
        "Thema's en criteria",
    ):
        shown = page.get_by_test_id("stExpander").filter(has_text=table)
        shown.locator("summary").click()
        with page.expect_download() as download:
            shown.get_by_role("button", name="Neem mee als csv").click()
        taken[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8-sig")

    assert list(taken) == [f"{each}_2026-najaar.csv" for each in ("huizen", "eenheden", "gaten", "criteria")]
    assert "Terpmark" in taken["huizen_2026-najaar.csv"]
    assert "Noord-Nederland" in taken["eenheden_2026-najaar.csv"]
