"""Rounds and versions when something breaks in the middle: all of a step is stored, or nothing."""

import os
import subprocess
import sys
import time

import pytest

from assessment.errors import StoreError
from assessment.model.rounds import SubmissionState
from assessment.service.installation import Installation
from assessment.service.joint_versions import adopt_for_house
from assessment.service.rounds import close_round
from assessment.service.versions import reopen
from assessment.store.records import dump_tables
from tests.conftest import NOW
from tests.reading import reading, verify_trail

ROUND, HOUSE_ID = "2026-najaar", "waterwolde"
REFUSE = {
    "sqlite": "CREATE TRIGGER vol BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'vol'); END",
    "postgresql": """
        CREATE FUNCTION vol() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'vol'; END $$;
        CREATE TRIGGER vol BEFORE INSERT ON {} EXECUTE FUNCTION vol()
    """,
}


def refuse_inserts(where: Installation, table: str) -> None:
    with where.store.writing() as session:
        session.connection().exec_driver_sql(REFUSE[where.store.engine.dialect.name].format(table))


def read_all(where: Installation) -> dict[str, list[object]]:
    with where.store.reading() as session:
        return {name: list(rows) for name, rows in dump_tables(session)}


@pytest.mark.parametrize("table", ["submissions", "answers", "submission_events", "audit"])
def test_adopting_jointly_stores_all_or_nothing(demo: Installation, table: str) -> None:
    refuse_inserts(demo, table)
    before = read_all(demo)

    with pytest.raises(StoreError, match="niets bewaard"):
        adopt_for_house(demo, (ROUND, HOUSE_ID), {}, "huis", NOW)

    assert read_all(demo) == before


@pytest.mark.parametrize("table", ["submission_events", "round_events", "audit"])
def test_closing_a_round_stores_all_or_nothing(demo: Installation, table: str) -> None:
    refuse_inserts(demo, table)
    before = read_all(demo)

    with pytest.raises(StoreError, match="niets bewaard"):
        close_round(demo, ROUND, NOW)

    assert read_all(demo) == before
    assert reading(demo).find_board(ROUND).closing is None


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", range(600, 1800, 60))
def test_a_command_that_is_killed_leaves_all_or_nothing(demo: Installation, milliseconds: int) -> None:
    words = ["submission", "adopt", "--house", HOUSE_ID, "--rest", "huis"]
    environment = os.environ | demo.settings.environment
    command = [sys.executable, "-m", "assessment", *words]

    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
        time.sleep(milliseconds / 1000)
        running.kill()

    states = [each.state for each in reading(demo).list_versions(ROUND, HOUSE_ID).versions]
    assert states in ([SubmissionState.HANDED_IN] * 2, [SubmissionState.ADOPTED] * 3)
    verify_trail(demo)
    if len(states) == 2:
        adopt_for_house(demo, (ROUND, HOUSE_ID), {}, "huis", NOW)
    reopen(demo, f"{ROUND}.{HOUSE_ID}.gezamenlijk.1", "Het werkt weer", NOW)
