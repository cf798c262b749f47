"""Sources by a short name, for whom a code says nothing."""

from collections.abc import Iterable
from re import split

import pandas as pd

from assessment.model.framework import Criterion, cited_keys
from assessment.model.questionnaire import Questionnaire
from assessment.tables.content import list_sources


def name_sources(criterion: Criterion, questionnaire: Questionnaire) -> str:
    """The short names of the sources that a criterion rests on."""
    names = (_shorten(questionnaire.sources[key]) for key in cited_keys(criterion))
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
            "Hoe zeker": [c.source_basis for c in criteria],
        }
    )


def _shorten(source: str) -> str:
    """What stands before the first comma, semicolon, colon or bracket: a name or a title."""
    return split(r"[,;:(]", source)[0].strip()
