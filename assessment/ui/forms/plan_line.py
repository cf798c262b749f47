"""The form in which somebody decides about one measure; who changes what another changed sees both values."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from assessment.errors import ConflictError, PersonalTextError, UserError
from assessment.model.plan import Quarter
from assessment.model.plan_line import FIELD_WORDS, LONGEST, PlanLine, Progress
from assessment.service.clock import now, today
from assessment.service.plans.decisions import Edit, apply_edit, change_lines, find_line
from assessment.service.plans.planning import Roadmap
from assessment.tables.plan_lines import list_both
from assessment.tables.progress import Followed, show_when
from assessment.tables.shown import show_progress, show_with_capital
from assessment.ui.cache import get_installation
from assessment.ui.components import show_rows

_AHEAD = 24
"""How many quarters after now a measure may be pinned on from the list."""
_PLANNER = "de planner kiest"
_TOLD, _HELD, _ASKED = "plan-bericht", "plan-botsing", "plan-persoon"


def show_line_form(planned: Roadmap, followed: Followed) -> None:
    """Let somebody choose a measure and decide about it."""
    measure_ids = [*followed.measures["measure_id"], *followed.dropped["measure_id"]]
    titles = {key: followed.questionnaire.measure[key].title for key in measure_ids}
    chosen = st.selectbox(
        "Maatregel",
        measure_ids,
        format_func=lambda key: f"{key} {titles[key]}",
        key="plan-maatregel",
    )
    line = find_line(followed.decisions, followed.house_id, chosen)
    st.markdown(f"Nu: {show_progress(line.progress)}. {_say_why(followed, chosen)}")
    with st.form(f"plan-{chosen}-{line.version}", border=False):
        _show_fields(line, followed)
        st.form_submit_button("Bewaar", type="primary", on_click=_save, args=(planned, line))
    with st.container():
        _show_told()
        _show_conflict(planned, followed)
        _ask_personal(planned, followed)


def _say_why(followed: Followed, measure_id: str) -> str:
    row = followed.measures[followed.measures["measure_id"] == measure_id].to_dict("records")
    if not row:
        return "De maatregel staat niet in het plan."
    if row[0]["status"] == Progress.DONE.value:
        return f"{show_with_capital(row[0]['why'])}."
    first, last = followed.begin + row[0]["first"], followed.begin + row[0]["last"]
    return f"{show_when(first, last)}: {row[0]['why']}."


def _show_fields(line: PlanLine, followed: Followed) -> None:
    when, what = st.columns(2, gap="large")
    with when:
        _show_pin(line, followed)
        st.number_input(
            "Duur in kwartalen",
            1,
            LONGEST,
            line.quarters,
            key=_name(line, "quarters"),
            placeholder="zoals voorgesteld",
        )
        for field, label in (("due", "Afspraak voor"), ("started", "Begonnen op"), ("done", "Gereed op")):
            value = getattr(line, field)
            st.date_input(label, value, key=_name(line, field), format="DD-MM-YYYY")
    with what:
        st.text_input("Wie trekt dit?", line.owner, key=_name(line, "owner"), max_chars=120)
        st.text_area("Opmerking", line.remark, key=_name(line, "remark"), max_chars=1000)
        st.text_area("Laat vervallen, want …", line.dropped, key=_name(line, "dropped"), max_chars=1000)


def _show_pin(line: PlanLine, followed: Followed) -> None:
    earliest = max(followed.begin, Quarter.of(today()))
    quarters = [str(earliest + ahead) for ahead in range(_AHEAD)]
    own = [str(line.pinned)] if line.pinned and str(line.pinned) not in quarters else []
    options = ["", *own, *quarters]
    st.selectbox(
        "Vastzetten op",
        options,
        options.index(str(line.pinned or "")),
        format_func=lambda quarter: quarter or _PLANNER,
        key=_name(line, "pinned"),
        disabled=line.progress is not Progress.PLANNED,
    )


def _name(line: PlanLine, field: str) -> str:
    """The key of the widget of a field; another version has widgets of its own, which show what is stored."""
    return f"plan/{line.house_id}/{line.measure_id}/{line.version}/{field}"


def _save(planned: Roadmap, line: PlanLine) -> None:
    """Store what the form changes, on top of the line that it was made from."""
    typed = {field: st.session_state[_name(line, field)] for field in FIELD_WORDS}
    try:
        wanted = apply_edit(line, Edit(line.house_id, line.measure_id, _read(typed)))
    except UserError as error:
        _tell(str(error), done=False)
        return
    changes = {field: getattr(wanted, field) for field in wanted.differs_from(line)}
    _store(planned, Edit(line.house_id, line.measure_id, changes, line.version))


def _read(typed: Mapping[str, object]) -> dict[str, object]:
    return {**typed, "pinned": typed["pinned"] or None}


def _store(planned: Roadmap, edit: Edit) -> None:
    """Store an edit; where somebody else was first it is held, so that both can be shown."""
    _let_go()
    try:
        changed = change_lines(get_installation(), planned.standing, [edit], now())
    except ConflictError:
        st.session_state[_HELD] = edit
    except PersonalTextError as error:
        st.session_state[_ASKED] = (edit, str(error))
    except UserError as error:
        _tell(str(error), done=False)
    else:
        _tell("Bewaard." if changed else "Dit stond er al. Er is niets veranderd.", done=True)


def _tell(text: str, *, done: bool) -> None:
    st.session_state[_TOLD] = (done, text)


def _show_told() -> None:
    """Say under the form, once, what became of it."""
    done, text = st.session_state.pop(_TOLD, (True, ""))
    if text:
        (st.success if done else st.warning)(text)


def _show_conflict(planned: Roadmap, followed: Followed) -> None:
    """Show what stands there now beside what somebody wanted, and let him choose."""
    edit: Edit | None = st.session_state.get(_HELD)
    if edit is None or edit.house_id != followed.house_id:
        return
    stored = find_line(followed.decisions, edit.house_id, edit.measure_id)
    st.warning(
        f"{edit.measure_id} is intussen door iemand anders gewijzigd. Er is nog niets van u bewaard. Kies "
        "wat moet gelden."
    )
    show_rows(list_both(stored, apply_edit(stored, edit), edit.changes))
    again = replace(edit, seen=stored.version)
    with st.container(horizontal=True):
        st.button("Neem mijn waarden", key="plan-mijn", on_click=_store, args=(planned, again))
        st.button("Houd wat er staat", key="plan-hun", on_click=_let_go)


def _ask_personal(planned: Roadmap, followed: Followed) -> None:
    """Ask whether what was written is about a citizen, before it is stored."""
    asked: tuple[Edit, str] | None = st.session_state.get(_ASKED)
    if asked is None or asked[0].house_id != followed.house_id:
        return
    edit, told = asked
    st.warning(told)
    with st.container(horizontal=True):
        anyway = replace(edit, accepted=True)
        st.button("Toch bewaren", key="plan-toch", on_click=_store, args=(planned, anyway))
        st.button("Ik pas het aan", key="plan-aanpassen", on_click=_let_go)


def _let_go() -> None:
    for name in (_HELD, _ASKED):
        st.session_state.pop(name, None)
