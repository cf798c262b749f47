"""Two plans side by side, for reading: what comes earlier, what later."""

from collections.abc import Collection, Iterable

import pandas as pd

from assessment.model.decisions import Capacity, PlanLine
from assessment.model.frames import ALL_HOUSES, NEVER, NOTHING_LEFT, Subject
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Actor, Kind
from assessment.tables.decisions import name_owner
from assessment.tables.formats import NOTHING, describe_part, format_counted, format_with_capital, join_words

_PLANNER = "de planner kiest"
_NAMES = {NOTHING_LEFT: "niets meer te doen", NEVER: "nooit: een maatregel vervalt"}


def describe_what_if(ends: pd.DataFrame, begin: Quarter) -> str:
    """Say in a title what happens to the end of the plan, and to the kader where that differs.

    Args:
        ends: END_CHANGES.
        begin: the quarter that is 0.
    """
    by_subject = ends[ends["house_id"] == ALL_HOUSES].set_index("subject")
    if by_subject.empty:
        return "Er is niets te doen, in geen van beide plannen"
    subject = next(each for each in (Subject.BY_FRAMEWORK, Subject.PLAN) if each in by_subject.index)
    present, tried = (int(by_subject[plan][subject]) for plan in ("present", "tried"))
    what = f"{subject.dutch.capitalize()}, als niets tegenzit"
    if present == tried:
        return f"{what}: dat blijft {_name(present, begin)}"
    then = f"{_name(tried, begin)} in plaats van {_name(present, begin)}"
    if _NAMES.keys() & {present, tried}:
        return f"{what}: {then}"
    return f"{what}: {_describe_difference(tried - present)}, {then}"


def describe_houses(ends: pd.DataFrame) -> str:
    """Say at how many houses the kader comes earlier in the plan that is tried, and at how many later.

    Args:
        ends: END_CHANGES of several houses.
    """
    own = ends[(ends["house_id"] != ALL_HOUSES) & (ends["subject"] == Subject.BY_FRAMEWORK.value)]
    earlier, later = (
        int(changed.sum()) for changed in (own["tried"] < own["present"], own["tried"] > own["present"])
    )
    counted = format_with_capital(describe_part(earlier, len(own), "huis", ("werkt", "werken")))
    told = f"{counted} dan eerder volgens het kader"
    return f"{told}, {later} later" if later else told


def describe_late(late: tuple[int, int]) -> str:
    """Say how many hard norms come after three years, in the present plan and in the one tried."""
    present, tried = late
    if present == tried == 0:
        return "Als niets tegenzit, komt in geen van beide plannen een harde norm na het derde jaar."
    return f"Harde normen die, als niets tegenzit, pas na drie jaar klaar zijn: nu {present}, dan {tried}."


def list_ends(ends: pd.DataFrame, begin: Quarter, register: Register) -> pd.DataFrame:
    """END_CHANGES for reading; with the houses where there is more than one."""
    several = ends["house_id"].nunique() > 2  # noqa: PLR2004 - all together is one of them
    shown = ends if several else ends[ends["house_id"] == ALL_HOUSES]
    titles = {house_id: _name_house(house_id, register) for house_id in shown["house_id"]}
    table = pd.DataFrame(
        {
            "Huis": [titles[house_id] for house_id in shown["house_id"]],
            "Wat": [Subject(subject).dutch.capitalize() for subject in shown["subject"]],
            **_list_both(shown, begin),
        }
    )
    return table if several else table.drop(columns="Huis")


def list_changes(
    finishes: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """FINISH_CHANGES for reading: only what changes, hard norms first."""
    changed = find_changed(finishes, questionnaire)
    criteria = [questionnaire.criterion[key] for key in changed["criterion_id"]]
    table = pd.DataFrame(
        {
            "Huis": [register.house[house_id].title for house_id in changed["house_id"]],
            "Criterium": [f"{criterion.criterion_id} {criterion.title}" for criterion in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            **_list_both(changed, begin),
        }
    )
    return table if len(set(finishes["house_id"])) > 1 else table.drop(columns="Huis")


def list_room(room: pd.DataFrame, questionnaire: Questionnaire, register: Register) -> pd.DataFrame:
    """ROOM for reading: which measure comes later at whom, and for what it makes room."""
    titles = questionnaire.measure
    return pd.DataFrame(
        {
            "Komt later": [
                f"{register.house[house_id].title}: {titles[key].title}"
                for house_id, key in zip(room["house_id"], room["measure_id"], strict=True)
            ],
            "Bij": [Actor(actor).dutch for actor in room["actor"]],
            "Maakt plaats voor": [
                f"{register.house[house_id].title}: {titles[key].title}"
                for house_id, key in zip(room["for_house_id"], room["for_measure_id"], strict=True)
            ],
        }
    )


def list_wanted(
    lines: Iterable[tuple[PlanLine, PlanLine]],
    capacities: Iterable[tuple[Capacity, Capacity]],
    questionnaire: Questionnaire,
    register: Register,
) -> pd.DataFrame:
    """What adopting a what-if changes, for reading: each capacity and measure, as it is and as it becomes."""
    rows = [
        (f"Capaciteit van {new.actor.dutch}", name_owner(new, register), f"{old.number}", f"{new.number}")
        for old, new in capacities
    ]
    titles = {key: f"{key} {measure.title}" for key, measure in questionnaire.measure.items()}
    rows += [
        (titles[new.measure_id], register.house[new.house_id].title, *_describe_both(old, new))
        for old, new in lines
    ]
    return pd.DataFrame(rows, columns=["Wat", "Voor", "Nu", "Straks"])


def find_starts(roadmap: pd.DataFrame, begin: Quarter) -> dict[str, Quarter]:
    """In which quarter each measure of a ROADMAP starts; of several houses the last, by which all can."""
    first = roadmap.groupby("measure_id")["first"].max()
    return {str(measure_id): begin + int(quarter) for measure_id, quarter in first.items()}


def describe_not_kept(national: Collection[str]) -> str:
    """Say that national actions are not kept, and why."""
    named = join_words([*national])
    return f"Een landelijke actie ({named}) wordt niet bewaard: die telt pas als huizen opnieuw antwoorden."


def find_changed(finishes: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """The rows of FINISH_CHANGES in which the plans differ, hard norms first."""
    changed = finishes[finishes["present"] != finishes["tried"]]
    softer = [questionnaire.criterion[key].kind is not Kind.HARD_NORM for key in changed["criterion_id"]]
    return changed.assign(softer=softer).sort_values("softer", kind="stable").drop(columns="softer")


def name_end(house_id: str, subject: str, register: Register) -> str:
    """Name what is reached: "Veiligheidshuis Veenrijk: alle harde normen"."""
    return f"{_name_house(house_id, register)}: {Subject(subject).dutch}"


def _describe_both(old: PlanLine, new: PlanLine) -> tuple[str, str]:
    """How far a measure has come where it is dropped, else when it is."""
    if new.dropped:
        return old.progress.dutch, new.progress.dutch
    now, then = (f"vastgezet op {line.pinned}" if line.pinned else _PLANNER for line in (old, new))
    return now, then


def _name_house(house_id: str, register: Register) -> str:
    return "alle huizen samen" if house_id == ALL_HOUSES else register.house[house_id].title


def _list_both(rows: pd.DataFrame, begin: Quarter) -> dict[str, list[str]]:
    return {
        "Plan nu": [_name(present, begin) for present in rows["present"]],
        "Plan dan": [_name(tried, begin) for tried in rows["tried"]],
        "Verschil": [
            NOTHING if {present, tried} & {*_NAMES} else _describe_difference(tried - present)
            for present, tried in zip(rows["present"], rows["tried"], strict=True)
        ],
    }


def _name(quarter: int, begin: Quarter) -> str:
    return _NAMES.get(int(quarter)) or str(begin + int(quarter))


def _describe_difference(quarters: int) -> str:
    if quarters == 0:
        return "gelijk"
    return f"{format_counted(abs(int(quarters)), 'kwartaal')} {'later' if quarters > 0 else 'eerder'}"
