"""Below a roadmap: what was agreed and what came of it, and where people decide, on screen or by a file.

Who changes what another changed meanwhile sees both values.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from assessment.errors import ConflictError, PersonalTextError, UserError
from assessment.model.access import Task
from assessment.model.decisions import FIELD_WORDS, LONGEST, PlanLine, Progress, find_line
from assessment.model.plan import Quarter
from assessment.model.register import House
from assessment.service.clock import now, today
from assessment.service.intake import NamedFile
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.decisions import Edit, apply_edit, change_lines
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.recommendations import (
    Recommendation,
    choose_recommendations,
    list_recommendations,
)
from assessment.service.plans.workbook import LoadedPlan, Proposal, open_plan, take_over
from assessment.tables.decisions import list_both, list_changes, list_choices
from assessment.tables.formats import format_day, format_progress, format_with_capital
from assessment.tables.plans import write_reasons
from assessment.tables.progress import Followed, format_when, list_progress
from assessment.ui.cache import get_installation, get_queries, note_if_refused, trying
from assessment.ui.components import show_quietly, show_rows
from assessment.ui.notices import keep_success, show_notice, show_warning
from assessment.ui.session import (
    LINE_CONFLICT,
    LINE_MESSAGE,
    LINE_PERSONAL,
    Key,
    Message,
    Widget,
    plan_field,
    proposal_box,
)

_AHEAD = 24  # how many quarters after now a measure may be pinned on from the list
_PLANNER = "de planner kiest"


def show_followed(planned: Roadmap, house: House) -> None:
    """Show planned against actual, and let those who may decide."""
    followed = get_queries().follow_plan(planned, house.house_id)
    st.header("Vastgesteld, gepland en wat ervan kwam", anchor=False)
    show_notice()
    st.markdown(f"{_describe_adopted(followed)} {_describe_counts(followed)}")
    with st.expander("Voortgang per maatregel"):
        show_rows(list_progress(followed).drop(columns="Versie"))
    if not _may_change(planned, house):
        return
    with st.expander("Wijzig een maatregel"):
        _show_line_form(planned, followed)
    with st.expander("Laad een ingevuld plan terug"):
        _show_upload(house)
    with st.expander("Stel dit plan vast"):
        _show_adoption(planned, followed)


def _may_change(planned: Roadmap, house: House) -> bool:
    return planned.decisions.closed is None and get_queries().may(Task.PLAN, house)


def _describe_adopted(followed: Followed) -> str:
    adopted = followed.baseline
    if adopted is None:
        return "Er is nog geen plan vastgesteld."
    return (
        f"Plan {adopted.number} is vastgesteld op {format_day(adopted.adopted.date())}. Wat de planner nu "
        "zet, wijkt daar zo min mogelijk van af."
    )


def _describe_counts(followed: Followed) -> str:
    """How many measures have come how far, after the sign and the word for that."""
    counts = Counter(Progress(status) for status in followed.measures["status"])
    counts[Progress.DROPPED] = len(followed.dropped)
    return " · ".join(f"{format_progress(each)}: {counts[each]}" for each in Progress if counts[each])


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


def _show_line_form(planned: Roadmap, followed: Followed) -> None:
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
    st.markdown(f"Nu: {format_progress(line.progress)}. {_describe_why(followed, chosen)}")
    with st.form(Key.PLAN_FORM.of(chosen, line.version), border=False):
        _show_fields(line, followed)
        st.form_submit_button("Bewaar", type="primary", on_click=_save, args=(planned, line))
    with st.container():
        _show_told()
        _show_conflict(planned, followed)
        _ask_personal(planned, followed)


def _describe_why(followed: Followed, measure_id: str) -> str:
    own = followed.measures[followed.measures["measure_id"] == measure_id]
    row = write_reasons(own, followed.begin, followed.questionnaire).to_dict("records")
    if not row:
        return "De maatregel staat niet in het plan."
    if row[0]["status"] == Progress.DONE.value:
        return f"{format_with_capital(row[0]['why'])}."
    first, last = followed.begin + row[0]["first"], followed.begin + row[0]["last"]
    return f"{format_when(first, last)}: {row[0]['why']}."


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
    typed = {field: plan_field(line, field).read() for field in FIELD_WORDS if field != "taken"}
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
        note_if_refused(error)
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
    show_warning(
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
    show_warning(told)
    with st.container(horizontal=True):
        anyway = replace(edit, accepted=True)
        st.button("Toch bewaren", key=Key.PLAN_ANYWAY, on_click=_store, args=(planned, anyway))
        st.button("Ik pas het aan", key=Key.PLAN_REPAIR, on_click=_let_go)


def _let_go() -> None:
    LINE_CONFLICT.forget()
    LINE_PERSONAL.forget()


def _show_upload(house: House) -> None:
    """Let somebody load the plan of a house back, and choose what to take over."""
    show_quietly(
        "Download het verbeterplan, vul het blad Voortgang in en laad het bestand hier. U ziet eerst wat er "
        "verandert; pas daarna wordt iets bewaard."
    )
    upload = st.file_uploader("Het ingevulde plan (.xlsx of .ods)", key=Key.PLAN_FILE)
    if upload is None:
        return
    try:
        file = NamedFile(upload.name, upload.getvalue())
        loaded = open_plan(get_installation(), file, house.house_id, today())
    except UserError as error:
        note_if_refused(error)
        show_warning(str(error))
        return
    for line in (*loaded.faults, *loaded.notes):
        show_warning(line)
    if not loaded.proposals:
        st.markdown("Dit bestand wijzigt niets.")
        return
    _show_proposals(loaded, file.sha256)


def _show_proposals(loaded: LoadedPlan, sha256: str) -> None:
    boxes = [_show_proposal(loaded, each, sha256) for each in loaded.proposals]
    st.button(
        "Neem over wat is aangevinkt",
        type="primary",
        key=Key.PLAN_TAKE_OVER,
        on_click=_take_over,
        args=(loaded, boxes),
    )


def _show_proposal(loaded: LoadedPlan, proposal: Proposal, sha256: str) -> Widget[bool]:
    """Show what changes in one line, with a box to accept it, which is returned."""
    measure_id = proposal.wanted.measure_id
    box = proposal_box(sha256, proposal.stored)
    title = loaded.scores.questionnaire.measure[measure_id].title
    st.checkbox(f"{measure_id} {title}", proposal.is_calm, key=box.key)
    for row in list_changes(proposal.stored, proposal.wanted).to_dict("records"):
        st.text(f"{row['Wat']}: {row['Was']} → {row['Wordt']}")
    for line in proposal.personal:
        show_warning(f"{line} Vink deze regel alleen aan als het niet over een inwoner gaat.")
    if proposal.conflict:
        show_quietly(
            "Deze regel is gewijzigd nadat het bestand is gemaakt: links staat wat er nu geldt. Vink aan om "
            "toch te nemen wat in het bestand staat."
        )
    return box


def _take_over(loaded: LoadedPlan, boxes: Sequence[Widget[bool]]) -> None:
    def take() -> None:
        pairs = zip(loaded.proposals, boxes, strict=True)
        chosen = [each.wanted.measure_id for each, box in pairs if box.read()]
        changed = take_over(get_installation(), loaded, chosen, now())
        keep_success(f"Overgenomen: {', '.join(new.measure_id for _, new in changed) or 'niets'}.")

    trying(take)


def show_recommendations(planned: Roadmap, house: House) -> None:
    """Show the recommendations of which something is left to do, and let those choose who may."""
    known = list_recommendations(planned, house.house_id)
    if not known:
        return
    inside = sum(each.taken for each in known)
    with st.expander(f"Aanbevelingen in het plan: {inside} van {len(known)}"):
        st.markdown("Een aanbeveling is een keuze van het huis, geen norm. Kies wat u in het plan wilt.")
        show_rows(list_choices(known))
        if _may_change(planned, house):
            _show_choice(planned, house, known)


def _show_choice(planned: Roadmap, house: House, known: tuple[Recommendation, ...]) -> None:
    titles = {each.criterion.criterion_id: each.criterion.title for each in known}
    box: Widget[list[str]] = Widget(Key.RECOMMENDATIONS.of(house.house_id))
    st.multiselect(
        "Neem op in het plan",
        list(titles),
        [each.criterion.criterion_id for each in known if each.chosen],
        format_func=lambda key: f"{key} {titles[key]}",
        placeholder="Kies aanbevelingen",
        key=box.key,
    )
    st.button("Bewaar deze keuze", key=Key.RECOMMENDATIONS_KEEP, on_click=_keep, args=(planned, house, box))


def _keep(planned: Roadmap, house: House, box: Widget[list[str]]) -> None:
    def keep() -> None:
        choose_recommendations(get_installation(), planned, house.house_id, box.read() or [], now())

    trying(keep, "Bewaard. Het plan is opnieuw gemaakt.")
