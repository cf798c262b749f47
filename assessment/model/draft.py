"""A draft (concept): the questionnaire of a house while colleagues fill it in, row by row.

Every row has a version of its own: whoever changes it says which version they saw.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from assessment.model.answers import Answer, Answered, Whose
from assessment.model.framework import Theme
from assessment.model.questionnaire import Questionnaire


class DraftDeviation(NamedTuple):
    """An agreed deviation that may still be half: handing in asks for all three parts."""

    criterion_id: str
    reason: str = ""
    agreed_by: str = ""
    until: date | None = None


class ThemeShare(NamedTuple):
    """Who takes a theme: a first name, a function or an account; empty where nobody does yet."""

    theme_id: str
    taken_by: str = ""


Content = Answer | DraftDeviation | ThemeShare
AnyContent = TypeVar("AnyContent", bound=Content)
Content_co = TypeVar("Content_co", bound=Content, covariant=True)

# The field that says which row a content belongs to.
KEYS: Mapping[type, str] = {
    Answer: "question_id",
    DraftDeviation: "criterion_id",
    ThemeShare: "theme_id",
}


def key_of(content: Content) -> str:
    """The id of the question, criterion or theme that a content is about."""
    return str(getattr(content, KEYS[type(content)]))


@dataclass(frozen=True)
class DraftRow(Generic[Content_co]):
    """One row of a draft: what it says, in which version, and who wrote that when."""

    content: Content_co
    version: int
    changed_by: str
    changed: datetime


@dataclass(frozen=True)
class Draft:
    """One draft: a row for every question, every criterion where a house may deviate, and every theme.

    `based_on` is the version that it began with, 0 where it began with something else; `revision` grows with
    every change of any row.
    """

    draft_id: str
    whose: Whose
    based_on: int
    begun: datetime
    begun_by: str
    changed: datetime
    answers: Mapping[str, DraftRow[Answer]]
    deviations: Mapping[str, DraftRow[DraftDeviation]]
    themes: Mapping[str, DraftRow[ThemeShare]]
    revision: int = 0

    @property
    def answered(self) -> frozenset[str]:
        """The questions with an answer; "weet ik niet" and n.v.t. are answers."""
        return frozenset(key for key, row in self.answers.items() if row.content.option_id)


class DraftSummary(NamedTuple):
    """How far a draft is."""

    draft_id: str
    whose: Whose
    answered: int
    asked: int
    changed: datetime


class ThemeProgress(NamedTuple):
    """How far a theme of a draft is: who takes it, and which questions have no answer yet, in order.

    An open question may stay empty: of those it is only known how many there are, and how many are written.
    """

    theme: Theme
    taken_by: str
    asked: int
    missing: tuple[str, ...]
    written: int = 0
    open: int = 0

    @property
    def answered(self) -> int:
        """How many of its questions have an answer."""
        return self.asked - len(self.missing)


def begin_rows(
    contents: Mapping[str, AnyContent], changed_by: str, changed: datetime
) -> dict[str, DraftRow[AnyContent]]:
    """The first version of rows."""
    return {key: DraftRow(content, 1, changed_by, changed) for key, content in contents.items()}


def add_up(progress: Iterable[ThemeProgress]) -> Answered:
    """How far all themes together are."""
    counts = [(each.answered, each.asked, each.written, each.open) for each in progress]
    return Answered(*map(sum, zip(*counts, strict=True)))


def find_missing(draft: Draft, questionnaire: Questionnaire) -> tuple[ThemeProgress, ...]:
    """Tell for each theme what has no answer yet."""
    answered = draft.answered
    return tuple(_find_missing_of(theme, draft, answered) for theme in questionnaire.themes)


def _find_missing_of(theme: Theme, draft: Draft, answered: Collection[str]) -> ThemeProgress:
    questions = [question for criterion in theme.criteria for question in criterion.questions]
    asked = [question.question_id for question in questions if not question.is_open]
    rows = [draft.answers[question.question_id] for question in questions if question.is_open]
    return ThemeProgress(
        theme,
        draft.themes[theme.theme_id].content.taken_by,
        len(asked),
        tuple(key for key in asked if key not in answered),
        sum(row.content.says_something for row in rows),
        len(rows),
    )
