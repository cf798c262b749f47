"""Every sentence of the sources leads to what holds it, and no criterion is left out: sources.md."""

import re
from functools import cache
from typing import NamedTuple

import pytest

from assessment.errors import FrameworkError
from assessment.model.questionnaire import Questionnaire
from assessment.model.texts import AgendaTexts
from assessment.readers.files import read_model
from assessment.readers.framework import find_published, read_questionnaire
from assessment.settings import HOME

FOLDER = HOME / "questionnaires"
PAGES = HOME / "assessment" / "ui" / "pages"
KINDS = {"norm", "wish", "lesson", "finding", "open", "context"}


class Sentence(NamedTuple):
    """A row of the page: what a source says, and where that stands."""

    number: str
    says: str
    kind: str
    stands: str

    @property
    def named(self) -> list[str]:
        """The criteria and questions that it leads to."""
        return re.findall(r"\b[A-Z]{3}-\d+(?:\.\d+)?", self.stands)


def list_sentences() -> list[Sentence]:
    lines = (FOLDER / "sources.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| S")
    ]
    return [Sentence(*row) for row in cells]


@cache
def read_newest() -> Questionnaire:
    names = ("politie", "landelijk-kader", "integrale-veiligheid")
    return read_questionnaire(find_published(FOLDER, name, "1.1") for name in names)


def test_sentences_are_numbered_in_one_run_per_source() -> None:
    numbers = [each.number for each in list_sentences()]
    counts = {source: sum(number.startswith(source) for number in numbers) for source in ("S1-", "S3-")}

    assert numbers == [f"{source}{n + 1}" for source, count in counts.items() for n in range(count)]
    assert counts == {"S1-": 60, "S3-": 37}


@pytest.mark.parametrize("sentence", list_sentences(), ids=lambda each: each.number)
def test_a_sentence_leads_to_what_exists_or_says_why_to_nothing(sentence: Sentence) -> None:
    asked = read_newest()
    known = {each.criterion_id for each in asked.criteria} | {each.question_id for each in asked.questions}
    pages = re.findall(r"page ([A-Z]\w+(?: [a-z]+)?)", sentence.stands)

    assert sentence.kind in KINDS
    assert set(sentence.named) <= known
    assert all((PAGES / f"{page.lower().replace(' ', '_')}.py").is_file() for page in pages)
    assert sentence.named or pages or re.match(r"no question: \w+", sentence.stands)


@pytest.mark.parametrize("source", ["S1", "S3"])
def test_every_criterion_with_such_a_source_is_reached(source: str) -> None:
    reached = {name.partition(".")[0] for each in list_sentences() for name in each.named}
    own = [each.criterion_id for each in read_newest().criteria if each.source.startswith(source)]

    assert own
    assert [each for each in own if each not in reached] == []


def test_the_joint_agenda_holds_each_lesson_and_finding_and_asks_just_what_stands_there() -> None:
    texts = read_model(HOME / "reports" / "joint_agenda.yaml", AgendaTexts, FrameworkError)
    items = [item for group in texts.groups for item in group.items]
    sentence_of = {each.number: each for each in list_sentences()}
    lessons = [f"S3-{number}" for number in range(18, 22)]
    factors = [f"S3-{number}" for number in (10, 11, 12)]
    findings = [f"S3-{number}" for number in range(27, 38)]

    for item in items:
        stands = {name for key in item.rests_on for name in sentence_of[key].named if "." in name}
        assert set(item.answers) == stands, item.says
    rests_on = [key for item in items for key in item.rests_on]
    asked = [key for item in items for key in item.answers]
    assert set(rests_on) >= {*lessons, *factors, *findings}
    assert len(rests_on) == len(set(rests_on))
    assert sorted(asked) == sorted(key for key in read_newest().question if key.startswith("FOR-"))


def test_no_core_question_on_the_police_stands_under_no_sentence() -> None:
    """A norm rests on what a source says; a question of our own may count, but not bound the score."""
    reached = {name for each in list_sentences() for name in each.named}
    ours = [
        question.question_id
        for criterion in read_newest().criteria
        if criterion.source.startswith("S1")
        for question in criterion.questions
        if question.question_id not in reached and question.core and criterion.kind.is_norm
    ]

    assert ours == []
