"""Below the roadmap of a house: what was agreed, what came of it, and where people decide."""

from collections import Counter

import streamlit as st

from assessment.model.access import Task
from assessment.model.decisions import Progress
from assessment.model.register import House
from assessment.service.access import may
from assessment.service.clock import now
from assessment.service.plans.baselines import adopt_plan, follow_plan
from assessment.service.plans.planning import Roadmap
from assessment.tables.progress import Followed, list_progress
from assessment.tables.shown import show_day, show_progress
from assessment.ui.cache import get_installation
from assessment.ui.components import show_quietly, show_rows
from assessment.ui.forms.plan_line import show_line_form
from assessment.ui.forms.upload import show_upload
from assessment.ui.notices import keep_success, show_notice, trying
from assessment.ui.session import Key


def show_followed(planned: Roadmap, house: House) -> None:
    """Show planned against actual, and let those who may decide."""
    followed = follow_plan(get_installation(), planned, house.house_id)
    st.subheader("Vastgesteld, gepland en wat ervan kwam", anchor=False)
    show_notice()
    st.markdown(f"{_say_adopted(followed)} {_say_counts(followed)}")
    with st.expander("Voortgang per maatregel"):
        show_rows(list_progress(followed).drop(columns="Versie"))
    if not may(get_installation(), Task.PLAN, house):
        return
    with st.expander("Wijzig een maatregel"):
        show_line_form(planned, followed)
    with st.expander("Laad een ingevuld plan terug"):
        show_upload(house)
    with st.expander("Stel dit plan vast"):
        _show_adoption(planned, followed)


def _say_adopted(followed: Followed) -> str:
    adopted = followed.baseline
    if adopted is None:
        return "Er is nog geen plan vastgesteld."
    return (
        f"Plan {adopted.number} is vastgesteld op {show_day(adopted.adopted.date())}. Wat de planner nu zet, "
        "wijkt daar zo min mogelijk van af."
    )


def _say_counts(followed: Followed) -> str:
    """How many measures have come how far, after the sign and the word for that."""
    counts = Counter(Progress(status) for status in followed.measures["status"])
    counts[Progress.DROPPED] = len(followed.dropped)
    return " · ".join(f"{show_progress(each)}: {counts[each]}" for each in Progress if counts[each])


def _show_adoption(planned: Roadmap, followed: Followed) -> None:
    number = followed.baseline.number + 1 if followed.baseline else 1
    show_quietly(
        "De stuurgroep stelt het plan vast zoals het hierboven staat. Dat blijft bewaard met de datum en de "
        "antwoorden waarop het rust; later ziet u ernaast wat ervan kwam."
    )
    st.button(f"Stel vast als plan {number}", key=Key.PLAN_ADOPT, on_click=_adopt, args=(planned, followed))


def _adopt(planned: Roadmap, followed: Followed) -> None:
    def adopt() -> None:
        (adopted,) = adopt_plan(get_installation(), planned, [followed.house_id], now())
        keep_success(f"Plan {adopted.number} is vastgesteld.")

    trying(adopt)
