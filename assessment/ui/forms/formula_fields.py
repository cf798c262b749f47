"""The fields of a form on formulas, each by its name: what is shown, and what somebody typed."""

from collections.abc import Iterable, Mapping
from datetime import date

import streamlit as st

from assessment.model.effort import PartyKind, Side, TimeUnit
from assessment.model.formula import PART_WORDS, FormulaStatus, Level
from assessment.model.scale import Worded
from assessment.tables.formats import format_with_capital
from assessment.ui.session import Key, Widget

_CHOICES: Mapping[str, type[Worded]] = {
    "kind": PartyKind,
    "side": Side,
    "level": Level,
    "status": FormulaStatus,
}
_OPTIONAL = ("level",)
_NUMBERS = ("baseline", "target", "value", "number")
_DAYS = ("start", "review", "due", "day")
_LONG = ("effort", "means", "mandate", "problem")


def show_fields(fields: Iterable[str], values: Mapping[str, object], *place: object) -> None:
    """Show fields with what they hold now; `place` makes their keys, with the version that is looked at."""
    for name in fields:
        if name == "amount":
            amount = values.get("amount")
            shown = amount if isinstance(amount, Mapping) else {}
            _show_field("number", shown.get("number"), _key("number", place))
            _show_choice("unit", TimeUnit, shown.get("unit"), _key("unit", place))
        else:
            _show_field(name, values.get(name), _key(name, place))


def read_fields(fields: Iterable[str], *place: object) -> dict[str, object]:
    """What the same fields say now, as a file would give it; a text that is empty stays one."""
    return {name: _read_amount(place) if name == "amount" else _read(name, place) for name in fields}


def _key(name: str, place: tuple[object, ...]) -> str:
    return Key.FORMULA_FIELD.of(*place, name)


def _show_field(name: str, value: object, key: str) -> None:
    label = _label(name)
    if name in _CHOICES:
        _show_choice(name, _CHOICES[name], value, key)
    elif name in _NUMBERS:
        st.number_input(label, value=_as_number(value), key=key, format="%g", placeholder="niet bekend")
    elif name in _DAYS:
        st.date_input(label, _as_day(value), key=key, format="DD-MM-YYYY")
    elif name == "shared":
        st.checkbox(label, bool(value), key=key)
    elif name in _LONG:
        st.text_area(label, str(value or ""), key=key, max_chars=300 if name == "problem" else 1000)
    else:
        st.text_input(label, str(value or ""), key=key, max_chars=200)


def _show_choice(name: str, words: type[Worded], value: object, key: str) -> None:
    dutch = {each.value: each.dutch for each in words}
    options = [*([""] if name in _OPTIONAL else []), *dutch]
    at = options.index(str(value)) if value in dutch else 0
    st.selectbox(_label(name), options, at, format_func=lambda each: dutch.get(each, "niet gekozen"), key=key)


def _label(name: str) -> str:
    return format_with_capital(PART_WORDS[name])


def _as_number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _as_day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _read(name: str, place: tuple[object, ...]) -> object:
    widget: Widget[object] = Widget(_key(name, place))
    said = widget.read()
    if isinstance(said, date):
        return said.isoformat()
    return None if name in _OPTIONAL and not said else said


def _read_amount(place: tuple[object, ...]) -> object:
    number = _read("number", place)
    return None if number is None else {"number": number, "unit": _read("unit", place)}
