"""Makes the picture of the README, a page of the demo: `python -m tests.make_screenshot`."""

from assessment.settings import HOME
from tests.dashboards import filled_demo, open_browser, serving

_PICTURE = HOME / "docs" / "images" / "mijn-huis.png"
_HEIGHT = 845  # down to the fourth row of a table, not through the middle of one


def main() -> None:
    """Open the page of a house and write what it shows."""
    with (
        filled_demo() as demo,
        serving(demo.settings.database_url) as dashboard,
        open_browser() as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": _HEIGHT})
        page.goto(f"{dashboard}/mijn-huis")
        page.get_by_text("Eerst dit").wait_for()
        page.wait_for_timeout(2000)  # until what moves stands still
        page.screenshot(path=_PICTURE)


if __name__ == "__main__":
    main()
