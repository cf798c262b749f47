"""What is read of an installation, by whom it is opened for, at the moment at which the tests are set."""

from datetime import datetime

from assessment.service.installation import Installation
from assessment.service.queries import Queries
from assessment.store.plans import count_decisions
from tests.conftest import NOW


def reading(installation: Installation, moment: datetime = NOW) -> Queries:
    return Queries(installation, installation.visitor, now=lambda: moment)


def count_decided(installation: Installation) -> str:
    """Changes whenever somebody decides or adopts."""
    with installation.store.reading() as session:
        return count_decisions(session)
