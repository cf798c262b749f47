"""How fast this machine writes plans, as each kind of file."""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from assessment.model.scale import Perspective
from assessment.service.bench.intake import Measured, find_peak
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
# A unit has so many houses at most.
_UNIT = 5


def measure_documents(settings: Settings, houses: int) -> Iterator[Measured]:
    """Measure the writing of what leaves invented houses; planning them is left out.

    Args:
        settings: where templates and fonts stand; its database is left alone.
        houses: how many the country has. They are those of the demo, as often again as it takes.

    Yields:
        Of a unit of five houses each kind of file, then all kinds; then all kinds of every house.
    """
    with TemporaryDirectory() as folder:
        database = Path(folder, "meting.sqlite").as_posix()
        installation = open_installation(
            settings.model_copy(update={"database_url": f"sqlite:///{database}"})
        )
        try:
            plans = list(islice(cycle(_list_plans(installation)), houses))
            yield from _measure_all(plans, settings.reports)
        finally:
            installation.close()


def _list_plans(installation: Installation) -> Sequence[HousePlan]:
    """The plans of all houses of the demo, in an installation that has none yet."""
    list(fill_demo(installation, now()))
    queries = Queries(installation, installation.visitor)
    return queries.list_house_plans(queries.find_roadmap(Which(None, Perspective.RECORD)))


def _measure_all(plans: Sequence[HousePlan], reports: Path) -> Iterator[Measured]:
    unit = plans[:_UNIT]
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
