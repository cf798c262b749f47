"""Inleveringen: what did this house hand in, what became of it, and what differs between two versions?"""

import streamlit as st

from assessment.model.access import Task, describe_who_may
from assessment.model.register import House, Round
from assessment.model.rounds import BoardLine, Step, SubmissionState, Version
from assessment.model.scale import Perspective
from assessment.service.clock import now
from assessment.service.versions import reopen, withdraw
from assessment.tables import versions as tables
from assessment.tables.formats import format_with_capital
from assessment.ui.cache import get_installation, get_queries, hand_out, trying
from assessment.ui.components import open_head, show_drafts, show_quietly, show_rows, show_title
from assessment.ui.forms.adoption import show_adoption
from assessment.ui.navigation import find_criterion_addresses
from assessment.ui.notices import show_info, show_notice
from assessment.ui.parts import lead_to_handing_in
from assessment.ui.selectors import choose_house, choose_round, choose_version, load_register
from assessment.ui.session import Key

# Said in the title, or beneath where one version is shown.
_ELSEWHERE = ["Huis", "Kenmerk", "Controlegetal"]
_TASKS = {Step.WITHDRAW: Task.WITHDRAW, Step.REOPEN: Task.REOPEN}
_OFFERED = {SubmissionState.HANDED_IN: Step.WITHDRAW, SubmissionState.ADOPTED: Step.REOPEN}
_MEANING = {
    Step.WITHDRAW: "Deze versie telt dan niet meer mee. Zij blijft hier te zien, met uw reden.",
    Step.REOPEN: (
        "Wat is vastgesteld, is dan weer ingeleverd, en er kan een nieuwe versie komen. Een gezamenlijke "
        "versie wordt ingetrokken."
    ),
}


def render() -> None:
    """Show the page."""
    register = load_register()
    head = open_head()
    with head.choices:
        for_house = st.container(width="content")
        round_ = choose_round(register)
    with for_house:
        house = choose_house(register, round_, Task.SEE_PROGRESS)
    subtitle = f"{register.unit[house.unit_id].title} · {round_.title}"
    versions = get_queries().list_versions(round_.round_id, house.house_id).versions
    finding = tables.describe_handed_in_by(versions) if versions else "nog niets ingeleverd"
    with head.title:
        title = f"{house.short_title}: {finding}"
        show_title(title, subtitle, about=house.short_title, invented=house.invented)
    show_notice()
    if not versions:
        others = "" if len(register.rounds) == 1 else " Wat eerder is ingeleverd, ziet u in een andere ronde."
        show_info(f"Voor {round_.title} is nog niets ingeleverd.{others}")
        if not show_drafts(house, round_):
            lead_to_handing_in(round_, [house], Perspective.RECORD)
        return
    listed = tables.list_versions(versions, register.house).drop(columns=_ELSEWHERE)
    listed.insert(2, "Telt mee", tables.mark_counting(versions))
    _show_next_step(round_, house)
    show_rows(listed)
    show_adoption(round_, house, versions)
    _show_versions(house, versions)


def _show_next_step(round_: Round, house: House) -> None:
    """Say first what is still expected of a house in a round that is open, and who adopts."""
    board = get_queries().find_board(round_.round_id)
    line = next((each for each in board.lines if each.house == house), None)
    if line is None or board.closing is not None:
        return
    if not line.expected:
        show_quietly("Er is nu niets meer te doen.")
        return
    st.markdown(f"**Nog te doen:** {'; '.join(line.expected)}.{_tell_who_adopts(house, line)}")


def _tell_who_adopts(house: House, line: BoardLine) -> str:
    """Say who adopts where there is something to adopt that the visitor may not."""
    handed_in = set(line.asked) - set(line.missing)
    if (
        not handed_in
        or line.is_adopted
        or any(get_queries().may(Task.ADOPT, house, each) for each in handed_in)
    ):
        return ""
    return f" {format_with_capital(describe_who_may(Task.ADOPT))} stelt vast."


def _show_versions(house: House, versions: tuple[Version, ...]) -> None:
    seen = [v for v in versions if get_queries().may(Task.SEE_SCORES, house, v.perspective)]
    if not seen:
        return
    st.header("Een versie bekijken", anchor=False)
    chosen = _choose("Versie", "versie", seen, place=len(seen) - 1)
    counting = dict(
        zip([each.submission_id for each in versions], tables.mark_counting(versions), strict=True)
    )
    st.markdown(f"**Telt deze versie mee?** {format_with_capital(counting[chosen.submission_id])}.")
    _show_version(chosen, house)
    if len(seen) > 1:
        st.header("Twee versies vergelijken", anchor=False)
        places = tables.choose_compared(seen)
        first, second = st.columns(2)
        with first:
            old = _choose("Deze versie", "oude-versie", seen, place=places[0])
        with second:
            new = _choose("Naast deze", "nieuwe-versie", seen, place=places[1])
        _show_comparison(old, new)


def _choose(label: str, key: str, versions: list[Version], place: int) -> Version:
    """Let the user choose a version; at first that in a place."""
    known = {each.submission_id: each for each in versions}
    titles = {each.submission_id: _name(each) for each in versions}
    return known[choose_version(label, key, titles, versions[place].submission_id)]


def _name(version: Version) -> str:
    return f"{version.perspective.dutch}, versie {version.version} ({version.state.dutch})"


def _show_version(version: Version, house: House) -> None:
    found = get_queries().find_version(version.submission_id)
    show_rows(tables.list_history(version, found.events))
    with st.expander("Alle antwoorden"):
        show_rows(tables.list_answers(found.submission, found.questionnaire, found.evidence))
    if get_queries().may(Task.SEE_TEXT, house, version.perspective):
        queries = get_queries()
        write = hand_out(version.submission_id, lambda: queries.find_file(version.submission_id)[1])
        label = "Download het bestand zoals het is ingeleverd"
        st.download_button(label, write, version.file_name, on_click="ignore")
        st.caption(
            "Controlegetal: hiermee ziet u dat een bestand nog precies is wat werd ingeleverd. "
            f"Bij het downloaden wordt het nagerekend (sha256): {version.file_sha256}"
        )
    _offer_step(version, house)


def _offer_step(version: Version, house: House) -> None:
    """Offer to withdraw or to reopen, where the state and the rights allow that."""
    step = _OFFERED.get(version.state)
    if step is None or not get_queries().may(_TASKS[step], house, version.perspective):
        return
    if step is Step.WITHDRAW and version.perspective is Perspective.JOINT:
        return
    with st.expander(f"Deze versie {step.dutch}"):
        st.markdown(_MEANING[step])
        reason = st.text_input(
            "Waarom? Noem geen namen, casussen of inwoners.",
            key=Key.VERSION_REASON.of(step, version.submission_id),
            max_chars=500,
        )
        st.button(
            step.dutch.capitalize(),
            key=Key.VERSION_STEP.of(step),
            disabled=not reason.strip(),
            on_click=_take,
            args=(step, version.submission_id, reason),
        )


def _take(step: Step, submission_id: str, reason: str) -> None:
    do, done = (withdraw, "ingetrokken") if step is Step.WITHDRAW else (reopen, "heropend")
    trying(
        lambda: do(get_installation(), submission_id, reason, now()),
        f"De versie is {done}; uw reden is bewaard.",
    )


def _show_comparison(old: Version, new: Version) -> None:
    found = get_queries().compare_versions(old.submission_id, new.submission_id)
    st.markdown(tables.describe_comparison(found.differences, found.verdicts))
    sides = tables.name_sides(old, new)
    if not found.verdicts.empty:
        criteria = find_criterion_addresses(found.questionnaire.criterion)
        show_rows(tables.list_verdicts(found.verdicts, found.questionnaire, *sides), criteria)
    if found.differences:
        with st.expander("Alle verschillen", expanded=len(found.differences) <= _FEW):
            show_rows(tables.list_differences(found.differences, found.questionnaire, *sides))


_FEW = 12
