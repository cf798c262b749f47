"""Conformity per quarter as a band from low to high, with the quarter in which the kader is reached."""

import pandas as pd
from plotly.graph_objects import Bar, Figure

from assessment.figures.layout import set_layout, set_percent_axis
from assessment.figures.palette import ACCENT, INK_SOFT, VERDICT_PAINT
from assessment.model.plan import Quarter
from assessment.model.scale import Phase, Verdict
from assessment.tables.shown import show_percentage, show_range

_HEIGHT = 300


def draw_conformity_band(conformity: pd.DataFrame, begin: Quarter) -> Figure:
    """Draw conformity now and after each quarter: a bar to the low end, hatched up to the high end.

    Args:
        conformity: HOUSE_SCORES per `quarter` of one house; -1 is now.
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
    for name, low in zip(names, conformity["low"], strict=True):
        figure.add_annotation(
            x=name,
            y=low,
            text=show_percentage(low),
            showarrow=False,
            yanchor="top",
            font={"color": "#FFFFFF"},
        )
    set_percent_axis(set_layout(figure, _HEIGHT), "y")
    figure.update_layout(barmode="stack")
    figure.update_xaxes(type="category")
    return figure
