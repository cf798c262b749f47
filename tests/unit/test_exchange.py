"""The one file from which anybody computes the same scores again: its seals, and how answers stand in it."""

from datetime import date

import pytest

from assessment.model.exchange import Exchange, Seals, group_answers, list_frameworks, seal
from assessment.model.scale import Perspective
from tests import builders

ASKED = builders.questionnaire()


def exchange() -> Exchange:
    parts = {
        "frameworks": list_frameworks(ASKED),
        "answers": group_answers([("ons", "Q-1", "A")], ["ons", "leeg"]),
        "deviations": [],
        "results": {"huizen": ["ons", "leeg"]},
    }
    facts = {"kaderscan": "0", "round_id": "r", "perspective": Perspective.HOUSE, "as_of": date(2027, 1, 1)}
    seals = Seals(**{part: seal(content) for part, content in parts.items()})
    return Exchange.model_validate(
        facts | parts | {"rules": ASKED.rules, "sha256": ASKED.sha256, "seals": seals.model_dump()}
    )


def test_a_sealed_file_gives_back_what_was_asked_and_answered() -> None:
    sealed = Exchange.model_validate_json(exchange().model_dump_json())
    assert sealed.broken_seals == []
    assert sealed.questionnaire == ASKED
    assert sealed.answers == {"ons": {"Q-1": "A"}, "leeg": {}}


@pytest.mark.parametrize(
    ("part", "content"), [("answers", {"ons": {"Q-1": "B"}, "leeg": {}}), ("results", {}), ("frameworks", ())]
)
def test_what_was_changed_after_the_seal_is_named(part: str, content: object) -> None:
    assert exchange().model_copy(update={part: content}).broken_seals == [part]


def test_the_seal_is_of_the_content_and_not_of_the_order_of_its_keys() -> None:
    assert seal({"a": 1, "b": "é"}) == seal({"b": "é", "a": 1}) != seal({"a": 1, "b": "e"})
