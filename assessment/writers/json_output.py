"""What the command line prints for machines: stable JSON, figures unrounded, null where nothing counts."""

import json
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from assessment.engine.totals import list_hard_norms
from assessment.model.answers import Submission
from assessment.model.decisions import FIELD_WORDS, Capacity
from assessment.model.draft import Content, Draft, DraftRow
from assessment.model.frames import ALL_HOUSES, NEVER, NOTHING_LEFT
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.rounds import Board, BoardLine, Progress, Version
from assessment.model.rules import write_moment
from assessment.model.scale import Rules
from assessment.tables.forecasts import When
from assessment.tables.plans import SETTLED_ALREADY, name_quarters
from assessment.tables.progress import Followed, FollowedMeasure, find_measures

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


def list_house_scores(
    questionnaire: Questionnaire,
    totals: pd.DataFrame,
    themes: pd.DataFrame | None,
    criteria: pd.DataFrame | None,
) -> list[dict[str, object]]:
    """What each of HOUSE_SCORES comes to, with its THEME_SCORES and CRITERION_SCORES where given."""
    parts: dict[str, dict[str, list[object]]] = {}
    if themes is not None:
        parts["themes"] = list_by_house(themes[["house_id", "theme_id", "low", "high"]])
    if criteria is not None:
        parts["criteria"] = list_by_house(criteria[["house_id", "criterion_id", "low", "high", "verdict"]])
    return [
        _describe_total(total, questionnaire.rules)
        | {name: rows[total["house_id"]] for name, rows in parts.items()}
        for total in totals.to_dict("records")
    ]


class PlanFrames(NamedTuple):
    """A plan as frames: ROADMAP (reasons in words), DROPPED, SETTLED, finishes, scores, ESTIMATES, STEPS."""

    measures: pd.DataFrame
    dropped: pd.DataFrame
    settled: pd.DataFrame
    finishes: pd.DataFrame
    conformity: pd.DataFrame
    estimates: pd.DataFrame
    steps: pd.DataFrame


def write_roadmap(plan: PlanFrames, begin: Quarter, status: Status) -> str:
    """Write a plan; a measure that was dropped or is settled has no quarters, and its reason as `why`.

    Quarters of measures and `finish` are as planned: if nothing goes wrong. `dates` tells of each criterion
    when it is likely there, and when with 80 % probability.

    Args:
        plan: the plan; quarters of its conformity before the plan begins are left out.
        begin: the quarter that is 0.
        status: whether the plan is the best, and how far from it at most.
    """
    named = name_quarters(plan.measures, begin)
    nowhere = {"first": None, "last": None, "slack": None}
    aside = [
        *plan.dropped.assign(status="dropped").to_dict("records"),
        *plan.settled.assign(status="settled", why=SETTLED_ALREADY).to_dict("records"),
    ]
    finished = name_quarters(plan.finishes, begin).rename(columns={"last": "finish"})
    projected = name_quarters(plan.conformity[plan.conformity["quarter"] >= 0], begin)
    return dump(
        {
            **status._asdict(),
            "start": str(begin),
            "horizon": HORIZON,
            "measures": [
                *named[_MEASURE_COLUMNS].to_dict("records"),
                *({name: (row | nowhere)[name] for name in _MEASURE_COLUMNS} for row in aside),
            ],
            "criteria": finished[["house_id", "criterion_id", "finish"]].to_dict("records"),
            "conformity": projected[["house_id", "quarter", "low", "high"]].to_dict("records"),
            "dates": _list_dates(plan.estimates, begin),
            "steps": plan.steps.to_dict("records"),
        }
    )


def describe_framework(questionnaire: Questionnaire) -> dict[str, str]:
    """Say which frameworks were asked, and in which version."""
    return {
        "id": questionnaire.questionnaire_id,
        "version": questionnaire.version,
        "sha256": questionnaire.sha256,
    }


def _describe_total(total: Mapping[Hashable, Any], rules: Rules) -> dict[str, object]:
    phases = (str(total["phase_low"]), str(total["phase_high"]))
    return {
        "house_id": total["house_id"],
        "conformity": {"low": total["low"], "high": total["high"]},
        "recommendations": {"low": total["recommendations_low"], "high": total["recommendations_high"]},
        "completeness": {"answered": total["answered"], "applicable": total["applicable"]},
        "hard_norms": list_hard_norms(total, rules),
        "phase": [phase for phase in dict.fromkeys(phases) if phase],
    }


def list_by_house(rows: pd.DataFrame) -> dict[str, list[object]]:
    """The rows of each house, by its id."""
    grouped: dict[str, list[object]] = {}
    for row in rows.to_dict("records"):
        grouped.setdefault(str(row.pop("house_id")), []).append(row)
    return grouped


def dump(result: object) -> str:
    """Write a result as one line of JSON; null where a figure is not there."""
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


_NAMES = {NOTHING_LEFT: None, NEVER: "never"}


def _list_dates(estimates: pd.DataFrame, begin: Quarter) -> list[dict[Hashable, object]]:
    """ESTIMATES with named quarters; all houses together have no house_id."""
    quarters = {name: [str(begin + int(q)) for q in estimates[name]] for name in When._fields}
    return estimates.assign(house_id=_null_for_all(estimates), **quarters).to_dict("records")


def write_forecast(
    estimates: pd.DataFrame, phases: pd.DataFrame, sure: pd.DataFrame, steps: pd.DataFrame, begin: Quarter
) -> str:
    """Write how sure a plan is, and the houses per phase; the quarters before the plan are left out.

    Args:
        estimates: ESTIMATES; all houses together have no house_id.
        phases: PHASE_COUNTS.
        sure: SURE_COUNTS.
        steps: STEPS.
        begin: the quarter that is 0.
    """
    return dump(
        {
            "start": str(begin),
            "horizon": HORIZON,
            "estimates": _list_dates(estimates, begin),
            "phases": name_quarters(phases[phases["quarter"] >= 0], begin).to_dict("records"),
            "by_framework_at_80": name_quarters(sure[sure["quarter"] >= 0], begin).to_dict("records"),
            "steps": steps.to_dict("records"),
        }
    )


def write_comparison(
    ends: pd.DataFrame, finishes: pd.DataFrame, late: tuple[int, int], room: pd.DataFrame, begin: Quarter
) -> str:
    """Write two plans side by side; null where nothing is left to do, "never" where a measure is dropped.

    Args:
        ends: END_CHANGES; all houses together have no house_id.
        finishes: FINISH_CHANGES.
        late: how many hard norms are met after the horizon, in the present plan and in the one tried.
        room: ROOM.
        begin: the quarter that is 0.
    """
    return dump(
        {
            "start": str(begin),
            "horizon": HORIZON,
            "late_hard_norms": {"present": late[0], "tried": late[1]},
            "ends": _name_both(ends.assign(house_id=_null_for_all(ends)), begin),
            "criteria": _name_both(finishes, begin),
            "makes_room": room.to_dict("records"),
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
            "adopted": adopted and {"number": adopted.number, "moment": write_moment(adopted.adopted)},
            "dates": _list_dates(followed.estimates, followed.begin),
            "steps": followed.steps.to_dict("records"),
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


def write_board(board: Board) -> str:
    """Write how far each house of a round is, by unit and name."""
    closed = None if board.closing is None else write_moment(board.closing.moment)
    facts = {
        "round_id": board.round.round_id,
        "closes": board.round.closes.isoformat(),
        "closed": closed,
        "questions": board.questions,
        "houses": [_write_line(line) for line in board.lines],
    }
    return json.dumps(facts, ensure_ascii=False)


def _write_line(line: BoardLine) -> dict[str, object]:
    return {
        "house_id": line.house.house_id,
        "unit_id": line.house.unit_id,
        "perspectives": {whose.value: _write_progress(each) for whose, each in line.asked.items()},
        "joint": None if line.joint is None else _write_progress(line.joint),
        "expected": list(line.expected),
    }


def _write_progress(progress: Progress) -> dict[str, object]:
    version = None if progress.version is None else progress.version.submission_id
    counted = {"answered": progress.answered, "draft": progress.concept}
    return {"state": progress.state.value, **counted, "submission_id": version}


def write_version(version: Version, submission: Submission, evidence: Mapping[str, date]) -> str:
    """Write what was handed in; of the evidence beside an answer since which day it is there, if any is.

    Args:
        version: how far it is.
        submission: the answers.
        evidence: by question since which day its evidence is there.
    """
    return dump(
        {
            "submission_id": submission.submission_id,
            "state": version.state.value,
            "handed_in": write_moment(submission.handed_in),
            "handed_in_as": submission.handed_in_as,
            "answers": [
                {**each._asdict(), "evidence_since": _write_day(evidence.get(each.question_id))}
                for each in submission.answers
            ],
            "deviations": [each.model_dump(mode="json") for each in submission.deviations],
        }
    )


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def write_draft(draft: Draft) -> str:
    """Write a draft."""
    facts = {
        "draft_id": draft.draft_id,
        **draft.whose._asdict(),
        "based_on": draft.based_on,
        "revision": draft.revision,
        "answers": _list_rows(draft.answers.values()),
        "deviations": _list_rows(draft.deviations.values()),
        "themes": _list_rows(draft.themes.values()),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, default=date.isoformat)


def _list_rows(rows: Iterable[DraftRow[Content]]) -> list[Mapping[str, object]]:
    return [
        {
            **row.content._asdict(),
            "version": row.version,
            "changed_by": row.changed_by,
            "changed": write_moment(row.changed),
        }
        for row in rows
    ]
