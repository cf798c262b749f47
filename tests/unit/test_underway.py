"""What is planned behind a page."""

from threading import Event
from typing import Any

import pytest

from assessment.errors import PlanError
from assessment.service.plans.underway import Underway


def test_who_asks_need_not_wait_and_sees_how_far_it_is() -> None:
    may_go_on = Event()

    def compute(run: Any) -> list[bool]:  # noqa: ANN401 - parts of no plan
        return list(run(lambda _part: may_go_on.wait(20), range(2)))

    planning = Underway(compute)
    ended = planning.wait(0)
    may_go_on.set()

    assert not ended
    assert planning.get() == [True, True]
    assert (planning.done, planning.parts) == (2, 2)


def test_what_went_wrong_is_told_and_tried_anew() -> None:
    outcomes = iter([PlanError("kan niet"), None])

    def compute(_run: object) -> str:
        if error := next(outcomes):
            raise error
        return "gelukt"

    planning = Underway(compute)

    with pytest.raises(PlanError, match="kan niet"):
        planning.get()
    assert planning.get() == "gelukt"


def test_what_is_in_another_queue_is_not_waited_for() -> None:
    may_go_on = Event()
    documents = Underway(lambda _run: may_go_on.wait(20), "documents")

    assert Underway(lambda _run: "plan").get() == "plan"
    assert not documents.wait(0)
    may_go_on.set()
    assert documents.get()
