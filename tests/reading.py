"""What is read of an installation, by whom it is opened for, at the moment at which the tests are set."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from assessment.model.audit import AuditHead
from assessment.model.frames import Scores
from assessment.model.scale import Perspective
from assessment.model.sheets import Form
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.queries import Queries
from assessment.service.queries.reader import Cache, Computed, Value
from assessment.service.round_scores import RoundScores
from assessment.store.plans import count_decisions
from assessment.writers.plan import write_plan
from assessment.writers.questionnaire import write_questionnaire
from assessment.writers.score_table import write_json
from tests.conftest import NOW


def reading(installation: Installation, moment: datetime = NOW) -> Queries:
    return Queries(installation, installation.visitor, now=lambda: moment)


def write_scores(scores: RoundScores) -> str:
    """The scores of a round as the command line prints them."""
    batch = Scores(scores.grid, scores.totals)
    return "".join(write_json(scores.questionnaire, [batch])).removesuffix("\n")


def make_cache() -> tuple[dict[tuple[Computed, str], Any], Cache]:
    """What is kept for all visitors, and what keeps it."""
    kept: dict[tuple[Computed, str], Any] = {}

    def keep(what: Computed, key: str, compute: Callable[[], Value]) -> Value:
        found: Value = kept[what, key] if (what, key) in kept else kept.setdefault((what, key), compute())
        return found

    return kept, keep


def count_decided(installation: Installation) -> str:
    """Changes whenever somebody decides or adopts."""
    with installation.store.reading() as session:
        return count_decisions(session)


def write_form(
    installation: Installation,
    house_id: str,
    round_id: str | None = None,
    perspective: Perspective = Perspective.HOUSE,
    write: Callable[[Form], bytes] = write_questionnaire,
) -> bytes:
    """An empty questionnaire; without a round of the newest."""
    asked = reading(installation)
    return write(asked.find_form(asked.find_whose(house_id, round_id, perspective)))


def write_house_plan(installation: Installation, roadmap: Roadmap, house_id: str) -> bytes:
    """The plan of a house as a workbook."""
    return write_plan(reading(installation).find_house_plan(roadmap, house_id))


def verify_trail(installation: Installation, kept: AuditHead | None = None) -> AuditHead:
    """The head of the audit trail, once that is known to be whole."""
    return reading(installation).verify_trail(kept)


def write_trail(installation: Installation) -> Iterator[str]:
    """The audit trail, line by line."""
    return reading(installation).write_trail()
