"""What the user chooses above a page: by its id in the address, and kept while going from page to page."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from assessment.model.access import Task
from assessment.model.draft import ThemeProgress
from assessment.model.framework import Criterion, Framework, Theme
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round, Unit
from assessment.model.scale import Kind, Perspective, Verdict
from assessment.service.clock import today
from assessment.service.lookup import find_default_round
from assessment.service.round_scores import RoundScores
from assessment.tables.formats import format_with_capital
from assessment.tables.scores import Part
from assessment.ui.cache import get_queries
from assessment.ui.navigation import find_news, link_to, note_address, note_move, stop_page
from assessment.ui.notices import show_info, show_warning
from assessment.ui.session import RIGHTS, Choice

ALL = "alle"


def load_register() -> Register:
    """The register as it is now; without any round the page stops here, with where to go."""
    register = get_queries().find_register()
    if not register.rounds:
        with st.container():  # under each other, also where choices stand beside each other
            show_info("Er is nog geen ronde, dus hier is nog niets te zien of in te vullen.")
            link_to("start", "Naar Start: wat er eerst nodig is, en wie aan zet is")
        stop_page()
    return register


def find_newest_round(register: Register) -> Round:
    """The round that opened last."""
    return find_default_round(register, today())


def choose_round(register: Register) -> Round:
    """Let the user choose a round, at first the newest that has opened."""
    newest_first = {each.round_id: each.title for each in reversed(register.rounds)}
    return register.round[_choose("Ronde", "ronde", newest_first, find_newest_round(register).round_id)]


def choose_group_round(register: Register) -> Round:
    """Let the user choose a round of which all houses together may be seen, at first the newest of them.

    A round that the address asks for, or where there is none of these any, is shown, and says why not.
    """
    visible = [each.round_id for each in get_queries().list_group_rounds(register)]
    asked = st.query_params.get("ronde")
    offered = {r.round_id: r.title for r in reversed(register.rounds) if r.round_id in {*visible, asked}}
    if not offered:
        return choose_round(register)
    first = visible[0] if visible else None
    return register.round[_choose("Ronde", "ronde", offered, first, passed_over=set(register.round))]


class _Start(NamedTuple):
    """What is chosen at first, and what may have been chosen elsewhere without being missed here.

    What is shown in the place of something that was passed over goes along to no other page: nobody chose it.
    An empty text there stands for nothing.
    """

    first: str
    passed_over: Collection[str] = ()


def _choose(
    label: str,
    key: str,
    titles: Mapping[str, str],
    first: str | None = None,
    passed_over: Collection[str] = (),
) -> str:
    """Let the user choose what the whole page is about; while nothing is chosen the page stops here."""
    start = _Start(first or next(iter(titles)), passed_over)
    return _offer(label, key, titles, start) or stop_page()


def _offer(
    label: str,
    key: str,
    titles: Mapping[str, str],
    start: _Start,
    *,
    named: bool = True,
) -> str | None:
    """Let the user choose by title; the id stands in the address, and goes along to other pages.

    Args:
        label: what is chosen.
        key: how the choice is called in the address.
        titles: what can be chosen, with its title, in order.
        start: what is chosen at first.
        named: whether the label is seen, or only heard.

    Returns:
        The id; None while nothing takes the place of what the address asks for in vain.
    """

    def show(choice: Choice, shown: str | None) -> str | None:
        return st.selectbox(
            label,
            list(titles),
            index=None if shown is None else 0,
            format_func=lambda each: titles.get(each, each),
            key=choice.widget.key,
            on_change=note_move,
            placeholder="Kies",
            label_visibility="visible" if named else "collapsed",
        )

    return _follow(label, key, titles, start, show)


def _follow(
    label: str,
    key: str,
    titles: Mapping[str, str],
    start: _Start,
    show: Callable[[Choice, str | None], str | None],
) -> str | None:
    """Show a choice as the address has it, tell what is asked in vain, and keep what is chosen."""
    choice = Choice(key)
    wanted = _find_wanted(choice, titles, start.first)
    choice.widget.fill(wanted.shown)
    chosen = show(choice, wanted.shown)
    title = titles[chosen] if chosen else None
    passed_over = {""} if wanted.shown is None else {"", *start.passed_over}
    if wanted.missing not in passed_over and chosen == wanted.shown:
        _tell_missing(label, _name(choice, wanted.missing), title)
    kept = choice.kept.get() or ""
    if chosen == start.first and kept in start.passed_over and kept not in titles:
        choice.unchosen.put(chosen)
    else:
        _keep(choice, chosen, title)
    _show_in_address(choice, chosen)
    return chosen


class _Wanted(NamedTuple):
    """What to show, and what was asked for in its place that is not there; nothing where nothing will do."""

    shown: str | None
    missing: str = ""


def _find_wanted(choice: Choice, known: Collection[str], first: str) -> _Wanted:
    """What to show: what the address newly says, else what was chosen, else the first.

    Nothing takes the place of what the address asks for in vain; what was chosen on another page or in
    another round may go, and what was chosen with the rights of another role goes without a word.
    """
    asked, news = st.query_params.get(choice.name), find_news(choice)
    held = choice.widget.read_or(None)
    chosen = choice.kept.get() if held in {None, choice.unchosen.get()} else held
    wanted = chosen if news is None else news
    if wanted in known:
        return _Wanted(wanted)
    if wanted is not None and news is None:
        return _Wanted(first, wanted if choice.rights.get() == RIGHTS.get() else "")
    return _Wanted(first) if asked is None or asked in known else _Wanted(None, asked)


def _keep(choice: Choice, chosen: str | None, title: str | None) -> None:
    """Let what is chosen go along to other pages."""
    choice.unchosen.put(None)
    choice.kept.put(chosen)
    choice.title.put(title)
    choice.rights.put(RIGHTS.get())


def _show_in_address(choice: Choice, chosen: str | None) -> None:
    asked = st.query_params.get(choice.name)
    choice.seen.put(chosen or asked)
    if chosen not in {None, asked}:
        note_address(choice.name, chosen)


def _name(choice: Choice, missing: str) -> str:
    """What was chosen before by its title; what only the address asks for has but its id."""
    return choice.title.get() or missing if choice.kept.get() == missing else missing


def _tell_missing(label: str, missing: str, shown: str | None) -> None:
    remedy = f"U ziet nu: {shown}." if shown else "Kies zelf, of vraag naar het juiste adres."
    show_warning(
        f"{label} '{missing}' is hier niet te kiezen: het bestaat niet, hoort niet bij wat u verder koos, of "
        f"u mag het niet zien. {remedy}"
    )


def choose_unit(register: Register, houses: Iterable[House]) -> str | None:
    """Let the user choose one police unit of these houses, or all; without a choice where there is one."""
    units = list(dict.fromkeys(house.unit_id for house in houses))
    if len(units) < 2:  # noqa: PLR2004 - nothing to choose
        return None
    own = {unit_id: register.unit[unit_id].short_title for unit_id in units}
    titles = {ALL: "alle eenheden"} | own
    chosen = _choose("Eenheid", "eenheid", titles)
    return None if chosen == ALL else chosen


def choose_house(
    register: Register, round_: Round, task: Task = Task.SEE_SCORES, first: Collection[House] = ()
) -> House:
    """Let the user choose a house of the round, by unit and name, of those where a task is allowed.

    At first that is the first one, of these where there are any.
    """
    places = get_queries().list_places(register, round_, task)
    titles = {house.house_id: house.short_title for house, _ in places}
    chosen_first = next((house.house_id for house, _ in places if house in first), None)
    return register.house[_choose("Huis", "huis", titles, chosen_first)]


def choose_house_of(houses: Iterable[House]) -> House:
    """Let the user choose one of these houses, of which none need be in a round."""
    known = {house.house_id: house for house in houses}
    return known[_choose("Huis", "huis", {key: house.short_title for key, house in known.items()})]


def choose_width() -> bool:
    """Let the user choose whether to see the houses of the unit together; at first only the one house."""
    return (
        _offer("Toon", "formules", {"huis": "dit huis", ALL: "hele eenheid"}, _Start("huis"), named=False)
        == ALL
    )


def choose_year(years: Sequence[int]) -> int:
    """Let the user choose for which year effort is added up, at first the first of these."""
    return int(_choose("Jaar", "jaar", {str(year): str(year) for year in years}))


def choose_own_unit(register: Register, round_: Round) -> Unit:
    """Let the user choose a police unit of which every plan may be seen; without any the page stops here."""
    allowed = {house for house, _ in get_queries().list_places(register, round_, Task.SEE_PLAN)}
    others = {house.unit_id for house in register.houses_of(round_) if house not in allowed}
    own = [house.unit_id for house in register.houses_of(round_) if house.unit_id not in others]
    titles = {unit_id: register.unit[unit_id].short_title for unit_id in own}
    if not titles:
        show_info(
            "Deze pagina is voor wie alle huizen van een politie-eenheid mag zien. Uw eigen huis staat bij "
            "Mijn huis en bij Routekaart."
        )
        stop_page()
    return register.unit[_choose("Politie-eenheid", "mijn-eenheid", titles)]


def choose_perspective(
    register: Register, round_: Round, task: Task = Task.SEE_SCORES, houses: Collection[House] = ()
) -> Perspective:
    """Let the user choose whose answers to see, at first the figure of record.

    Args:
        register: units and houses.
        round_: the round.
        task: what must be allowed.
        houses: where it must be allowed, everywhere; without any it is enough where it is somewhere.
    """
    places = set(get_queries().list_places(register, round_, task))  # houses × whose: sought for each pair
    allowed = {whose for _, whose in places if all((house, whose) in places for house in houses)}
    titles = {each.value: format_with_capital(each.dutch) for each in Perspective if each in allowed}
    # Who comes from a page that shows the figure of record did not choose it, and does not miss it here; nor
    # did who fills in choose to see nothing but those answers afterwards.
    return Perspective(_choose("Antwoorden van", "wie", titles, passed_over=("", Perspective.RECORD.value)))


def choose_house_and_round(
    task: Task = Task.SEE_SCORES, find_first: Callable[[Round], Collection[House]] = lambda _: ()
) -> tuple[Register, Round, House, Perspective]:
    """Let the user choose, in one row, which house, which round, and whose answers.

    Args:
        task: what must be allowed.
        find_first: finds the houses of a round of which one is shown at first, where there are any.
    """
    register = load_register()
    for_house = st.container(width="content")
    round_ = choose_round(register)
    with for_house:
        house = choose_house(register, round_, task, find_first(round_))
    perspective = choose_perspective(register, round_, task, (house,))
    return register, round_, house, perspective


def choose_questionnaire(editions: Mapping[str, Framework]) -> Questionnaire:
    """Let the user choose one published version to read, at first all that is asked now together."""
    titles = {key: f"{each.title} {each.version}" for key, each in editions.items()}
    chosen = _choose("Kader", "kader", {ALL: "alles wat nu gevraagd wordt"} | titles)
    return get_queries().find_questionnaire(None if chosen == ALL else chosen)


def choose_criterion(asked: Questionnaire) -> Criterion | None:
    """Let the user choose one criterion to read, at first none: then there is the list of all."""
    titles = {each.criterion_id: f"{each.criterion_id} {each.title}" for each in asked.criteria}
    chosen = _choose("Criterium", "criterium", {ALL: "alle criteria"} | titles)
    return None if chosen == ALL else asked.criterion[chosen]


def choose_earlier(pairs: Mapping[str, str]) -> str:
    """Let the user choose beside which other version to put what is shown: by its ref, with its title."""
    return _choose("Vergelijk", "naast", pairs)


def choose_version(label: str, key: str, titles: Mapping[str, str], first: str) -> str:
    """Let the user choose a version of one house by its id; one of another house goes without a word."""
    kept = Choice(key).kept.get()
    return _choose(label, key, titles, first, passed_over=[kept] if kept else ())


def choose_theme_of(asked: Questionnaire) -> Theme | None:
    """Let the user choose a theme to read, as buttons in a row; at first the first."""
    titles = {each.theme_id: each.title for each in asked.themes}

    def show(choice: Choice, shown: str | None) -> str | None:
        return st.pills(
            "Thema",
            list(titles),
            format_func=lambda each: titles.get(each, each),
            key=choice.widget.key,
            on_change=note_move,
            required=shown is not None,
        )

    chosen = _follow("Thema", "thema", titles, _Start(asked.themes[0].theme_id), show)
    return next((each for each in asked.themes if each.theme_id == chosen), None)


def find_asked_criterion() -> str | None:
    """The criterion that the address asks for, which a page may show opened."""
    return st.query_params.get("criterium")


def choose_on_map(asked: Questionnaire, first: str) -> Criterion | None:
    """Let the user choose the criterion that the map shows, at first this one where it is asked."""
    titles = {each.criterion_id: f"{each.criterion_id} {each.title}" for each in asked.criteria}
    shown_first = first if first in titles else next(iter(titles))
    chosen = _offer("Criterium op de kaart", "kaart", titles, _Start(shown_first), named=False)
    return asked.criterion[chosen] if chosen else None


def choose_part(label: str, key: str, all_: str, titles: Mapping[str, str], first: str = ALL) -> str | None:
    """Let the user choose of which part to see lanes or a table; ALL is all of them."""
    return _offer(label, key, {ALL: all_, **titles}, _Start(first), named=False)


def choose_cells(scores: RoundScores) -> Part | None:
    """Let the user choose of which unit, theme and kind to see the verdicts, and which; hard norms at first.

    None while the address asks for what is not there, which is told.
    """
    asked, register = scores.questionnaire, scores.register
    kinds = list(dict.fromkeys(each.kind for each in asked.criteria))
    first = Kind.HARD_NORM.value if Kind.HARD_NORM in kinds else ALL
    units = {house.unit_id: register.unit[house.unit_id].short_title for house in scores.houses}
    chosen = [
        choose_part("Eenheid", "deel-eenheid", "alle eenheden", units),
        choose_part(
            "Thema", "deel-thema", "alle thema's", {each.theme_id: each.title for each in asked.themes}
        ),
        choose_part("Soort", "deel-soort", "alle soorten", {each.value: each.dutch for each in kinds}, first),
        choose_part("Oordeel", "deel-oordeel", "alle oordelen", {each.value: each.dutch for each in Verdict}),
    ]
    if None in chosen:
        return None
    return Part(*(None if each == ALL else each for each in chosen))


def choose_solved(titles: Mapping[str, str]) -> str | None:
    """Let the user choose which criterion a national action would solve everywhere; at first none."""
    offered = {ALL: "kies een norm", **titles}
    chosen = _offer("Wat als dit landelijk is opgelost?", "opgelost", offered, _Start(ALL), named=False)
    return None if chosen == ALL else chosen


def choose_theme(progress: Sequence[ThemeProgress]) -> ThemeProgress:
    """The theme that the user went to last; at first the one in which something is open."""
    themes = {each.theme.theme_id: each for each in progress}
    first = next((each for each in progress if each.missing), progress[0]).theme.theme_id
    choice = Choice("thema")
    wanted = _find_wanted(choice, themes, first)
    shown = themes[wanted.shown or first]
    if wanted.missing:
        _tell_missing("Thema", _name(choice, wanted.missing), shown.theme.title)
    _keep(choice, shown.theme.theme_id, shown.theme.title)
    _show_in_address(choice, shown.theme.theme_id)
    return shown
