"""What the command line prints for machines: stable JSON, figures unrounded, null where nothing counts."""

import json
from collections.abc import Hashable, Mapping
from typing import NamedTuple

import pandas as pd

from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.tables.plans import name_quarters

_MEASURE_COLUMNS = [
    "measure_id",
    "criterion_id",
    "house_id",
    "actor",
    "first",
    "last",
    "slack",
    "status",
    "why",
]


class Status(NamedTuple):
    """Whether a plan is the best there is, and how far from it at most."""

    status: str
    gap: float


def write_scores(
    questionnaire: Questionnaire, totals: pd.DataFrame, themes: pd.DataFrame, criteria: pd.DataFrame
) -> str:
    """Write the scores of houses.

    Args:
        questionnaire: what was asked.
        totals: HOUSE_SCORES.
        themes: THEME_SCORES.
        criteria: CRITERION_SCORES.
    """
    themes_of = _by_house(themes[["house_id", "theme_id", "low", "high"]])
    criteria_of = _by_house(criteria[["house_id", "criterion_id", "low", "high", "verdict"]])
    houses = [
        _house(total, themes_of[total["house_id"]], criteria_of[total["house_id"]])
        for total in totals.to_dict("records")
    ]
    return dump(
        {"framework": _framework(questionnaire), "rules": questionnaire.rules.value, "houses": houses}
    )


def write_groups(questionnaire: Questionnaire, groups: pd.DataFrame) -> str:
    """Write GROUPS."""
    return dump(
        {
            "framework": _framework(questionnaire),
            "rules": questionnaire.rules.value,
            "groups": groups.to_dict("records"),
        }
    )


class PlanFrames(NamedTuple):
    """A plan as frames: ROADMAP, DROPPED, the last quarter per criterion, and HOUSE_SCORES per `quarter`."""

    measures: pd.DataFrame
    dropped: pd.DataFrame
    finishes: pd.DataFrame
    conformity: pd.DataFrame


def write_roadmap(plan: PlanFrames, begin: Quarter, status: Status) -> str:
    """Write a plan; a measure that was dropped has no quarters, and its reason as `why`.

    Args:
        plan: the plan; quarters of its conformity before the plan begins are left out.
        begin: the quarter that is 0.
        status: whether the plan is the best, and how far from it at most.
    """
    named = name_quarters(plan.measures, begin)
    nowhere = {"first": None, "last": None, "slack": None, "status": "dropped"}
    dropped = [{**row, **nowhere} for row in plan.dropped.to_dict("records")]
    finished = name_quarters(plan.finishes, begin).rename(columns={"last": "finish"})
    projected = name_quarters(plan.conformity[plan.conformity["quarter"] >= 0], begin)
    return dump(
        {
            **status._asdict(),
            "start": str(begin),
            "horizon": HORIZON,
            "measures": [
                *named[_MEASURE_COLUMNS].to_dict("records"),
                *({name: row[name] for name in _MEASURE_COLUMNS} for row in dropped),
            ],
            "criteria": finished[["house_id", "criterion_id", "finish"]].to_dict("records"),
            "conformity": projected[["house_id", "quarter", "low", "high"]].to_dict("records"),
        }
    )


def _framework(questionnaire: Questionnaire) -> dict[str, str]:
    return {
        "id": questionnaire.questionnaire_id,
        "version": questionnaire.version,
        "sha256": questionnaire.sha256,
    }


def _house(
    total: Mapping[Hashable, object], themes: list[object], criteria: list[object]
) -> dict[str, object]:
    phases = (str(total["phase_low"]), str(total["phase_high"]))
    return {
        "house_id": total["house_id"],
        "conformity": {"low": total["low"], "high": total["high"]},
        "recommendations": {"low": total["recommendations_low"], "high": total["recommendations_high"]},
        "completeness": {"answered": total["answered"], "applicable": total["applicable"]},
        "hard_norms": {
            "met": total["hard_met"],
            "not_met": total["hard_not_met"],
            "undetermined": total["hard_undetermined"],
        },
        "phase": [phase for phase in dict.fromkeys(phases) if phase],
        "themes": themes,
        "criteria": criteria,
    }


def _by_house(rows: pd.DataFrame) -> dict[str, list[object]]:
    grouped: dict[str, list[object]] = {}
    for row in rows.to_dict("records"):
        grouped.setdefault(str(row.pop("house_id")), []).append(row)
    return grouped


def dump(result: object) -> str:
    """Write a result as one line of JSON."""
    return json.dumps(_null_for_nan(result), ensure_ascii=False, allow_nan=False)


def _null_for_nan(value: object) -> object:
    match value:
        case dict():
            return {key: _null_for_nan(member) for key, member in value.items()}
        case list():
            return [_null_for_nan(member) for member in value]
        case float() if value != value:  # noqa: PLR0124 - only NaN differs from itself
            return None
        case _:
            return value
