"""Measures how long a what-if on one house takes: `python -m tests.measure_what_if`.

In the service, a new plan for each house of the demo with one place less at the house; and in a real browser,
from the key on the slider until the page has run and shows the new figures.
"""

from statistics import median
from time import perf_counter

from playwright.sync_api import Page

from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.planning import plan_houses
from assessment.service.plans.what_if import WhatIf, try_out
from assessment.service.round_scores import score_round
from tests.conftest import NOW
from tests.dashboards import filled_demo, open_browser, serving

_WATCH = """() => { window.shown = new Promise(done => {
    const app = document.querySelector('[data-testid=stApp]'), begin = performance.now();
    let ran = false;
    new MutationObserver((_, observer) => {
        const state = app.dataset.testScriptState;
        ran = ran || state === 'running';
        if (ran && state === 'notRunning') { observer.disconnect(); done(performance.now() - begin); }
    }).observe(app, { attributes: true });
}); }"""
_ACTORS = ("Veiligheidshuis", "Gemeenten", "Stuurgroep", "Partners", "Politie-eenheid")


def main() -> None:
    """Measure both, each new plan only once, so that nothing comes from the cache."""
    with filled_demo() as installation:
        _tell("service", _measure_service(installation))
        with serving(installation.settings.database_url) as dashboard, open_browser() as browser:
            _tell("browser", _measure_browser(browser.new_page(), dashboard))


def _measure_service(installation: Installation) -> list[float]:
    scores = score_round(installation, None, Perspective.HOUSE, NOW.date())
    taken = []
    for house in scores.houses:
        present = plan_houses(scores, [house.house_id])
        begin = perf_counter()
        comparison = try_out(present, WhatIf({Actor.HOUSE: 2}), NOW.date())
        comparison.ends, comparison.late  # noqa: B018 - computed when first asked for
        taken.append(perf_counter() - begin)
    return taken


def _measure_browser(page: Page, dashboard: str) -> list[float]:
    page.goto(f"{dashboard}/routekaart")
    page.get_by_text("Volgens het kader, als niets tegenzit: dat blijft").wait_for()
    page.wait_for_timeout(2000)
    taken = []
    for actor in _ACTORS:
        slider = page.get_by_role("slider", name=actor)
        slider.focus()
        page.evaluate(_WATCH)
        slider.press("ArrowLeft")
        taken.append(page.evaluate("() => window.shown") / 1000)
        page.wait_for_timeout(500)
    return taken


def _tell(what: str, taken: list[float]) -> None:
    milliseconds = [1000 * each for each in taken]
    shown = f"median {median(milliseconds):.0f} ms, slowest {max(milliseconds):.0f} ms"
    print(f"{what}: {len(taken)} plans, {shown}")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
