"""Small pieces of a page that Streamlit does not have; whatever a user or the register wrote is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st
from pandas.api.types import is_numeric_dtype

from assessment.model.scale import Verdict

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_LOOK = Path(__file__).with_name("look.css")


def show_look() -> None:
    """Load our styles."""
    st.html(_LOOK)


def show_title(title: str, subtitle: str, *, invented: bool = False) -> None:
    """Show the title of a page with one quiet line under it."""
    st.title(title, anchor=False)
    notice = ' <span class="ks-demo">Demo: dit huis is verzonnen</span>' if invented else ""
    st.html(f'<span class="ks-quiet">{escape(subtitle)}</span>{notice}')


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


def show_counts(counts: Iterable[tuple[str, str, str]]) -> None:
    """Show counts in a row: the verdict whose colour it has, its sign, its text."""
    items = (
        f'<li><span class="ks-chip ks-{verdict}" aria-hidden="true">{sign}</span>{escape(text)}</li>'
        for verdict, sign, text in counts
    )
    st.html(f'<ul class="ks-list ks-legend">{"".join(items)}</ul>')


def show_rows(table: pd.DataFrame) -> None:
    """Show a small table: numbers right-aligned, a verdict in its colour."""
    numeric = [is_numeric_dtype(column) for _, column in table.items()]
    head = "".join(
        f'<th scope="col"{_align(right)}>{escape(str(heading))}</th>'
        for heading, right in zip(table, numeric, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(_cell(str(value), right) for value, right in zip(row, numeric, strict=True))}</tr>"
        for row in table.itertuples(index=False)
    )
    st.html(f'<table class="ks-rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


def _cell(text: str, right: bool) -> str:  # noqa: FBT001
    verdict = _VERDICTS.get(text)
    if verdict is None:
        return f"<td{_align(right)}>{escape(text)}</td>"
    return f'<td><span class="ks-verdict ks-{verdict.value}">{escape(text)}</span></td>'


def _align(right: bool) -> str:  # noqa: FBT001
    return ' class="ks-number"' if right else ""


_VERDICTS = {f"{verdict.sign} {verdict.dutch}": verdict for verdict in Verdict}
