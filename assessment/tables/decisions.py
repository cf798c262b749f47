"""What people decided about plans, for reading: lines, proposals, capacities, and what cannot go together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from assessment.engine.roadmap.contradictions import Contradiction, Hole, HoleKind, Wish
from assessment.model.decisions import (
    FIELD_WORDS,
    MOST,
    SHARED_IN_UNIT,
    Capacity,
    Decisions,
    PlanLine,
    Resource,
)
from assessment.model.framework import Criterion
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.model.scale import Actor, Rules
from assessment.tables.formats import NOTHING, format_counted, format_day, format_with_capital, join_words


def describe_closed(decisions: Decisions, round_: Round) -> str:
    """Say that a plan is as it was when its round closed; nothing of a plan of today."""
    if decisions.closed is None:
        return ""
    day = format_day(decisions.closed.date())
    return (
        f"Zoals de plannen waren toen ronde {round_.title} sloot op {day}. "
        "Wat daarna is besloten, staat hier niet in."
    )


def format_value(value: object) -> str:
    """Show what was decided: a day in words, nothing as a dash."""
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return NOTHING if value in {None, ""} else str(value)


def list_changes(old: PlanLine, new: PlanLine, fields: Iterable[str] | None = None) -> pd.DataFrame:
    """What a line was and what it becomes, a row per field; without `fields` those that differ."""
    before, after = old.decided, new.decided
    chosen = new.differs_from(old) if fields is None else fields
    return pd.DataFrame(
        [
            {
                "Maatregel": new.measure_id,
                "Wat": FIELD_WORDS[field],
                "Was": format_value(before[field]),
                "Wordt": format_value(after[field]),
            }
            for field in chosen
        ],
        columns=["Maatregel", "Wat", "Was", "Wordt"],
    )


def list_both(stored: PlanLine, given: PlanLine, fields: Iterable[str]) -> pd.DataFrame:
    """What stands there now beside what somebody else wants to put there, a row per field."""
    both = list_changes(stored, given, fields)
    return both.rename(columns={"Was": "Staat er nu", "Wordt": "Wat u wilt"})


def describe_conflict(stored: PlanLine, given: PlanLine, fields: Iterable[str]) -> str:
    """Say in one line that somebody else changed a line meanwhile, with both values side by side."""
    both = list_both(stored, given, fields).to_dict("records")
    told = "; ".join(f"{row['Wat']}: nu '{row['Staat er nu']}', van u '{row['Wat u wilt']}'" for row in both)
    return (
        f"{stored.measure_id} is intussen door iemand anders gewijzigd (versie {stored.version}). {told}. "
        "Er is niets bewaard. Kijk wat er nu staat en kies opnieuw."
    )


def describe_unknown(measure_id: str, questionnaire: Questionnaire) -> str:
    """Say that there is no such measure, and where the numbers are."""
    return (
        f"Maatregel '{measure_id}' staat niet in {questionnaire.name}. Zie de nummers in het plan: "
        "kaderscan plan show."
    )


def list_choices(recommendations: Iterable[tuple[Criterion, bool, bool]]) -> pd.DataFrame:
    """Recommendations for reading: each with whether it was chosen, and whether it is in the plan."""
    rows = [
        (
            f"{criterion.criterion_id} {criterion.title}",
            "ja" if chosen else "ja, een andere heeft haar nodig" if taken else "nee",
        )
        for criterion, chosen, taken in recommendations
    ]
    return pd.DataFrame(rows, columns=["Aanbeveling", "In het plan"])


CONFLICT = "intussen gewijzigd"
_COLUMNS = ("Nr.", "Maatregel", "Wat", "Staat er nu", "In het bestand", "Let op")


def list_proposals(
    changes: Iterable[tuple[PlanLine, PlanLine]], conflicts: Mapping[str, bool], questionnaire: Questionnaire
) -> pd.DataFrame:
    """List every change that a file wants, a row per field.

    Args:
        changes: each line as it is stored, and as the file wants it.
        conflicts: whether somebody else changed the line since the file was made, by measure.
        questionnaire: gives the titles.
    """
    rows = [
        (
            *(row["Maatregel"], questionnaire.measure[row["Maatregel"]].title),
            *(row["Wat"], row["Was"], row["Wordt"]),
            CONFLICT if conflicts[row["Maatregel"]] else "",
        )
        for old, new in changes
        for row in list_changes(old, new).to_dict("records")
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def describe_capacity(capacity: Mapping[Actor, int]) -> str:
    """Say how many measures each actor carries at once, the largest number first.

    Args:
        capacity: how many measures at once, per actor.

    Returns:
        "Tegelijk lopen hoogstens zoveel maatregelen: 3 bij het Veiligheidshuis; 2 bij het OM en de partners."
    """
    actors: dict[int, list[str]] = {}
    for actor, number in sorted(capacity.items(), key=lambda pair: -pair[1]):
        actors.setdefault(number, []).append(actor.dutch)
    parts = [f"{number} bij {join_words(names)}" for number, names in actors.items()]
    return f"Tegelijk lopen hoogstens zoveel maatregelen: {'; '.join(parts)}."


def find_numbers(resources: pd.DataFrame) -> dict[Actor, list[int]]:
    """How many measures each actor carries at once: more than one number where that differs per house.

    Args:
        resources: RESOURCES.

    Returns:
        The different numbers, from few to many, of every actor there.
    """
    per_actor = resources.groupby("actor", sort=False)["capacity"]
    return {Actor(str(actor)): sorted(set(numbers.tolist())) for actor, numbers in per_actor}


def describe_sharing(actors: Sequence[Actor], rules: Rules) -> str:
    """Say of which actors all houses together have one capacity, and of which each its own."""
    apart = set() if rules is Rules.ONE else {Actor.DISTRICT}
    shared = [actor.dutch for actor in actors if actor in SHARED_IN_UNIT - apart]
    alone = "is er voor elk huis apart; de schuif geldt dan voor elk huis."
    if not shared:
        return f"Deze capaciteit {alone}"
    works = "werkt" if len(shared) == 1 else "werken"
    return (
        f"{format_with_capital(join_words(shared))} {works} voor alle huizen van een eenheid samen. De "
        f"capaciteit van de anderen {alone}"
    )


def describe_unfit(numbers: Iterable[tuple[Actor, int]]) -> str:
    """Say which capacities are too small or too large; nothing where none is."""
    wanted = list(numbers)
    small = [f"{actor.value}={number}" for actor, number in wanted if number < 1]
    large = [f"{actor.value}={number}" for actor, number in wanted if number > MOST]
    told = [("ten minste 1", small), (f"hoogstens {MOST}", large)]
    return "\n".join(f"Capaciteit moet {must} zijn: {', '.join(wrong)}." for must, wrong in told if wrong)


def list_capacities(capacities: Iterable[Capacity], register: Register) -> pd.DataFrame:
    """Capacities for reading: who, for whom, how many measures at once, and how many are usual."""
    rows = [
        (
            format_with_capital(each.actor.value),
            name_owner(each, register),
            each.number,
            each.actor.capacity,
            each.version,
        )
        for each in capacities
    ]
    return pd.DataFrame(rows, columns=["Wie", "Voor", "Tegelijk", "Gebruikelijk", "Versie"])


def list_capacity_changes(changes: Iterable[tuple[Capacity, Capacity]], register: Register) -> pd.DataFrame:
    """What capacities were and become, for reading."""
    rows = [
        (format_with_capital(new.actor.value), name_owner(new, register), old.number, new.number)
        for old, new in changes
    ]
    return pd.DataFrame(rows, columns=["Wie", "Voor", "Was", "Wordt"])


def name_owner(capacity: Capacity, register: Register) -> str:
    """For whom a capacity is: a house, or all houses of a unit or a district together."""
    return describe_owner(capacity.resource, register)


def describe_owner(resource: Resource, register: Register) -> str:
    """For whom a resource is: a house, or all houses of a unit or a district."""
    key = resource.owner_id
    shared = register.unit.get(key) or register.district.get(key)
    return f"alle huizen van {shared.title}" if shared else register.house[key].title


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


def describe_hole(hole: Hole, questionnaire: Questionnaire) -> str:
    """Say why a hand-over would leave a hole, and what to do."""
    names = {"stops": _name(hole.stops, questionnaire), "takes": _name(hole.takes, questionnaire)}
    return _HOLES[hole.kind].format(**names)


def describe_contradiction(
    found: Contradiction, decisions: Decisions, questionnaire: Questionnaire, register: Register
) -> str:
    """Say which wishes contradict each other, why, and what to do; of several houses, which is whose."""
    house_ids = [wish.house_id for wish in found.wishes]
    several = len(set(house_ids)) > 1
    where = [f" bij {register.house[house_id].title}" if several else "" for house_id in house_ids]
    wishes = [_describe_wish(wish, decisions, questionnaire) for wish in found.wishes]
    told = [f"{wish}{at}" for wish, at in zip(wishes, where, strict=True)]
    beginning = "Deze wens kan niet" if len(told) == 1 else "Deze wensen gaan niet samen"
    reasons = [*_describe_why(found, questionnaire), _describe_remedy(found)]
    return f"{beginning}: {join_words(told)}. {' '.join(reasons)}"


def _describe_wish(wish: Wish, decisions: Decisions, questionnaire: Questionnaire) -> str:
    line = decisions.line[wish.house_id, wish.measure_id]
    name = _name(wish.measure_id, questionnaire)
    if wish.field == "pinned":
        return f"{name} vastgezet op {line.pinned}"
    return f"{name} met een duur van {format_counted(line.quarters or 0, 'kwartaal')}"


def _describe_why(found: Contradiction, questionnaire: Questionnaire) -> Iterable[str]:
    """What the wishes run into: a hand-over, what is needed first, or the capacity."""
    pinned = [wish.measure_id for wish in found.wishes if wish.field == "pinned"]
    if found.by_capacity:
        yield "Samen vragen ze meer dan er tegelijk aan capaciteit is."
        return
    if any(questionnaire.measure[measure_id].lets_go_after for measure_id in pinned):
        yield "De politie stopt pas als een ander de taak heeft overgenomen."
    for (_, measure_id), quarter in found.earliest.items():
        yield f"{measure_id} kan op zijn vroegst in {quarter} beginnen: eerst moet ander werk klaar zijn."


def _describe_remedy(found: Contradiction) -> str:
    if found.by_capacity:
        return "Kies voor een ervan een ander kwartaal, of verhoog de capaciteit."
    if len(found.wishes) == 1:
        return "Kies een later kwartaal, of laat deze wens los."
    return "Kies een ander kwartaal, of laat een van deze wensen los."


def _name(measure_id: str, questionnaire: Questionnaire) -> str:
    return f"{measure_id} ('{questionnaire.measure[measure_id].title}')"
