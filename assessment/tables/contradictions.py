"""What cannot go together in a plan, as Dutch lines with what to do."""

from collections.abc import Iterable

from assessment.engine.roadmap.contradictions import Contradiction, Wish
from assessment.engine.roadmap.hand_over import Hole, HoleKind
from assessment.model.decisions import Decisions
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.tables.capacity import join_words

_HOLES = {
    HoleKind.DROPPED: (
        "{stops} kan niet zonder {takes}: de politie stopt pas als een ander de taak heeft overgenomen. Laat "
        "{takes} in het plan, of laat ook {stops} vervallen."
    ),
    HoleKind.NOT_TAKEN: (
        "{stops} kan nog niet beginnen: de politie stopt pas als een ander de taak heeft overgenomen. Zet "
        "eerst {takes} op gereed."
    ),
    HoleKind.TOO_EARLY: (
        "{stops} kan niet zijn begonnen voordat {takes} gereed was: de politie stopt pas als een ander de "
        "taak heeft overgenomen. Verbeter een van beide datums."
    ),
}


def say_hole(hole: Hole, questionnaire: Questionnaire) -> str:
    """Say why a hand-over would leave a hole, and what to do."""
    names = {"stops": _name(hole.stops, questionnaire), "takes": _name(hole.takes, questionnaire)}
    return _HOLES[hole.kind].format(**names)


def say_contradiction(
    found: Contradiction, decisions: Decisions, questionnaire: Questionnaire, register: Register
) -> str:
    """Say which wishes contradict each other, why, and what to do; of several houses, which is whose."""
    house_ids = [wish.house_id for wish in found.wishes]
    several = len(set(house_ids)) > 1
    where = [f" bij {register.house[house_id].title}" if several else "" for house_id in house_ids]
    wishes = [_say_wish(wish, decisions, questionnaire) for wish in found.wishes]
    told = [f"{wish}{at}" for wish, at in zip(wishes, where, strict=True)]
    beginning = "Deze wens kan niet" if len(told) == 1 else "Deze wensen gaan niet samen"
    reasons = [*_say_why(found, questionnaire), _say_remedy(found)]
    return f"{beginning}: {join_words(told)}. {' '.join(reasons)}"


def _say_wish(wish: Wish, decisions: Decisions, questionnaire: Questionnaire) -> str:
    line = decisions.line[wish.house_id, wish.measure_id]
    name = _name(wish.measure_id, questionnaire)
    if wish.field == "pinned":
        return f"{name} vastgezet op {line.pinned}"
    return f"{name} met een duur van {line.quarters} kwartalen"


def _say_why(found: Contradiction, questionnaire: Questionnaire) -> Iterable[str]:
    """What the wishes run into: a hand-over, what is needed first, or the capacity."""
    pinned = [wish.measure_id for wish in found.wishes if wish.field == "pinned"]
    if found.by_capacity:
        yield "Samen vragen ze meer dan er tegelijk aan capaciteit is."
        return
    if any(questionnaire.measure[measure_id].lets_go_after for measure_id in pinned):
        yield "De politie stopt pas als een ander de taak heeft overgenomen."
    for (_, measure_id), quarter in found.earliest.items():
        yield f"{measure_id} kan op zijn vroegst in {quarter} beginnen: eerst moet ander werk klaar zijn."


def _say_remedy(found: Contradiction) -> str:
    if found.by_capacity:
        return "Kies voor een ervan een ander kwartaal, of verhoog de capaciteit."
    if len(found.wishes) == 1:
        return "Kies een later kwartaal, of laat deze wens los."
    return "Kies een ander kwartaal, of laat een van deze wensen los."


def _name(measure_id: str, questionnaire: Questionnaire) -> str:
    return f"{measure_id} ('{questionnaire.measure[measure_id].title}')"
