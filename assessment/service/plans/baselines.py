"""Use cases: a steering group adopts a plan, which is followed then; on which decisions plans rest.

Source: questionnaires/roadmap.md, sections 4 and 5.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from assessment.errors import ConflictError, PlanError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.decisions import (
    NOTHING_DECIDED,
    AdoptedMeasure,
    Baseline,
    Decisions,
    PlanLine,
    Progress,
    find_resource,
)
from assessment.model.frames import of_house
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Perspective
from assessment.model.sheets import FORMAT, PlanIdentity
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.lookup import find_house
from assessment.service.plans.capacities import find_capacity
from assessment.service.plans.planning import Roadmap
from assessment.service.round_scores import RoundScores, keep_houses
from assessment.store.audit import append_changes
from assessment.store.plans import (
    add_baseline,
    count_baselines,
    load_agreed,
    load_capacities,
    load_kept_decisions,
    load_lines,
    put_shown,
)
from assessment.store.register import load_closings
from assessment.store.submissions import load_newest
from assessment.tables.plans import write_reasons
from assessment.tables.progress import Followed

_AGAIN = "Er is niets vastgesteld: bekijk het plan opnieuw en stel het dan vast."


def load_decisions(session: Session, house_ids: Collection[str], today: date) -> Decisions:
    """What is stored about the plans of houses, with what each agreed on last."""
    return Decisions(
        lines=load_lines(session, house_ids),
        capacities=load_capacities(session, house_ids),
        agreed=load_agreed(session, house_ids),
        now=Quarter.of(today),
    )


def load_decisions_of(session: Session, scores: RoundScores, today: date) -> Decisions:
    """What the plans of houses in a round rest on.

    A house goes on with its plan after the round closed: that rests on what is stored now. Once any of these
    houses handed in for a later round it rests for ever on what was decided until the round closed.
    """
    closing = load_closings(session).get(scores.round.round_id)
    if closing is None or _find_later(session, scores) is None:
        return load_decisions(session, scores.grid.house_ids, today)
    kept = _load_at_closing(session, scores, closing.moment)
    stored = Decisions(load_lines(session, scores.grid.house_ids)).line
    return kept.with_lines(
        line.with_texts_of(stored[key]) for key, line in kept.line.items() if key in stored
    )


def load_decisions_together(session: Session, scores: RoundScores, today: date) -> Decisions:
    """What all houses of a round are told together on, without notes: of a closed round as it was then."""
    closing = load_closings(session).get(scores.round.round_id)
    if closing is not None:
        return _load_at_closing(session, scores, closing.moment)
    return load_decisions(session, scores.grid.house_ids, today).without_notes()


def refuse_past(session: Session, scores: RoundScores) -> None:
    """Refuse to change a plan that rests on what was decided when its round closed.

    Raises:
        PlanError: it does.
    """
    later = _find_later(session, scores)
    if later is not None and scores.round.round_id in load_closings(session):
        raise PlanError(
            f"Een plan in ronde {scores.round.title} verandert niet meer: er is daarna ingeleverd voor ronde "
            f"{later.title}. Wijzig het plan in die ronde. Er is niets bewaard."
        )


def _load_at_closing(session: Session, scores: RoundScores, closed: datetime) -> Decisions:
    """What was decided until a round closed, without texts; nothing, where that was not kept."""
    kept = load_kept_decisions(session, scores.round.round_id)
    decided = kept.decisions if kept else NOTHING_DECIDED
    return replace(decided.of_houses(scores.grid.house_ids), closed=closed)


def _find_later(session: Session, scores: RoundScores) -> Round | None:
    """The newest later round for which any of these houses handed in, if any."""
    house_ids = set(scores.grid.house_ids)
    later = [each for each in scores.register.rounds if each.opens > scores.round.opens]
    followed = [
        each
        for each in later
        if not house_ids.isdisjoint(load_newest(session, each.round_id, Perspective.RECORD))
    ]
    return max(followed, key=lambda each: each.opens, default=None)


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
        PlanError: the plan is of a round after which was handed in, so that it changes no more.
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
        put_shown(session, house_ids, ())
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


def refuse_changed(session: Session, seen: Roadmap, house_ids: Collection[str], otherwise: str) -> None:
    """Refuse to go on with a plan that is no longer what it was when somebody looked at it.

    Args:
        session: in which to look.
        seen: the plan that was looked at.
        house_ids: which of its houses matter.
        otherwise: what is so where it changed, and what to do then.

    Raises:
        PlanError: it is of a round after which was handed in, so that it changes no more.
        ConflictError: somebody decided something or handed in anew since.
    """
    scores = seen.scores
    refuse_past(session, keep_houses(scores, house_ids))
    newest = load_newest(session, scores.round.round_id, scores.perspective)
    for house_id in house_ids:
        house = scores.register.house[house_id]
        stored = Decisions(load_lines(session, [house_id]), load_capacities(session, [house_id]))
        asked = scores.questionnaire
        same = _list_versions(stored, house, asked) == _list_versions(seen.decisions, house, asked)
        if not same or newest.get(house_id) != scores.submissions[house_id]:
            raise ConflictError(
                f"Het plan van {house.title} of de antwoorden zijn intussen gewijzigd. {otherwise}"
            )


def _list_versions(decisions: Decisions, house: House, asked: Questionnaire) -> dict[str, int]:
    """The version of everything that was decided about a house, by what it is about."""
    resources = (find_resource(actor, house, asked.rules) for actor in asked.actors)
    lines = decisions.of_houses([house.house_id]).lines
    return {str(each): find_capacity(decisions, each).version for each in resources} | {
        line.measure_id: line.version for line in lines
    }


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
