"""Measures how long a good file waits for twelve slow ones of somebody else, at the real server.

`python -m tests.measure_slow_files`: in a real browser, from choosing the file until its receipt stands
there, with nobody else there and while the twelve are read. The aim is two seconds.
"""

from time import perf_counter

from playwright.sync_api import FilePayload, Page

from tests.dashboards import filled_demo, identity_provider, open_browser, serving, sign_in, sign_in_at
from tests.slow_files import (
    OTHER,
    READ,
    add_managers,
    deliver,
    deliver_slow_files,
    make_good_file,
    open_delivery,
)

TURNS = 5


def main() -> None:
    """Measure both."""
    with filled_demo() as installation, identity_provider() as issuer, open_browser() as browser:
        add_managers(installation, issuer)
        file = make_good_file(installation)
        with serving(installation.settings.database_url, **sign_in_at(issuer)) as dashboard:
            sign_in(page := browser.new_page(), dashboard, OTHER)
            _tell("alone", [_measure(open_delivery(page, dashboard), file) for _ in range(TURNS)])
            open_delivery(page, dashboard)
            deliver_slow_files(browser.new_context(), dashboard)
            _tell("behind twelve slow files", [_measure(page, file)])


def _measure(page: Page, file: FilePayload) -> float:
    """Seconds until a file is read."""
    begin = perf_counter()
    deliver(page, [file])
    page.get_by_text(READ).wait_for()
    return perf_counter() - begin


def _tell(what: str, taken: list[float]) -> None:
    print(f"{what}: {', '.join(f'{each:.2f}' for each in taken)} s")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
