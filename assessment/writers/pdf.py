"""Documents as PDF, tagged for who cannot see them (PDF/UA-1), by typst and `reports/document.typ`."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import typst
from fontTools.ttLib import TTFont

from assessment.errors import FrameworkError
from assessment.model.document import Answer, Bar, Cell, Curve, Document, Gantt, Lane, Part, Table
from assessment.model.rules import ZONE
from assessment.model.scale import Verdict
from assessment.model.wording import show_unseen
from assessment.tables.formats import format_day

_TEMPLATE, _CURVE, _FONTS = "document.typ", "curve.typ", "fonts"
_DOTS = 200.0  # per inch, of a picture
# Stands where no font of ours has a character; what joins or turns characters just falls away.
_UNKNOWN, _JOINERS = "□", dict.fromkeys([0x200C, 0x200D, 0xFE0E, 0xFE0F])


def write_pdf(document: Document, reports: Path) -> bytes:
    """Print a document on A4.

    Args:
        document: what it says.
        reports: the folder with the template and the fonts.

    Returns:
        The bytes of a PDF; the same document gives the same bytes.

    Raises:
        FrameworkError: the template is not sound; the message says where.
    """
    told = asdict(document) | {"moment": "", "made": format_day(document.moment)}
    with _naming(reports / _TEMPLATE):
        return _compile(reports, json.dumps(_show_known(told, _find_known(reports))), document.moment)


def draw_picture(curve: Curve, reports: Path) -> bytes:
    """Draw a curve as it stands in a PDF, for a document of another kind.

    Returns:
        The bytes of a PNG, as wide as the text of a page.

    Raises:
        FrameworkError: as of `write_pdf`.
    """
    told = json.dumps(asdict(curve))
    with _naming(reports / _CURVE):
        return _typeset(reports / _CURVE, {"curve": told}, format="png", ppi=_DOTS)


def check_templates(reports: Path) -> None:
    """Print a page with one of everything, so that a template that is not sound is found before it is needed.

    Raises:
        FrameworkError: as of `write_pdf`.
    """
    curve = Curve("x", ("x", "2027-K1"), (0, 1), (0, 1), of=1, years=0)
    cell = Cell("x", quiet="x", verdict=Verdict.MEETS, said="x")
    long = Table("x", ("x", "x"), (1, 1), ((cell, cell),) * 4, title="x", figures=(1,))
    tall = Table("x", ("x",), (1,), ((cell,),), tall=True)
    gantt = Gantt("x", ("2027-K1",), now=0, lanes=(Lane("x", (Bar("x", "x", 0, 0, sign="1", note="x"),)),))
    answer = Answer("x", "x", beside="x", note="x", low=0, high=1, verdicts=tuple(Verdict))
    full = Part("x", "x", (answer,), gantt, curve, ("x",) * 9, (long,))
    parts = (full, Part("x"), Part("x", lines=("x",), tables=(tall,), joined=True))
    write_pdf(Document("x", "x", "x", "x", parts, datetime(2027, 1, 1, tzinfo=ZONE), smallest=0.8), reports)
    draw_picture(curve, reports)


@contextmanager
def _naming(template: Path) -> Iterator[None]:
    """Say of a template that is not sound where it is wrong."""
    try:
        yield
    except typst.TypstError as error:
        place = " ".join(error.diagnostic.split())
        raise FrameworkError(f"{template}: zo is het document niet te maken: {place}") from error
    except RuntimeError as error:  # of a file that is not there it has no diagnostic
        raise FrameworkError(f"{template}: kan het bestand niet lezen.") from error


def _compile(reports: Path, told: str, moment: datetime) -> bytes:
    dutch = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    stamp = dutch.astimezone(UTC).replace(microsecond=0)
    return _typeset(reports / _TEMPLATE, {"document": told}, pdf_standards=["ua-1"], timestamp=stamp)


def _typeset(template: Path, told: dict[str, str], **options: Any) -> bytes:  # noqa: ANN401 - those of typst
    """Print a template with our own fonts alone; it reads nothing outside its folder."""
    reports = template.parent
    printed: bytes = typst.compile(
        str(template),
        root=str(reports),
        font_paths=_load_fonts(reports),
        ignore_system_fonts=True,
        sys_inputs=told,
        **options,
    )
    return printed


@lru_cache
def _load_fonts(reports: Path) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(reports / _FONTS)]
    )


@lru_cache
def _find_known(reports: Path) -> frozenset[int]:
    """The characters that our fonts have."""
    return frozenset().union(*map(_list_characters, sorted((reports / _FONTS).glob("*.ttf"))))


def _list_characters(path: Path) -> Iterable[int]:
    with TTFont(path, lazy=True) as font:
        return tuple(font.getBestCmap())


def _show_known(told: object, known: frozenset[int]) -> object:
    """The same, with a box for each character that no font has: a PDF for everybody refuses those."""
    match told:
        case str():
            plain = normalize("NFC", show_unseen(told)).translate(_JOINERS)
            return "".join(each if ord(each) in known or each == "\n" else _UNKNOWN for each in plain)
        case dict():
            return {name: _show_known(each, known) for name, each in told.items()}
        case list() | tuple():
            return [_show_known(each, known) for each in told]
        case _:
            return told
