"""Two rounds side by side, and house beside police, for reading."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from assessment.engine.trend import Common
from assessment.model.answers import Answer, Difference
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register
from assessment.model.scale import Agreement, CarriesOver, Change, Verdict
from assessment.tables.formats import (
    NBSP,
    NOTHING,
    agree,
    format_counted,
    format_part,
    format_range,
    format_verdict,
    format_with_capital,
    join_words,
    round_middle,
)
from assessment.tables.versions import describe_with_note

BY_NOT_APPLICABLE = "stijging komt alleen door meer ‘niet van toepassing’"
_MOVED = {Change.UP, Change.DOWN, Change.BECAME_UNKNOWN, Change.BECAME_KNOWN}

# Points of a percentage that are nothing but the rounding of a computation.
_NOISE = 1e-6
_PARTS = {"house": "het huis", "questionnaire": "de vragenlijst", "rules": "de regels"}


def format_points(points: float) -> str:
    """Show a change in whole points of a percentage, with its sign."""
    if pd.isna(points):
        return NOTHING
    return f"{_format_signed(int(points))}{NBSP}{agree(abs(int(points)), 'punt', 'punten')}"


def _format_signed(points: int) -> str:
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{abs(points)}"


def round_parts(change: Mapping[Hashable, Any]) -> dict[str, float]:
    """Round a row of HOUSE_CHANGES to whole points, such that what is shown adds up.

    Returns:
        `whole`, by how much the percentages that are shown differ, and each part in points. What is too much
        or too little is put right at parts that changed, those that were rounded the furthest first. NaN
        where a part is not known.
    """
    exact = {name: change[name] * 100 for name in _PARTS}
    if any(map(pd.isna, [change["whole"], *exact.values()])):
        return dict.fromkeys(("whole", *_PARTS), float("nan"))
    was, now = (round_middle(change[f"{end}_low"], change[f"{end}_high"]) for end in ("before", "after"))
    points = {name: round(part) for name, part in exact.items()}
    changed = [name for name, part in exact.items() if abs(part) > _NOISE] or [*_PARTS]
    while left := now - was - sum(points.values()):
        step = 1 if left > 0 else -1
        furthest = max(changed, key=lambda name: step * (exact[name] - points[name]))
        points[furthest] += step
    return {"whole": now - was, **points}


def list_changes(changes: pd.DataFrame, register: Register) -> pd.DataFrame:
    """HOUSE_CHANGES for reading, by unit and name as they come."""
    ends = ("before", "after")
    was, now = (
        [format_range(*both) for both in zip(changes[f"{end}_low"], changes[f"{end}_high"], strict=True)]
        for end in ends
    )
    rounded = [round_parts(row) for row in changes.to_dict("records")]
    parts = {name: [format_points(row[name]) for row in rounded] for name in ("whole", *_PARTS)}
    return pd.DataFrame(
        {
            "Huis": [register.house[house_id].title for house_id in changes["house_id"]],
            "Was": was,
            "Nu": now,
            "Verschil": parts["whole"],
            "Door het huis": parts["house"],
            "Door de vragenlijst": parts["questionnaire"],
            "Door de regels": parts["rules"],
            "Let op": [BY_NOT_APPLICABLE if each else "" for each in changes["by_not_applicable"]],
        }
    )


def describe_parts(change: Mapping[Hashable, Any]) -> str:
    """Say what came of what, of a row of HOUSE_CHANGES: "+3 punten: +10 door het huis, −7 door de regels"."""
    was = f"Was {format_range(change['before_low'], change['before_high'])}"
    points = round_parts(change)
    moved = [(points[name], what) for name, what in _PARTS.items() if abs(points[name]) > 0]
    parts = [f"{_format_signed(int(part))} door {what}" for part, what in moved]
    told = f"{was}; verschil {format_points(points['whole'])}"
    return f"{told}: {', '.join(parts)}" if parts else told


_FEW = 4


class Move(NamedTuple):
    """What went from one verdict to another; `aside` says what it is now on all questions, if other."""

    before: Verdict
    after: Verdict
    what: str
    aside: str


def list_moves(criteria: pd.DataFrame, now: pd.DataFrame, questionnaire: Questionnaire) -> list[Move]:
    """The criteria of one house with another verdict, what weighs most first; as few as fit.

    Args:
        criteria: CRITERION_CHANGES of the house.
        now: CRITERION_SCORES of the house in the later round, on all that is asked.
        questionnaire: the titles and kinds.
    """
    verdict_of = _find_verdicts(now)
    judged = _find_judged_otherwise(criteria)
    weight = [-questionnaire.criterion[key].kind.plan_weight for key in judged["criterion_id"]]
    first = judged.assign(weight=weight).sort_values("weight", kind="stable").head(_FEW)
    return [
        Move(Verdict(before), Verdict(after), _title(key, questionnaire), _say_aside(after, verdict_of[key]))
        for key, before, after in first[["criterion_id", "before", "after"]].itertuples(index=False)
    ]


def _find_verdicts(now: pd.DataFrame) -> dict[str, str]:
    return dict(zip(now["criterion_id"], now["verdict"], strict=True))


def _say_aside(compared: str, on_all: str) -> str:
    return "" if compared == on_all else f"op alle vragen van nu: {Verdict(on_all).dutch}"


def describe_other_moves(criteria: pd.DataFrame) -> str:
    """Say how many more moved than `list_moves` shows; an empty text where it shows all."""
    others = len(_find_moved(criteria)) - min(_FEW, len(_find_judged_otherwise(criteria)))
    return f"En nog {format_counted(others, 'criterium')}, verderop." if others > 0 else ""


def _find_moved(criteria: pd.DataFrame) -> pd.DataFrame:
    return criteria[criteria["change"].isin(_MOVED)]


def _find_judged_otherwise(criteria: pd.DataFrame) -> pd.DataFrame:
    moved = _find_moved(criteria)
    return moved[moved["before"] != moved["after"]]


def describe_trend(change: Mapping[Hashable, Any], carried: int, asked: int) -> str:
    """Say what a row of HOUSE_CHANGES rests on, and warn where it rose only by more n.v.t."""
    warned = f"**Let op: {BY_NOT_APPLICABLE}.** " if change["by_not_applicable"] else ""
    return warned + describe_coverage(carried, asked)


def describe_coverage(carried: int, asked: int) -> str:
    """Say on how many questions a comparison rests."""
    return (
        f"Wat het huis zelf veranderde, rust op wat in beide rondes gelijk is gevraagd: "
        f"{format_part(carried, asked, 'vraag')} van nu. De rest van het verschil komt van de vragenlijst en "
        "de regels."
    )


def list_criterion_changes(
    criteria: pd.DataFrame, now: pd.DataFrame, questionnaire: Questionnaire
) -> pd.DataFrame:
    """CRITERION_CHANGES of one house for reading: only what moved, in the order of asking.

    Args:
        criteria: CRITERION_CHANGES of the house.
        now: CRITERION_SCORES of the house in the later round, on all that is asked.
        questionnaire: the titles.
    """
    moved, verdict_of = _find_moved(criteria), _find_verdicts(now)
    return pd.DataFrame(
        {
            "Criterium": [_title(key, questionnaire) for key in moved["criterion_id"]],
            "Was": [format_verdict(verdict) for verdict in moved["before"]],
            "Nu": [format_verdict(verdict) for verdict in moved["after"]],
            "Verandering": [Change(change).dutch for change in moved["change"]],
            "Op alle vragen van nu": [format_verdict(verdict_of[key]) for key in moved["criterion_id"]],
        }
    )


def count_criterion_changes(criteria: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """CRITERION_CHANGES of many houses for reading: how many went which way, per criterion."""
    counts = pd.crosstab(criteria["criterion_id"], criteria["change"]).reindex(
        index=list(dict.fromkeys(criteria["criterion_id"])), columns=list(Change), fill_value=0
    )
    return pd.DataFrame(
        {
            "Criterium": [_title(key, questionnaire) for key in counts.index],
            **{format_with_capital(change.dutch): counts[change].to_numpy() for change in Change},
        }
    )


def describe_changes(criteria: pd.DataFrame) -> str:
    """Say how many criteria went which way."""
    counts = criteria["change"].value_counts()
    told = ", ".join(f"{counts[each]} {each.dutch}" for each in Change if each in counts.index)
    return f"Per criterium: {told or 'niets te vergelijken'}."


def list_not_carried(common: Common) -> pd.DataFrame:
    """The questions that are not compared, with why."""
    return pd.DataFrame(
        {
            "Nr.": [question.question_id for question, _ in common.others],
            "Vraag": [question.text for question, _ in common.others],
            "Waarom niet": [fate.dutch for _, fate in common.others],
        }
    )


def describe_not_carried(common: Common) -> str:
    """Say how many questions are not compared, and why; those with options of now add up to what is asked."""
    of_now = [(question, fate) for question, fate in common.others if fate is not CarriesOver.GONE]
    fates = [fate for question, fate in of_now if not question.is_open]
    why = ", ".join(f"{fates.count(each)} {each.dutch}" for each in CarriesOver if each in fates)
    open_, gone = len(of_now) - len(fates), len(common.others) - len(of_now)
    told = {
        f"{format_counted(len(fates), 'vraag')} van nu ({why})": len(fates),
        f"{format_counted(open_, 'open vraag')} van nu": open_,
        f"{gone} {CarriesOver.GONE.dutch} {agree(gone, 'vraag', 'vragen')}": gone,
    }
    parts = [words for words, number in told.items() if number]
    return f"Niet te vergelijken: {join_words(parts)}" if parts else "Alle vragen zijn gelijk"


def list_agenda(criteria: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """AGENDA of one house for reading: what is not agreed on first, each in the order of asking."""
    order = [Agreement.DIFFER, Agreement.OPEN, Agreement.AGREE]
    places = criteria["agreement"].map(order.index)
    ordered = criteria.loc[places.sort_values(kind="stable").index]
    return pd.DataFrame(
        {
            "Criterium": [_title(key, questionnaire) for key in ordered["criterion_id"]],
            "Het huis": [format_verdict(verdict) for verdict in ordered["own"]],
            "De politie": [format_verdict(verdict) for verdict in ordered["theirs"]],
            "Samen": [Agreement(each).dutch for each in ordered["agreement"]],
        }
    )


def list_agenda_questions(differences: Iterable[Difference], questionnaire: Questionnaire) -> pd.DataFrame:
    """The questions at which house and police chose otherwise, with what both wrote beside it."""
    rows = []
    for each in differences:
        unanswered = Answer(question_id=each.key)
        rows.append(
            {
                "Nr.": each.key,
                "Vraag": questionnaire.question[each.key].text,
                "Het huis": describe_with_note(each.old or unanswered, questionnaire),
                "De politie": describe_with_note(each.new or unanswered, questionnaire),
            }
        )
    return pd.DataFrame(rows, columns=["Nr.", "Vraag", "Het huis", "De politie"])


def count_agreement(criteria: pd.DataFrame) -> dict[Agreement, int]:
    """How many criteria of AGENDA house and police agree on, differ on and cannot compare."""
    counts = criteria["agreement"].value_counts()
    return {each: int(counts.get(each, 0)) for each in Agreement}


def describe_agenda(criteria: pd.DataFrame, differences: Sequence[Difference]) -> str:
    """Say how much there is to talk about."""
    counts = count_agreement(criteria)
    told = ", ".join(f"{number} {each.dutch}" for each, number in counts.items())
    judged, otherwise = format_counted(len(criteria), "criterium"), format_counted(len(differences), "vraag")
    return f"Van {judged}: {told}. Bij {otherwise} is het antwoord anders."


def describe_differences(criteria: pd.DataFrame) -> str:
    """Say how much house and police have to talk about, in the words of a link."""
    number = count_agreement(criteria)[Agreement.DIFFER]
    return f"Verschillen tussen huis en politie: {format_counted(number, 'criterium')} om te bespreken"


def list_agendas(
    agendas: Iterable[tuple[House, pd.DataFrame, Sequence[Difference]]],
) -> pd.DataFrame:
    """How much each house has to talk about with its police: by unit and name, never by how much.

    Args:
        agendas: of each house its AGENDA, and the questions at which the answers differ.
    """
    rows = [
        {
            "Huis": house.title,
            **{f"Criteria {each.dutch}": number for each, number in count_agreement(criteria).items()},
            "Vragen anders": len(differences),
        }
        for house, criteria, differences in agendas
    ]
    return pd.DataFrame(rows)


def _title(criterion_id: str, questionnaire: Questionnaire) -> str:
    return f"{criterion_id} {questionnaire.criterion[criterion_id].title}"
