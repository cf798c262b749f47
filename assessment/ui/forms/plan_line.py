"""The form in which somebody decides about one measure; who changes what another changed sees both values."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from assessment.errors import ConflictError, PersonalTextError, UserError
from assessment.model.decisions import FIELD_WORDS, LONGEST, PlanLine, Progress
from assessment.model.plan import Quarter
from assessment.service.clock import now, today
from assessment.service.plans.decisions import Edit, apply_edit, change_lines, find_line
from assessment.service.plans.planning import Roadmap
from assessment.tables.plan_lines import list_both
from assessment.tables.progress import Followed, show_when
from assessment.tables.shown import show_progress, show_with_capital
from assessment.ui.cache import get_installation
from assessment.ui.components import show_rows
from assessment.ui.session import LINE_CONFLICT, LINE_MESSAGE, LINE_PERSONAL, Key, Message, plan_field

_AHEAD = 24
"""How many quarters after now a measure may be pinned on from the list."""
_PLANNER = "de planner kiest"


def show_line_form(planned: Roadmap, followed: Followed) -> None:
    """Let somebody choose a measure and decide about it."""
    measure_ids = [*followed.measures["measure_id"], *followed.dropped["measure_id"]]
    titles = {key: followed.questionnaire.measure[key].title for key in measure_ids}
    chosen = st.selectbox(
        "Maatregel",
        measure_ids,
        format_func=lambda key: f"{key} {titles[key]}",
        key=Key.PLAN_MEASURE,
    )
    line = find_line(followed.decisions, followed.house_id, chosen)
    st.markdown(f"Nu: {show_progress(line.progress)}. {_say_why(followed, chosen)}")
    with st.form(Key.PLAN_FORM.of(chosen, line.version), border=False):
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
            key=plan_field(line, "quarters").key,
            placeholder="zoals voorgesteld",
        )
        for field, label in (("due", "Afspraak voor"), ("started", "Begonnen op"), ("done", "Gereed op")):
            value = getattr(line, field)
            st.date_input(label, value, key=plan_field(line, field).key, format="DD-MM-YYYY")
    with what:
        st.text_input("Wie trekt dit?", line.owner, key=plan_field(line, "owner").key, max_chars=120)
        st.text_area("Opmerking", line.remark, key=plan_field(line, "remark").key, max_chars=1000)
        st.text_area(
            "Laat vervallen, want …", line.dropped, key=plan_field(line, "dropped").key, max_chars=1000
        )


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
        key=plan_field(line, "pinned").key,
        disabled=line.progress is not Progress.PLANNED,
    )


def _save(planned: Roadmap, line: PlanLine) -> None:
    """Store what the form changes, on top of the line that it was made from."""
    typed = {field: plan_field(line, field).read() for field in FIELD_WORDS}
    try:
        wanted = apply_edit(line, Edit(line.house_id, line.measure_id, _read(typed)))
    except UserError as error:
        LINE_MESSAGE.put(Message(str(error), done=False))
        return
    changes = {field: getattr(wanted, field) for field in wanted.differs_from(line)}
    _store(planned, Edit(line.house_id, line.measure_id, changes, line.version))


def _read(typed: Mapping[str, object]) -> dict[str, object]:
    return {**typed, "pinned": typed["pinned"] or None}


def _store(planned: Roadmap, edit: Edit) -> None:
    """Store an edit; where somebody else was first it is held, so that both can be shown."""
    _let_go()
    try:
        changed = change_lines(get_installation(), planned.scores, [edit], now())
    except ConflictError:
        LINE_CONFLICT.put(edit)
    except PersonalTextError as error:
        LINE_PERSONAL.put((edit, str(error)))
    except UserError as error:
        LINE_MESSAGE.put(Message(str(error), done=False))
    else:
        told = "Bewaard." if changed else "Dit stond er al. Er is niets veranderd."
        LINE_MESSAGE.put(Message(told, done=True))


def _show_told() -> None:
    """Say under the form, once, what became of it."""
    message = LINE_MESSAGE.take()
    if message is not None:
        (st.success if message.done else st.warning)(message.text)


def _show_conflict(planned: Roadmap, followed: Followed) -> None:
    """Show what stands there now beside what somebody wanted, and let him choose."""
    edit = LINE_CONFLICT.get()
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
        st.button("Neem mijn waarden", key=Key.PLAN_MINE, on_click=_store, args=(planned, again))
        st.button("Houd wat er staat", key=Key.PLAN_THEIRS, on_click=_let_go)


def _ask_personal(planned: Roadmap, followed: Followed) -> None:
    """Ask whether what was written is about a citizen, before it is stored."""
    asked = LINE_PERSONAL.get()
    if asked is None or asked[0].house_id != followed.house_id:
        return
    edit, told = asked
    st.warning(told)
    with st.container(horizontal=True):
        anyway = replace(edit, accepted=True)
        st.button("Toch bewaren", key=Key.PLAN_ANYWAY, on_click=_store, args=(planned, anyway))
        st.button("Ik pas het aan", key=Key.PLAN_REPAIR, on_click=_let_go)


def _let_go() -> None:
    LINE_CONFLICT.forget()
    LINE_PERSONAL.forget()
