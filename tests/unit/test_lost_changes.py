"""Whether what a page said that it stored is still there: what the bench of many people counts as lost."""

from assessment.service.bench.changes import Change, Content, Row, find_lost

ROW = Row("veenrijk", "POS-1.1")


def type_in(*texts: str, unanswered: str = "") -> list[Change]:
    """Texts that were acknowledged one after the other, and one after them that was not."""
    answered = [Change(ROW, text, acknowledged=True) for text in texts]
    return [*answered, *([Change(ROW, unanswered, acknowledged=False)] if unanswered else [])]


def list_lost(changes: list[Change], text: str, version: int) -> list[str]:
    return [each.text for each in find_lost(changes, {}, {ROW: Content(text, version)})]


def test_nothing_is_lost_while_the_last_text_stands() -> None:
    assert list_lost(type_in("een", "twee"), "twee", 2) == []


def test_an_acknowledged_text_that_is_not_there_is_lost() -> None:
    assert list_lost(type_in("een", "twee"), "een", 2) == ["twee"]
    assert [each.text for each in find_lost(type_in("een"), {}, {})] == ["een"]


def test_what_was_under_way_when_the_dashboard_went_may_be_stored_or_not() -> None:
    changes = type_in("een", unanswered="twee")

    assert list_lost(changes, "een", 1) == list_lost(changes, "twee", 2) == []
    assert list_lost(type_in(unanswered="twee"), "", 0) == []


def test_a_change_that_another_wiped_out_shows_in_how_often_the_row_changed() -> None:
    assert list_lost(type_in("een", "twee"), "twee", 1) == ["twee"]
