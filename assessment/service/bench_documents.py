"""Use case: how fast this machine writes plans, as each kind of file, of the houses of the demo."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from assessment.model.scale import Perspective
from assessment.service.bench import Measured, find_peak
from assessment.service.clock import now
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation, open_installation
from assessment.service.queries import Queries
from assessment.service.reports import PlanFile, write_plan_files
from assessment.service.round_scores import Which
from assessment.settings import Settings
from assessment.tables.house_plan import HousePlan

# How many measurements there are: each kind of file of a unit, all of these, and all of the country.
MEASURED = len(PlanFile) + 2


def measure_documents(settings: Settings) -> Iterator[Measured]:
    """Measure the writing of what leaves the houses of the demo; planning them is left out.

    Yields:
        Of the unit with most houses each kind of file, then all kinds; then all kinds of every house.
    """
    with TemporaryDirectory() as folder:
        database = Path(folder, "meting.sqlite").as_posix()
        installation = open_installation(
            settings.model_copy(update={"database_url": f"sqlite:///{database}"})
        )
        try:
            yield from _measure_all(_list_plans(installation), settings.reports)
        finally:
            installation.close()


def _list_plans(installation: Installation) -> Sequence[HousePlan]:
    """The plans of all houses of the demo, in an installation that has none yet."""
    list(fill_demo(installation, now()))
    queries = Queries(installation, installation.visitor)
    return queries.list_house_plans(queries.find_roadmap(Which(None, Perspective.RECORD)))


def _measure_all(plans: Sequence[HousePlan], reports: Path) -> Iterator[Measured]:
    ((largest, _),) = Counter(plan.house.unit_id for plan in plans).most_common(1)
    unit = [plan for plan in plans if plan.house.unit_id == largest]
    for kind in PlanFile:
        yield _measure(f"eenheid van {len(unit)} huizen: {kind.dutch}", unit, [kind], reports)
    yield _measure(f"eenheid van {len(unit)} huizen: alle soorten", unit, list(PlanFile), reports)
    yield _measure(f"het land, {len(plans)} huizen: alle soorten", plans, list(PlanFile), reports)


def _measure(what: str, plans: Sequence[HousePlan], kinds: Sequence[PlanFile], reports: Path) -> Measured:
    start = perf_counter()
    for plan in plans:
        for _ in write_plan_files(plan, kinds, reports):
            pass
    return Measured(what, len(plans) * len(kinds), perf_counter() - start, find_peak())
