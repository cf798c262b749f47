"""A police unit as HTML: its houses side by side by name, and who is up in lanes of cards per quarter."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from assessment.figures.signs import explain_codes, write_cells, write_range
from assessment.model.scale import Verdict
from assessment.tables.formats import NOTHING, format_counted, format_range

# So many cards of a cell are seen at once; the others open with a click.
_SHOWN = 2


class HouseRow(NamedTuple):
    """One house beside the others; without a range it has not handed in, and `likely` says so."""

    title: str
    address: str
    share: tuple[float, float] | None
    hard_norms: Sequence[tuple[Verdict, str]]
    likely: str
    sure: str


class LaneCard(NamedTuple):
    """One measure in a lane: what, for which house and why then; `tight` where the end moves with it."""

    title: str
    told: str
    tight: bool


def write_house_rows(rows: Iterable[HouseRow], hard_norms: int) -> str:
    """Write houses by name: how far, each hard norm, and when they work by the kader.

    Args:
        rows: the houses, in the order to show.
        hard_norms: how many hard norms are asked.
    """
    norms = format_counted(hard_norms, "harde norm")
    figures = '<span class="ks-hidden">Volgens het kader, in cijfers</span>'
    heads = ("Huis", "Volgens het kader", figures, norms, "Waarschijnlijk in", "80 % zeker in")
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Huizen naast elkaar, op naam">'
        f'<table class="ks-rows ks-wide ks-houses"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(map(_write_house, rows))}</tbody></table></div>"
    )


def _write_house(row: HouseRow) -> str:
    low, high = row.share or (float("nan"), float("nan"))
    cells = (
        write_range(low, high),
        format_range(low, high) if row.share else NOTHING,
        write_cells(row.hard_norms),
        explain_codes(row.likely),
        explain_codes(row.sure),
    )
    heads = ("Volgens het kader", "In cijfers", "Harde normen", "Waarschijnlijk in", "80 % zeker in")
    written = "".join(
        f'<td data-what="{head}"><div>{cell}</div></td>' for head, cell in zip(heads, cells, strict=True)
    )
    link = f'<a href="{escape(row.address)}" target="_self">{escape(row.title)}</a>'
    return f'<tr><th scope="row">{link}</th>{written}</tr>'


def write_lanes(lanes: Mapping[str, Sequence[Sequence[LaneCard]]], quarters: Sequence[str]) -> str:
    """Write who is up: a lane per actor, a column per quarter, a card per measure that begins then.

    Args:
        lanes: per actor the cards of each quarter.
        quarters: the names of the columns.
    """
    head = "".join(f'<th scope="col">{explain_codes(quarter)}</th>' for quarter in quarters)
    rows = "".join(
        f'<tr><th scope="row">{escape(actor)}</th>{"".join(map(_write_lane_cell, columns, quarters))}</tr>'
        for actor, columns in lanes.items()
    )
    return (
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Wie is aan zet, per kwartaal">'
        f'<table class="ks-lanes"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _write_lane_cell(cards: Sequence[LaneCard], quarter: str) -> str:
    shown, more = _write_lane_cards(cards[:_SHOWN]), cards[_SHOWN:]
    if more:
        summary = f"<summary>en nog {len(more)}</summary>"
        shown += f"<details>{summary}{_write_lane_cards(more)}</details>"
    look = "" if cards else ' class="ks-none"'
    return f'<td data-what="{escape(quarter)}"{look}>{shown}</td>'


def _write_lane_cards(cards: Iterable[LaneCard]) -> str:
    written = "".join(
        f'<li class="{"ks-holds" if card.tight else ""}">{escape(card.title)}'
        f'<span class="ks-quiet">{explain_codes(card.told)}</span></li>'
        for card in cards
    )
    return f'<ul class="ks-list">{written}</ul>'
