"""The country as HTML: strips with a sign per house, a map of tiles with a unit each, bars of what returns.

Units stand in the order of the register and houses by name: nothing is ranked.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from assessment.figures.signs import write_sign
from assessment.model.framework import Criterion
from assessment.model.register import Register, Unit
from assessment.model.scale import Verdict
from assessment.tables.formats import NOTHING, format_counted
from assessment.tables.scores import MetCount, Returning

# Column (of eight, a tile takes two) and row of each police unit, about where it lies.
_TILES = {
    "noord-nederland": (7, 1),
    "noord-holland": (3, 2),
    "amsterdam": (5, 2),
    "oost-nederland": (7, 2),
    "den-haag": (1, 3),
    "rotterdam": (3, 3),
    "midden-nederland": (5, 3),
    "zeeland-west-brabant": (2, 4),
    "oost-brabant": (5, 4),
    "limburg": (7, 4),
}


_ORDER = "Op eenheid en naam, zonder ranglijst"
# How much of its width the words of a strip take; how much room a unit asks in signs, and at least.
_WORDS, _NAME, _LEAST = 0.32, 0.6, 3.5
# With more houses in a unit than this their signs are small, so that a strip stays slim.
_FEW = 6


# What the figure is by which the face of a norm is told.
ALIKE_MEANS = (
    "Het gaat er niet om hoeveel huizen voldoen, maar hoe gelijk hun uitkomsten zijn: 100 % als die van alle "
    "huizen dezelfde is, 0 % als de ene helft helemaal voldoet en de andere helft niet. Een paar huizen die "
    "ver achterblijven zijn genoeg voor minder dan 80 %, en dus voor meer gezichten."
)


class Strip(NamedTuple):
    """One thing that is counted over all houses: at how many it is so, of how many, in words, and the rest.

    `signs` has the verdict, or the answer in its colour, of each house; empty where no house may be shown.
    """

    number: int
    of: int
    what: str
    rest: str
    signs: Mapping[str, tuple[Verdict, str]]


def write_strips(strips: Sequence[Strip], register: Register) -> str:
    """Write strips under each other: a count with its words, and a sign per house under its unit."""
    units: dict[str, int] = {}
    for house_id in dict.fromkeys(house_id for strip in strips for house_id in strip.signs):
        unit_id = register.house[house_id].unit_id
        units[unit_id] = units.get(unit_id, 0) + 1
    names = "".join(f'<th scope="col">{escape(register.unit[each].short_title)}</th>' for each in units)
    shares = [max(count + _NAME, _LEAST) for count in units.values()]
    widths = "".join(f'<col style="width:{(1 - _WORDS) * share / sum(shares):.2%}">' for share in shares)
    rows = "".join(_write_strip(strip, list(units), register) for strip in strips)
    order = _ORDER if units else ""
    look = "ks-strips ks-many" if max(units.values(), default=0) > _FEW else "ks-strips"
    return (
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Wat overal gelijk moet zijn">'
        f'<table class="{look}"><colgroup><col style="width:{_WORDS:.0%}">{widths}</colgroup>'
        f"<thead><tr><td>{order}</td>{names}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _write_strip(strip: Strip, units: Iterable[str], register: Register) -> str:
    groups: dict[str, list[str]] = {unit_id: [] for unit_id in units}
    for house_id, (look, said) in strip.signs.items():
        house = register.house[house_id]
        hint = f"{escape(house.title)}: {escape(said)}"
        sign = f'<li class="ks-{look.value}" title="{hint}">{write_sign(look, said)}</li>'
        groups[house.unit_id].append(sign)
    cells = "".join(
        f'<td data-what="{escape(register.unit[unit_id].short_title)}">'
        f'<ul class="ks-list ks-signs">{"".join(signs)}</ul></td>'
        for unit_id, signs in groups.items()
    )
    rest = f'<span class="ks-quiet ks-rest">{escape(strip.rest)}</span>' if strip.rest else ""
    return (
        f'<tr><th scope="row"><b>{strip.number}</b> <span class="ks-quiet">van {strip.of}</span>'
        f"<span>{escape(strip.what)}</span>{rest}</th>{cells}</tr>"
    )


def write_norms(
    norms: Sequence[Criterion], told: Mapping[str, str], addresses: Mapping[str, str], kader: str
) -> str:
    """Write in a few words what one face is; it opens to the norms of the police.

    Args:
        norms: on which the police is to have one face.
        told: how alike houses are on each of them, of which that may be told.
        addresses: where the id of each leads to.
        kader: the address at which all of them are read.
    """
    items = "".join(
        f'<li><a href="{escape(addresses[norm.criterion_id])}" target="_self">{norm.criterion_id}</a> '
        f'{escape(norm.title)} <span class="ks-rest">{escape(told.get(norm.criterion_id, ""))}</span></li>'
        for norm in norms
    )
    return (
        '<details class="ks-norms"><summary>Eén gezicht: bijna gelijke uitkomsten op de hele norm, en de '
        "meeste huizen voldoen; een rij hieronder is één vraag. Welke "
        f"{format_counted(len(norms), 'norm')}?</summary>"
        f'{ALIKE_MEANS} <ul class="ks-list">{items}</ul>Wat elke norm vraagt, staat bij '
        f'<a href="{escape(kader)}" target="_self">Kader</a>.</details>'
    )


def write_tiles(counts: Mapping[str, MetCount], register: Register) -> str:
    """Write the units as tiles, each about where it lies, with how many of its houses meet a criterion.

    Args:
        counts: per unit_id how many houses meet it; none where nothing is known.
        register: the units, with their names.
    """
    items = (_write_tile(unit, counts.get(unit.unit_id)) for unit in register.units)
    return f'<ul class="ks-list ks-tiles">{"".join(items)}</ul>'


def _write_tile(unit: Unit, count: MetCount | None) -> str:
    look = _find_look(count.met, count.of) if count else Verdict.NOT_APPLICABLE
    told = f"<b>{count.met}</b> van {count.of}" if count else NOTHING
    told += f" · {count.beside}" if count and count.beside else ""
    named = f"{escape(unit.short_title)}<span>{told}</span>"
    return f'<li class="ks-{look.value}"{_place(unit.unit_id)}>{named}</li>'


def _place(unit_id: str) -> str:
    """Where a unit lies; one that is not on the map comes after the others."""
    column, row = _TILES.get(unit_id, ("auto", "auto"))
    return f' style="grid-column:{column} / span 2;grid-row:{row}"'


def _find_look(met: int, of: int) -> Verdict:
    if met == of:
        return Verdict.MEETS
    return Verdict.PARTLY if met else Verdict.NOT_YET


def write_bars(
    bars: Iterable[Returning],
    addresses: Mapping[str, str] = MappingProxyType({}),
    solved: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Write a bar per norm: at how many houses it is not met, and in grey at how many that is undetermined.

    Args:
        bars: the norms, each with its id before its title.
        addresses: where an id leads to.
        solved: where an id leads to that is tried as solved nationally.
    """
    rows = (
        f"<li><span>{_write_counted(bar.title, addresses)}</span>{_write_solved(_find_id(bar.title), solved)}"
        f'<i aria-hidden="true" style="--share:{bar.short / bar.of:.2%};--open:{bar.open / bar.of:.2%}"></i>'
        f"<span>{bar.short} van {bar.of}{f', {bar.unknown} onbepaald' if bar.unknown else ''}</span></li>"
        for bar in bars
        if bar.of
    )
    return f'<ul class="ks-list ks-bars">{"".join(rows)}</ul>'


def _find_id(title: str) -> str:
    return title.partition(" ")[0]


def _write_counted(what: str, addresses: Mapping[str, str]) -> str:
    address = addresses.get(_find_id(what))
    return f'<a href="{escape(address)}" target="_self">{escape(what)}</a>' if address else escape(what)


def _write_solved(criterion_id: str, solved: Mapping[str, str]) -> str:
    """The way to what comes of all plans once a norm is solved; on hover, and to who listens, it says so."""
    if criterion_id not in solved:
        return ""
    said = f"{escape(criterion_id)} landelijk is opgelost"
    return (
        f'<a href="{escape(solved[criterion_id])}" target="_self" title="Wat als {said}?">'
        f'Wat als<span class="ks-hidden"> {said}</span>?</a>'
    )
