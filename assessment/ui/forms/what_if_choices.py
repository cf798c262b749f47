"""What somebody tries in a what-if: sliders, national actions, measures pinned or dropped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from assessment.model.plan import HORIZON, Quarter
from assessment.model.scale import Actor
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import WhatIf
from assessment.tables.capacity import find_numbers, say_sharing
from assessment.tables.shown import show_with_capital
from assessment.tables.what_if import find_starts
from assessment.ui.components import show_quietly
from assessment.ui.session import WHAT_IF_TURN, Key

Item = TypeVar("Item")

_MOST = 6
_IN_A_ROW = 4


def choose_what_if(planned: Roadmap) -> WhatIf:
    """Let the user say what to try on a plan with measures; at first nothing."""
    capacity, national = _choose_capacity(planned), _choose_national(planned)
    with st.expander("Maatregelen vastzetten of laten vervallen"):
        return WhatIf(capacity, national, _choose_pins(planned), _choose_dropped(planned))


def begin_afresh() -> None:
    """Forget what was tried: the next run shows widgets that nobody touched."""
    WHAT_IF_TURN.put(WHAT_IF_TURN.get() + 1)


def name_key(planned: Roadmap, what: str) -> str:
    """The key of a widget: what was chosen for one plan, or before it was kept, does not come back."""
    return Key.WHAT_IF.of(what, *planned.scores.grid.house_ids, WHAT_IF_TURN.get())


def _choose_capacity(planned: Roadmap) -> Mapping[Actor, int]:
    """A slider per actor of the plan, in rows; only those that were moved."""
    up = set(planned.measures["actor"])
    numbers = find_numbers(planned.resources)
    actors = [actor for actor in Actor if actor.value in up]
    chosen = {actor: _slide(planned, actor, numbers[actor]) for actor in _lay_out(actors)}
    if len(planned.scores.houses) > 1:
        show_quietly(say_sharing(actors))
    return {actor: number for actor, number in chosen.items() if number is not None}


def _slide(planned: Roadmap, actor: Actor, numbers: Sequence[int]) -> int | None:
    """How much an actor carries at once everywhere, or None as it is; houses may differ in that."""
    label = show_with_capital(actor.value)
    now = "–".join(map(str, dict.fromkeys([numbers[0], numbers[-1]])))
    key = name_key(planned, f"{actor.value}-{now}")
    most = max(_MOST, numbers[-1])
    if len(numbers) == 1:
        number = st.slider(label, 1, most, numbers[0], key=key)
        return None if number == numbers[0] else number
    as_it_is = f"nu {now}"
    choice = st.select_slider(label, [as_it_is, *range(1, most + 1)], as_it_is, key=key)
    return choice if isinstance(choice, int) else None


def _choose_national(planned: Roadmap) -> tuple[str, ...]:
    asked = planned.scores.questionnaire
    gaps = set(planned.gaps["criterion_id"])
    chosen = st.multiselect(
        "Landelijke actie: dit zou overal al klaar zijn",
        [key for key in asked.criterion if key in gaps],
        format_func=lambda key: f"{key} {asked.criterion[key].title}",
        placeholder="Kies criteria",
        key=name_key(planned, "landelijk"),
    )
    return tuple(chosen)


def _choose_pins(planned: Roadmap) -> Mapping[str, Quarter]:
    """Any number of measures, each with the quarter to try it in; at first the one in which it is planned."""
    chosen = _choose_measures(planned, "Zet vast", "vast")
    earliest = max(planned.begin, Quarter.of(today()))
    usual = [earliest + ahead for ahead in range(HORIZON)]
    starts = find_starts(planned.measures, planned.begin)
    pins = {}
    for measure_id in _lay_out(chosen):
        now = max(starts[measure_id], earliest)
        quarters = usual if now in usual else [*usual, now]
        key = name_key(planned, f"kwartaal-{measure_id}")
        label = f"{measure_id} in kwartaal"
        pins[measure_id] = st.selectbox(label, quarters, quarters.index(now), format_func=str, key=key)
    return pins


def _choose_dropped(planned: Roadmap) -> tuple[str, ...]:
    return tuple(_choose_measures(planned, "Laat vervallen", "vervalt"))


def _choose_measures(planned: Roadmap, label: str, what: str) -> list[str]:
    there = set(planned.measures["measure_id"])
    return st.multiselect(
        label,
        [key for key in planned.scores.questionnaire.measure if key in there],
        format_func=_name_measure(planned),
        placeholder="Kies maatregelen",
        key=name_key(planned, what),
    )


def _name_measure(planned: Roadmap) -> Callable[[str], str]:
    measure = planned.scores.questionnaire.measure
    return lambda key: f"{key} {measure[key].title}"


def _lay_out(items: Sequence[Item]) -> Iterator[Item]:
    """Go through items, each in its own column, in rows."""
    for start in range(0, len(items), _IN_A_ROW):
        for column, item in zip(st.columns(_IN_A_ROW), items[start : start + _IN_A_ROW], strict=False):
            with column:
                yield item
