"""Use cases: a steering group adopts a plan; what was adopted before; a plan beside what was adopted last."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.decisions import AdoptedMeasure, Baseline, PlanLine, Progress
from assessment.model.sheets import FORMAT, PlanIdentity
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.lookup import find_house
from assessment.service.plans.decisions import refuse_changed
from assessment.service.plans.planning import Roadmap, of_house
from assessment.service.round_scores import RoundScores
from assessment.store.audit import append_changes
from assessment.store.plans import add_baseline, count_baselines, load_lines
from assessment.tables.plans import write_reasons
from assessment.tables.progress import Followed

_AGAIN = "Er is niets vastgesteld: bekijk het plan opnieuw en stel het dan vast."


def adopt_plan(
    installation: Installation, roadmap: Roadmap, house_ids: Collection[str], now: datetime
) -> tuple[Baseline, ...]:
    """Freeze the plans of houses as they stand in a roadmap: later views show what became of them.

    Args:
        installation: where to keep them.
        roadmap: what the steering group has seen.
        house_ids: whose plans in it.
        now: the moment of adopting.

    Raises:
        NotAllowedError: the visitor may not adopt the plan of a house.
        ConflictError: somebody changed the plan or handed in anew since the roadmap was made.
    """
    scores = roadmap.scores
    for house_id in house_ids:
        house = find_house(scores.register, scores.round, house_id)
        require(installation, Task.PLAN, house)
    with installation.store.writing() as session:
        baselines = tuple(_freeze(session, roadmap, house_id, now) for house_id in house_ids)
        for baseline in baselines:
            add_baseline(session, baseline)
        append_changes(session, Signature(installation.who, now), [_audit(each) for each in baselines])
    return baselines


def _freeze(session: Session, roadmap: Roadmap, house_id: str, now: datetime) -> Baseline:
    scores = roadmap.scores
    lines = load_lines(session, [house_id])
    refuse_changed(session, roadmap, [house_id], _AGAIN)
    return Baseline(
        house_id=house_id,
        number=count_baselines(session, house_id) + 1,
        adopted=now,
        submission_id=scores.submissions[house_id],
        frameworks=scores.round.frameworks,
        sha256=scores.questionnaire.sha256,
        begin=roadmap.begin,
        measures=tuple(_list_measures(roadmap, house_id, {line.measure_id: line for line in lines})),
    )


def _list_measures(
    roadmap: Roadmap, house_id: str, lines: Mapping[str, PlanLine]
) -> Iterator[AdoptedMeasure]:
    told = write_reasons(roadmap.measures, roadmap.begin, roadmap.scores.questionnaire)
    for row in _list_of_house(told, house_id):
        line = lines.get(row["measure_id"])
        yield AdoptedMeasure(
            **{name: row[name] for name in ("measure_id", "criterion_id", "actor", "why")},
            first=roadmap.begin + row["first"],
            last=roadmap.begin + row["last"],
            status=Progress(row["status"]),
            owner=line.owner if line else "",
        )
    for row in _list_of_house(roadmap.dropped, house_id):
        yield AdoptedMeasure(
            **{name: row[name] for name in ("measure_id", "criterion_id", "actor")},
            first=None,
            last=None,
            status=Progress.DROPPED,
            owner=lines[row["measure_id"]].owner,
            why=lines[row["measure_id"]].dropped,
        )


def _list_of_house(rows: pd.DataFrame, house_id: str) -> list[dict[Hashable, Any]]:
    return of_house(rows, house_id).to_dict("records")


def _audit(baseline: Baseline) -> Change:
    """Tell what was adopted: measures with their quarters, and nothing that was written freely."""
    measures: dict[str, Json] = {
        each.measure_id: [str(each.first or ""), str(each.last or ""), each.status.value]
        for each in baseline.measures
    }
    facts = baseline.model_dump(mode="json", include={"submission_id", "frameworks", "sha256", "begin"})
    return Change(
        action=Action.PLAN_ADOPTED, subject=baseline.baseline_id, new={**facts, "measures": measures}
    )


def identify_plan(session: Session, scores: RoundScores, house_id: str) -> PlanIdentity:
    """What the plan of a house says of itself, so that it can be read back without asking."""
    return PlanIdentity(
        format=FORMAT,
        house_id=house_id,
        round_id=scores.round.round_id,
        perspective=scores.perspective.value,
        frameworks=" ".join(scores.round.frameworks),
        sha256=scores.questionnaire.sha256,
        baseline=str(count_baselines(session, house_id)),
    )


def follow_plan(roadmap: Roadmap, house_id: str, baseline: Baseline | None, answered: date) -> Followed:
    """Put the plan of a house beside the plan that it adopted last, if any.

    Args:
        roadmap: the plan as it is now.
        house_id: of which of its houses.
        baseline: what the house adopted last.
        answered: the day of the answers that the plan rests on.
    """
    return Followed(
        house_id=house_id,
        measures=of_house(roadmap.measures, house_id),
        dropped=of_house(roadmap.dropped, house_id),
        settled=of_house(roadmap.settled, house_id),
        estimates=of_house(roadmap.estimates, house_id),
        steps=of_house(roadmap.steps, house_id),
        begin=roadmap.begin,
        decisions=roadmap.decisions.of_houses([house_id]),
        baseline=baseline,
        answered=answered,
        questionnaire=roadmap.scores.questionnaire,
    )
