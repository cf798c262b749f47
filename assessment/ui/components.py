"""Small pieces of a page that Streamlit does not have, and what several pages show of a plan.

Whatever a user or the register wrote is escaped.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from assessment.figures.signs import explain_codes, write_chip, write_pill
from assessment.model.access import Task
from assessment.model.answers import Whose
from assessment.model.draft import DraftSummary
from assessment.model.register import House, Round
from assessment.model.scale import Perspective, Verdict
from assessment.service.plans.planning import Roadmap
from assessment.service.round_scores import RoundScores
from assessment.tables.formats import (
    NOTHING,
    OF_VERDICTS,
    describe_who_has,
    format_part,
    format_with_capital,
    holds_figures,
    keep_quarters,
)
from assessment.tables.houses import UNTIL
from assessment.tables.plans import describe_hold_ups, describe_pace, list_hold_ups
from assessment.tables.versions import describe_standing
from assessment.ui.cache import get_queries, made
from assessment.ui.navigation import find_address, link_to, name_window
from assessment.ui.notices import as_text
from assessment.ui.session import UNTITLED

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ICS = "text/calendar"
ZIP = "application/zip"
JSON = "application/json"
CSV = "text/csv"

_LOOK = Path(__file__).with_name("look.css")
_FEW_COLUMNS = 3
_INVENTED_HOUSE = "dit huis is verzonnen"
_NUMBER = re.compile(r"[A-Z]{2,5}-[0-9]{1,2}(\.M?[0-9]{1,2})?")  # the id of a criterion, question or measure
_ID = re.compile(r"\b[A-Z]{2,5}-[0-9]{1,2}\b(?!\.)")  # the id of a criterion in a text
_VERDICTS = {verdict.sign: verdict for verdict in Verdict}
# The heading under which stands who is up.
WHO = "Aan zet"


def show_look() -> None:
    """Load our styles."""
    st.html(_LOOK)


def show_menu(pages: Iterable[Page]) -> None:
    """Show the way to every page, for a phone: one row that wraps and that never has to be opened.

    Of a single page the framework shows no menu at all; then the row stands on a wide screen too.
    """
    shown = list(pages)
    with st.container(horizontal=True, key="menu" if len(shown) > 1 else "only-page"):
        for page in shown:
            st.page_link(page, label=page.title)


class Head(NamedTuple):
    """The top of a page: its title, and beside it the slim line of what the user chooses."""

    title: DeltaGenerator
    choices: DeltaGenerator


def open_head() -> Head:
    """Make room for a title and, beside it, for choices; on a narrow screen these stand under it."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="medium"):
        title = st.container(width="stretch", gap=None)
        return Head(title, st.container(key="choices", width="content", horizontal=True, gap="xsmall"))


def show_title(
    title: str, subtitle: str = "", *, about: str = "", invented: bool = False, demo: str = _INVENTED_HOUSE
) -> None:
    """Show the title of a page with one quiet line under it.

    Args:
        title: what the page finds.
        subtitle: of what, on what it rests.
        about: the house, unit or round that the window of the browser is named after, besides the page.
        invented: whether what is shown was made up.
        demo: how that is said.
    """
    st.title(keep_quarters(as_text(title)), anchor=False)
    UNTITLED.forget()
    name_window(about)
    if not subtitle:
        return
    notice = f" · <span>demo: {demo}</span>" if invented else ""
    st.html(f'<span class="ks-quiet">{escape(subtitle)}{notice}</span>')


def find_standing(scores: RoundScores, house: House) -> str:
    """On whose answers the figures of a house rest, in words for under a title."""
    versions = get_queries().list_versions(scores.round.round_id, house.house_id).versions
    by_id = {version.submission_id: version for version in versions}
    return describe_standing(
        scores.perspective_of(house.house_id), by_id.get(scores.submissions[house.house_id])
    )


def show_drafts(house: House, round_: Round) -> bool:
    """Say how far the drafts are that the visitor can still hand in, lead there, and tell if there is one."""
    own = [draft for draft in find_own_drafts(round_) if draft.whose.house_id == house.house_id]
    if not own:
        return False
    for draft in own:
        done = format_part(draft.answered, draft.asked, "vraag")
        show_quietly(
            f"Er is een concept van {draft.whose.perspective.who}: {done} beantwoord. Het telt pas mee als "
            "het is ingeleverd."
        )
        show_link(find_address("invullen", **find_choices(draft.whose)), describe_going_on(draft))
    return True


def find_own_drafts(round_: Round) -> list[DraftSummary]:
    """The drafts of a round that the visitor can still hand in."""
    queries = get_queries()
    if queries.find_closing(round_):
        return []
    house = queries.find_register().house
    return [
        draft
        for draft in queries.find_drafts(round_.round_id)
        if queries.may(Task.FILL_IN, house[draft.whose.house_id], draft.whose.perspective)
    ]


class Waiting(NamedTuple):
    """What the visitor has still to fill in: whose answers about which house, and how far a draft is."""

    whose: Whose
    house: House
    draft: str


def find_waiting(round_: Round) -> list[Waiting]:
    """What of a round waits for who fills in more than one questionnaire, by unit and name.

    Nothing of it for who works on the database itself and may fill in every one.
    """
    queries, register = get_queries(), get_queries().find_register()
    own = {
        (house.house_id, whose)
        for house in register.houses_of(round_)
        for whose in round_.perspectives
        if queries.may(Task.FILL_IN, house, whose)
    }
    if len(own) < 2 or queries.visitor.operator or queries.find_closing(round_):  # noqa: PLR2004 - no other
        return []
    board = queries.find_board(round_.round_id)
    return [
        Waiting(
            Whose(round_.round_id, line.house.house_id, whose),
            line.house,
            "" if progress.concept is None else f"{progress.concept} van {board.questions}",
        )
        for line in board.lines
        for whose, progress in line.asked.items()
        if progress.waits and (line.house.house_id, whose) in own
    ]


def find_first_waiting(round_: Round) -> list[House]:
    """The houses where the visitor goes on first: those with a draft, else all that wait."""
    waiting = find_waiting(round_)
    return [each.house for each in waiting if each.draft] or [each.house for each in waiting]


def show_waiting(round_: Round, shown: Whose) -> bool:
    """Lead to what waits for the visitor beside what is shown, and tell if there is any."""
    others = [each for each in find_waiting(round_) if each.whose != shown]
    several = len({shown.perspective, *(each.whose.perspective for each in others)}) > 1
    if others:
        links = ", ".join(_write_waiting(each, named=several) for each in others)
        st.html(f"Nog in te vullen: {links}")
    return bool(others)


def _write_waiting(waiting: Waiting, *, named: bool) -> str:
    """A link to where it is filled in, named by whose answers it asks where there are more of those."""
    address = find_address("invullen", **find_choices(waiting.whose))
    link = _write_page_link(address, waiting.house.short_title)
    whose = waiting.whose.perspective.dutch if named else ""
    told = ", ".join(filter(None, [whose, waiting.draft]))
    return f"{link} ({told})" if told else link


def find_choices(whose: Whose) -> dict[str, str]:
    """What to choose on another page to come where somebody answers."""
    return {"ronde": whose.round_id, "huis": whose.house_id, "wie": whose.perspective.value}


def lead_to_house(whose: Whose, place: str) -> None:
    """Show one link, as large as a button, to where the house stands of which somebody answered.

    Args:
        whose: what was answered.
        place: tells it from another such link on the page.
    """
    house = get_queries().find_register().house[whose.house_id]
    chosen = {"ronde": whose.round_id, "huis": whose.house_id}
    with st.container(key=f"lead-{place}"):
        link_to("huis", f"Bekijk waar {as_text(house.short_title)} staat", chosen)


def describe_going_on(draft: DraftSummary) -> str:
    """Say on a button of which house a draft is, and how far: "Ga verder met Terpmark: 60 van 120 vragen"."""
    house = get_queries().find_register().house[draft.whose.house_id]
    return f"Ga verder met {house.short_title}: {format_part(draft.answered, draft.asked, 'vraag')}"


def describe_nothing_yet(house: House, round_: Round, perspective: Perspective) -> str:
    """Say who did not hand in for a house yet."""
    where = f"voor {round_.title}"
    match perspective:
        case Perspective.JOINT:
            return f"Bij {house.title} is {where} nog geen gezamenlijke versie vastgesteld."
        case Perspective.HOUSE | Perspective.RECORD:
            return f"{house.title} heeft {where} nog niet ingeleverd."
        case _:
            who_has = format_with_capital(describe_who_has(perspective))
            return f"{who_has} bij {house.title} {where} nog niet ingeleverd."


def show_quietly(text: str) -> None:
    """Show a small line that explains what stands above it."""
    st.html(f'<span class="ks-quiet">{escape(text)}</span>')


def show_facts(facts: Sequence[tuple[str, str]], *, headline: bool = True) -> None:
    """Show figures in a row, each with its label; the first may be the headline of the page."""
    large = [" ks-headline" if headline and place == 0 else "" for place in range(len(facts))]
    items = (
        f'<li><span class="ks-label">{escape(label)}</span>'
        f'<span class="ks-figure{size}">{escape(figure)}</span></li>'
        for size, (label, figure) in zip(large, facts, strict=True)
    )
    st.html(f'<ul class="ks-list ks-facts">{"".join(items)}</ul>')


def show_counts(counts: Iterable[tuple[str, str]]) -> None:
    """Show counts in a row: the class of its sign, its text."""
    items = (f"<li>{write_chip(look)}{escape(text)}</li>" for look, text in counts)
    st.html(f'<ul class="ks-list ks-legend">{"".join(items)}</ul>')


def show_link(address: str, words: str, *, quiet: bool = False) -> None:
    """Show a link to another page with a choice made there, in the same window; a quiet one is small."""
    st.html(_write_page_link(address, words, "ks-link ks-quiet" if quiet else "ks-link"))


def _write_page_link(address: str, words: str, look: str = "ks-link") -> str:
    return f'<a class="{look}" href="{escape(address)}" target="_self">{escape(words)}</a>'


def show_terms(terms: Mapping[str, str], addresses: Mapping[str, str] = MappingProxyType({})) -> None:
    """Show names or words, each with what is said of it.

    Args:
        terms: what is said, by its name.
        addresses: where an id that stands in it leads to.
    """
    items = (f"<dt>{escape(name)}</dt><dd>{_link_ids(text, addresses)}</dd>" for name, text in terms.items())
    st.html(f'<dl class="ks-terms">{"".join(items)}</dl>')


def _link_ids(text: str, addresses: Mapping[str, str]) -> str:
    return _ID.sub(lambda found: _link(found[0], addresses.get(found[0])), escape(text))


def _link(text: str, address: str | None) -> str:
    return f'<a href="{escape(address)}" target="_self">{escape(text)}</a>' if address else escape(text)


def show_rows(table: pd.DataFrame, addresses: Mapping[str, str] = MappingProxyType({})) -> None:
    """Show a small table: figures right-aligned, a verdict in its colour.

    On a phone the rows of a wide one stand under each other, each value with its heading.

    Args:
        table: what to show.
        addresses: where a name that is all of a cell leads to, or an id that is it or that it begins with, be
            it after a sign.
    """
    st.html(write_rows(table, addresses))


def show_rows_of(list_: Callable[..., pd.DataFrame], *facts: object) -> None:
    """Show a small table that is made once for the same facts, as `made` has it."""
    st.html(made(_write_rows_of, list_, *facts))


def _write_rows_of(list_: Callable[..., pd.DataFrame], *facts: object) -> str:
    return write_rows(list_(*facts))


def write_rows(table: pd.DataFrame, addresses: Mapping[str, str] = MappingProxyType({})) -> str:
    """A small table, as `show_rows` shows it."""
    figures = [holds_figures(column) for _, column in table.items()]
    head = "".join(
        f'<th scope="col"{_align(right)}>{escape(str(heading))}</th>'
        for heading, right in zip(table, figures, strict=True)
    )
    cells = partial(_cell, addresses=addresses)
    body = "".join(
        f"<tr>{''.join(map(cells, map(str, table), map(str, row), figures))}</tr>"
        for row in table.itertuples(index=False)
    )
    name = escape(f"Tabel: {table.columns[0]}")
    look = "ks-rows ks-wide" if len(table.columns) > _FEW_COLUMNS else "ks-rows"
    return (
        f'<div class="ks-scroll" tabindex="0" role="group" aria-label="{name}">'
        f'<table class="{look}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(heading: str, text: str, right: bool, addresses: Mapping[str, str]) -> str:  # noqa: FBT001
    named = text if text in addresses else text.partition(" ")[0]
    filled = _link(text, addresses[named]) if named in addresses else _fill(heading, text, addresses)
    return f'<td data-what="{escape(heading)}"{_look(text, right)}><div>{filled}</div></td>'


def _look(text: str, right: bool) -> str:  # noqa: FBT001
    """The classes of a cell; on a phone nothing is shown where there is nothing."""
    known = {
        "ks-id": _NUMBER.fullmatch(text) is not None,
        "ks-number": right,
        "ks-none": text in {"", NOTHING},
    }
    named = " ".join(name for name, holds in known.items() if holds)
    return f' class="{named}"' if named else ""


def _fill(heading: str, text: str, addresses: Mapping[str, str]) -> str:
    sign, _, said = text.partition(" ")
    if sign in _VERDICTS and (heading in OF_VERDICTS or said == _VERDICTS[sign].dutch):
        pill, address = write_pill(_VERDICTS[sign], said), addresses.get(said.partition(" ")[0])
        return f'<a href="{escape(address)}" target="_self">{pill}</a>' if address else pill
    if heading == UNTIL:
        until, _, why = text.partition("\n")
        return f'{explain_codes(until)}<span class="ks-quiet ks-rest">{explain_codes(why)}</span>'
    whole = explain_codes(text)
    return f'<span class="ks-who">{whole}</span>' if heading == WHO and text != NOTHING else whole


def _align(right: bool) -> str:  # noqa: FBT001
    return ' class="ks-number"' if right else ""


def show_late(planned: Roadmap) -> None:
    """Show what is finished after three years, and what holds it up; nothing where all fits."""
    if planned.hold_ups.empty:
        return
    told, pace, rows = made(_find_late, planned)
    st.header(told, anchor=False)
    st.markdown(f"{pace} Dit houdt op wat later komt.")
    st.html(rows)


def _find_late(planned: Roadmap) -> tuple[str, str, str]:
    """What holds a plan up: in a heading, the pace behind it, and the rows."""
    asked, begin, register = planned.scores.questionnaire, planned.begin, planned.scores.register
    late = planned.measures.merge(planned.hold_ups[["house_id", "criterion_id"]])
    rows = list_hold_ups(planned.hold_ups, begin, asked, register, planned.resources)
    return describe_hold_ups(planned.hold_ups, asked), describe_pace(late, begin, asked), write_rows(rows)
