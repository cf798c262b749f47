"""What if: sliders beside the plan. A new plan stands beside the present one, and nothing is stored."""

from collections.abc import Callable, Hashable, Mapping, Sequence

import streamlit as st

from assessment.errors import PlanError
from assessment.figures.plan_changes import NOW, THEN, Shift, write_shifts
from assessment.model.plan import HORIZON, Quarter
from assessment.model.plan_frames import ALL_HOUSES
from assessment.model.scale import Actor
from assessment.service.clock import today
from assessment.service.plans.roadmap import Roadmap
from assessment.service.plans.what_if import Comparison, WhatIf
from assessment.tables.capacity import find_numbers
from assessment.tables.shown import show_with_capital
from assessment.tables.what_if import (
    find_changed,
    list_changes,
    list_ends,
    name_end,
    say_late,
    say_what_if,
)
from assessment.ui.cache import get_what_if
from assessment.ui.pieces import show_rows
from assessment.ui.steering import show_late

_MOST = 6
_IN_A_ROW = 4


@st.fragment
def show_what_if(planned: Roadmap) -> None:
    """Let the user try other capacity and national actions on a plan with measures.

    Only this part of the page runs again when something is moved.
    """
    st.subheader("Wat als?", anchor=False)
    st.markdown(
        "Schuif met hoeveel maatregelen iemand tegelijk aankan, of kies wat een landelijke actie overal zou "
        "afmaken. U ziet meteen het plan dan, naast het plan nu. Er wordt niets bewaard."
    )
    capacity, national = _choose_capacity(planned), _choose_national(planned)
    with st.expander("Een maatregel vastzetten of laten vervallen"):
        what_if = WhatIf(capacity, national, _choose_pin(planned), _choose_dropped(planned))
    with st.container(key="wat-als"):
        try:
            _show_comparison(get_what_if(planned, what_if))
        except PlanError as error:
            st.warning(str(error))


def _choose_capacity(planned: Roadmap) -> Mapping[Actor, int]:
    """A slider per actor of the plan, in rows; only those that were moved."""
    up = set(planned.measures["actor"])
    numbers = find_numbers(planned.resources)
    actors = [actor for actor in Actor if actor.value in up]
    chosen = {}
    for start in range(0, len(actors), _IN_A_ROW):
        for column, actor in zip(st.columns(_IN_A_ROW), actors[start : start + _IN_A_ROW], strict=False):
            with column:
                chosen[actor] = _slide(planned, actor, numbers[actor])
    return {actor: number for actor, number in chosen.items() if number is not None}


def _slide(planned: Roadmap, actor: Actor, numbers: Sequence[int]) -> int | None:
    """How much an actor carries at once everywhere, or None as it is; houses may differ in that."""
    label = show_with_capital(actor.value)
    now = "–".join(map(str, dict.fromkeys([numbers[0], numbers[-1]])))
    key = _name_key(planned, f"{actor.value}-{now}")
    most = max(_MOST, numbers[-1])
    if len(numbers) == 1:
        number = st.slider(label, 1, most, numbers[0], key=key)
        return None if number == numbers[0] else number
    as_it_is = f"nu {now}"
    choice = st.select_slider(label, [as_it_is, *range(1, most + 1)], as_it_is, key=key)
    return choice if isinstance(choice, int) else None


def _choose_national(planned: Roadmap) -> tuple[str, ...]:
    asked = planned.standing.questionnaire
    gaps = set(planned.gaps["criterion_id"])
    chosen = st.multiselect(
        "Landelijke actie: dit zou overal al klaar zijn",
        [key for key in asked.criterion if key in gaps],
        format_func=lambda key: f"{key} {asked.criterion[key].title}",
        placeholder="Kies criteria",
        key=_name_key(planned, "landelijk"),
    )
    return tuple(chosen)


def _choose_pin(planned: Roadmap) -> Mapping[str, Quarter]:
    """At most one measure, with the quarter to try it in."""
    now = max(planned.begin, Quarter.of(today()))
    for_measure, for_quarter = st.columns([3, 1])
    measure_id = for_measure.selectbox(
        "Zet vast",
        _list_measures(planned),
        index=None,
        format_func=_name_measure(planned),
        placeholder="Kies een maatregel",
        key=_name_key(planned, "vast"),
    )
    quarters = [now + ahead for ahead in range(HORIZON)]
    quarter = for_quarter.selectbox("Op kwartaal", quarters, key=_name_key(planned, "kwartaal"))
    return {} if measure_id is None else {measure_id: quarter}


def _choose_dropped(planned: Roadmap) -> tuple[str, ...]:
    chosen = st.multiselect(
        "Laat vervallen",
        _list_measures(planned),
        format_func=_name_measure(planned),
        placeholder="Kies maatregelen",
        key=_name_key(planned, "vervalt"),
    )
    return tuple(chosen)


def _list_measures(planned: Roadmap) -> list[str]:
    there = set(planned.measures["measure_id"])
    return [key for key in planned.standing.questionnaire.measure if key in there]


def _name_measure(planned: Roadmap) -> Callable[[str], str]:
    measure = planned.standing.questionnaire.measure
    return lambda key: f"{key} {measure[key].title}"


def _name_key(planned: Roadmap, what: str) -> str:
    """The key of a widget: what was chosen for one plan is not kept for another."""
    return "-".join(["wat-als", what, *planned.standing.grid.house_ids])


def _show_comparison(comparison: Comparison) -> None:
    begin, register = comparison.present.begin, comparison.present.standing.register
    st.markdown(f"**{say_what_if(comparison.ends, begin)}.** {say_late(comparison.late)}")
    shifts = _list_shifts(comparison)
    if shifts:
        st.markdown(f"{NOW} is het plan nu, {THEN} het plan dan; wat gelijk blijft, staat er niet bij.")
        st.html(write_shifts(shifts, begin, today()))
    if comparison.tried is not comparison.present:
        show_late(comparison.tried)
    with st.expander("Beide plannen als tabel"):
        show_rows(list_ends(comparison.ends, begin, register))
        changes = list_changes(comparison.finishes, begin, comparison.questionnaire, register)
        if not changes.empty:
            show_rows(changes)


def _list_shifts(comparison: Comparison) -> list[Shift]:
    """What shifts: of one house its criteria, of several the end of each."""
    if len(comparison.present.standing.houses) == 1:
        asked = comparison.questionnaire
        changed = find_changed(comparison.finishes, asked).to_dict("records")
        return [
            Shift(f"{row['criterion_id']} {asked.criterion[row['criterion_id']].title}", *_both(row))
            for row in changed
        ]
    register, ends = comparison.present.standing.register, comparison.ends
    own = ends[(ends["house_id"] != ALL_HOUSES) & (ends["present"] != ends["tried"])].to_dict("records")
    return [Shift(name_end(row["house_id"], row["subject"], register), *_both(row)) for row in own]


def _both(row: Mapping[Hashable, int]) -> tuple[int, int]:
    return int(row["present"]), int(row["tried"])
