"""A page asks once who visits and makes things once; whatever may change something asks anew."""

from gc import collect
from itertools import count
from types import SimpleNamespace
from weakref import ref

import pandas as pd
import pytest
import streamlit as st

from assessment.model.access import Visitor
from assessment.ui import cache


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Visitor]:
    """Who was found to visit, each time that was asked."""
    found: list[Visitor] = []
    numbers = count(1)

    def find(_installation: object) -> Visitor:
        found.append(Visitor(who=f"a-{next(numbers)}", name="Iemand"))
        return found[-1]

    monkeypatch.setattr(cache, "share_installation", SimpleNamespace)
    monkeypatch.setattr(cache, "replace", lambda _shared, visitor: SimpleNamespace(visitor=visitor))
    monkeypatch.setattr(cache, "find_visitor", find)
    return found


def test_who_reads_a_page_is_asked_once_and_anew_for_the_next(asked: list[Visitor]) -> None:
    for _ in range(2):
        with cache.taking_turn():
            assert cache.get_queries().visitor is cache.get_queries().visitor

    assert len(asked) == 2


def test_who_changes_something_is_asked_anew_and_so_is_whoever_reads_after_that(asked: list[Visitor]) -> None:
    with cache.taking_turn():
        before = cache.get_queries().visitor
        changing = cache.get_installation().visitor
        after = cache.get_queries().visitor

    assert len({before.who, changing.who, after.who}) == 3
    assert len(asked) == 3


def test_outside_a_page_nothing_is_remembered(asked: list[Visitor]) -> None:
    with cache.taking_turn(), pytest.raises(ZeroDivisionError):
        raise ZeroDivisionError
    cache.get_queries()
    cache.get_queries()

    assert len(asked) == 2


@pytest.mark.usefixtures("asked")
def test_what_was_stored_last_is_asked_once_until_something_may_change() -> None:
    states = map(str, count())
    with cache.taking_turn():
        ask = cache.get_queries().ask
        assert [ask(lambda: next(states)) for _ in range(2)] == ["0", "0"]
        cache.get_installation()
        assert [ask(lambda: next(states)) for _ in range(2)] == ["1", "2"]


_MADE: list[tuple[object, ...]] = []


def note_made(*facts: object) -> int:
    _MADE.append(facts)
    return len(_MADE)


def test_what_is_made_of_facts_is_made_once_for_these_and_anew_for_others_that_are_alike() -> None:
    scores, alike = pd.DataFrame({"low": [0.5]}), pd.DataFrame({"low": [0.5]})

    first = cache.made(note_made, scores, "huis", 1)

    assert cache.made(note_made, scores, "huis", 1) == first
    assert (
        len({first, cache.made(note_made, alike, "huis", 1), cache.made(note_made, scores, "huis", 2)}) == 3
    )


def test_facts_live_as_long_as_what_is_made_of_them_so_that_no_other_takes_their_place() -> None:
    facts = pd.DataFrame({"low": [0.7]})
    still_there = ref(facts)
    first = cache.made(note_made, facts)

    del facts
    collect()

    assert still_there() is not None
    assert cache.made(note_made, still_there()) == first
    st.cache_resource.clear()
    _MADE.clear()
    collect()
    assert still_there() is None
