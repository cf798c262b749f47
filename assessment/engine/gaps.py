"""What is left to do: the criteria that are not settled, the measures they bring in, how far each has come.

Source: questionnaires/roadmap.md, section 1.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from assessment.model.frames import GAPS, UNKNOWNS, WORK
from assessment.model.questionnaire import Questionnaire
from assessment.model.rules import in_order
from assessment.model.scale import Kind, Rules

# A house and a criterion.
Key = tuple[str, str]

_KEY = ["house_id", "measure_id"]


def find_gaps(scores: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Find the criteria where something is left to do.

    A criterion whose answers leave it open is planned on its low end, and says so; where that end is above
    zero it has come halfway, as `partly` has.

    Args:
        scores: CRITERION_SCORES, any number of houses.
        rules: by which kinds ask for work.

    Returns:
        GAPS, in the order of the scores.
    """
    asking = [kind.value for kind in Kind if kind.asks_work(rules)]
    gaps = scores[~scores["settled"] & scores["kind"].isin(asking)]
    return GAPS.conform(
        gaps.drop(columns="settled").assign(
            halfway=gaps["low"] > 0, assumed=gaps["verdict"] == "undetermined"
        )
    )


def list_work(
    gaps: pd.DataFrame,
    scores: pd.DataFrame,
    questionnaire: Questionnaire,
    taken: Collection[Key] = (),
) -> pd.DataFrame:
    """List the measures that gaps bring into a plan, and where each of them stands.

    By rules 1 a measure stands where its criterion does; by rules 2 the questions that it settles decide, and
    a recommendation comes in only where the house took it in.

    Args:
        gaps: GAPS.
        scores: MEASURE_SCORES of the houses of the gaps.
        questionnaire: the measures, and the rules.
        taken: the house and criterion of each recommendation that was taken in.

    Returns:
        WORK, in the order of the gaps.
    """
    measures = pd.DataFrame(
        [(c.criterion_id, m.measure_id) for c in questionnaire.criteria for m in c.measures],
        columns=["criterion_id", "measure_id"],
    )
    chosen = gaps[np.array(_choose(gaps, questionnaire, taken), dtype=bool)]
    work = chosen.merge(measures, on="criterion_id", validate="many_to_many").assign(settled=False)
    if questionnaire.rules is Rules.TWO:
        standing = _judge_measures(scores, questionnaire)
        known = work.drop(columns=["settled", "halfway", "assumed"])
        work = known.merge(standing, on=_KEY, validate="one_to_one")
    return WORK.conform(work[list(WORK.columns)])


def find_questions(work: pd.DataFrame, unknown: pd.DataFrame) -> pd.DataFrame:
    """Find what to find out first: the unknown answers of criteria of which a measure hangs on these.

    Args:
        work: WORK.
        unknown: UNKNOWNS of the same houses.

    Returns:
        UNKNOWNS.
    """
    pair = ["house_id", "criterion_id"]
    hanging = work.loc[work["assumed"], pair].drop_duplicates()
    return UNKNOWNS.conform(unknown.merge(hanging, on=pair, validate="many_to_one"))


def _choose(gaps: pd.DataFrame, questionnaire: Questionnaire, taken: Collection[Key]) -> list[bool]:
    """Which gaps come into a plan: by rules 1 all of them, by rules 2 recommendations by choice only."""
    if questionnaire.rules is Rules.ONE:
        return [True] * len(gaps)
    chosen = find_taken(taken, questionnaire)
    optional = gaps["kind"] == Kind.RECOMMENDATION.value
    keys = zip(gaps["house_id"], gaps["criterion_id"], strict=True)
    return [not choice or key in chosen for choice, key in zip(optional, keys, strict=True)]


def find_taken(taken: Collection[Key], questionnaire: Questionnaire) -> frozenset[Key]:
    """The recommendations that were taken in, with those that they need, directly or by way of others."""
    found: set[Key] = set()
    coming = [key for key in taken if key[1] in questionnaire.criterion]
    while coming:
        house_id, criterion_id = coming.pop()
        criterion = questionnaire.criterion[criterion_id]
        if criterion.kind is Kind.RECOMMENDATION and (house_id, criterion_id) not in found:
            found.add((house_id, criterion_id))
            coming += [(house_id, need) for need in criterion.needs_first if need in questionnaire.criterion]
    return frozenset(found)


def _judge_measures(scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Where each measure stands by its own questions: house_id, measure_id, settled, halfway, assumed."""
    halvable = scores["measure_id"].map({key: each.halvable for key, each in questionnaire.measure.items()})
    judged = scores[_KEY].assign(
        halfway=(scores["low"] > 0) & halvable.astype("bool"), assumed=scores["high"] > scores["low"]
    )
    return judged.merge(_find_settled(scores, questionnaire), on=_KEY, validate="one_to_one")


def _find_settled(scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Which measures are no longer needed: house_id, measure_id, settled.

    A measure is needed while a question of its own is open; where none of them counts it follows those that
    it needs.
    """
    low = scores.pivot(index="house_id", columns="measure_id", values="low")  # noqa: PD010 - NaN stays
    place = {measure_id: place for place, measure_id in enumerate(low.columns)}
    needs = {key: measure.needs for key, measure in questionnaire.measure.items()}
    done, counts = low.to_numpy() == 1, low.notna().to_numpy()
    for measure_id in in_order(needs):
        follows = done[:, [place[need] for need in needs[measure_id]]].all(axis=1)
        done[:, place[measure_id]] |= ~counts[:, place[measure_id]] & follows
    settled = pd.DataFrame(done, index=low.index, columns=low.columns)
    return settled.melt(ignore_index=False, value_name="settled").reset_index()
