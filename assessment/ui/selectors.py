"""What the user chooses above a page, kept in the address while going from page to page."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from assessment.errors import UnknownRoundError
from assessment.model.access import Task
from assessment.model.draft import ThemeProgress
from assessment.model.register import House, Register, Round, Unit
from assessment.model.scale import Perspective
from assessment.service.clock import today
from assessment.service.lookup import find_default_round
from assessment.ui.cache import get_queries
from assessment.ui.session import THEMES, choice

_ALL_UNITS = "alle"


def load_register() -> Register:
    """The register as it is now; without any round the page stops here, with what to do."""
    register = get_queries().find_register()
    try:
        find_default_round(register, today())
    except UnknownRoundError as error:
        st.info(str(error))
        st.stop()
    return register


def find_newest_round(register: Register) -> Round:
    """The round that opened last."""
    return find_default_round(register, today())


def choose_round(register: Register) -> Round:
    """Let the user choose a round, at first the newest that has opened."""
    newest_first = {each.round_id: each.title for each in reversed(register.rounds)}
    return register.round[_choose("Ronde", "ronde", newest_first, find_newest_round(register).round_id)]


def _choose(label: str, key: str, titles: Mapping[str, str], first: str | None = None) -> str:
    """Let the user choose by title; the choice goes along to other pages, also when it came with the address.

    Args:
        label: what is chosen.
        key: how the choice is called in the address.
        titles: what can be chosen, with its title, in order.
        first: what is chosen at first; else the first of all.
    """
    options = list(titles)
    default = first or options[0]
    shown, kept = choice(key, default)
    before = kept.get()
    unchanged = key not in st.query_params and shown.read_or(before) == before
    if before != default and before in titles and unchanged:
        shown.fill(before)  # a choice that came with the address is else lost on the next page
    chosen = st.selectbox(
        label,
        options,
        index=options.index(default),
        format_func=lambda each: titles.get(each, each),
        key=shown.key,
        bind="query-params",
    )
    kept.put(chosen)
    return chosen


def choose_unit(register: Register, houses: Iterable[House]) -> str | None:
    """Let the user choose one police unit of these houses, or all; without a choice where there is one."""
    units = list(dict.fromkeys(house.unit_id for house in houses))
    if len(units) < 2:  # noqa: PLR2004 - nothing to choose
        return None
    titles = {_ALL_UNITS: "alle eenheden"} | {unit_id: register.unit[unit_id].title for unit_id in units}
    chosen = _choose("Eenheid", "eenheid", titles)
    return None if chosen == _ALL_UNITS else chosen


def choose_house(register: Register, round_: Round, task: Task = Task.SEE_SCORES) -> House:
    """Let the user choose a house of the round, by unit and name, of those where a task is allowed."""
    titles = {house.house_id: house.title for house, _ in get_queries().list_places(register, round_, task)}
    return register.house[_choose("Huis", "huis", titles)]


def choose_own_unit(register: Register, round_: Round) -> Unit:
    """Let the user choose a police unit of which every plan may be seen; without any the page stops here."""
    allowed = {house for house, _ in get_queries().list_places(register, round_, Task.SEE_PLAN)}
    others = {house.unit_id for house in register.houses_of(round_) if house not in allowed}
    own = [house.unit_id for house in register.houses_of(round_) if house.unit_id not in others]
    titles = {unit_id: register.unit[unit_id].title for unit_id in own}
    if not titles:
        st.info(
            "Deze pagina is voor wie alle huizen van een politie-eenheid mag zien. Uw eigen huis staat bij "
            "Mijn huis en bij Routekaart."
        )
        st.stop()
    return register.unit[_choose("Politie-eenheid", "mijn-eenheid", titles)]


def choose_perspective(register: Register, round_: Round, task: Task = Task.SEE_SCORES) -> Perspective:
    """Let the user choose whose answers to see, of those where a task is allowed."""
    allowed = {perspective for _, perspective in get_queries().list_places(register, round_, task)}
    titles = {each.value: each.dutch for each in Perspective if each in allowed}
    return Perspective(_choose("Antwoorden van", "wie", titles))


def choose_house_and_round(task: Task = Task.SEE_SCORES) -> tuple[Register, Round, House, Perspective]:
    """Let the user choose, in one row, which house, which round, and whose answers."""
    register = load_register()
    for_house = st.container(width="content")
    round_ = choose_round(register)
    with for_house:
        house = choose_house(register, round_, task)
    perspective = choose_perspective(register, round_, task)
    return register, round_, house, perspective


def choose_theme(draft_id: str, progress: Sequence[ThemeProgress]) -> ThemeProgress:
    """The theme that the user went to last; at first the one in which something is open."""
    chosen = THEMES.rows.get(draft_id)
    first = next((each for each in progress if each.missing), progress[0])
    return next((each for each in progress if each.theme.theme_id == chosen), first)
