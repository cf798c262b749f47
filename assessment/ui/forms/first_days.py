"""The first days of an installation, on screen: a register, a first round, accounts; and who is up."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import streamlit as st

from assessment.errors import UserError
from assessment.model.access import Task, describe_who_may
from assessment.model.framework import Framework
from assessment.model.register import Register
from assessment.model.scale import ASKABLE, ASKED, Perspective
from assessment.readers.tables import Source, TableFile
from assessment.service.clock import now, today
from assessment.service.register import (
    Asks,
    HouseRevision,
    describe_left_out,
    find_changes,
    import_houses,
    make_round_id,
    open_round,
)
from assessment.tables.formats import agree, format_counted, format_day, format_with_capital
from assessment.ui.cache import get_installation, get_queries, note_if_refused, trying
from assessment.ui.components import show_quietly, show_terms
from assessment.ui.navigation import link_to
from assessment.ui.notices import keep_notice, keep_success, show_info, show_warning
from assessment.ui.session import (
    ROUND_ASKED,
    ROUND_CLOSES,
    ROUND_FRAMEWORKS,
    ROUND_OPENS,
    ROUND_TITLE,
    Key,
)

# How long houses usually have to hand in.
_USUAL = timedelta(weeks=8)
_COLUMNS = {
    "house_id": "Kenmerk van het huis: kort, kleine letters",
    "title": "Naam van het huis",
    "unit_id": "Kenmerk van de politie-eenheid",
    "valid_from, valid_to": "Eerste en laatste dag dat het huis bestaat; mag leeg",
    "merged_into": "Kenmerk van het huis waarin het opging; mag leeg",
    "source": "Waar dit staat; mag leeg",
    "districts, teams": "Kenmerken van districten, namen van basisteams, met ; ertussen; mag leeg",
}


class FirstStep(NamedTuple):
    """One of the steps to a first house that fills in: what it is, how it stands, whose turn it is."""

    title: str
    needed: str
    told: str
    done: bool
    task: Task


def list_first_steps(register: Register) -> tuple[FirstStep, ...]:
    """The steps, in order: where people sign in, whoever opens the round has an account first."""
    houses, round_, accounts = _find_houses(register), _find_round(register), _find_accounts()
    return (houses, accounts, round_) if is_signing_in() else (houses, round_, accounts)


def is_signing_in() -> bool:
    """Whether people sign in here, so that they need an account."""
    return bool(get_queries().installation.settings.oidc_issuer)


def _find_houses(register: Register) -> FirstStep:
    number = len(register.houses)
    told = f"Er {agree(number, 'staat', 'staan')} {format_counted(number, 'huis')} in het register."
    told = told if number else "Er staat nog geen huis in."
    title, needed = "Register van huizen", "een register van huizen"
    return FirstStep(title, needed, told, bool(register.houses), Task.CHANGE_REGISTER)


def _find_round(register: Register) -> FirstStep:
    title, needed, task = "Eerste ronde", "een ronde", Task.MANAGE_ROUNDS
    if not register.rounds:
        told = "Er is nog geen ronde geopend."
        told = told if register.houses else f"{told} Dat kan zodra er huizen in het register staan."
        return FirstStep(title, needed, told, done=False, task=task)
    first = register.rounds[0]
    days = f"van {format_day(first.opens)} tot en met {format_day(first.closes)}"
    told = f"{format_with_capital(first.title)}, {days}."
    return FirstStep(title, needed, told, done=True, task=task)


def _find_accounts() -> FirstStep:
    title, needed, task = "Accounts", "accounts", Task.MANAGE_ACCOUNTS
    if not is_signing_in():
        told = "Hier meldt niemand zich aan, dus accounts zijn niet nodig."
        return FirstStep(title, needed, told, done=True, task=task)
    if not get_queries().may(task):  # so whoever reads this has one
        return FirstStep(title, needed, "De beheerder geeft wie meedoet een account.", done=True, task=task)
    going = [each for each in get_queries().list_accounts() if not each.ended]
    told = f"Er {agree(len(going), 'is', 'zijn')} {format_counted(len(going), 'account')}."
    if any(each.visitor.may(Task.MANAGE_ROUNDS) for each in going):
        return FirstStep(title, needed, told, done=True, task=task)
    told = f"{told} Geef {describe_who_may(Task.MANAGE_ROUNDS)} er een: die opent de eerste ronde."
    return FirstStep(title, needed, told, done=False, task=task)


def show_first_steps(register: Register) -> None:
    """Show how far the steps are, and who is up for what is not done."""
    steps = list_first_steps(register)
    terms = {f"{number}. {step.title}": _describe(step) for number, step in enumerate(steps, 1)}
    show_terms(terms)


def _describe(step: FirstStep) -> str:
    if step.done:
        return f"{step.told} Klaar."
    who = "u" if get_queries().may(step.task) else describe_who_may(step.task)
    return f"{step.told} Aan zet: {who}."


def offer_register(register: Register) -> None:
    """Offer to take houses over from a file, or those of which a source was seen while there are none."""
    st.header("Register van huizen", anchor=False)
    if any(house.invented for house in register.houses):
        show_info(
            "Dit zijn de verzonnen huizen van de demo. Echte huizen komen in een eigen, lege installatie: "
            "start Kaderscan dan met kaderscan serve."
        )
        return
    if not register.houses:
        _offer_known()
    st.markdown("Neem huizen over uit een CSV-bestand met deze kolommen.")
    show_terms(_COLUMNS)
    uploads = st.file_uploader("Register als CSV", ["csv"], key=Key.REGISTER_FILE)
    if uploads is not None:
        _show_file(TableFile(uploads.name, uploads.getvalue()))


def _offer_known() -> None:
    file = get_installation().settings.data / "houses.csv"
    st.markdown(
        "Kaderscan kent huizen waarvan een openbare bron is gezien. De lijst is een begin en niet volledig: "
        "vul haar daarna aan met een eigen bestand."
    )
    st.button(
        "Neem deze huizen over",
        type="primary",
        key=Key.REGISTER_KNOWN,
        on_click=partial(_import, file, "de lijst van Kaderscan", ()),
    )


def _show_file(file: TableFile) -> None:
    """Show what a file changes in houses that are there, before it is taken over."""
    try:
        changes = find_changes(get_installation(), file)
    except UserError as error:
        note_if_refused(error)
        show_warning(str(error))
        return
    if changes:
        st.markdown("Dit verandert in huizen die er al zijn:")
        st.text("\n".join(changes.values()))
    st.button(
        f"Neem {file.name} over",
        type="primary",
        key=Key.REGISTER_IMPORT,
        on_click=partial(_import, file, file.name, tuple(changes)),
    )


def _import(file: Source, named: str, seen: tuple[HouseRevision, ...]) -> None:
    def take_over() -> None:
        count = import_houses(get_installation(), file, now(), seen)
        keep_success(f"{format_counted(count, 'huis')} overgenomen uit {named}.")

    trying(take_over)


def offer_round(register: Register) -> None:
    """Offer to open a round for all houses: what it asks, of whom and until when."""
    st.header("Ronde openen", anchor=False)
    if not register.houses:
        if get_queries().may(Task.CHANGE_REGISTER):
            show_info("Een ronde vraagt huizen. Neem eerst huizen over in het register.")
            link_to("beheer", "Naar Beheer: het register van huizen")
        else:
            who = describe_who_may(Task.CHANGE_REGISTER)
            show_info(f"Een ronde vraagt huizen. Aan zet is {who}: die neemt ze over in het register.")
        return
    editions = get_queries().find_editions()
    newest = {each.framework_id: key for key, each in editions.items()}
    with st.form(Key.ROUND_FORM):
        st.text_input("Naam van de ronde", key=ROUND_TITLE.key, max_chars=60, help="Zoals: voorjaar 2027.")
        with st.container(horizontal=True):
            st.date_input("Eerste dag", today(), key=ROUND_OPENS.key, format="DD-MM-YYYY")
            st.date_input("Laatste dag", today() + _USUAL, key=ROUND_CLOSES.key, format="DD-MM-YYYY")
        _choose_frameworks(editions, list(newest.values()))
        st.multiselect(
            "Wie antwoordt",
            [each.value for each in ASKABLE],
            [each.value for each in ASKED],
            format_func=lambda each: format_with_capital(Perspective(each).dutch),
            key=ROUND_ASKED.key,
            placeholder="Kies",
        )
        show_quietly(
            "De ronde vraagt alle huizen die op de eerste dag bestaan. Wat u kiest, verandert later niet."
        )
        st.form_submit_button("Open de ronde", type="primary", on_click=_open)


def _choose_frameworks(editions: Mapping[str, Framework], newest: list[str]) -> None:
    st.multiselect(
        "Vragenlijsten",
        list(editions),
        newest,
        format_func=lambda key: f"{editions[key].title} {editions[key].version}",
        key=ROUND_FRAMEWORKS.key,
        placeholder="Kies",
    )


def _open() -> None:
    title = ROUND_TITLE.read().strip()
    days = ROUND_OPENS.read(), ROUND_CLOSES.read()
    asks = Asks(tuple(ROUND_FRAMEWORKS.read()), perspectives=tuple(map(Perspective, ROUND_ASKED.read())))
    first, last = days
    if not (title and first and last and asks.frameworks and asks.perspectives):
        keep_notice(
            "Er is nog geen ronde geopend. Vul een naam en beide dagen in, en kies een vragenlijst en wie "
            "antwoordt."
        )
        return

    def open_() -> None:
        opened = open_round(get_installation(), (make_round_id(title), title), (first, last), asks, now())
        left_out = describe_left_out(get_queries().find_register(), opened)
        told = f"Ronde {opened.title} is geopend voor {format_counted(len(opened.house_ids), 'huis')}."
        keep_success(" ".join([told, *left_out]))

    trying(open_)
