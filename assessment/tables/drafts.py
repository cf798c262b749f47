"""Drafts, for reading: what a row says, how far each theme is, which drafts there are."""

from collections.abc import Iterable, Mapping

import pandas as pd

from assessment.model.answers import Answer
from assessment.model.draft import Content, Draft, DraftDeviation, DraftSummary, ThemeProgress
from assessment.model.framework import Theme
from assessment.tables.shown import show_day


def say_content(content: Content) -> str:
    """What a row says, in words."""
    match content:
        case Answer():
            first = content.option_id or "geen antwoord"
            rest = {"toelichting": content.explanation, "bewijs": content.evidence}
        case DraftDeviation():
            first = content.reason or "geen reden"
            until = show_day(content.until) if content.until else ""
            rest = {"akkoord van": content.agreed_by, "tot en met": until}
        case _:
            first, rest = content.taken_by or "niemand", {}
    return ", ".join([f"'{first}'", *(f"{name} '{text}'" for name, text in rest.items() if text)])


def list_said(content: Content, options: Mapping[str, str]) -> list[str]:
    """What a row says, a line per part that says something; an option in its own words."""
    match content:
        case Answer():
            empty = "Nog geen antwoord" if options else ""
            parts = {
                "": options[content.option_id] if content.option_id else empty,
                "Toelichting: ": content.explanation,
                "Bewijs: ": content.evidence,
            }
        case DraftDeviation():
            until = show_day(content.until)
            parts = {"": content.reason, "Akkoord van: ": content.agreed_by, "Tot en met: ": until}
        case _:
            parts = {"": content.taken_by}
    return [f"{label}{text}" for label, text in parts.items() if text] or ["Niets ingevuld"]


def list_progress(progress: Iterable[ThemeProgress]) -> pd.DataFrame:
    """A row per theme: who takes it, and what is left."""
    return pd.DataFrame(
        [
            {
                "Thema": each.theme.title,
                "Wie": each.taken_by or "–",
                "Beantwoord": f"{each.answered} van {each.asked}",
                "Nog open": ", ".join(each.missing) or "–",
            }
            for each in progress
        ]
    )


def list_answers(draft: Draft, theme: Theme) -> pd.DataFrame:
    """A row per question of a theme: what was answered, and the version of that."""
    questions = [question for criterion in theme.criteria for question in criterion.questions]
    rows = [(question.question_id, draft.answers[question.question_id]) for question in questions]
    return pd.DataFrame(
        [
            (key, row.content.option_id or "", row.content.explanation, row.content.evidence, row.version)
            for key, row in rows
        ],
        columns=["Nr.", "Antwoord", "Toelichting", "Bewijs", "Versie"],
    )


def list_summaries(drafts: Iterable[DraftSummary]) -> pd.DataFrame:
    """A row per draft."""
    columns = ["Ronde", "Huis", "Wie", "Beantwoord", "Laatst veranderd"]
    rows = [
        (
            *(each.whose.round_id, each.whose.house_id, each.whose.perspective.dutch),
            f"{each.answered} van {each.asked}",
            f"{show_day(each.changed)}, {each.changed:%H:%M} uur",
        )
        for each in drafts
    ]
    return pd.DataFrame(rows, columns=columns)
