"""Names that people typed are text: on every page nothing in them is markup."""

from collections.abc import Iterator

import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from assessment.service.installation import Installation
from assessment.store.tables import HouseRow, RoundRow, UnitRow
from tests.pages import make_page

NAME = "*Vet* _s_ [a](http://x.nl) $y$ :red[z] <b>q</b> `c` # www.x.nl"
PAGES = [
    *(
        "start",
        "zelfscan",
        "invullen",
        "mijn_huis",
        "routekaart",
        "leverkaart",
        "mijn_eenheid",
        "ronde",
        "inleveringen",
    ),
    *("landelijk_beeld", "rapporten", "beheer"),
]
# What Streamlit shows as it is; all else that it shows it reads as markup.
PLAIN = {
    ("Text", "body"),
    ("Code", "codeText"),
    ("Selectbox", "options"),
    ("MultiSelect", "options"),
    ("Selectbox", "placeholder"),
    ("TextInput", "value"),
}
NOT_SHOWN = {"id", "elementId", "formId", "url", "page", "pageScriptHash", "rawValue", "default", "setValue"}


def list_texts(node: object) -> Iterator[tuple[str, str, str]]:
    """Each text on a page, with the kind of what shows it and the name of the field it is in."""
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield from _list_in(type(proto).__name__, "", MessageToDict(proto))
    for child in getattr(node, "children", {}).values():
        yield from list_texts(child)


def _list_in(kind: str, field: str, value: object) -> Iterator[tuple[str, str, str]]:
    match value:
        case str():
            yield kind, field, value
        case dict():
            for name, each in value.items():
                yield from _list_in(kind, name, each)
        case list():
            for each in value:
                yield from _list_in(kind, field, each)


@pytest.mark.parametrize("page", PAGES)
def test_a_name_is_text_on_every_page(on_pages: Installation, page: str) -> None:
    with on_pages.store.writing() as session:
        for row in (HouseRow, RoundRow, UnitRow):
            session.query(row).update({"title": NAME})
    shown = make_page(page)
    shown.query_params["huis"] = "veenrijk"

    shown.run()

    assert not shown.exception
    found = list(list_texts(shown._tree))  # noqa: SLF001 - its lists leave out the labels of widgets
    wrong = {
        (kind, field)
        for kind, field, text in found
        if field not in NOT_SHOWN and _is_markup(kind, field, text)
    }
    assert wrong == set()


def _is_markup(kind: str, field: str, text: str) -> bool:
    if kind == "Html":
        return "<b>q" in text
    return (kind, field) not in PLAIN and ("*Vet*" in text.replace(r"\*Vet\*", "") or "<b>q</b>" in text)
