"""The transition curve: how many houses are in which phase after each quarter."""

import pandas as pd
from plotly.graph_objects import Bar, Figure

from assessment.figures.layout import set_layout
from assessment.figures.palette import PHASE_PAINT
from assessment.model.plan import Quarter
from assessment.model.scale import Phase, Verdict

_HEIGHT = 320
_GAP = 0.12
_LOOKS = {
    Phase.BY_FRAMEWORK: Verdict.MEETS,
    Phase.TRANSITION: Verdict.PARTLY,
    Phase.PIONEERING: Verdict.NOT_YET,
}
"""Which verdict a phase shares its colour with; from the foot of a bar to its top."""


def draw_transition(counts: pd.DataFrame, begin: Quarter) -> Figure:
    """Draw a bar per quarter, with the houses that work by the kader at its foot.

    Args:
        counts: PHASE_COUNTS.
        begin: the quarter that is 0.
    """
    quarters = sorted(set(counts["quarter"]))
    figure = Figure()
    for phase in _LOOKS:
        figure.add_trace(_draw_phase(counts[counts["phase"] == phase.value], phase, begin))
    figure = set_layout(figure, _HEIGHT)
    figure.update_layout(barmode="stack", bargap=_GAP)
    figure.update_yaxes(title=None, rangemode="tozero", tickformat="d")
    figure.update_xaxes(
        type="category",
        tickvals=[name_quarter(quarter, begin) for quarter in quarters],
        ticktext=[_tick(quarter, begin) for quarter in quarters],
        tickangle=0,
    )
    return figure


def write_phases() -> str:
    """Write what each colour means, in the order of a house that comes to the kader."""
    items = (
        f'<li><span class="ks-chip ks-{_LOOKS[phase].value}" aria-hidden="true"></span>{phase.dutch}</li>'
        for phase in Phase
    )
    return f'<ul class="ks-list ks-legend">{"".join(items)}</ul>'


def name_quarter(quarter: int, begin: Quarter) -> str:
    """The quarter after which it is so, or "nu" before the plan begins."""
    return "nu" if quarter < 0 else str(begin + int(quarter))


def _draw_phase(counts: pd.DataFrame, phase: Phase, begin: Quarter) -> Bar:
    houses = counts["houses"].tolist()
    return Bar(
        x=[name_quarter(quarter, begin) for quarter in counts["quarter"]],
        y=houses,
        marker={"color": PHASE_PAINT[phase].fill},
        text=[str(number) if number else "" for number in houses],
        textposition="inside",
        textangle=0,
        insidetextanchor="middle",
        textfont={"color": PHASE_PAINT[phase].text},
        constraintext="none",
        hovertemplate=f"%{{x}}: %{{y}} huizen {phase.dutch}<extra></extra>",
    )


def _tick(number: int, begin: Quarter) -> str:
    """K1, K2 …, with the year under the first of each year; a phone has no room for more."""
    if number < 0:
        return "nu"
    quarter = begin + int(number)
    return f"K{quarter.number}<br>{quarter.year if quarter.number == 1 or number == 0 else ''}"
