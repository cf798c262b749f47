"""Scores for reading: Dutch headings, words and figures, the same on screen, in a sheet and in a document."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd
from babel.numbers import format_decimal

from assessment.model.answers import Answer, Deviation, Submission
from assessment.model.framework import Criterion
from assessment.model.question import Option, Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Face, Kind, Mark, Phase, Rules, Verdict
from assessment.tables.formats import (
    NOTHING,
    agree,
    describe_whose,
    format_day,
    format_hard_norms,
    format_part,
    format_phases,
    format_range,
    format_ranges,
    format_share,
    format_uniformity,
    format_verdict,
    format_with_capital,
    join_words,
)

_RULES = {
    Kind.HARD_NORM: (
        "Harde norm: de score is het gemiddelde, maar nooit hoger dan het zwakste antwoord op een kernvraag."
    ),
    Kind.CORE_NORM: (
        "Kern hard, vorm vrij: de score is het gemiddelde, maar nooit hoger dan het zwakste antwoord "
        "op een kernvraag."
    ),
    Kind.LOCAL_ROOM: "Ruimte: de score is het gemiddelde van de antwoorden.",
    Kind.RECOMMENDATION: "Aanbeveling: de score is het gemiddelde; zij telt niet mee in het percentage.",
}

_NEVER_SCORED = {
    Kind.LOCAL_ROOM: "Ruimte: dit kiest een huis zelf. Kaderscan beschrijft het en oordeelt niet.",
    Kind.OPEN_ISSUE: "Ontwikkelpunt: er is landelijk nog niets afgesproken, dus er is geen score.",
}

_RULES_OF_VERDICT = {
    Verdict.EXPLAINED: (
        "Bewust anders: zolang de afspraak geldt telt het criterium als voldaan, wat de antwoorden ook zijn."
    ),
    Verdict.NOT_APPLICABLE: (
        "Geen enkel antwoord telt mee, dus is er geen score; het criterium telt nergens mee."
    ),
}


class Part(NamedTuple):
    """Of which part the verdicts are shown: of a unit, a theme, a kind, or one verdict only; None is all."""

    unit_id: str | None = None
    theme_id: str | None = None
    kind: str | None = None
    verdict: str | None = None


def keep_part(
    criteria: pd.DataFrame, part: Part, register: Register, questionnaire: Questionnaire
) -> pd.DataFrame:
    """The rows of CRITERION_SCORES that belong to a part.

    Args:
        criteria: CRITERION_SCORES.
        part: what to keep.
        register: the units of the houses.
        questionnaire: the themes of the criteria.
    """
    units = {key: house.unit_id for key, house in register.house.items()}
    themes = {key: theme.theme_id for key, theme in questionnaire.theme_of.items()}
    told = {
        "unit_id": criteria["house_id"].map(units),
        "theme_id": criteria["criterion_id"].map(themes),
        "kind": criteria["kind"],
        "verdict": criteria["verdict"],
    }
    wanted = {name: value for name, value in part._asdict().items() if value is not None}
    kept = (pd.DataFrame({name: told[name] for name in wanted}) == pd.Series(wanted)).all(axis=1)
    return criteria[kept] if wanted else criteria


def list_criteria(scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """CRITERION_SCORES of one house for reading: number, title, kind, verdict, score."""
    criteria = [questionnaire.criterion[key] for key in scores["criterion_id"]]
    return pd.DataFrame(
        {
            "Nr.": [criterion.criterion_id for criterion in criteria],
            "Criterium": [criterion.title for criterion in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            "Oordeel": [format_verdict(verdict) for verdict in scores["verdict"]],
            "Score": [format_range(*ends) for ends in zip(scores["low"], scores["high"], strict=True)],
        }
    )


def list_answers(
    criterion: Criterion, submission: Submission, rules: Rules, evidence: Mapping[str, date]
) -> pd.DataFrame:
    """What was answered to a criterion, and what each answer counts for.

    `evidence` tells by question since which day the evidence beside its answer is there.
    """
    given = {answer.question_id: answer for answer in submission.answers}
    rows = []
    for question in criterion.questions:
        answer = given.get(question.question_id, Answer(question_id=question.question_id))
        option = dict(question.lettered).get(answer.option_id or "")
        rows.append(
            {
                "Nr.": question.question_id,
                "Vraag": f"{question.text}{' (kern)' if question.core else ''}",
                "Antwoord": option.text if option else _format_unanswered(question, answer),
                "Telt als": _format_worth(criterion.kind.is_scored(rules), question, option),
                "Toelichting": answer.explanation,
                "Bewijs": answer.evidence,
                "Bewijs sinds": format_day(evidence.get(question.question_id)),
            }
        )
    return pd.DataFrame(rows)


def describe_who_answered(submission: Submission) -> str:
    """Say whose answers these are, since when, and in which function somebody handed them in: never who."""
    day = format_day(submission.handed_in.date())
    whose = format_with_capital(describe_whose(submission.perspective))
    function = submission.handed_in_as or "niet bekend"
    return f"{whose}, ingeleverd op {day}. Functie van wie inleverde: {function}."


def explain_kind(kind: Kind, rules: Rules) -> str:
    """What a kind of criterion is and how it is scored, in a sentence; that it is not where it never is."""
    return (_RULES if kind.is_scored(rules) else _NEVER_SCORED)[kind]


def explain_rule(kind: Kind, verdict: Verdict) -> str:
    """The rule that made the score of a criterion, in a sentence or two.

    Source: questionnaires/scoring.md, section 2.
    """
    if verdict is Verdict.NOT_SCORED:
        return _NEVER_SCORED[kind]
    return _RULES_OF_VERDICT.get(verdict, _RULES[kind])


def describe_deviation(deviation: Deviation, moment: date) -> str:
    """Say what was agreed, by whom and until when, and whether it has lapsed on a day."""
    agreed = f"Bewust anders: {deviation.reason} Akkoord van: {deviation.agreed_by}."
    if deviation.in_force(moment):
        return f"{agreed} Geldt tot en met {format_day(deviation.until)}."
    return (
        f"{agreed} Gold tot en met {format_day(deviation.until)} en is verlopen: de antwoorden tellen weer."
    )


def describe_unscored_themes(themes: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Say which themes of one house have no range, as a sentence to go on with; empty where all have one."""
    without = [titles[theme_id] for theme_id in themes.loc[themes["low"].isna(), "theme_id"]]
    return f" Zonder cijfer, want daar telt niets mee: {join_words(without)}." if without else ""


def list_theme_ranges(themes: pd.DataFrame, groups: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """THEME_SCORES of one house beside GROUPS of all houses, for reading."""
    named = groups.rename(columns={"subject_id": "theme_id"})
    beside = themes.merge(named, on="theme_id", how="left", suffixes=("", "_all"), validate="one_to_one")
    spread = beside[["minimum", "median", "maximum"]].map(format_share)
    return pd.DataFrame(
        {
            "Thema": [titles[theme_id] for theme_id in beside["theme_id"]],
            "Dit huis": format_ranges(beside),
            "Aantal huizen": [NOTHING if pd.isna(n) else f"{n:.0f}" for n in beside["n"]],
            "Laagste": spread["minimum"],
            "Midden": spread["median"],
            "Hoogste": spread["maximum"],
        }
    )


def list_houses(totals: pd.DataFrame, register: Register) -> pd.DataFrame:
    """HOUSE_SCORES for reading, with unit and name, in the order they come in."""
    houses = [register.house[house_id] for house_id in totals["house_id"]]
    named = list_totals(totals).assign(Huis=[house.title for house in houses])
    named.insert(0, "Eenheid", [register.unit[house.unit_id].title for house in houses])
    return named


def list_totals(totals: pd.DataFrame) -> pd.DataFrame:
    """HOUSE_SCORES for reading, where the houses are known by their id only."""
    return pd.DataFrame(
        {
            "Huis": totals["house_id"],
            "Fase": format_phases(totals),
            "Volgens het kader": format_ranges(totals),
            "Harde normen": [format_hard_norms(row) for row in totals.to_dict("records")],
            "Bewust anders": totals["explained"],
            "Beantwoord": _completeness(totals),
        }
    )


def list_groups(groups: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """GROUPS for reading: in total, per theme and per criterion."""
    titles = {
        "total": "Alles samen",
        **{theme.theme_id: theme.title for theme in questionnaire.themes},
        **{c.criterion_id: f"{c.criterion_id} {c.title}" for c in questionnaire.criteria},
    }
    listed = pd.DataFrame(
        {
            "Onderwerp": [titles[subject] for subject in groups["subject_id"]],
            "Aantal huizen": groups["n"],
            "Gemiddeld": format_ranges(groups),
            "Laagste": [format_share(share) for share in groups["minimum"]],
            "Midden": [format_share(share) for share in groups["median"]],
            "Hoogste": [format_share(share) for share in groups["maximum"]],
            "Eén gezicht": [format_uniformity(share) for share in groups["uniformity"]],
        }
    )
    if questionnaire.rules is Rules.ONE:
        return listed
    listed["Staat vast bij"] = groups["determined"].astype("str").where(groups["face"] != "", NOTHING)
    listed["Gezicht"] = [Face(face).dutch if face else NOTHING for face in groups["face"]]
    return listed


def _completeness(totals: pd.DataFrame) -> list[str]:
    return [f"{a} van {b}" for a, b in zip(totals["answered"], totals["applicable"], strict=True)]


def _format_unanswered(question: Question, answer: Answer) -> str:
    """What stands where no option was chosen: an open question has its text beside it."""
    return "open tekst" if question.is_open and answer.says_something else "niet beantwoord"


def _format_worth(scored: bool, question: Question, option: Option | None) -> str:  # noqa: FBT001
    """What an answer counts for: a whole, a half, nothing, anything between, or not at all."""
    mark = option.mark if option else Mark.UNKNOWN
    never = question.describes or not scored
    if question.is_open:
        return f"{Mark.DESCRIPTIVE.sign} telt niet mee"
    if never or mark in {Mark.NOT_APPLICABLE, Mark.DESCRIPTIVE}:
        return f"{mark.sign} telt niet mee"
    if option is None or option.worth is None:
        return f"{mark.sign} 0 tot 1"
    return f"{mark.sign} {format_decimal(option.worth, locale='nl_NL')}"


# So many gaps are told at most as bars; a table has them all.
_BARS = 5
_SHORT = [Verdict.NOT_YET.value, Verdict.PARTLY.value]
NO_PART = (Verdict.NOT_APPLICABLE.value, Verdict.NOT_SCORED.value)


class Returning(NamedTuple):
    """A norm at which houses have something to do, or to find out.

    At `short` houses it is not met, at `unknown` that is undetermined, and it applies to `of`.
    """

    title: str
    kind: Kind
    short: int
    unknown: int
    of: int

    @property
    def open(self) -> int:
        """At how many houses it is not surely met."""
        return self.short + self.unknown


def count_returning(criteria: pd.DataFrame, questionnaire: Questionnaire) -> list[Returning]:
    """Hard norms first, of each kind those that are open at most houses, from CRITERION_SCORES."""
    norms = [_count_open(criteria, each) for each in questionnaire.criteria if each.kind.is_norm]
    returning = sorted(norms, key=lambda norm: (-norm.kind.plan_weight, -norm.open))
    return [norm for norm in returning if norm.open][:_BARS]


def _count_open(criteria: pd.DataFrame, norm: Criterion) -> Returning:
    own = criteria.loc[criteria["criterion_id"] == norm.criterion_id, "verdict"]
    short, unknown = own.isin(_SHORT).sum(), (own == Verdict.UNDETERMINED.value).sum()
    title, of = f"{norm.criterion_id} {norm.title}", (~own.isin(NO_PART)).sum()
    return Returning(title, norm.kind, int(short), int(unknown), int(of))


def describe_open(short: int, unknown: int, of: int) -> str:
    """Say at how many houses a criterion is not met, and apart at how many that is undetermined."""
    told = f"bij {format_part(short, of, 'huis')}"
    return f"{told}, bij {unknown} {Verdict.UNDETERMINED.dutch}" if unknown else told


def list_phases(totals: pd.DataFrame) -> pd.DataFrame:
    """How many houses are in each phase, an open phase by itself."""
    order = ["", *Phase]
    places = totals[["phase_low", "phase_high"]].map(order.index)
    ordered = totals.loc[places.sort_values(["phase_low", "phase_high"], kind="stable").index]
    counts = pd.Series(format_phases(ordered), dtype="str").value_counts(sort=False)
    return pd.DataFrame({"Fase": counts.index, "Aantal huizen": counts.to_numpy()})


def list_returning_gaps(criteria: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """The criteria at which houses still have something to do, in the order of `count_returning`.

    Norms come first, and so the rows begin with the same gaps; the counts per verdict stand beside each.
    """
    counts = pd.crosstab(criteria["criterion_id"], criteria["verdict"])
    counts = counts.reindex(index=list(questionnaire.criterion), columns=list(Verdict), fill_value=0)
    asked = counts.sum(axis=1) - counts[Verdict.NOT_APPLICABLE]
    short, unknown = counts[_SHORT].sum(axis=1), counts[Verdict.UNDETERMINED.value]
    weight = [questionnaire.criterion[key].kind.plan_weight for key in counts.index]
    counted = counts.assign(short=short, open=short + unknown, asked=asked, weight=weight)
    open_ = counted[counted["open"] > 0]
    ordered = open_.sort_values(["weight", "open"], ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "Criterium": [f"{key} {questionnaire.criterion[key].title}" for key in ordered.index],
            "Soort": [questionnaire.criterion[key].kind.dutch for key in ordered.index],
            "Nog te doen": [
                describe_open(short, both - short, asked)
                for short, both, asked in ordered[["short", "open", "asked"]].itertuples(index=False)
            ],
            "○ nog niet": ordered[Verdict.NOT_YET.value].to_numpy(),
            "◐ deels": ordered[Verdict.PARTLY.value].to_numpy(),
            "? onbepaald": ordered[Verdict.UNDETERMINED.value].to_numpy(),
        }
    )


class MetCount(NamedTuple):
    """How many houses meet a criterion, how many agreed to do otherwise, and to how many it applies."""

    met: int
    explained: int
    of: int

    @property
    def beside(self) -> str:
        """What is said beside how many meet it."""
        return f"{self.explained} {Verdict.EXPLAINED.dutch}" if self.explained else ""


def count_met(criteria: pd.DataFrame, criterion_id: str, register: Register) -> dict[str, MetCount]:
    """Per unit_id how many of its houses meet a criterion."""
    own = criteria[criteria["criterion_id"] == criterion_id]
    return _count_met(own, own["house_id"].map(lambda house_id: register.house[house_id].unit_id))


def count_met_each(criteria: pd.DataFrame, fewest: int) -> dict[str, tuple[int, int]]:
    """Per criterion_id how many houses meet it, of those to which it applies; nothing of fewer houses.

    Args:
        criteria: CRITERION_SCORES.
        fewest: how many houses there must be to which it applies.
    """
    counts = _count_met(criteria, criteria["criterion_id"])
    return {key: (each.met, each.of) for key, each in counts.items() if each.of >= fewest}


def _count_met(criteria: pd.DataFrame, group: pd.Series) -> dict[str, MetCount]:
    applying = criteria.loc[~criteria["verdict"].isin(NO_PART), "verdict"]
    met, explained = applying == Verdict.MEETS.value, applying == Verdict.EXPLAINED.value
    counts = (
        pd.DataFrame({"met": met, "explained": explained, "of": True}).groupby(group[applying.index]).sum()
    )
    return {str(key): MetCount(*map(int, counted)) for key, *counted in counts.itertuples(name=None)}


def describe_norms(groups: pd.DataFrame, criteria: pd.DataFrame) -> dict[str, str]:
    """Say of each criterion in GROUPS how many houses meet it, and beside that how alike they are.

    Args:
        groups: GROUPS of one group.
        criteria: CRITERION_SCORES of its houses.
    """
    counts = _count_met(criteria, criteria["criterion_id"])
    told = zip(groups["subject_id"], groups["uniformity"], groups["face"], strict=True)
    return {key: _describe_norm(counts[key], alike, face) for key, alike, face in told if face}


def _describe_norm(count: MetCount, alike: float, face: str) -> str:
    meets = f"{count.met} van {count.of} {agree(1 if count.of == 1 else count.met, 'voldoet', 'voldoen')}"
    how = "hoe gelijk is" if pd.isna(alike) else f"{format_uniformity(alike)} gelijk:"
    return f"{', '.join(filter(None, [meets, count.beside]))} · {how} {Face(face).dutch}"
