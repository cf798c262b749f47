"""Measures a shared installation with many people: `python -m tests.measure_shared --people 40 --minutes 10`.

PostgreSQL, two processes and nginx as docs/shared-installation.md sets them up, all on this machine, with the
houses and rounds of `kaderscan bench pages`. Everybody signs in. Midway one process is killed, and after a
while begun anew; in the last quarter both are stopped and begun anew, one after the other, as an update is.
"""

import argparse
import asyncio
import json
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from assessment.model.access import Grant
from assessment.service.bench.client import Door
from assessment.service.bench.crowd import Person
from assessment.service.bench.filled import HOUSES, ROUNDS, Filled, filled_database
from assessment.service.bench.pages import list_people, measure_crowd
from assessment.service.bench.summary import describe_machine
from assessment.settings import read_settings
from tests.dashboards import identity_provider
from tests.databases import PostgresServer
from tests.shared import Shared, name_address, sharing, sign_in_from, write_role

_NOWHERE = Door("")


class SharedFilled(NamedTuple):
    """A filled shared installation with the people who signed in there."""

    shared: Shared
    filled: Filled
    people: list[Person]


@contextmanager
def filled_and_shared(people: int, houses: int = HOUSES, rounds: int = ROUNDS) -> Iterator[SharedFilled]:
    """Fill PostgreSQL, set everything up before it and let so many people sign in, until the block ends."""
    with ExitStack() as stack:
        filled = stack.enter_context(filled_database(read_settings(), houses, rounds))
        server = PostgresServer()
        stack.callback(server.close)
        database = server.take_over(Path(filled.settings.database_url.removeprefix("sqlite:///")))
        filled = filled._replace(settings=filled.settings.model_copy(update={"database_url": database}))
        roles: dict[str, str] = {}

        def enter(place: int, grant: Grant) -> Door:
            roles[f"iemand-{place}"] = write_role(grant)
            return _NOWHERE

        everybody = list_people(filled, people, enter)
        issuer = stack.enter_context(identity_provider())
        written = "; ".join(f"{subject}={role}" for subject, role in roles.items())
        shared = stack.enter_context(sharing(database, issuer, written))
        with ThreadPoolExecutor(1) as thread:  # a browser of a test may have left a loop in this one
            doors = thread.submit(lambda: asyncio.run(_sign_in(shared.address, list(roles)))).result()
        yield SharedFilled(
            shared, filled, [each._replace(door=door) for each, door in zip(everybody, doors, strict=True)]
        )


async def _sign_in(address: str, subjects: Sequence[str]) -> list[Door]:
    return [
        await sign_in_from(address, subject, name_address(place)) for place, subject in enumerate(subjects)
    ]


def update(shared: Shared) -> None:
    """Stop each process and begin it anew, the next when the one before answers."""
    for place in range(len(shared.ports)):
        shared.stop(place)
        shared.start(place)


def disturb(shared: Shared, minutes: float) -> Callable[[], None]:
    """What happens in so many minutes: one process is killed midway; at three quarters both are renewed."""

    def happen() -> None:
        begin = monotonic()
        for share, what in (
            (1 / 2, partial(shared.stop, 0, signal.SIGKILL)),
            (5 / 8, partial(shared.start, 0)),
            (3 / 4, partial(update, shared)),
        ):
            sleep(max(0.0, begin + 60 * minutes * share - monotonic()))
            what()

    return happen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--calm", action="store_true", help="kill and renew nothing")
    asked = parser.parse_args()
    with filled_and_shared(asked.people) as (shared, filled, people):
        meanwhile = None if asked.calm else disturb(shared, asked.minutes)
        crowd = measure_crowd(shared, filled, people, asked.minutes, meanwhile)
    figures = {"machine": describe_machine()._asdict(), "minutes": asked.minutes, **crowd._asdict()}
    print(json.dumps(figures, indent=2))  # noqa: T201 - a script


if __name__ == "__main__":
    main()
