"""What steers a plan, for reading: the chain that decides its end, and what holds up what comes late."""

from collections.abc import Hashable, Mapping

import pandas as pd

from assessment.model.plan import HORIZON, Hold, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Actor, Kind
from assessment.tables.capacity import join_words


def say_chain(chain: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> str:
    """Say in one sentence what decides when the last hard norm is met.

    Args:
        chain: CHAIN, at least one row.
        begin: the quarter that is 0.
        questionnaire: the titles and kinds.
    """
    end = chain.iloc[-1]
    criterion = questionnaire.criterion[end["criterion_id"]]
    what = "laatste harde norm" if criterion.kind is Kind.HARD_NORM else "laatste maatregel"
    waits = int((chain["hold"] == Hold.CAPACITY.value).sum())
    waiting = f"; {waits} daarvan {'wacht' if waits == 1 else 'wachten'} op capaciteit" if waits else ""
    return (
        f"De {what} ({end['criterion_id']} {criterion.title}) is klaar in {begin + int(end['last'])}. "
        f"Dat hangt af van {_count(len(chain))} achter elkaar{waiting}."
    )


def list_chain(
    chain: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """CHAIN for reading, in order of time; with the house where there is more than one."""
    table = pd.DataFrame(
        {
            "Begin": [str(begin + int(quarter)) for quarter in chain["first"]],
            "Eind": [str(begin + int(quarter)) for quarter in chain["last"]],
            "Huis": [register.house[house_id].title for house_id in chain["house_id"]],
            "Aan zet": chain["actor"],
            "Maatregel": [questionnaire.measure[key].title for key in chain["measure_id"]],
            "Voor criterium": chain["criterion_id"],
            "Waarom dan": [_say_hold(row) for row in chain.to_dict("records")],
        }
    )
    return table if len(set(chain["house_id"])) > 1 else table.drop(columns="Huis")


def list_hold_ups(
    hold_ups: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
    register: Register,
    resources: pd.DataFrame,
) -> pd.DataFrame:
    """HOLD_UPS for reading, hard norms first: what comes after three years, and what holds it up.

    Args:
        hold_ups: HOLD_UPS.
        begin: the quarter that is 0.
        questionnaire: the titles and kinds.
        register: the titles of the houses.
        resources: RESOURCES of those houses.
    """
    keys = zip(resources["house_id"], resources["actor"], strict=True)
    capacity = dict(zip(keys, resources["capacity"], strict=True))
    criteria = [questionnaire.criterion[key] for key in hold_ups["criterion_id"]]
    table = pd.DataFrame(
        {
            "Huis": [register.house[house_id].title for house_id in hold_ups["house_id"]],
            "Criterium": [f"{criterion.criterion_id} {criterion.title}" for criterion in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            "Klaar in": [str(begin + int(last)) for last in hold_ups["last"]],
            "Wat houdt het op": [_say_hold_up(row, capacity) for row in hold_ups.to_dict("records")],
        }
    )
    softer = [criterion.kind is not Kind.HARD_NORM for criterion in criteria]
    return table.assign(softer=softer).sort_values("softer", kind="stable").drop(columns="softer")


def say_hold_ups(hold_ups: pd.DataFrame, questionnaire: Questionnaire) -> str:
    """Say how many criteria come after three years, and how many hard norms are among them."""
    kinds = [questionnaire.criterion[key].kind for key in hold_ups["criterion_id"]]
    hard = kinds.count(Kind.HARD_NORM)
    criteria = "1 criterium is" if len(kinds) == 1 else f"{len(kinds)} criteria zijn"
    norms = {0: "geen harde norm", 1: "1 harde norm"}.get(hard, f"{hard} harde normen")
    return f"{criteria} pas na drie jaar klaar, waaronder {norms}"


def _say_hold(row: Mapping[Hashable, object]) -> str:
    hold = Hold(str(row["hold"]))
    if hold is Hold.CAPACITY:
        return f"geen capaciteit bij {Actor(str(row['actor'])).dutch} tot de vorige klaar is"
    return hold.dutch


def _say_hold_up(row: Mapping[Hashable, object], capacity: Mapping[tuple[str, str], int]) -> str:
    actors = [Actor(name) for name in str(row["without_capacity"]).split(";") if name]
    if actors:
        own = {actor: capacity[str(row["house_id"]), actor.value] for actor in actors}
        names = [f"{actor.dutch} ({number} tegelijk)" for actor, number in own.items()]
        return f"te weinig capaciteit bij {join_words(names)}"
    if int(str(row["quarters"])) > HORIZON:
        return f"wat eerst moet, duurt samen al {row['quarters']} kwartalen"
    return "een maatregel die al vaststaat"


def _count(measures: int) -> str:
    return "1 maatregel" if measures == 1 else f"{measures} maatregelen"
