"""The one file from which anybody computes the same scores again: what was asked, answered and came of it."""

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from assessment.model.framework import Framework
from assessment.model.questionnaire import Questionnaire
from assessment.model.rules import Frozen
from assessment.model.scale import Perspective, Rules


def seal(content: object) -> str:
    """The sha256 of a content as JSON with sorted keys, without spaces, in UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


class Agreed(Frozen):
    """A deviation that was in force on the day of the scores."""

    house_id: str
    criterion_id: str


class Seals(Frozen):
    """The sha256 of each part, as `seal` makes it of what stands there."""

    frameworks: str
    answers: str
    deviations: str
    results: str


class Exchange(Frozen):
    """Answers of houses with all that scores them, and the scores as `score --format json` prints them.

    `answers` holds the letter of each option by house and question; `sha256` is that of the questionnaire as
    it was published; deviations are those in force on `as_of`.
    """

    kaderscan: str
    round_id: str
    perspective: Perspective
    as_of: date
    rules: Rules
    sha256: str
    frameworks: tuple[dict[str, Any], ...]
    answers: dict[str, dict[str, str]]
    deviations: tuple[Agreed, ...]
    results: dict[str, Any]
    seals: Seals

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked.

        Raises:
            ValidationError: a framework is not sound, or was made for other rules.
        """
        frameworks = tuple(map(Framework.model_validate, self.frameworks))
        return Questionnaire(frameworks=frameworks, sha256=self.sha256, rules=self.rules)

    @property
    def broken_seals(self) -> list[str]:
        """The parts that were changed after they were sealed."""
        content = self.model_dump(mode="json")
        return [part for part, seal_ in self.seals if seal(content[part]) != seal_]


def list_frameworks(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The frameworks of a questionnaire as JSON, as they were published: what they do not say is left out."""
    return [each.model_dump(mode="json", exclude_unset=True) for each in questionnaire.frameworks]


def group_answers(
    rows: Iterable[tuple[str, str, str]], house_ids: Iterable[str]
) -> dict[str, dict[str, str]]:
    """The rows of ANSWERS by house and question; a house without any answer stands there too."""
    grouped: dict[str, dict[str, str]] = {house_id: {} for house_id in house_ids}
    for house_id, question_id, option_id in rows:
        grouped[house_id][question_id] = option_id
    return grouped
