"""Conformity per quarter as a band from low to high, with the quarter in which the kader is reached."""

import pandas as pd
from plotly.graph_objects import Bar, Figure

from assessment.figures.layout import set_layout, set_percent_axis
from assessment.figures.palette import ACCENT, INK, INK_SOFT, PAPER, VERDICT_PAINT
from assessment.model.plan import Quarter
from assessment.model.scale import Phase, Verdict
from assessment.tables.shown import NBSP, show_percentage, show_range

_HEIGHT = 320
_GAP = 0.12
"""Narrow gaps keep the figures inside their bars, on a phone too."""
_ROOM_FOR_A_FIGURE = 0.1


def draw_conformity_band(conformity: pd.DataFrame, begin: Quarter) -> Figure:
    """Draw conformity now and after each quarter: a bar to the low end, hatched up to the high end.

    Args:
        conformity: HOUSE_SCORES per `quarter` of one house; -1 is now. A quarter where nothing counts gets no
            bar.
        begin: the quarter that is 0.
    """
    names = ["nu" if quarter < 0 else str(begin + int(quarter)) for quarter in conformity["quarter"]]
    shown = [show_range(*ends) for ends in zip(conformity["low"], conformity["high"], strict=True)]
    done = (conformity["phase_low"] == Phase.BY_FRAMEWORK).tolist()
    figure = Figure()
    figure.add_trace(
        Bar(
            x=names,
            y=conformity["low"],
            marker={"color": [VERDICT_PAINT[Verdict.MEETS].fill if there else ACCENT for there in done]},
            customdata=shown,
            hovertemplate="%{x}: %{customdata}<extra></extra>",
        )
    )
    figure.add_trace(
        Bar(
            x=names,
            y=(conformity["high"] - conformity["low"]).clip(lower=0),
            marker={
                "color": VERDICT_PAINT[Verdict.UNDETERMINED].fill,
                "pattern": {"shape": "/", "fgcolor": INK_SOFT, "size": 6, "solidity": 0.2},
            },
            customdata=shown,
            hovertemplate="%{x}: %{customdata}<extra></extra>",
        )
    )
    _label(figure, names, conformity["low"])
    set_percent_axis(set_layout(figure, _HEIGHT), "y")
    figure.update_layout(barmode="stack", bargap=_GAP)
    figure.update_xaxes(
        type="category", tickvals=names, ticktext=_name_quarters(conformity, begin), tickangle=0
    )
    return figure


def _label(figure: Figure, names: list[str], lows: pd.Series) -> None:
    """Write the low end in its bar, or above a bar that is too low; not again where nothing changes."""
    figures = ["" if pd.isna(low) else show_percentage(low).removesuffix(f"{NBSP}%") for low in lows]
    for name, low, shown, before in zip(names, lows, figures, ["", *figures], strict=False):
        inside = low >= _ROOM_FOR_A_FIGURE
        if shown not in {"", before}:
            figure.add_annotation(
                x=name,
                y=low,
                text=shown,
                showarrow=False,
                yanchor="top" if inside else "bottom",
                bgcolor=None if inside else PAPER,
                borderpad=1,
                font={"color": PAPER if inside else INK},
            )


def _name_quarters(conformity: pd.DataFrame, begin: Quarter) -> list[str]:
    """K1, K2 …, with the year under the first of each year; a phone has no room for more."""
    quarters = {number: begin + int(number) for number in conformity["quarter"] if number >= 0}
    return ["nu"] * (len(conformity) - len(quarters)) + [
        f"K{quarter.number}<br>{quarter.year if quarter.number == 1 or number == 0 else ''}"
        for number, quarter in quarters.items()
    ]
