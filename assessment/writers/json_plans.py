"""What the command line prints for machines about what may become of plans: stable JSON."""

from collections.abc import Hashable, Iterable

import pandas as pd

from assessment.model.decisions import FIELD_WORDS, Capacity
from assessment.model.frames import ALL_HOUSES, NEVER, NOTHING_LEFT
from assessment.model.plan import HORIZON, Quarter
from assessment.tables.plans import name_quarters
from assessment.tables.progress import Followed, FollowedMeasure, find_measures
from assessment.writers.json_results import dump

_NAMES = {NOTHING_LEFT: None, NEVER: "never"}


def write_forecast(estimates: pd.DataFrame, phases: pd.DataFrame, begin: Quarter) -> str:
    """Write how sure a plan is, and the houses per phase.

    Args:
        estimates: ESTIMATES; all houses together have no house_id.
        phases: PHASE_COUNTS; the quarters before the plan are left out.
        begin: the quarter that is 0.
    """
    named = estimates.assign(
        house_id=_null_for_all(estimates),
        **{name: [str(begin + int(q)) for q in estimates[name]] for name in ("planned", "half", "most")},
    )
    return dump(
        {
            "start": str(begin),
            "horizon": HORIZON,
            "estimates": named.to_dict("records"),
            "phases": name_quarters(phases[phases["quarter"] >= 0], begin).to_dict("records"),
        }
    )


def write_comparison(
    ends: pd.DataFrame, finishes: pd.DataFrame, late: tuple[int, int], begin: Quarter
) -> str:
    """Write two plans side by side; null where nothing is left to do, "never" where a measure is dropped.

    Args:
        ends: END_CHANGES; all houses together have no house_id.
        finishes: FINISH_CHANGES.
        late: how many hard norms are met after the horizon, in the present plan and in the one tried.
        begin: the quarter that is 0.
    """
    return dump(
        {
            "start": str(begin),
            "horizon": HORIZON,
            "late_hard_norms": {"present": late[0], "tried": late[1]},
            "ends": _name_both(ends.assign(house_id=_null_for_all(ends)), begin),
            "criteria": _name_both(finishes, begin),
        }
    )


def write_followed(followed: Followed) -> str:
    """Write the plan of a house: per measure what was adopted, what is planned now, and what came of it.

    Null where there is nothing: no plan was adopted, a measure is in no plan, a day is not known yet.
    """
    adopted = followed.baseline
    return dump(
        {
            "house_id": followed.house_id,
            "start": str(followed.begin),
            "horizon": HORIZON,
            "adopted": adopted and {"number": adopted.number, "moment": adopted.adopted.isoformat()},
            "measures": [_describe(each) for each in find_measures(followed)],
        }
    )


def _describe(each: FollowedMeasure) -> dict[str, object]:
    measure = each.followed.questionnaire.measure[each.line.measure_id]
    decided = each.line.model_dump(mode="json", include={"version", *FIELD_WORDS})
    return {
        "measure_id": measure.measure_id,
        "criterion_id": measure.measure_id.partition(".")[0],
        "actor": measure.actor.value,
        "status": each.line.progress.value,
        "adopted": _name_span(each.agreed.first, each.agreed.last) if each.agreed else None,
        "planned": _name_span(*each.quarters),
        **{name: None if value == "" else value for name, value in decided.items()},
        "notes": [*each.find_notes()],
    }


def _name_span(first: Quarter | None, last: Quarter | None) -> dict[str, str] | None:
    return None if first is None else {"first": str(first), "last": str(last)}


def write_capacities(capacities: Iterable[Capacity]) -> str:
    """Write how much actors carry at once, with the usual number beside it."""
    rows = [each.model_dump(mode="json") | {"usual": each.actor.capacity} for each in capacities]
    return dump({"capacities": rows})


def _name_both(rows: pd.DataFrame, begin: Quarter) -> list[dict[Hashable, object]]:
    """Name both quarters of each row, with the difference in quarters between them."""
    records = rows.to_dict("records")
    for record in records:
        present, tried = int(record["present"]), int(record["tried"])
        record["present"], record["tried"] = (
            _NAMES.get(quarter, str(begin + quarter)) for quarter in (present, tried)
        )
        record["difference"] = None if {present, tried} & {*_NAMES} else tried - present
    return records


def _null_for_all(rows: pd.DataFrame) -> pd.Series:
    return rows["house_id"].astype("object").where(rows["house_id"] != ALL_HOUSES, None)
