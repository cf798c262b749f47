"""The charts: themes of a house, conformity per quarter, houses per phase; one font, quiet axes, Dutch."""

from html import escape

import pandas as pd
from plotly.graph_objects import Bar, Figure, Scatter

from assessment.figures.palette import (
    ACCENT,
    ACCENT_SOFT,
    INK,
    INK_SOFT,
    LINE,
    PAPER,
    PHASE_PAINT,
    VERDICT_PAINT,
)
from assessment.model.plan import HORIZON, Quarter
from assessment.model.scale import Phase, Verdict
from assessment.tables.formats import (
    AT_PRESENT,
    NBSP,
    format_counted,
    format_percentage,
    format_range,
    format_share,
)

_FONT = "Source Sans, sans-serif"
# For the part of the page that shows a chart: nothing to do there but to take it along.
_CONFIG = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtons": [["toImage"]],
    "scrollZoom": False,
    "doubleClick": False,
    "locale": "nl",
    "locales": {"nl": {"dictionary": {"Download plot as a PNG": "Neem mee als png"}, "format": {}}},
}

_PERCENT_TICKS = [0, 0.25, 0.5, 0.75, 1]


def configure(name: str) -> dict[str, object]:
    """How a chart is shown, with what takes it along as `name`.png, large enough for a slide."""
    return _CONFIG | {"toImageButtonOptions": {"format": "png", "filename": name, "scale": 2}}


def _set_layout(figure: Figure, height: int, *, left: int = 48, right: int = 16, top: int = 8) -> Figure:
    """Give a figure our look; its title stands above it on the page."""
    figure.update_layout(
        height=height,
        margin={"l": left, "r": right, "t": top, "b": 40},
        font={"family": _FONT, "size": 14, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        separators=",.",
        showlegend=False,
        hoverlabel={
            "bgcolor": PAPER,
            "bordercolor": LINE,
            "font": {"family": _FONT, "size": 14, "color": INK},
        },
        bargap=0.35,
        dragmode=False,
        modebar={"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": INK_SOFT, "activecolor": INK},
    )
    figure.update_xaxes(showgrid=False, zeroline=False, tickfont={"color": INK_SOFT}, fixedrange=True)
    figure.update_yaxes(showgrid=False, zeroline=False, tickfont={"color": INK}, fixedrange=True)
    return figure


def _set_percent_axis(figure: Figure, axis: str) -> Figure:
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


_BAND_HEIGHT = 320
# Narrow gaps keep the figures inside their bars, on a phone too.
_BAND_GAP = 0.12
_ROOM_FOR_A_FIGURE = 0.1


def draw_conformity_band(conformity: pd.DataFrame, begin: Quarter, now: str = AT_PRESENT) -> Figure:
    """Draw conformity now and after each quarter: a bar to the low end, hatched up to the high end.

    Args:
        conformity: HOUSE_SCORES per `quarter` of one house; -1 is now. A quarter where nothing counts gets no
            bar.
        begin: the quarter that is 0.
        now: what to call where the house stands before it.
    """
    now = escape(now)
    names = [now if quarter < 0 else str(begin + int(quarter)) for quarter in conformity["quarter"]]
    shown = [format_range(*ends) for ends in zip(conformity["low"], conformity["high"], strict=True)]
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
    _label_band(figure, names, conformity["low"])
    _set_percent_axis(_set_layout(figure, _BAND_HEIGHT), "y")
    figure.update_layout(barmode="stack", bargap=_BAND_GAP)
    figure.update_xaxes(
        type="category",
        tickvals=names,
        ticktext=_name_quarters(conformity, begin, now),
        tickangle=0,
        automargin=True,  # of a round with a long name
    )
    return figure


def _label_band(figure: Figure, names: list[str], lows: pd.Series) -> None:
    """Write the low end in its bar, or above a bar that is too low; not again where nothing changes."""
    figures = ["" if pd.isna(low) else format_percentage(low).removesuffix(f"{NBSP}%") for low in lows]
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


def _name_quarters(conformity: pd.DataFrame, begin: Quarter, now: str) -> list[str]:
    """K1, K2 …, with the year under the first of each year; a phone has no room for more."""
    quarters = {number: begin + int(number) for number in conformity["quarter"] if number >= 0}
    first = (
        now if now == AT_PRESENT else f"<br><br>{now.replace(' ', '<br>')}"
    )  # under all others: it is long
    return [first] * (len(conformity) - len(quarters)) + [
        f"K{quarter.number}<br>{quarter.year if quarter.number == 1 or number == 0 else ''}"
        for number, quarter in quarters.items()
    ]


_ROW_HEIGHT = 66
_LEFT, _RIGHT = 20, 124
# As high as a bar.
_TRACK = 22
# How many pixels a title stands above its bar; beside it there is no room on a phone.
_ABOVE = 25
# What is narrower than this is drawn as a dot: a bar so thin would look like a fault.
_THINNEST = 0.02


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
    _add_tracks(figure, names)
    told = spread["n"].notna()  # of nothing is told what may not be seen
    _add_spread(figure, [name for name, seen in zip(names, told, strict=True) if seen], spread[told])
    wide = scored["high"] - scored["low"] > _THINNEST
    middle = (scored["low"] + scored["high"]) / 2
    shown: dict[str, object] = {
        "y": names,
        "text": [format_range(low, high) for low, high in zip(scored["low"], scored["high"], strict=True)],
        "hovertemplate": "%{y}<br>dit huis: %{text}<extra></extra>",
    }
    figure.add_trace(
        Bar(
            x=(scored["high"] - scored["low"]).where(wide),
            base=scored["low"],
            orientation="h",
            marker={"color": ACCENT, "opacity": 0.85},
            width=0.34,
            textposition="none",
            **shown,
        )
    )
    dot = {"symbol": "circle", "size": 15, "color": ACCENT}
    figure.add_trace(Scatter(x=middle.where(~wide), mode="markers", marker=dot, cliponaxis=False, **shown))
    figure.add_trace(
        Scatter(
            y=names,
            x=middle.where(wide),
            mode="markers",
            marker={"symbol": "line-ns", "size": 14, "line": {"width": 2, "color": PAPER}},
            hoverinfo="skip",
        )
    )
    _set_percent_axis(_set_layout(figure, 48 + _ROW_HEIGHT * len(names), left=_LEFT, right=_RIGHT), "x")
    _label_range(figure, names, scored)
    figure.update_yaxes(showticklabels=False, categoryorder="array", categoryarray=names)
    return figure


def _add_tracks(figure: Figure, names: list[str]) -> None:
    """Lead the eye from a title to its bar: all of the way that there is, as behind the bar of a card."""
    track = {"type": "line", "layer": "below", "line": {"color": ACCENT_SOFT, "width": _TRACK}}
    figure.update_layout(shapes=[track | {"x0": 0, "x1": 1, "y0": name, "y1": name} for name in names])


def _add_spread(figure: Figure, names: list[str], spread: pd.DataFrame) -> None:
    hover = [
        f"{format_counted(int(row['n']), 'huis')}: van {format_share(row['minimum'])} "
        f"tot {format_share(row['maximum'])}, "
        f"midden {format_share(row['median'])}"
        if pd.notna(row["n"])
        else ""  # a group that the visitor may not see
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
    line = {"type": "line", "layer": "below", "line": {"color": LINE, "width": 3}}
    ends = zip(names, spread["minimum"], spread["maximum"], strict=True)
    figure.update_layout(
        shapes=[
            *figure.layout.shapes,
            *(
                {**line, "x0": low, "x1": high, "y0": name, "y1": name}
                for name, low, high in ends
                if low <= high  # neither is there where it would be the figure of one house
            ),
        ]
    )


def _label_range(figure: Figure, names: list[str], scored: pd.DataFrame) -> None:
    """Write the title of each theme above its bar and its range beside it.

    All at once: the library looks at all that is there again for each that is added.
    """
    shared = {"xref": "paper", "showarrow": False, "xanchor": "left"}
    titles = ({"x": 0, "y": name, "yshift": _ABOVE, "text": name, "bgcolor": PAPER} for name in names)
    ranges = (
        {"x": 1, "y": name, "xshift": 12, "text": format_range(low, high)}
        for name, low, high in zip(names, scored["low"], scored["high"], strict=True)
    )
    labels = (each for pair in zip(titles, ranges, strict=True) for each in pair)
    figure.update_layout(annotations=[shared | label for label in labels])


_TRANSITION_HEIGHT = 184
_TRANSITION_GAP = 0.12
# Which verdict a phase shares its colour with; from the foot of a bar to its top.
_LOOKS = {
    Phase.BY_FRAMEWORK: Verdict.MEETS,
    Phase.TRANSITION: Verdict.PARTLY,
    Phase.PIONEERING: Verdict.NOT_YET,
}


def draw_transition(counts: pd.DataFrame, sure: pd.DataFrame, begin: Quarter) -> Figure:
    """Draw a bar per quarter, with the houses that work by the kader at its foot, and how sure of them it is.

    Args:
        counts: PHASE_COUNTS.
        sure: SURE_COUNTS of the same quarters.
        begin: the quarter that is 0.
    """
    quarters = sorted(set(counts["quarter"]))
    figure = Figure()
    for phase in _LOOKS:
        figure.add_trace(_draw_phase(counts[counts["phase"] == phase.value], phase, begin))
    figure.add_traces(_draw_sure(sure, begin))
    figure = _set_layout(figure, _TRANSITION_HEIGHT)
    figure.update_layout(barmode="stack", bargap=_TRANSITION_GAP)
    figure.update_yaxes(title=None, rangemode="tozero", tickformat="d")
    figure.update_xaxes(
        type="category",
        tickvals=[_name_quarter(quarter, begin) for quarter in quarters],
        ticktext=[_tick(quarter, begin) for quarter in quarters],
        tickangle=0,
    )
    if HORIZON - 1 in quarters:
        _mark_three_years(figure, quarters.index(HORIZON - 1) + 0.5)
    return figure


def _mark_three_years(figure: Figure, place: float) -> None:
    """Draw a line where three years are over, at a place between two bars."""
    figure.update_layout(margin={"t": 28})
    figure.add_vline(x=place, line={"color": INK, "width": 1.5})
    figure.add_annotation(
        x=place,
        y=1,
        yref="paper",
        text="drie jaar",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        xshift=-24,
    )


def write_phases() -> str:
    """Write what each colour means, in the order of a house that comes to the kader.

    What its dashes are is said above the bars.
    """
    items = (
        f'<li><span class="ks-chip ks-{_LOOKS[phase].value}" aria-hidden="true"></span>{phase.dutch}</li>'
        for phase in Phase
    )
    return f'<ul class="ks-list ks-legend">{"".join(items)}</ul>'


def _name_quarter(quarter: int, begin: Quarter) -> str:
    """The quarter after which it is so, or "nu" before the plan begins."""
    return "nu" if quarter < 0 else str(begin + int(quarter))


def _draw_phase(counts: pd.DataFrame, phase: Phase, begin: Quarter) -> Bar:
    return Bar(
        x=[_name_quarter(quarter, begin) for quarter in counts["quarter"]],
        y=counts["houses"].tolist(),
        marker={"color": PHASE_PAINT[phase].fill},
        hovertemplate=f"%{{x}}, huizen {phase.dutch}: %{{y}}<extra></extra>",
    )


def _draw_sure(sure: pd.DataFrame, begin: Quarter) -> list[Scatter]:
    """The curve of 80 %, on a light ground so that it shows on every colour."""
    curve = {
        "x": [_name_quarter(quarter, begin) for quarter in sure["quarter"]],
        "y": sure["houses"].tolist(),
        "mode": "lines",
    }
    return [
        Scatter(**curve, line={"color": PAPER, "width": 5, "shape": "hvh"}, hoverinfo="skip"),
        Scatter(
            **curve,
            line={"color": INK, "width": 2.5, "dash": "dash", "shape": "hvh"},
            hovertemplate="%{x}, huizen met 80 % kans volgens het kader: %{y}<extra></extra>",
        ),
    ]


def _tick(number: int, begin: Quarter) -> str:
    """K1, K2 …, with the year under the first of each year; a phone has no room for more."""
    if number < 0:
        return "nu"
    quarter = begin + int(number)
    return f"K{quarter.number}<br>{quarter.year if quarter.number == 1 or number == 0 else ''}"
