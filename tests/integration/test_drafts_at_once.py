"""Many change the same answer at once, in threads and in processes: no acknowledged change is ever lost."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context

import pytest

from assessment.errors import ConflictError
from assessment.model.answers import Answer, Whose
from assessment.model.draft import Draft
from assessment.model.scale import Perspective
from assessment.service.drafts import Edit, begin_draft, save
from assessment.service.installation import Installation
from tests.conftest import NOW, installation_at
from tests.reading import reading, verify_trail, write_trail

WHOSE = Whose("2026-najaar", "waterwolde", Perspective.HOUSE)
QUESTION = "LOS-1.1"
WRITERS, CHANGES = 4, 6
POOLS: list[Callable[[int], Executor]] = [
    ThreadPoolExecutor,
    partial(ProcessPoolExecutor, mp_context=get_context("spawn")),
]


@pytest.fixture
def draft(demo: Installation) -> Draft:
    return begin_draft(demo, WHOSE, NOW, empty=True)


def edit(draft: Draft, text: str, seen: int) -> Edit:
    answer = Answer(question_id=QUESTION, option_id="a", explanation=text)
    return Edit(draft.whose, draft.draft_id, answer, seen)


def change_until_it_counts(where: Installation, draft: Draft, text: str) -> int:
    """Change the answer on top of what is there, again when somebody was first; the version it became."""
    for _ in range(WRITERS * CHANGES * 10):
        seen = reading(where).get_draft(WHOSE).answers[QUESTION].version
        try:
            return save(where, edit(draft, text, seen), NOW).version
        except ConflictError:
            continue
    raise TimeoutError(text)


def work(address: str, draft: Draft, writer: int) -> list[tuple[int, str]]:
    """One writer with an installation of its own: each acknowledged version, with what was written."""
    with closing(installation_at(address)) as where:
        texts = [f"schrijver {writer}, wijziging {number}" for number in range(CHANGES)]
        return [(change_until_it_counts(where, draft, text), text) for text in texts]


@pytest.mark.parametrize("pool", POOLS, ids=["threads", "processes"])
def test_every_acknowledged_change_is_a_version_of_its_own(
    demo: Installation, draft: Draft, pool: Callable[[int], Executor]
) -> None:
    with pool(WRITERS) as executor:
        done = list(executor.map(partial(work, demo.settings.database_url, draft), range(WRITERS)))

    acknowledged = dict(each for writer in done for each in writer)
    stored = reading(demo).get_draft(WHOSE)
    assert sorted(acknowledged) == list(range(2, WRITERS * CHANGES + 2))
    assert stored.answers[QUESTION].version == stored.revision + 1 == WRITERS * CHANGES + 1
    assert stored.answers[QUESTION].content.explanation == acknowledged[WRITERS * CHANGES + 1]
    verify_trail(demo)
    trail = [json.loads(line) for line in write_trail(demo)]
    changes = [
        (each["old"]["version"], each["new"]["version"]) for each in trail if QUESTION in each["subject"]
    ]
    assert changes == [(version - 1, version) for version in sorted(acknowledged)]


def try_once(where: Installation, draft: Draft, text: str) -> str | None:
    try:
        save(where, edit(draft, text, seen=1), NOW)
    except ConflictError:
        return None
    return text


def test_of_many_who_saw_the_same_one_is_stored_and_the_others_are_told(
    demo: Installation, draft: Draft
) -> None:
    with closing(installation_at(demo.settings.database_url)) as other, ThreadPoolExecutor(8) as threads:
        tries = [threads.submit(try_once, (demo, other)[n % 2], draft, f"poging {n}") for n in range(16)]
        stored = [each.result() for each in tries if each.result() is not None]

    assert [reading(demo).get_draft(WHOSE).answers[QUESTION].content.explanation] == stored
