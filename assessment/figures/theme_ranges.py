"""Themes of a house as bars from low to high, with the spread of all houses behind them."""

import pandas as pd
from plotly.graph_objects import Bar, Figure, Scatter

from assessment.figures.layout import set_layout, set_percent_axis
from assessment.figures.palette import ACCENT, INK_SOFT, LINE, PAPER
from assessment.tables.shown import show_range, show_share

_ROW_HEIGHT = 66
_LEFT, _RIGHT = 20, 124
_ABOVE = 25
"""How many pixels a title stands above its bar; beside it there is no room on a phone."""
_THINNEST = 0.02
"""A range without width still shows as a thick tick, on a phone too."""


def draw_theme_ranges(themes: pd.DataFrame, groups: pd.DataFrame, titles: dict[str, str]) -> Figure:
    """Draw each theme of one house as a range, and the spread of the group as a thin line with its median.

    Args:
        themes: THEME_SCORES of one house; themes where nothing counts are left out.
        groups: GROUPS on the same themes.
        titles: the title of each theme, by id.
    """
    scored = themes[themes["low"].notna()].iloc[::-1]
    spread = scored[["theme_id"]].merge(
        groups, left_on="theme_id", right_on="subject_id", how="left", validate="one_to_one"
    )
    names = [titles[theme_id] for theme_id in scored["theme_id"]]
    figure = Figure()
    _add_spread(figure, names, spread)
    figure.add_trace(
        Bar(
            y=names,
            x=(scored["high"] - scored["low"]).clip(lower=_THINNEST),
            base=scored["low"].clip(upper=1 - _THINNEST),
            orientation="h",
            marker={"color": ACCENT, "opacity": 0.85},
            width=0.34,
            text=[show_range(low, high) for low, high in zip(scored["low"], scored["high"], strict=True)],
            textposition="none",
            hovertemplate="%{y}<br>dit huis: %{text}<extra></extra>",
        )
    )
    figure.add_trace(
        Scatter(
            y=names,
            x=((scored["low"] + scored["high"]) / 2).where(scored["high"] - scored["low"] > _THINNEST),
            mode="markers",
            marker={"symbol": "line-ns", "size": 14, "line": {"width": 2, "color": PAPER}},
            hoverinfo="skip",
        )
    )
    set_percent_axis(set_layout(figure, 48 + _ROW_HEIGHT * len(names), left=_LEFT, right=_RIGHT), "x")
    _label(figure, names, scored)
    figure.update_yaxes(showticklabels=False)
    return figure


def _add_spread(figure: Figure, names: list[str], spread: pd.DataFrame) -> None:
    hover = [
        f"{row['n']:.0f} huizen: van {show_share(row['minimum'])} tot {show_share(row['maximum'])}, "
        f"midden {show_share(row['median'])}"
        for row in spread.to_dict("records")
    ]
    for column, symbol, size in (
        ("minimum", "line-ns", 10),
        ("median", "diamond-tall", 12),
        ("maximum", "line-ns", 10),
    ):
        figure.add_trace(
            Scatter(
                y=names,
                x=spread[column],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": size,
                    "color": INK_SOFT,
                    "line": {"width": 1.5, "color": PAPER if column == "median" else INK_SOFT},
                },
                text=hover,
                hovertemplate="%{text}<extra></extra>",
                yaxis="y",
            )
        )
    for name, low, high in zip(names, spread["minimum"], spread["maximum"], strict=True):
        if low <= high:  # neither is there where it would be the figure of one house
            ends = {"x0": low, "x1": high, "y0": name, "y1": name}
            figure.add_shape(type="line", layer="below", line={"color": LINE, "width": 3}, **ends)


def _label(figure: Figure, names: list[str], scored: pd.DataFrame) -> None:
    """Write the title of each theme above its bar and its range beside it."""
    for name, low, high in zip(names, scored["low"], scored["high"], strict=True):
        figure.add_annotation(
            x=0,
            xref="paper",
            y=name,
            yshift=_ABOVE,
            text=name,
            showarrow=False,
            xanchor="left",
            bgcolor=PAPER,
        )
        figure.add_annotation(
            x=1, xref="paper", xshift=12, y=name, text=show_range(low, high), showarrow=False, xanchor="left"
        )
