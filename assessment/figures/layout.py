"""What all our charts share: one font, quiet axes, Dutch figures, nothing to fiddle with."""

from plotly.graph_objects import Figure

from assessment.figures.palette import INK, INK_SOFT, LINE, PAPER

FONT = "Source Sans, sans-serif"
CONFIG = {"displayModeBar": False, "locale": "nl", "scrollZoom": False, "doubleClick": False}
"""For the part of the page that shows a chart."""

_PERCENT_TICKS = [0, 0.25, 0.5, 0.75, 1]


def set_layout(figure: Figure, height: int, *, left: int = 48, right: int = 16, top: int = 8) -> Figure:
    """Give a figure our look; its title stands above it on the page."""
    figure.update_layout(
        height=height,
        margin={"l": left, "r": right, "t": top, "b": 40},
        font={"family": FONT, "size": 14, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        separators=",.",
        showlegend=False,
        hoverlabel={
            "bgcolor": PAPER,
            "bordercolor": LINE,
            "font": {"family": FONT, "size": 14, "color": INK},
        },
        bargap=0.35,
        dragmode=False,
    )
    figure.update_xaxes(showgrid=False, zeroline=False, tickfont={"color": INK_SOFT}, fixedrange=True)
    figure.update_yaxes(showgrid=False, zeroline=False, tickfont={"color": INK}, fixedrange=True)
    return figure


def set_percent_axis(figure: Figure, axis: str) -> Figure:
    """Fix an axis at 0 to 100 %."""
    update = figure.update_xaxes if axis == "x" else figure.update_yaxes
    update(
        range=[-0.01, 1.01],
        tickvals=_PERCENT_TICKS,
        ticktext=[f"{share:.0%}".replace("%", " %") for share in _PERCENT_TICKS],
        showgrid=True,
        gridcolor=LINE,
    )
    return figure
