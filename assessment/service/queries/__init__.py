"""Everything that is read, for screen and command line alike; here it is decided what a visitor sees of it.

What is computed is computed once, with every house in it, and kept for everybody. Each method first refuses
or takes out what its visitor may not see, so no page and no command needs a filter of its own.
"""

from dataclasses import dataclass

from assessment.service.queries.administration import (
    AccountQueries,
    FrameworkQueries,
    RecordQueries,
    RegisterQueries,
)
from assessment.service.queries.comparisons import ComparisonQueries
from assessment.service.queries.files import FileQueries
from assessment.service.queries.rounds import DraftQueries, RoundQueries, VersionQueries


@dataclass(frozen=True)
class Queries(
    FileQueries,
    ComparisonQueries,
    RoundQueries,
    VersionQueries,
    DraftQueries,
    FrameworkQueries,
    RegisterQueries,
    AccountQueries,
    RecordQueries,
):
    """What one visitor may read of an installation."""
