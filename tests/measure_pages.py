"""Measures a run of each page of the demo after it was opened: time of the processor, questions to the store.

`python -m tests.measure_pages`. Each page is run by the framework itself, without a browser; said are the
median and the slowest of a few runs. The first run, which computes what is kept, stands beside them.
"""

import os
import time
from collections.abc import Callable
from statistics import median

import streamlit as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from assessment.ui.cache import share_installation
from tests.dashboards import filled_demo
from tests.pages import make_page

RUNS = 7
PAGES = ("mijn_huis", "routekaart", "mijn_eenheid", "landelijk_beeld", "ronde", "inleveringen", "zelfscan")


def main() -> None:
    with filled_demo() as installation:
        os.environ["KADERSCAN_DATABASE_URL"] = installation.settings.database_url
        for page in PAGES:
            _measure(page)
        share_installation().close()
        st.cache_resource.clear()


def _measure(page: str) -> None:
    shown = make_page(page)
    first = _take_time(shown.run)
    asked: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    taken = [_take_time(shown.run) for _ in range(RUNS)]
    print(  # noqa: T201 - a script
        f"{page}: {median(taken):.0f} ms, slowest {max(taken):.0f} ms, first {first:.0f} ms; "
        f"{len(asked) // RUNS} questions"
    )


def _take_time(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return 1000 * (time.process_time() - begin)


if __name__ == "__main__":
    main()
