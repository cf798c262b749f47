"""What stands in the questionnaires, for reading: questions, and sources by a name that says something."""

from collections.abc import Iterable
from re import split

import pandas as pd

from assessment.model.framework import Criterion, cited_keys
from assessment.model.questionnaire import Questionnaire


def list_sources(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every source, with the criteria that rest on it."""
    citing: dict[str, list[str]] = {key: [] for key in questionnaire.sources}
    for criterion in questionnaire.criteria:
        for key in cited_keys(criterion, questionnaire.sources):
            citing[key].append(criterion.criterion_id)
    return pd.DataFrame(
        {
            "Bron": list(citing),
            "Wat het is": [questionnaire.sources[key] for key in citing],
            "Criteria": [", ".join(criteria) for criteria in citing.values()],
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
                "Keuzes": " | ".join(f"{letter} {o.text} ({o.mark.sign})" for letter, o in question.lettered)
                or question.kind.dutch,
            }
            for question in questionnaire.questions
        ]
    )


def name_sources(criterion: Criterion, questionnaire: Questionnaire) -> str:
    """The short names of the sources that a criterion rests on."""
    names = (_shorten(questionnaire.sources[key]) for key in cited_keys(criterion, questionnaire.sources))
    return "; ".join(dict.fromkeys(names))


def list_named_sources(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every source with its short name, its code, its full description and the criteria that rest on it."""
    table = list_sources(questionnaire).rename(columns={"Bron": "Code"})
    table.insert(0, "Bron", [_shorten(text) for text in table["Wat het is"]])
    return table


def list_citations(criterion_ids: Iterable[str], questionnaire: Questionnaire) -> pd.DataFrame:
    """For each criterion where exactly its source says so, and how firmly."""
    criteria = [questionnaire.criterion[key] for key in criterion_ids]
    return pd.DataFrame(
        {
            "Criterium": [c.title for c in criteria],
            "Nr.": [c.criterion_id for c in criteria],
            "Plaats in de bron": [c.source for c in criteria],
            "Hoe zeker": [c.source_basis or "" for c in criteria],
        }
    )


def describe_basis(criterion: Criterion) -> str:
    """Say what a criterion rests on in words; where the framework gives no such words, its source."""
    if criterion.basis is not None:
        return criterion.basis.dutch
    return f"{criterion.source} ({criterion.source_basis})" if criterion.source_basis else criterion.source


def list_demands(criterion: Criterion) -> dict[str, str]:
    """What a criterion asks, by the name of each part that it has."""
    label = "Bron" if criterion.basis is None else "Waarop dit rust"
    parts = {
        "Voldoet als": criterion.conform_when,
        "Ruimte": criterion.room,
        "Bewijs kan zijn": criterion.evidence,
        label: describe_basis(criterion),
    }
    return {name: text for name, text in parts.items() if text}


def _shorten(source: str) -> str:
    """What stands before the first comma, semicolon, colon or bracket: a name or a title."""
    return split(r"[,;:(]", source)[0].strip()
