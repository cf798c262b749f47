"""Formules: who puts in what, and what does it bring?"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assessment.figures.matrix import write_formula_board
from assessment.figures.signs import Card, write_cards, write_range
from assessment.model.access import Task, describe_who_may
from assessment.model.formula import KeptFormula
from assessment.model.register import House, Register
from assessment.service.clock import today
from assessment.service.queries.formulas import FormulaPicture
from assessment.tables.formats import agree, format_counted, format_part, format_with_capital, split_range
from assessment.tables.formula_board import (
    count_brought,
    count_measured,
    count_pairs,
    describe_formulas,
    describe_touching,
    list_counts,
    list_formula_actions,
    list_outcomes,
    make_board,
)
from assessment.tables.formula_changes import list_versions_of_formula
from assessment.tables.formulas import (
    describe_front,
    format_hours,
    list_contradictions,
    list_facts,
    list_figures,
    list_interventions,
    list_loads,
    list_missing,
    list_parties,
)
from assessment.ui.cache import get_queries
from assessment.ui.components import open_head, show_quietly, show_rows, show_title
from assessment.ui.forms.formula_files import offer_formulas
from assessment.ui.forms.formulas import show_changing
from assessment.ui.forms.papers import offer_newest_agenda
from assessment.ui.navigation import link_to
from assessment.ui.notices import as_text, show_info, show_notice
from assessment.ui.selectors import choose_house_of, choose_width, choose_year, load_register

_ATTENTION = "aandacht"
_QUESTION = "wie zet wat in, en wat levert het op?"
_FACTS = ("title", "municipality", "theme", "level", "target_group", "problem")
_FACTS_AFTER = ("directing", "start", "review", "status", "shared")
_RULES = """
- **Uren** zijn uren per jaar: 1 fte is 36 uur per week, 52 weken. Een formule telt mee vanaf het jaar van
  haar start, tot zij stopt; een concept telt mee in wat er gevraagd wordt.
- **Te veel**: alle formules van een huis vragen samen meer van een partij dan die voor dat jaar heeft.
- **Voorkant**: uren van interventies voordat het misgaat, als deel van alle uren van de formules. Uren
  waarvan niet is gezegd waar zij heen gaan, maken er een bandbreedte van.
- **Effect en telling**: een effect is wat er voor mensen verandert; een telling is wat er is gedaan.
- Een formule is geen oordeel en geeft geen punten. Zij staat naast de antwoorden bij FOR-1, FOR-2, FOR-6 en
  FOR-7.
"""


def render() -> None:
    """Show the page."""
    queries, register = get_queries(), get_queries().find_register()
    houses = [each for each in register.sort_houses(register.houses) if queries.may(Task.SEE_FORMULAS, each)]
    if not houses:
        _show_none(register)
        return
    head = open_head()
    with head.choices:
        with st.container(width="content"):
            house = choose_house_of(houses)
        others = [each for each in houses if each.unit_id == house.unit_id]
        together = len(others) > 1 and choose_width()
        year = choose_year((today().year, today().year + 1))
    if together:
        picture = queries.find_formula_picture(unit_id=house.unit_id, year=year)
    else:
        picture = queries.find_formula_picture(house.house_id, year=year)
    about = register.unit[house.unit_id].short_title if together else house.short_title
    with head.title:
        _show_finding(picture, about, house)
    show_notice()
    (own,) = (each for each in picture.houses if each.house == house)
    if picture.formulas:
        _show_picture(picture, register)
        _show_files(register, house)
        show_changing(own, year)
    else:
        _show_nothing(house)
        show_changing(own, year)
        _show_files(register, house)
    link_to("huis", "Naar Mijn huis")


def _show_none(register: Register) -> None:
    """Say that no house shares its formulas yet, that there is nothing yet, or who may see formulas."""
    visitor = get_queries().visitor
    if register.houses and visitor.waits_for_houses(Task.SEE_FORMULAS):
        show_title("Nog geen huis deelt zijn formules met het land", format_with_capital(_QUESTION))
        show_info(
            "U ziet hier de formules van een huis zodra dat huis zijn toelichtingen en formules met het land "
            "deelt. Daarover beslist elk huis zelf. De beheerder zet het dan aan, met: kaderscan house share."
        )
        return
    if register.houses or not visitor.may_somewhere(Task.SEE_FORMULAS):
        get_queries().list_formulas()  # tells who may
    load_register()


def _show_files(register: Register, house: House) -> None:
    st.header("Om mee te nemen", anchor=False)
    offer_newest_agenda(register, house)
    offer_formulas(house)


def _show_finding(picture: FormulaPicture, about: str, house: House) -> None:
    if not picture.formulas:
        show_title(
            f"{about}: nog geen formules",
            format_with_capital(_QUESTION),
            about=about,
            invented=house.invented,
        )
        return
    finding = describe_formulas(picture.formulas, picture.too_much)
    counted = format_counted(len(picture.formulas), "formule")
    subtitle = f"{counted} · inzet in {picture.year} · {_QUESTION}"
    show_title(f"{about}: {finding}", subtitle, about=about, invented=house.invented)


def _show_nothing(house: House) -> None:
    next_step = "Begin met een voorbeeld, of met wat een ander huis deelt."
    if not get_queries().may(Task.CHANGE_FORMULAS, house):
        next_step = f"Formules worden gemaakt door {describe_who_may(Task.CHANGE_FORMULAS)}."
    show_info(
        f"{house.short_title} heeft nog geen veiligheidsformule. Een formule legt per vraagstuk vast welke "
        "partij wat inzet, met welke mensen en middelen, in welke rol, en wat dat moet opleveren. "
        f"{next_step}"
    )


def _show_picture(picture: FormulaPicture, register: Register) -> None:
    actions = list_formula_actions(picture.formulas, picture.reviews)
    cards = [_draw_front(picture), _draw_outcomes(picture), _draw_attention(picture, len(actions))]
    one = len(picture.houses) == 1
    told = f"Uren per jaar. Onder elke partij: wat de formules vragen van wat zij heeft in {picture.year}."
    board = make_board(picture.formulas, picture.loads if one else (), register, picture.year)
    st.html(write_formula_board(board, told if one else ""))
    st.html(write_cards(cards))
    with st.expander(f"Gevraagd en beschikbaar in {picture.year}, per partij"):
        show_rows(list_loads(picture.loads, None if one else register))
    _show_attention(picture, actions, register)
    _show_outcomes(picture)
    _show_each(picture)
    with st.expander("Hoe komen deze cijfers tot stand?"):
        st.markdown(_RULES)


def _draw_front(picture: FormulaPicture) -> Card:
    front = picture.front
    if front.low is None or front.high is None:
        return Card("Inzet aan de voorkant", "?", "niet bekend", note=describe_front(front))
    middle, ends = split_range(front.low, front.high)
    of = f"van {format_hours(front.hours)}: werk voordat het misgaat, zoals voorkomen en vroeg ingrijpen"
    return Card("Inzet aan de voorkant", middle, ends, write_range(front.low, front.high), of)


def _draw_outcomes(picture: FormulaPicture) -> Card:
    measured, all_ = count_measured(picture.formulas)
    counts = sum(len(each.counts) for each in picture.formulas)
    brought, formulas = count_brought(picture.formulas)
    return Card(
        "Een effect gemeten",
        f"{brought} van {formulas}",
        agree(formulas, "formule", "formules"),
        note=f"{format_part(measured, all_, 'indicator')}, en daarnaast {format_counted(counts, 'telling')}",
    )


def _draw_attention(picture: FormulaPicture, actions: int) -> Card:
    note = describe_touching(count_pairs(picture.contradictions))
    todo = agree(actions, "formule aan te vullen of bij te stellen", "keer aanvullen of bijstellen")
    return Card("Nu te doen", str(actions), todo, note=note, link=(_ATTENTION, "Bekijk wat en waarom"))


def _show_attention(picture: FormulaPicture, actions: pd.DataFrame, register: Register) -> None:
    """What is to be reviewed, what is missing, and what contradicts what."""
    st.header("Wat vraagt aandacht?", anchor=_ATTENTION)
    if actions.empty:
        st.markdown("Er is niets aan te vullen, en de komende zestig dagen niets bij te stellen.")
    else:
        show_rows(actions)
    if picture.contradictions:
        st.header("Waar formules elkaar raken of tegenspreken", anchor=False)
        st.markdown("Iets om over te praten; geen van beide heeft vooraf gelijk.")
        with st.expander(format_with_capital(describe_touching(count_pairs(picture.contradictions)))):
            show_rows(list_contradictions(picture.contradictions, register))


def _show_outcomes(picture: FormulaPicture) -> None:
    """Outcomes over time, and apart from them what was counted."""
    outcomes, counts = list_outcomes(picture.formulas), list_counts(picture.formulas)
    if not outcomes.empty:
        st.header("Wat levert het op? Effecten", anchor=False)
        show_rows(outcomes)
    if not counts.empty:
        st.header("Tellingen", anchor=False)
        show_quietly("Hoeveel er is gedaan. Dat zegt nog niet wat het opleverde.")
        show_rows(counts)


def _show_each(picture: FormulaPicture) -> None:
    st.header("Per formule", anchor=False)
    several = len(picture.houses) > 1
    with st.container(key="criteria"):
        for house in picture.houses:
            name = f"{house.house.short_title}: " if several else ""
            for versions in get_queries().find_versions_of_house(house.house.house_id).values():
                _show_formula(versions, name)


def _show_formula(versions: Sequence[KeptFormula], before: str) -> None:
    """Show the newest version of a formula, and below it what the others were."""
    formula = versions[0].formula
    with st.expander(as_text(f"{before}{formula.title} · {formula.status.dutch}")):
        missing = list_missing([formula])
        if missing.empty:
            st.markdown("**Er ontbreekt niets.**")
        else:
            st.markdown("**Wat nog ontbreekt**")
            show_rows(missing)
        show_rows(list_facts(formula, (*_FACTS, *_FACTS_AFTER)))
        for table in (list_parties(formula), list_interventions(formula), list_figures(formula)):
            if not table.empty:
                show_rows(table)
        show_rows(list_versions_of_formula(versions))
