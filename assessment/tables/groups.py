"""Many houses together, for reading: a unit side by side and who waits for whom; the country."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from assessment.engine.comparison import Faces
from assessment.model.decisions import Progress
from assessment.model.frames import of_house
from assessment.model.plan import Quarter
from assessment.model.question import Option, Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Actor, Kind, Mark, Perspective, Phase, Verdict
from assessment.tables.forecasts import tell_when
from assessment.tables.formats import (
    NOTHING,
    describe_part,
    format_count,
    format_with_capital,
    join_words,
    name_actors,
)
from assessment.tables.scores import NO_PART, list_houses

_ACTORS = {actor.value: place for place, actor in enumerate(Actor)}


# Who of a unit are its police.
OF_THE_POLICE = (Actor.UNIT, Actor.DISTRICT, Actor.TEAM)


def find_ahead(roadmap: pd.DataFrame, quarter: int) -> pd.DataFrame:
    """The measures of ROADMAP that run in a quarter or come after it, and are not done."""
    open_ = _find_open(roadmap)
    return open_[open_["last"] >= quarter]


def _find_running(roadmap: pd.DataFrame, quarter: int) -> pd.DataFrame:
    """The measures of ROADMAP that run in a quarter and are not done."""
    ahead = find_ahead(roadmap, quarter)
    return ahead[ahead["first"] <= quarter]


def find_due_quarter(roadmap: pd.DataFrame, now: int) -> int:
    """The quarter of which somebody begins with the measures: now, or the first in which one is up."""
    open_ = _find_open(roadmap)
    return now if open_.empty else max(now, int(open_["first"].min()))


def find_due(roadmap: pd.DataFrame, quarter: int) -> pd.DataFrame:
    """The measures of ROADMAP that are to run by a quarter, and are not done."""
    open_ = _find_open(roadmap)
    return open_[open_["first"] <= quarter]


def _find_open(roadmap: pd.DataFrame) -> pd.DataFrame:
    return roadmap[roadmap["status"] != Progress.DONE.value]


def keep_police(roadmap: pd.DataFrame) -> pd.DataFrame:
    """The measures of ROADMAP for which the police of a unit is up."""
    return roadmap[roadmap["actor"].isin(OF_THE_POLICE)]


def list_up(
    roadmap: pd.DataFrame, quarter: int, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """The measures that run in a quarter, by actor and house: who is up for what, and until when."""
    running = _find_running(roadmap, quarter)
    placed = running.assign(place=running["actor"].map(_ACTORS)).sort_values("place", kind="stable")
    return pd.DataFrame(
        {
            "Aan zet": list(map(format_with_capital, name_actors(placed, register))),
            "Huis": [register.house[house_id].title for house_id in placed["house_id"]],
            "Maatregel": [questionnaire.measure[key].title for key in placed["measure_id"]],
            "Voor criterium": placed["criterion_id"],
            "Begin": [str(begin + int(first)) for first in placed["first"]],
            "Eind": [str(begin + int(last)) for last in placed["last"]],
        }
    )


def list_work(
    roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """Every measure of ROADMAP of several houses for reading, by who is up and then by quarter."""
    placed = roadmap.assign(
        place=roadmap["actor"].map(_ACTORS), who=name_actors(roadmap, register)
    ).sort_values(["place", "who", "first", "house_id", "measure_id"], kind="stable")
    return pd.DataFrame(
        {
            "Aan zet": list(map(format_with_capital, placed["who"])),
            "Huis": [register.house[house_id].title for house_id in placed["house_id"]],
            "Maatregel": [questionnaire.measure[key].title for key in placed["measure_id"]],
            "Voor criterium": [
                f"{key} {questionnaire.criterion[key].title}" for key in placed["criterion_id"]
            ],
            "Begin": [str(begin + int(first)) for first in placed["first"]],
            "Eind": [str(begin + int(last)) for last in placed["last"]],
            "Dagen": placed["days"].tolist(),
            "Status": [Progress(status).dutch for status in placed["status"]],
        }
    )


def list_houses_with_dates(
    totals: pd.DataFrame, estimates: pd.DataFrame, begin: Quarter, register: Register
) -> pd.DataFrame:
    """HOUSE_SCORES for reading, each with the quarter in which it likely and surely works by the kader."""
    whens = [
        tell_when(of_house(estimates, house_id), phase, begin)
        for house_id, phase in zip(totals["house_id"], totals["phase_low"], strict=True)
    ]
    likely, sure = ([each[place] for each in whens] for place in (0, 1))
    return list_houses(totals, register).assign(**{"Waarschijnlijk in": likely, "80 % zeker in": sure})


def count_waits(waits: pd.DataFrame) -> pd.DataFrame:
    """WAITS for reading: how often each actor (a row) waits for each other one (a column)."""
    counts = pd.crosstab(waits["actor"], waits["on_actor"])
    ordered = counts.reindex(index=_in_order(counts.index), columns=_in_order(counts.columns))
    shown = ordered.astype("str").replace("0", NOTHING)
    shown.insert(0, "Wie wacht, en hoe vaak op wie", [Actor(name).dutch for name in ordered.index])
    return shown.reset_index(drop=True)


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: _ACTORS.get(name, len(_ACTORS)))


def list_waits(
    waits: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """WAITS for reading, each by itself, in order of time."""
    titles = {key: measure.title for key, measure in questionnaire.measure.items()}
    return pd.DataFrame(
        {
            "Huis": [register.house[house_id].title for house_id in waits["house_id"]],
            "Wie wacht": name_actors(waits, register),
            "Om te beginnen met": [titles[key] for key in waits["measure_id"]],
            "Op wie": name_actors(waits, register, "on_actor"),
            "Tot klaar is": [titles[key] for key in waits["on_measure_id"]],
            "Tot en met": [str(begin + int(until)) for until in waits["until"]],
        }
    )


def describe_parties(roadmap: pd.DataFrame, quarter: int, begin: Quarter, register: Register) -> str:
    """Say in a title who is up in a quarter, or how many parties, from ROADMAP of one house or several.

    Each is counted by its name, as lanes have it: two districts are two.
    """
    return _describe_up(list_parties(roadmap, quarter, register), "", begin + quarter)


def describe_parties_of_unit(
    roadmap: pd.DataFrame, quarter: int, begin: Quarter, register: Register
) -> tuple[str, str]:
    """Say in a title how many of the police of a unit are up in a quarter, and beside its lanes who else is.

    Of a ROADMAP in which the police has nothing to do the title counts the others.
    """
    police, everyone = keep_police(roadmap), list_parties(roadmap, quarter, register)
    up = list_parties(police, quarter, register)
    others = [each for each in everyone if each not in up]
    when = begin + quarter
    title = _describe_up(everyone, "", when) if police.empty else _describe_up(up, " van de politie", when)
    return title, f"Buiten de politie in {when} aan zet: {join_words(others) or 'niemand'}."


def list_parties(roadmap: pd.DataFrame, quarter: int, register: Register) -> list[str]:
    """Who is up in a quarter, each by its name, in the order in which actors stand everywhere."""
    groups = (own for _, own in group_by_actor(_find_running(roadmap, quarter)))
    return [name for own in groups for name in sorted(set(name_actors(own, register)))]


def _describe_up(parties: Sequence[str], whose: str, quarter: Quarter) -> str:
    match len(parties):
        case 0:
            who = f"is niemand{whose}"
        case 1:
            who = f"is {Actor(parties[0]).dutch}"
        case number:
            who = f"zijn {format_count(number)} partijen{whose}"
    return f"in {quarter} {who} aan zet"


def find_now(begin: Quarter, today: date) -> int:
    """The quarter of a plan in which a day falls; before the plan begins, its first."""
    return max(0, Quarter.of(today) - begin)


def group_by_actor(roadmap: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """ROADMAP per actor, in the order in which actors stand everywhere."""
    return [(name, roadmap[roadmap["actor"] == name]) for name in _in_order(roadmap["actor"].unique())]


class Written(NamedTuple):
    """What one house wrote at an open question."""

    house_id: str
    question_id: str
    text: str


class Inventory(NamedTuple):
    """How the houses of a round work, as far as somebody may know: counted and listed, never scored.

    `counts` is HEADLINES of what may be told, of so many `houses`; `written` what may be read, `withheld` how
    many texts may not, None for who may not know that.
    """

    questionnaire: Questionnaire
    register: Register
    perspective: Perspective
    houses: int
    counts: pd.DataFrame
    written: tuple[Written, ...]
    withheld: int | None


# What the country wants to know beside the norms; what stands in none of these stands under its criterion.
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "Vormen van aanwezigheid": ("POS-2.3",),
    "Functies die aansluiten": ("POS-2.4", "POS-2.5", "POS-2.6", "POS-2.7"),
    "Competenties": ("POS-9.1", "POS-9.4"),
    "Lokale keuzes": ("INV-4.1", "INV-4.2"),
    "Vragen die leven": ("POS-6.4", "POS-6.5"),
}
_SUBJECT_OF = {key: subject for subject, keys in _SUBJECTS.items() for key in keys}
_COUNTED, _WRITTEN = ("Onderwerp", "Vraag", "Antwoord", "Huizen"), ("Onderwerp", "Vraag", "Huis", "Tekst")


def find_inventory_questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions of an inventory: those that are never scored, and those on competencies."""
    named = {each.question_id for each in questionnaire.unscored} | _SUBJECT_OF.keys()
    return tuple(each for each in questionnaire.questions if each.question_id in named)


def list_inventory(inventory: Inventory) -> pd.DataFrame:
    """How many houses gave each answer, for reading; answers that none gave are left out."""
    asked = inventory.questionnaire.question
    rows = [
        (
            *_name_subject(inventory, row["question_id"]),
            dict(asked[row["question_id"]].lettered)[row["option_id"]].text,
            str(row["houses"]),
        )
        for row in inventory.counts.to_dict("records")
        if row["houses"]
    ]
    return _sort_subjects(pd.DataFrame(rows, columns=list(_COUNTED), dtype="str"))


def gather_answers(counted: pd.DataFrame) -> pd.DataFrame:
    """The rows of `list_inventory` with one row per question, which tells all its answers."""
    told = counted["Antwoord"] + ": " + counted["Huizen"]
    gathered = told.groupby([counted["Onderwerp"], counted["Vraag"]], sort=False).agg(" · ".join)
    return gathered.rename("Hoeveel huizen").reset_index()


def _sort_subjects(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by subject, those that the country asks for first."""
    known = list(dict.fromkeys([*_SUBJECTS, *table["Onderwerp"]]))
    return table.sort_values("Onderwerp", key=lambda names: names.map(known.index), kind="stable")


def list_written(inventory: Inventory) -> pd.DataFrame:
    """What houses wrote, for reading, by question and then by unit and name."""
    titles = {key: house.title for key, house in inventory.register.house.items()}
    rows = [
        (*_name_subject(inventory, each.question_id), titles[each.house_id], each.text)
        for each in inventory.written
    ]
    return _sort_subjects(pd.DataFrame(rows, columns=list(_WRITTEN), dtype="str"))


def search_rows(table: pd.DataFrame, sought: str) -> pd.DataFrame:
    """The rows in which every word that is sought stands, in any column."""
    words = sought.casefold().split()
    rows = (" ".join(row).casefold() for row in table.itertuples(index=False))
    return table[[all(word in row for word in words) for row in rows]]


def _name_subject(inventory: Inventory, question_id: str) -> tuple[str, str]:
    question = inventory.questionnaire.question[question_id]
    criterion = inventory.questionnaire.criterion[question.criterion_id]
    of_criterion = "Open kwesties" if criterion.kind is Kind.OPEN_ISSUE else criterion.title
    return _SUBJECT_OF.get(question_id, of_criterion), question.text_as_told(inventory.perspective)


class Headline(NamedTuple):
    """One question that is counted over all houses, for reading.

    `counts` has for each answer its mark, with how many houses gave it; `verdict` tells how its criterion
    stands.
    """

    question: Question
    counts: tuple[tuple[Mark, str], ...]
    verdict: str


def list_headlines(
    headlines: pd.DataFrame, criteria: pd.DataFrame, questionnaire: Questionnaire
) -> list[Headline]:
    """HEADLINES for reading, with what the houses' criteria came to.

    Args:
        headlines: HEADLINES.
        criteria: CRITERION_SCORES of the same houses.
        questionnaire: gives the words of each answer.
    """
    listed = []
    for question in questionnaire.headlines:
        own = headlines[headlines["question_id"] == question.question_id]
        told = zip(question.options, own["houses"], strict=True)
        counts = tuple((option.mark, f"{houses} {_word(option)}") for option, houses in told)
        judged = criteria[criteria["criterion_id"] == question.criterion_id]
        listed.append(Headline(question, counts, describe_let_go(judged)))
    return listed


def _word(option: Option) -> str:
    """The words of an answer in a count; nobody's answer is unknown as well."""
    return Mark.UNKNOWN.dutch if option.mark is Mark.UNKNOWN else f"‘{option.text}’"


def count_there(totals: pd.DataFrame) -> int:
    """How many houses surely work by the kader, from HOUSE_SCORES."""
    return int((totals["phase_low"] == Phase.BY_FRAMEWORK.value).sum())


def describe_there(totals: pd.DataFrame) -> str:
    """Say how many houses surely work by the kader, from HOUSE_SCORES."""
    return f"{describe_part(count_there(totals), len(totals), 'huis', ('werkt', 'werken'))} volgens het kader"


def describe_country(faces: Faces, totals: pd.DataFrame) -> str:
    """Say in a title how much of one face there is, and how many houses are there.

    Args:
        faces: of the norms of the police.
        totals: HOUSE_SCORES of the houses that handed in.
    """
    houses = describe_there(totals)
    face = f"Eén gezicht op {describe_part(faces.one, faces.norms, 'norm')} van de politie; "
    return f"{face}{houses}" if faces.norms else format_with_capital(houses)


def describe_faces(faces: Faces) -> str:
    """Say of how many norms of the police all houses show one face; empty where none is asked."""
    if not faces.norms:
        return ""
    same = f"; bij {faces.same_gap} overal hetzelfde gat" if faces.same_gap else ""
    return f"Eén gezicht op {describe_part(faces.one, faces.norms, 'norm')} van de politie{same}"


def describe_let_go(scores: pd.DataFrame) -> str:
    """Say how many houses meet one criterion, from CRITERION_SCORES; those that agreed otherwise apart."""
    counts = scores["verdict"].value_counts()
    met, explained = (int(counts.get(verdict, 0)) for verdict in (Verdict.MEETS, Verdict.EXPLAINED))
    left_out = int(sum(counts.get(verdict, 0) for verdict in NO_PART))
    counted = describe_part(met, len(scores) - left_out, "huis", ("voldoet", "voldoen"))
    criterion_id = scores["criterion_id"].iloc[0]
    said = f"{format_with_capital(counted)} aan {criterion_id}"
    said += f", en {explained} bewust anders" if explained else ""
    return f"{said}; bij {left_out} niet van toepassing" if left_out else said
