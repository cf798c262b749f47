"""The plan of a house as a Gantt: rows by actor, columns by quarter, hand-overs as a pair with an arrow."""

from datetime import date

import pandas as pd
from plotly.graph_objects import Bar, Figure

from assessment.figures.layout import set_layout
from assessment.figures.palette import ACCENT, INK, INK_SOFT, LINE, PAPER_SOFT
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor

_ROW_HEIGHT = 24
_LONGEST = 62
_LIGHT = "#9DBFE3"
_SHORT = 0.12
"""How much of a quarter stays open between two bars."""


def draw_gantt(
    measures: pd.DataFrame, begin: Quarter, quarters: int, questionnaire: Questionnaire, today: date
) -> Figure:
    """Draw the measures of one house.

    Measures that cannot slip without moving the end are dark, the others light; the table beside the chart
    says the same in words.

    Args:
        measures: ROADMAP of one house, as `tables.sort_measures` orders it.
        begin: the first quarter.
        quarters: how many quarters to draw.
        questionnaire: the titles and hand-overs.
        today: marked, where it falls within the plan.
    """
    figure = Figure()
    rows = _place_rows(measures)
    titles = [questionnaire.measure[key].title for key in measures["measure_id"]]
    figure.add_trace(
        Bar(
            y=list(rows.values()),
            x=measures["last"] - measures["first"] + 1 - _SHORT,
            base=measures["first"] + _SHORT / 2,
            orientation="h",
            marker={"color": [ACCENT if slack == 0 else _LIGHT for slack in measures["slack"]]},
            width=0.72,
            customdata=list(
                zip(
                    titles,
                    measures["actor"],
                    _span(measures, begin),
                    measures["why"],
                    measures["slack"],
                    strict=True,
                )
            ),
            hovertemplate=(
                "<b>%{customdata[0]}</b><br>%{customdata[1]}, %{customdata[2]}<br>"
                "%{customdata[3]}<br>speling: %{customdata[4]} kwartalen<extra></extra>"
            ),
        )
    )
    _add_actor_bands(figure, measures, rows, quarters)
    _add_hand_overs(figure, measures, rows, questionnaire)
    _add_time(figure, begin, quarters)
    _add_today(figure, begin, quarters, today)
    last_row = max(rows.values(), default=0)
    set_layout(figure, 64 + int(_ROW_HEIGHT * (last_row + 1)), left=400, top=48)
    figure.update_yaxes(
        tickvals=list(rows.values()),
        ticktext=[_clip(title) for title in titles],
        range=[last_row + 0.7, -1.2],
        tickfont={"size": 14},
    )
    return figure


def _place_rows(measures: pd.DataFrame) -> dict[str, float]:
    """A row per measure, with room for a heading above each actor."""
    rows: dict[str, float] = {}
    row, previous = 0.0, None
    for measure_id, actor in zip(measures["measure_id"], measures["actor"], strict=True):
        if actor != previous:
            row, previous = row + (1.4 if previous else 0.2), actor
        rows[measure_id] = row
        row += 1
    return rows


def _add_actor_bands(figure: Figure, measures: pd.DataFrame, rows: dict[str, float], quarters: int) -> None:
    """Name each actor above its first measure, with a thin line over the whole width."""
    for actor in dict.fromkeys(measures["actor"]):
        first = rows[measures.loc[measures["actor"] == actor, "measure_id"].iloc[0]]
        figure.add_shape(
            type="line", x0=0, x1=quarters, y0=first - 0.62, y1=first - 0.62, line={"color": LINE, "width": 1}
        )
        figure.add_annotation(
            x=0,
            y=first - 0.95,
            text=f"<b>{_capital(Actor(actor).dutch)}</b>",
            showarrow=False,
            xanchor="right",
            xshift=-8,
            font={"size": 14, "color": INK},
        )


def _add_hand_overs(
    figure: Figure, measures: pd.DataFrame, rows: dict[str, float], questionnaire: Questionnaire
) -> None:
    """Draw an arrow from "het huis neemt over" to "de politie stopt"."""
    placed = measures.set_index("measure_id")
    for measure_id in measures["measure_id"]:
        taking_over = questionnaire.measure[measure_id].lets_go_after
        if taking_over in rows:
            figure.add_annotation(
                x=placed["first"][measure_id] + 0.1,
                y=rows[measure_id],
                ax=placed["last"][taking_over] + 0.9,
                ay=rows[taking_over],
                xref="x",
                yref="y",
                axref="x",
                ayref="y",
                text="",
                arrowhead=2,
                arrowwidth=1.5,
                arrowcolor=INK_SOFT,
            )


def _add_time(figure: Figure, begin: Quarter, quarters: int) -> None:
    """Shade every other year, name the quarters, and mark the horizon where the plan runs past it."""
    names = [begin + quarter for quarter in range(quarters)]
    for quarter, name in enumerate(names):
        if name.year % 2 == begin.year % 2:
            figure.add_vrect(quarter, quarter + 1, fillcolor=PAPER_SOFT, line_width=0, layer="below")
    if quarters > HORIZON:
        figure.add_vline(HORIZON, line={"color": INK_SOFT, "dash": "dot", "width": 2})
        figure.add_annotation(
            x=HORIZON, y=-0.9, text="na drie jaar", showarrow=False, xanchor="left", font={"color": INK_SOFT}
        )
    figure.update_xaxes(
        range=[0, quarters],
        tickvals=[quarter + 0.5 for quarter in range(quarters)],
        ticktext=[f"K{name.number}<br>{name.year if name.number == 1 else ''}" for name in names],
        side="top",
    )


def _add_today(figure: Figure, begin: Quarter, quarters: int, today: date) -> None:
    month = (today.month - 1) % 3 + (today.day - 1) / 31
    place = (Quarter.of(today) - begin) + month / 3
    if 0 <= place <= quarters:
        figure.add_vline(place, line={"color": INK, "width": 1})
        figure.add_annotation(x=place, y=-0.9, text="vandaag", showarrow=False, xanchor="left")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _span(measures: pd.DataFrame, begin: Quarter) -> list[str]:
    spans = zip(measures["first"], measures["last"], strict=True)
    return [
        str(begin + first) if first == last else f"{begin + first} tot en met {begin + last}"
        for first, last in spans
    ]


def _clip(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
