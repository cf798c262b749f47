"""How sure the plan is: per subject the planned quarter, and a band from 50 % to 80 % probability."""

from collections.abc import Hashable, Mapping
from datetime import date

import pandas as pd

from assessment.figures.quarter_grid import Time, write_bar, write_grid, write_heads_again, write_row
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.tables.forecasts import name_subject, say_estimate

PLANNED = "■"
"""Stands in the quarter that the plan says."""


def write_estimates(
    estimates: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, today: date
) -> str:
    """Write the estimates of one house, or of all houses together.

    Args:
        estimates: ESTIMATES, one row per subject.
        begin: the quarter that is 0.
        questionnaire: the titles.
        today: marked, where it is near.
    """
    time = Time.of(begin, max(HORIZON, int(estimates["most"].max()) + 1), today)
    rows = "".join(_write_row(row, time, questionnaire) for row in estimates.to_dict("records"))
    label = "Schatting per onderwerp en kwartaal; zie de tabel."
    return write_grid(time, today, label, write_heads_again(time, today) + rows)


def _write_row(row: Mapping[Hashable, int], time: Time, questionnaire: Questionnaire) -> str:
    subject = name_subject(str(row["subject"]), questionnaire)
    planned, half, most = (int(row[name]) for name in ("planned", "half", "most"))
    band = write_bar(time.column(half), time.column(most + 1), "ks-band", "")
    mark = write_bar(time.column(planned), time.column(planned + 1), "ks-planned", PLANNED)
    said = say_estimate(planned, half, most, time.start + time.lead)
    return write_row(subject, band + mark, f"{subject}: {said}", look="ks-estimate")
