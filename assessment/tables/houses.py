"""What the first screen of a house says: its actions, its hard norms, its counts in words."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from assessment.model.answers import Deviation, Submission
from assessment.model.document import Answer
from assessment.model.plan import Quarter, Step
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Perspective, Phase, Rules, Verdict
from assessment.tables.forecasts import NO_DATE, When, find_when
from assessment.tables.formats import (
    NOTHING,
    agree,
    describe_part,
    format_count,
    format_counted,
    format_day,
    format_part,
    format_phase,
    format_verdict,
    format_width,
    format_with_capital,
    join_words,
    split_range,
)
from assessment.tables.progress import list_steps

# So many actions fit above the fold of a page; at most so many of them are to find out or to judge again.
ACTIONS, _STEPS = 4, 2
_NOW = "kan meteen"
UNTIL = "Klaar, als niets tegenzit"
"""The heading above the quarter in which an action is done."""
# How long before an agreement ends it is told, and from when evidence is old.
_NOTICE, _OLD = timedelta(days=60), timedelta(days=365)
_WHO_FILLS_IN = {
    Perspective.HOUSE: "Veiligheidshuis",
    Perspective.POLICE: "Politie",
    Perspective.PARTNERS: "Partners",
    Perspective.JOINT: "Veiligheidshuis en politie",
}
_ASKED_OF_WHO_FILLS_IN = (Step.FIND_OUT.value, Step.JUDGE_AGAIN.value)
_PLACES = {verdict: place for place, verdict in enumerate(Verdict)}
_COUNTED = {
    Verdict.MEETS: ("voldoet", "voldoen"),
    Verdict.EXPLAINED: ("bewust anders", "bewust anders"),
    Verdict.PARTLY: ("deels", "deels"),
    Verdict.NOT_YET: ("nog niet", "nog niet"),
    Verdict.UNDETERMINED: ("onbepaald", "onbepaald"),
    Verdict.NOT_APPLICABLE: ("niet van toepassing", "niet van toepassing"),
}

_AVERAGED = {
    Rules.ONE: "de harde normen, de kernnormen en de ruimte",
    Rules.TWO: "de harde normen en de kernnormen; wat een huis vrij mag kiezen, telt nooit mee",
}


def keep_hard_norms(criteria: pd.DataFrame) -> pd.DataFrame:
    """CRITERION_SCORES of the hard norms alone."""
    return criteria[criteria["kind"] == Kind.HARD_NORM.value]


def describe_counted(rules: Rules) -> str:
    """Say of what the conformity of a house is the average."""
    return _AVERAGED[rules]


def describe_conformity(total: Mapping[Hashable, Any], unsure: int) -> Answer:
    """How far a house is, from a row of HOUSE_SCORES; `unsure` counts the answers "weet ik niet"."""
    middle, ends = split_range(total["low"], total["high"])
    phase = format_phase(total["phase_low"], total["phase_high"])
    low, high = (None, None) if pd.isna(total["low"]) else (total["low"], total["high"])
    answered = describe_answered(total, unsure)
    beside = "" if phase in {Phase.BY_FRAMEWORK.dutch, NOTHING} else f" · {phase}"
    middle = "geen cijfer" if middle == NOTHING else middle
    return Answer(f"Volgens het kader{beside}", middle, ends, answered, low=low, high=high)


def describe_hard_norms(hard: pd.DataFrame) -> Answer:
    """How many hard norms a house meets, from CRITERION_SCORES of its hard norms."""
    if hard.empty:
        return Answer("Harde normen", "geen", note="er is geen harde norm gevraagd")
    count, others = count_verdicts(hard["verdict"])
    verdicts = sorted(map(Verdict, hard["verdict"]), key=_PLACES.__getitem__)
    return Answer(format_counted(len(hard), "harde norm"), count, others, verdicts=tuple(verdicts))


def describe_reached(when: When | None, phase: str, together: int) -> Answer:
    """When a house works by the kader, or why no quarter can be told.

    Args:
        when: as its plan has it.
        phase: the lowest that it may be in now; empty where no norm is asked.
        together: how many houses were planned with the capacity that they share.
    """
    if when is not None:
        planned = "gepland zonder andere huizen" if together == 1 else f"met {together} huizen samen gepland"
        return Answer(
            "Waarschijnlijk volgens het kader in",
            str(when.likely),
            f"80 % zeker in {when.at_80}",
            f"als niets tegenzit in {when.if_nothing_goes_wrong}; {planned}",
        )
    if phase == Phase.BY_FRAMEWORK:
        return Answer("Werkt volgens het kader", "nu al")
    why = "in het plan verviel een maatregel die daarvoor nodig is" if phase else "er is geen norm gevraagd"
    return Answer("Volgens het kader", NO_DATE, note=why)


def describe_house(total: Mapping[Hashable, Any], hard: pd.DataFrame) -> str:
    """Say in a title how many hard norms a house surely meets, or its phase where none is asked of it.

    Args:
        total: a row of HOUSE_SCORES.
        hard: CRITERION_SCORES of its hard norms.
    """
    applies = hard[hard["verdict"] != Verdict.NOT_APPLICABLE.value]
    if applies.empty or total["phase_low"] == Phase.BY_FRAMEWORK.value:
        return format_phase(total["phase_low"], total["phase_high"])
    met = int((applies["verdict"] == Verdict.MEETS.value).sum())
    return describe_part(met, len(applies), "harde norm", ("voldoet", "voldoen"))


def describe_answered(total: Mapping[Hashable, Any], unsure: int) -> str:
    """Say how many questions were answered, and what keeps the range wide, from a row of HOUSE_SCORES.

    Args:
        total: the row.
        unsure: how many of the answers are "weet ik niet".
    """
    answered, applicable = total["answered"], total["applicable"]
    missing = applicable - answered
    counted = format_part(answered, applicable, "vraag")
    if not missing:
        counted = f"{'alle ' * (applicable > 1)}{format_counted(applicable, 'vraag')}"
    told = f"{counted} die hier {agree(applicable, 'geldt', 'gelden')} beantwoord"
    if unsure:
        return f"{told}, waarvan {unsure} met ‘weet ik niet’"
    others = agree(missing, "de andere", f"de {missing} andere")
    return f"{told}; met {others} wordt dit zekerder" if missing else told


def list_cells(criteria: pd.DataFrame, questionnaire: Questionnaire) -> list[tuple[Verdict, str]]:
    """The verdicts of CRITERION_SCORES of one house with what each is of, those that are met first."""
    titles = (questionnaire.criterion[key].title for key in criteria["criterion_id"])
    return sorted(
        zip(map(Verdict, criteria["verdict"]), titles, strict=True), key=lambda cell: _PLACES[cell[0]]
    )


def count_verdicts(verdicts: pd.Series) -> tuple[str, str]:
    """Count verdicts by the words of their signs: "5" and "voldoen, 3 deels, 1 onbepaald"; they add up."""
    counts = {Verdict(str(name)): int(number) for name, number in verdicts.value_counts().items()}
    met = counts.pop(Verdict.MEETS, 0)
    told = [_COUNTED[Verdict.MEETS][met != 1]]
    told += [f"{counts[each]} {_COUNTED[each][counts[each] != 1]}" for each in _COUNTED if each in counts]
    return str(met), ", ".join(told)


def find_up(roadmap: pd.DataFrame) -> dict[str, str]:
    """Who is up for each criterion in the ROADMAP of one house, in order of time: "OM, dan district"."""
    ordered = roadmap.sort_values("first", kind="stable").groupby("criterion_id", sort=False)
    return {str(key): ", dan ".join(dict.fromkeys(own["actor"])) for key, own in ordered}


def list_hard_norms(
    hard: pd.DataFrame,
    roadmap: pd.DataFrame,
    estimates: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
) -> pd.DataFrame:
    """The hard norms of one house, each with its verdict, who is up for it and when it is likely met.

    Args:
        hard: CRITERION_SCORES of the hard norms of the house.
        roadmap: ROADMAP of the house.
        estimates: ESTIMATES of its plan.
        begin: the quarter that is 0.
        questionnaire: the titles.
    """
    whens = {c: find_when(estimates, c, begin) for c in hard["criterion_id"]}
    who = find_up(roadmap)
    criteria = [questionnaire.criterion[key] for key in hard["criterion_id"]]
    return pd.DataFrame(
        {
            "Oordeel": [format_verdict(verdict) for verdict in hard["verdict"]],
            "Harde norm": [f"{c.criterion_id} {c.title}" for c in criteria],
            "Wie": [who.get(c.criterion_id, NOTHING) for c in criteria],
            "Waarschijnlijk klaar in": [str(when.likely) if when else NOTHING for when in whens.values()],
        }
    )


def find_asked_first(steps: pd.DataFrame) -> pd.DataFrame:
    """The few of STEPS, what matters most first, that who fills in begins with."""
    return steps[steps["what"].isin(_ASKED_OF_WHO_FILLS_IN)].head(_STEPS)


def list_actions(
    steps: pd.DataFrame,
    roadmap: pd.DataFrame,
    verdict_of: Mapping[str, str],
    begin: Quarter,
    questionnaire: Questionnaire,
) -> pd.DataFrame:
    """What one house begins with: what to find out or judge again, and then these measures.

    Args:
        steps: STEPS of the house as `explain_steps` has them, what matters most first.
        roadmap: the measures in ROADMAP of the house, with `why` in words.
        verdict_of: the verdict of each criterion of the house.
        begin: the quarter that is 0.
        questionnaire: the titles.
    """
    asked = find_asked_first(steps)
    told = list_steps(asked, questionnaire)["Wat"]
    first = _sort_by_weight(roadmap, questionnaire)
    measures = [questionnaire.measure[key].title for key in first["measure_id"]]
    keys = [*asked["criterion_id"], *first["criterion_id"]]
    return pd.DataFrame(
        {
            "Wat": [*told, *measures],
            "Aan zet": list(map(format_with_capital, [*asked["actor"], *first["actor"]])),
            "Voor norm": [_name_with_sign(key, verdict_of, questionnaire) for key in keys],
            UNTIL: [
                *[_NOW] * len(asked),
                *(str(begin + quarter) for quarter in first["last"]),
            ],
            "Waarom": [*asked["why"], *first["why"]],
        }
    )


def name_who_fills_in(whose: Perspective) -> str:
    """Name who finds out what is unknown, or judges again: whoever answers the questions."""
    return f"{_WHO_FILLS_IN[whose]} (wie de vragen invult)"


def explain_steps(steps: pd.DataFrame, widths: pd.Series, who: str) -> pd.DataFrame:
    """STEPS of one house with `why` in words, and with who is up as `actor`.

    Args:
        steps: STEPS of the house.
        widths: the row of `divide_range` of the house.
        who: who fills in.
    """
    pairs = zip(steps["what"], steps["criterion_id"].map(widths), strict=True)
    return steps.assign(actor=who, why=[_say_why(Step(what), width) for what, width in pairs])


def _say_why(step: Step, width: float) -> str:
    if step is not Step.FIND_OUT:
        return "alles is gereed"
    return f"tot {format_width(width)} zekerder" if width > 0 else "het kan minder werk zijn"


def describe_more(others: int, later: int, quarter: Quarter) -> str:
    """Say how many measures there are beside those that are shown; nothing where there are none.

    Args:
        others: how many more in a quarter.
        later: how many after it.
        quarter: the quarter.
    """
    told = [f"{format_counted(others, 'maatregel')} in {quarter}"] if others > 0 else []
    told += [f"{format_counted(later, 'maatregel')} daarna"] if later else []
    return f"En nog {join_words(told)}: zie de hele routekaart. " if told else ""


def _sort_by_weight(roadmap: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    weight = [-questionnaire.criterion[key].kind.plan_weight for key in roadmap["criterion_id"]]
    return roadmap.assign(weight=weight).sort_values(["first", "weight"], kind="stable")


def _name_with_sign(criterion_id: str, verdict_of: Mapping[str, str], questionnaire: Questionnaire) -> str:
    sign = Verdict(verdict_of[criterion_id]).sign
    return f"{sign} {criterion_id} {questionnaire.criterion[criterion_id].title}"


def sort_steps(steps: pd.DataFrame, widths: pd.Series) -> pd.DataFrame:
    """STEPS of one house with what narrows its range most first.

    Args:
        steps: STEPS of the house.
        widths: the row of `divide_range` of the house.
    """
    ordered = steps.assign(width=steps["criterion_id"].map(widths))
    return ordered.sort_values("width", ascending=False, kind="stable").drop(columns="width")


def find_narrowing(steps: pd.DataFrame, widths: pd.Series) -> pd.DataFrame:
    """What to find out of STEPS of one house that narrows its range; the rest matters to its plan alone.

    Args:
        steps: what `sort_steps` found.
        widths: the row of `divide_range` of the house.
    """
    return steps[(steps["what"] == Step.FIND_OUT.value) & (steps["criterion_id"].map(widths) > 0)]


def describe_first(steps: pd.DataFrame, up: str) -> str:
    """Say in a title what comes first: questions to find out, criteria to judge again, and who is up.

    Args:
        steps: what `sort_steps` found.
        up: who is up, in words.
    """
    number = int((steps["what"] == Step.FIND_OUT.value).sum())
    again = steps.loc[steps["what"] == Step.JUDGE_AGAIN.value, "criterion_id"].nunique()
    questions = agree(number, "vraag", "vragen")
    asked = f"{format_count(number)} {questions} uitzoeken voor het plan, " if number else ""
    judged = f"{format_count(again)} {agree(again, 'criterium', 'criteria')} opnieuw beoordelen, "
    return f"Eerst dit: {asked}{judged if again else ''}{up}"


def describe_certainty(steps: pd.DataFrame, widths: pd.Series) -> str:
    """Say how many questions to find out, and by how much that narrows the range.

    Args:
        steps: what `find_narrowing` found.
        widths: the row of `divide_range` of the house.
    """
    criteria = steps["criterion_id"]
    which = agree(len(criteria), "deze vraag", f"deze {len(criteria)} vragen")
    return f"Zoek {which} uit: de score wordt {format_width(float(widths[criteria.unique()].sum()))} zekerder"


def list_certainty(steps: pd.DataFrame, widths: pd.Series, questionnaire: Questionnaire) -> pd.DataFrame:
    """What to find out per criterion, and by how much that narrows the range of the house.

    Args:
        steps: what `find_narrowing` found.
        widths: the row of `divide_range` of the house.
        questionnaire: the titles and the questions.
    """
    rows = [
        (
            f"{criterion_id} {questionnaire.criterion[str(criterion_id)].title}",
            " ".join(questionnaire.question[key].text for key in own["about"]),
            format_width(float(widths[criterion_id])),
        )
        for criterion_id, own in steps.groupby("criterion_id", sort=False)
    ]
    return pd.DataFrame(rows, columns=["Criterium", "Zoek uit", "Wordt zekerder"])


def describe_ending(deviations: Iterable[Deviation], today: date) -> str:
    """Say what agreed deviations end within 60 days; nothing where none does."""
    ending = [each for each in deviations if today <= each.until <= today + _NOTICE]
    if not ending:
        return ""
    ending.sort(key=lambda each: (each.until, each.criterion_id))
    told = join_words([f"{each.criterion_id} (tot en met {format_day(each.until)})" for each in ending])
    return (
        f"Bewust anders loopt binnen 60 dagen af bij {told}. Spreek het opnieuw af als het zo moet blijven; "
        "anders tellen daarna de antwoorden weer."
    )


def list_old_evidence(
    submission: Submission, since: Mapping[str, date], questionnaire: Questionnaire, today: date
) -> pd.DataFrame:
    """The evidence that stands beside an answer for more than a year, oldest first.

    Args:
        submission: the answers, with their evidence as far as the visitor may read it.
        since: by question, the day since which its evidence is there.
        questionnaire: the questions.
        today: the day.
    """
    rows = [
        (since[key], key, questionnaire.question[key].text, answer.evidence)
        for answer in submission.answers
        if answer.evidence and since.get(key := answer.question_id, today) < today - _OLD
    ]
    columns = ["Nr.", "Vraag", "Bewijs", "Sinds"]
    return pd.DataFrame([(*told, format_day(day)) for day, *told in sorted(rows)], columns=columns)
