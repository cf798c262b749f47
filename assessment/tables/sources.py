"""Sources by a short name, for whom a code says nothing."""

from collections.abc import Iterable
from re import split

import pandas as pd

from assessment.model.framework import Criterion, cited_keys
from assessment.model.questionnaire import Questionnaire
from assessment.tables.content import list_sources


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
