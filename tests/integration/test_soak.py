"""Killed at any moment of loading, saving or adopting: what was acknowledged is there, nothing is half."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import IO, NamedTuple

import pytest
from sqlalchemy import func, select

from assessment.model.audit import Action
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from assessment.settings import HOME
from assessment.store.drafts import load_draft
from assessment.store.tables import AuditRow
from assessment.store.versions import load_events, load_versions
from tests.conftest import NOW, installation_at
from tests.reading import reading, verify_trail
from tests.soaking import ROUND, Soaked, find_soaked

_KILLS_BETWEEN_CHECKS = 10


class Worker:
    """Begins a process that changes things, kills it, and remembers what it said it had changed."""

    def __init__(self, address: str) -> None:
        command = [sys.executable, "-m", "tests.soaking", address]
        pipe = subprocess.PIPE
        quiet = {**os.environ, "PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker"}
        self.process = subprocess.Popen(command, cwd=HOME, env=quiet, stdin=pipe, stdout=pipe, text=True)
        self.acknowledged: list[list[str]] = []

    def run_and_kill(self, seed: int, changes: int, seconds: float) -> None:
        """Let it make so many changes, and kill it somewhere in what it then does."""
        _write(self.process.stdin, f"{seed}\n")
        _, worker = self._read()
        for _ in range(changes):
            self._remember(self._read())
        time.sleep(seconds)
        subprocess.run(["kill", "-9", worker], check=True)
        while (said := self._read()) != ["ended"]:
            self._remember(said)

    def _remember(self, said: list[str]) -> None:
        assert said[0] == "change", said
        self.acknowledged.append(said[1:])

    def close(self) -> None:
        _write(self.process.stdin, None)
        assert self.process.wait() == 0
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> list[str]:
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()


def _write(stream: IO[str] | None, text: str | None) -> None:
    assert stream is not None
    if text is None:
        stream.close()
    else:
        stream.write(text)
        stream.flush()


@pytest.fixture
def soaked(demo: Installation) -> Soaked:
    found = find_soaked(demo)
    if find_draft_of(demo, found) is None:
        begin_draft(demo, found.draft, NOW)
    return found


def find_draft_of(installation: Installation, soaked: Soaked) -> object:
    with installation.store.reading() as session:
        return load_draft(session, soaked.draft)


@pytest.fixture
def worker(demo: Installation) -> Iterator[Worker]:
    begun = Worker(demo.settings.database_url)
    yield begun
    begun.close()


class Facts(NamedTuple):
    """What must hold together: the entries of each action in the trail, and what the tables hold."""

    trail: Counter[str]
    stored: Counter[str]


def read_facts(installation: Installation, soaked: Soaked) -> Facts:
    draft = reading(installation).get_draft(soaked.draft)
    with installation.store.reading() as session:
        trail = session.execute(select(AuditRow.action, func.count()).group_by(AuditRow.action))
        counted = Counter(dict(trail.all()))
        versions = load_versions(session, ROUND)
        events = load_events(session, soaked.adopted)
    turned = counted[Action.ADOPTED.value] + counted[Action.REOPENED.value]
    edits = counted[Action.DRAFT_CHANGED.value]
    entries = {"load": counted[Action.HANDED_IN.value], "save": edits, "revision": edits}
    saved = sum(row.version for row in draft.answers.values())
    return Facts(
        Counter(entries | {"adopt": turned}),
        Counter({"load": len(versions), "save": saved, "revision": draft.revision, "adopt": len(events)}),
    )


def check_acknowledged(installation: Installation, soaked: Soaked, acknowledged: list[list[str]]) -> None:
    draft = reading(installation).get_draft(soaked.draft)
    with installation.store.reading() as session:
        stored = {each.submission_id: each for each in load_versions(session, ROUND)}
        events = load_events(session, soaked.adopted)
    for kind, *facts in acknowledged:
        match kind:
            case "load":
                assert stored[facts[0]].file_sha256 == facts[1]
            case "save":
                row = draft.answers[facts[0]]
                assert row.version >= int(facts[1])
                assert row.version > int(facts[1]) or row.content.explanation == facts[2]
            case _:
                assert facts[0] == soaked.adopted
                assert len(events) >= int(facts[1])


def count_answers(installation: Installation) -> dict[str, set[int]]:
    """How many answers the versions of each police have: all come from one questionnaire, so one number."""
    with installation.store.reading() as session:
        versions = load_versions(session, ROUND)
    police = [each for each in versions if each.perspective is Perspective.POLICE]
    return {
        house_id: {each.answered for each in police if each.house_id == house_id and each.version > 1}
        for house_id in {each.house_id for each in police}
    }


@pytest.mark.parametrize("kills", [5, pytest.param(500, marks=pytest.mark.slow)])
def test_what_was_acknowledged_survives_a_kill_and_nothing_is_half(
    demo: Installation, soaked: Soaked, worker: Worker, kills: int
) -> None:
    before = read_facts(demo, soaked)
    demo.close()
    dice = random.Random(5)  # noqa: S311 - moments, not secrets

    for seed in range(kills):
        worker.run_and_kill(seed, dice.randrange(12), dice.uniform(0, 0.3))
        if seed % _KILLS_BETWEEN_CHECKS == 0 or seed == kills - 1:
            check_after(demo.settings.database_url, soaked, worker, before)

    kinds = {kind for kind, *_ in worker.acknowledged}
    assert kinds == {"load", "save", "adopt"}


def check_after(address: str, soaked: Soaked, worker: Worker, before: Facts) -> None:
    after = installation_at(address)
    try:
        check_acknowledged(after, soaked, worker.acknowledged)
        facts = read_facts(after, soaked)
        assert facts.trail - before.trail == facts.stored - before.stored
        assert all(len(counts) <= 1 for counts in count_answers(after).values())
        verify_trail(after)
    finally:
        after.close()
