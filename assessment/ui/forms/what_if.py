"""What if: a plan that is tried stands beside the present one; nothing is stored until it is adopted."""

from collections.abc import Hashable, Mapping

import streamlit as st

from assessment.errors import ConflictError, NotAllowedError, PlanError, UserError
from assessment.figures.quarters import NOW, THEN, Shift, write_shifts
from assessment.model.access import Task
from assessment.model.frames import ALL_HOUSES
from assessment.service.clock import now, today
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Comparison, WhatIf, adopt_what_if, find_wanted, require_adoption
from assessment.tables.what_if import (
    describe_houses,
    describe_late,
    describe_not_kept,
    describe_what_if,
    find_changed,
    list_changes,
    list_ends,
    list_room,
    list_wanted,
    name_end,
)
from assessment.ui.cache import get_installation, get_queries, made, note_if_refused
from assessment.ui.components import show_late, show_quietly, show_rows, show_rows_of, write_rows
from assessment.ui.forms.what_if_choice import begin_afresh, choose_what_if, name_key, tell_nothing_to_try
from assessment.ui.notices import show_info, show_warning
from assessment.ui.session import WHAT_IF_MESSAGE

_ADOPTED = "Overgenomen. Hierboven staat het nieuwe plan; de wat-als begint opnieuw."


def show_what_if(planned: Roadmap) -> None:
    """Let the user try another plan and keep it; not on one without measures, or that changes no more."""
    if planned.decisions.closed is not None:
        tell_nothing_to_try(planned, "dit plan verandert niet meer")
    elif planned.measures.empty:
        tell_nothing_to_try(planned, "dit plan heeft geen maatregelen")
    else:
        _show(planned, get_installation())


@st.fragment
def _show(planned: Roadmap, installation: Installation) -> None:
    """Only this part of the page runs again when something is moved; keeping it shows the whole page anew."""
    st.header("Wat als?", anchor=False)
    st.markdown(
        "Schuif met hoeveel maatregelen iemand tegelijk aankan, of kies wat een landelijke actie overal zou "
        "afmaken. U ziet meteen het plan dan, naast het plan nu. Er wordt niets bewaard, tot u het overneemt."
    )
    what_if = choose_what_if(planned)
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
    told = f" {made(describe_houses, comparison.ends)}." if houses > 1 else ""
    what, late = made(describe_what_if, comparison.ends, begin), made(describe_late, comparison.late)
    st.markdown(f"**{what}.**{told} {late}")
    shifts = made(_list_shifts, comparison)
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
        show_rows_of(list_ends, comparison.ends, begin, register)
        changes = made(list_changes, comparison.finishes, begin, comparison.questionnaire, register)
        if not changes.empty:
            st.html(made(write_rows, changes))


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
        key = name_key(comparison.present, "reden")
        reason = st.text_input("Waarom vervallen deze maatregelen?", key=key, max_chars=1000)
    show_quietly("Hiermee is het plan nog niet vastgesteld; dat doet u apart.")
    if st.button("Neem dit over", type="primary", key=name_key(comparison.present, "overnemen")):
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
        begin_afresh()
        WHAT_IF_MESSAGE.put(_ADOPTED)
    st.rerun()
