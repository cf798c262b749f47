"""Frames for people: Dutch headings, words and figures, the same on screen, in a sheet and in a document."""

from collections.abc import Hashable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from babel.dates import format_date

from assessment.model.framework import Criterion, cited_keys
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Actor, Phase, Verdict

NBSP = "\N{NO-BREAK SPACE}"
NOTHING = "–"


def show_percentage(share: float) -> str:
    """Show a share in [0, 1] as a whole percentage, rounded half up, once.

    The decimal is rounded and not the float, and 0 % and 100 % are shown only when exactly true.

    Source: questionnaires/scoring.md, section 7.
    """
    return f"{_whole_percent(share)}{NBSP}%"


def show_range(low: float, high: float) -> str:
    """Show a range, midpoint first: "65 % (58–71 %)"; one figure where both ends round to the same."""
    if pd.isna(low):
        return NOTHING
    if _whole_percent(low) == _whole_percent(high):
        return show_percentage(low)
    ends = f"{_whole_percent(low)}–{_whole_percent(high)}{NBSP}%"
    return f"{show_percentage((low + high) / 2)} ({ends})"


def show_verdict(verdict: str) -> str:
    """Show a verdict as its sign with its word."""
    return f"{Verdict(verdict).sign} {Verdict(verdict).dutch}"


def show_phase(low: str, high: str) -> str:
    """Show a phase: "in transitie", or "pioniersfase of in transitie" where it is still open."""
    phases = [Phase(phase).dutch for phase in dict.fromkeys((low, high)) if phase]
    return " of ".join(phases) or NOTHING


def list_criteria(scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """CRITERION_SCORES of one house for reading: number, title, kind, verdict, score."""
    criteria = [questionnaire.criterion[key] for key in scores["criterion_id"]]
    return pd.DataFrame(
        {
            "Nr.": [criterion.criterion_id for criterion in criteria],
            "Criterium": [criterion.title for criterion in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            "Oordeel": [show_verdict(verdict) for verdict in scores["verdict"]],
            "Score": [show_range(*ends) for ends in zip(scores["low"], scores["high"], strict=True)],
        }
    )


def list_gaps(
    gaps: pd.DataFrame, finishes: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire
) -> pd.DataFrame:
    """GAPS of one house for reading: what the kader asks, what room there is, when the plan has it done."""
    done = finishes.set_index("criterion_id")["last"]
    table = list_criteria(gaps, questionnaire)
    criteria = [questionnaire.criterion[key] for key in gaps["criterion_id"]]
    return table.assign(
        **{
            "Voldoet als": [criterion.conform_when for criterion in criteria],
            "Ruimte": [criterion.room for criterion in criteria],
            "Aan zet": [_actors(criterion) for criterion in criteria],
            "Klaar in": [str(begin + int(done[criterion.criterion_id])) for criterion in criteria],
            "Bewijs kan zijn": [criterion.evidence for criterion in criteria],
            "Bron": [f"{criterion.source} ({criterion.source_basis})" for criterion in criteria],
        }
    )


def list_measures(roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> pd.DataFrame:
    """ROADMAP of one house for reading, by actor and quarter, in the order of `sort_measures`."""
    criteria = [questionnaire.criterion[key] for key in roadmap["criterion_id"]]
    return pd.DataFrame(
        {
            "Aan zet": roadmap["actor"],
            "Maatregel": [questionnaire.measure[key].title for key in roadmap["measure_id"]],
            "Voor criterium": [f"{c.criterion_id} {c.title}" for c in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            "Begin": [str(begin + quarter) for quarter in roadmap["first"]],
            "Eind": [str(begin + quarter) for quarter in roadmap["last"]],
            "Dagen": roadmap["days"],
            "Speling": [_quarters(slack) for slack in roadmap["slack"]],
            "Waarom dan": [
                f"{why}; uitkomst nog onbepaald, gepland op nog niet" if assumed else why
                for why, assumed in zip(roadmap["why"], roadmap["assumed"], strict=True)
            ],
        }
    )


def sort_measures(roadmap: pd.DataFrame) -> pd.DataFrame:
    """Order a ROADMAP for reading: by actor, then by quarter."""
    actors = {actor.value: place for place, actor in enumerate(Actor)}
    placed = roadmap.assign(place=roadmap["actor"].map(actors))
    return (
        placed.sort_values(["place", "first", "last", "measure_id"])
        .drop(columns="place")
        .reset_index(drop=True)
    )


def list_projection(conformity: pd.DataFrame, begin: Quarter) -> pd.DataFrame:
    """HOUSE_SCORES per quarter of one house for reading."""
    return pd.DataFrame(
        {
            "Kwartaal": ["nu" if q < 0 else f"na {begin + int(q)}" for q in conformity["quarter"]],
            "Volgens het kader": _ranges(conformity),
            "Harde normen": [_hard_norms(row) for row in conformity.to_dict("records")],
            "Fase": _phases(conformity),
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
            "Fase": _phases(totals),
            "Volgens het kader": _ranges(totals),
            "Harde normen": [_hard_norms(row) for row in totals.to_dict("records")],
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
    return pd.DataFrame(
        {
            "Onderwerp": [titles[subject] for subject in groups["subject_id"]],
            "Huizen (n)": groups["n"],
            "Gemiddeld": _ranges(groups),
            "Laagste": [show_percentage(share) for share in groups["minimum"]],
            "Midden": [show_percentage(share) for share in groups["median"]],
            "Hoogste": [show_percentage(share) for share in groups["maximum"]],
            "Eén gezicht": [show_uniformity(share) for share in groups["uniformity"]],
        }
    )


def show_uniformity(share: float) -> str:
    """Show how uniform houses are; nothing where fewer than two are determined."""
    return NOTHING if pd.isna(share) else show_percentage(share)


def list_register(register: Register) -> pd.DataFrame:
    """The houses of a register for reading, by unit and name."""
    order = {unit.unit_id: place for place, unit in enumerate(register.units)}
    houses = sorted(register.houses, key=lambda house: (order[house.unit_id], house.title))
    return pd.DataFrame(
        {
            "Kenmerk": [house.house_id for house in houses],
            "Huis": [house.title for house in houses],
            "Eenheid": [register.unit[house.unit_id].title for house in houses],
            "Vanaf": [_day(house.valid_from) for house in houses],
            "Tot en met": [_day(house.valid_to) for house in houses],
            "Opgegaan in": [house.merged_into or "" for house in houses],
            "Bron": [house.source for house in houses],
        }
    )


def list_rounds(register: Register) -> pd.DataFrame:
    """The rounds of a register for reading, the earliest first."""
    return pd.DataFrame(
        {
            "Kenmerk": [each.round_id for each in register.rounds],
            "Ronde": [each.title for each in register.rounds],
            "Van": [_day(each.opens) for each in register.rounds],
            "Tot en met": [_day(each.closes) for each in register.rounds],
            "Vragenlijsten": [", ".join(each.frameworks) for each in register.rounds],
            "Huizen (n)": [len(each.house_ids) for each in register.rounds],
        }
    )


def list_questions(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every question with its options, for reading."""
    return pd.DataFrame(
        [
            {
                "Nr.": question.question_id,
                "Vraag": question.text,
                "Kern": "kern" if question.core else "",
                "Keuzes": " | ".join(f"{letter} {o.text} ({o.mark.sign})" for letter, o in question.lettered),
            }
            for question in questionnaire.questions
        ]
    )


def list_sources(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every source, with the criteria that rest on it."""
    citing: dict[str, list[str]] = {key: [] for key in questionnaire.sources}
    for criterion in questionnaire.criteria:
        for key in cited_keys(criterion):
            citing[key].append(criterion.criterion_id)
    return pd.DataFrame(
        {
            "Bron": list(citing),
            "Wat het is": [questionnaire.sources[key] for key in citing],
            "Criteria": [", ".join(criteria) for criteria in citing.values()],
        }
    )


def _whole_percent(share: float) -> int:
    percent = Decimal(f"{share * 100:.10f}").quantize(Decimal(1), ROUND_HALF_UP)
    if percent == 100 and share < 1:  # noqa: PLR2004
        return 99
    if percent == 0 and share > 0:
        return 1
    return int(percent)


def _ranges(scores: pd.DataFrame) -> list[str]:
    return [show_range(low, high) for low, high in zip(scores["low"], scores["high"], strict=True)]


def _phases(totals: pd.DataFrame) -> list[str]:
    return [
        show_phase(low, high) for low, high in zip(totals["phase_low"], totals["phase_high"], strict=True)
    ]


def _hard_norms(total: Mapping[Hashable, int]) -> str:
    return f"{total['hard_met']} ●  {total['hard_not_met']} ○  {total['hard_undetermined']} ?"


def _completeness(totals: pd.DataFrame) -> list[str]:
    return [f"{a} van {b}" for a, b in zip(totals["answered"], totals["applicable"], strict=True)]


def _day(day: date | None) -> str:
    return "" if day is None else format_date(day, "d MMMM yyyy", locale="nl_NL")


def _actors(criterion: Criterion) -> str:
    return ", ".join(dict.fromkeys(role.actor.value for role in criterion.actors))


def _quarters(number: int) -> str:
    return f"{number} kwartaal" if number == 1 else f"{number} kwartalen"
