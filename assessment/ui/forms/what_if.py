"""What if: a plan that is tried stands beside the present one; nothing is stored until it is adopted."""

from collections.abc import Hashable, Mapping

import streamlit as st

from assessment.errors import PlanError
from assessment.figures.plan_changes import NOW, THEN, Shift, write_shifts
from assessment.model.frames import ALL_HOUSES
from assessment.service.clock import today
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Comparison, WhatIf
from assessment.tables.what_if import (
    find_changed,
    list_changes,
    list_ends,
    name_end,
    say_late,
    say_what_if,
)
from assessment.ui.cache import get_installation, get_what_if
from assessment.ui.components import show_rows
from assessment.ui.forms.what_if_adoption import show_adoption, show_what_became_of_it
from assessment.ui.forms.what_if_choices import choose_what_if
from assessment.ui.steering import show_late


def show_what_if(planned: Roadmap) -> None:
    """Let the user try another plan on one with measures, and keep it."""
    _show(planned, get_installation())


@st.fragment
def _show(planned: Roadmap, installation: Installation) -> None:
    """Only this part of the page runs again when something is moved; keeping it shows the whole page anew."""
    st.subheader("Wat als?", anchor=False)
    st.markdown(
        "Schuif met hoeveel maatregelen iemand tegelijk aankan, of kies wat een landelijke actie overal zou "
        "afmaken. U ziet meteen het plan dan, naast het plan nu. Er wordt niets bewaard, tot u het overneemt."
    )
    what_if = choose_what_if(planned)
    with st.container(key="wat-als"):
        comparison = _compare(planned, what_if)
    show_what_became_of_it()
    if comparison is not None:
        show_adoption(installation, comparison, what_if)


def _compare(planned: Roadmap, what_if: WhatIf) -> Comparison | None:
    """Show the plan that is tried beside the present one, or why there is none."""
    try:
        comparison = get_what_if(planned, what_if)
    except PlanError as error:
        st.warning(str(error))
        return None
    _show_comparison(comparison)
    return comparison


def _show_comparison(comparison: Comparison) -> None:
    begin, register = comparison.present.begin, comparison.present.scores.register
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
