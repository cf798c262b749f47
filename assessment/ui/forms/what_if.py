"""What if: a plan that is tried stands beside the present one; nothing is stored until it is adopted."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from assessment.errors import ConflictError, NotAllowedError, PlanError, UserError
from assessment.figures.quarters import NOW, THEN, Shift, write_shifts
from assessment.model.access import Task
from assessment.model.frames import ALL_HOUSES
from assessment.model.plan import HORIZON, Quarter
from assessment.model.scale import Actor
from assessment.service.clock import now, today
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Comparison, WhatIf, adopt_what_if, find_wanted, require_adoption
from assessment.tables.decisions import describe_sharing, find_numbers
from assessment.tables.formats import format_with_capital
from assessment.tables.what_if import (
    describe_houses,
    describe_late,
    describe_not_kept,
    describe_what_if,
    find_changed,
    find_starts,
    list_changes,
    list_ends,
    list_room,
    list_wanted,
    name_end,
)
from assessment.ui.cache import get_installation, get_queries, note_if_refused
from assessment.ui.components import show_late, show_quietly, show_rows
from assessment.ui.notices import show_info, show_warning
from assessment.ui.session import WHAT_IF_MESSAGE, WHAT_IF_TURN, Key

Item = TypeVar("Item")
_MOST = 6
_IN_A_ROW = 4
_ADOPTED = "Overgenomen. Hierboven staat het nieuwe plan; de wat-als begint opnieuw."


def show_what_if(planned: Roadmap) -> None:
    """Let the user try another plan on one with measures, and keep it; not on one that changes no more."""
    if planned.decisions.closed is None:
        _show(planned, get_installation())


@st.fragment
def _show(planned: Roadmap, installation: Installation) -> None:
    """Only this part of the page runs again when something is moved; keeping it shows the whole page anew."""
    st.header("Wat als?", anchor=False)
    st.markdown(
        "Schuif met hoeveel maatregelen iemand tegelijk aankan, of kies wat een landelijke actie overal zou "
        "afmaken. U ziet meteen het plan dan, naast het plan nu. Er wordt niets bewaard, tot u het overneemt."
    )
    what_if = _choose_what_if(planned)
    with st.container(key="wat-als"):
        comparison = _compare(planned, what_if)
    _show_outcome()
    if comparison is not None:
        _show_adoption(installation, comparison, what_if)


def show_solved(planned: Roadmap, criterion_id: str) -> None:
    """Show what comes of the plans of houses once a national action solved one criterion everywhere."""
    with st.container(key="landelijk-opgelost"):
        _compare(planned, WhatIf(national=(criterion_id,)))


def _compare(planned: Roadmap, what_if: WhatIf) -> Comparison | None:
    """Show the plan that is tried beside the present one, or why there is none."""
    try:
        comparison = get_queries().compare_what_if(planned, what_if)
    except PlanError as error:
        show_warning(str(error))
        return None
    _show_comparison(comparison)
    return comparison


def _show_comparison(comparison: Comparison) -> None:
    begin, register = comparison.present.begin, comparison.present.scores.register
    houses = len(comparison.present.scores.houses)
    told = f" {describe_houses(comparison.ends)}." if houses > 1 else ""
    st.markdown(f"**{describe_what_if(comparison.ends, begin)}.**{told} {describe_late(comparison.late)}")
    shifts = _list_shifts(comparison)
    if shifts:
        st.markdown(
            f"{NOW} is het plan nu, {THEN} het plan dan, beide als niets tegenzit; wat gelijk blijft, staat "
            "er niet bij."
        )
        st.html(write_shifts(shifts, begin, today()))
    if comparison.tried is not comparison.present:
        show_late(comparison.tried)
    if not comparison.room.empty:
        st.markdown("Wat later komt, maakt plaats voor wat dan eerder kan:")
        show_rows(list_room(comparison.room, comparison.questionnaire, register))
    with st.expander("Beide plannen als tabel, als niets tegenzit"):
        show_rows(list_ends(comparison.ends, begin, register))
        changes = list_changes(comparison.finishes, begin, comparison.questionnaire, register)
        if not changes.empty:
            show_rows(changes)


def _list_shifts(comparison: Comparison) -> list[Shift]:
    """What shifts: of one house its criteria, of several the end of each."""
    if len(comparison.present.scores.houses) == 1:
        asked = comparison.questionnaire
        changed = find_changed(comparison.finishes, asked).to_dict("records")
        return [
            Shift(f"{row['criterion_id']} {asked.criterion[row['criterion_id']].title}", *_both(row))
            for row in changed
        ]
    register, ends = comparison.present.scores.register, comparison.ends
    own = ends[(ends["house_id"] != ALL_HOUSES) & (ends["present"] != ends["tried"])].to_dict("records")
    return [Shift(name_end(row["house_id"], row["subject"], register), *_both(row)) for row in own]


def _both(row: Mapping[Hashable, int]) -> tuple[int, int]:
    return int(row["present"]), int(row["tried"])


def _choose_what_if(planned: Roadmap) -> WhatIf:
    """Let the user say what to try on a plan with measures; at first nothing."""
    capacity, national = _choose_capacity(planned), _choose_national(planned)
    with st.expander("Maatregelen vastzetten of laten vervallen"):
        return WhatIf(capacity, national, _choose_pins(planned), _choose_dropped(planned))


def _begin_afresh() -> None:
    """Forget what was tried: the next run shows widgets that nobody touched."""
    WHAT_IF_TURN.put(WHAT_IF_TURN.get() + 1)


def _name_key(planned: Roadmap, what: str) -> str:
    """The key of a widget: what was chosen for one plan, or before it was kept, does not come back."""
    return Key.WHAT_IF.of(what, *planned.scores.grid.house_ids, WHAT_IF_TURN.get())


def _choose_capacity(planned: Roadmap) -> Mapping[Actor, int]:
    """A slider per actor of the plan, in rows; only those that were moved."""
    up = set(planned.measures["actor"])
    numbers = find_numbers(planned.resources)
    actors = [actor for actor in planned.scores.questionnaire.actors if actor.value in up]
    chosen = {actor: _slide(planned, actor, numbers[actor]) for actor in _lay_out(actors)}
    if len(planned.scores.houses) > 1:
        show_quietly(describe_sharing(actors, planned.scores.questionnaire.rules))
    return {actor: number for actor, number in chosen.items() if number is not None}


def _slide(planned: Roadmap, actor: Actor, numbers: Sequence[int]) -> int | None:
    """How much an actor carries at once everywhere, or None as it is; houses may differ in that."""
    label = format_with_capital(actor.value)
    present = "–".join(map(str, dict.fromkeys([numbers[0], numbers[-1]])))
    key = _name_key(planned, f"{actor.value}-{present}")
    most = max(_MOST, numbers[-1])
    if len(numbers) == 1:
        number = st.slider(label, 1, most, numbers[0], key=key)
        return None if number == numbers[0] else number
    as_it_is = f"nu {present}"
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
        key=_name_key(planned, "landelijk"),
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
        present = max(starts[measure_id], earliest)
        quarters = usual if present in usual else [*usual, present]
        key = _name_key(planned, f"kwartaal-{measure_id}")
        label = f"{measure_id} in kwartaal"
        pins[measure_id] = st.selectbox(label, quarters, quarters.index(present), format_func=str, key=key)
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
        key=_name_key(planned, what),
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


def _show_outcome() -> None:
    """Say once whether what was tried last is kept now, where the button to do so was."""
    if told := WHAT_IF_MESSAGE.take():
        show_info(told)


def _show_adoption(installation: Installation, comparison: Comparison, what_if: WhatIf) -> None:
    """Say what keeping a what-if would change, and offer it to who may change each of these plans.

    Args:
        installation: with the visitor.
        comparison: what is shown.
        what_if: what was tried in it.
    """
    scores, wanted = comparison.present.scores, find_wanted(comparison)
    if not all(get_queries().may(Task.PLAN, house) for house in scores.houses):
        return
    if what_if.national:
        show_quietly(describe_not_kept(what_if.national))
    if any(wanted):
        st.markdown("**Wilt u dit plan houden?** Dit verandert er dan, voor iedereen die het plan ziet:")
        show_rows(list_wanted(*wanted, comparison.questionnaire, scores.register))
        _offer(installation, comparison, what_if)


def _offer(installation: Installation, comparison: Comparison, what_if: WhatIf) -> None:
    try:
        require_adoption(installation, comparison)
    except NotAllowedError as error:
        show_info(f"{error} Zet die schuif terug om de rest over te nemen.")
        return
    reason = ""
    if what_if.dropped:
        key = _name_key(comparison.present, "reden")
        reason = st.text_input("Waarom vervallen deze maatregelen?", key=key, max_chars=1000)
    show_quietly("Hiermee is het plan nog niet vastgesteld; dat doet u apart.")
    if st.button("Neem dit over", type="primary", key=_name_key(comparison.present, "overnemen")):
        _adopt(comparison, reason)


def _adopt(comparison: Comparison, reason: str) -> None:
    """Keep what was tried and show the page anew; what can be repaired here is told here.

    What is offered goes by the rights with which the page was opened, what is done by those of this moment.
    """
    try:
        adopt_what_if(get_installation(), comparison, reason, now())
    except ConflictError as error:
        WHAT_IF_MESSAGE.put(str(error))
    except UserError as error:
        note_if_refused(error)
        show_warning(str(error))
        return
    else:
        _begin_afresh()
        WHAT_IF_MESSAGE.put(_ADOPTED)
    st.rerun()
