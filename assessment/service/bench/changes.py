"""What people store while a dashboard is measured, and whether all of it is there afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import NamedTuple

from assessment.model.answers import Whose
from assessment.model.scale import Perspective
from assessment.service.bench.client import PageRun, Tab
from assessment.service.installation import Installation
from assessment.store.drafts import load_draft
from assessment.store.plans import load_lines

_EXPLANATION, _REMARK = ("concept/", "/explanation"), ("plan/", "/remark")
"""How the keys of the fields begin and end in which people type: of a draft, and of a line of a plan."""

_SAVE_LINE = "FormSubmitter:plan-regel"
_ACKNOWLEDGED = ("Bewaard om", "Bewaard.")
"""What the page says of what it stored: of an answer, which is stored at once, and of a line."""


class Row(NamedTuple):
    """What is changed: the answer to a question in a draft of a house, or a measure in its plan."""

    house_id: str
    row_id: str


class Change(NamedTuple):
    """A text that somebody typed in a row, and whether the page said that it was stored."""

    row: Row
    text: str
    acknowledged: bool


class Content(NamedTuple):
    """What a row says, and how often it was changed."""

    text: str = ""
    version: int = 0


def choose_field(tab: Tab, dice: Random) -> str | None:
    """The key of a field of the open page in which an explanation or a remark goes, or None."""
    keys = [
        key
        for key in sorted(tab.shown.fields)
        for begin, end in (_EXPLANATION, _REMARK)
        if key.startswith(begin) and key.endswith(end)
    ]
    return dice.choice(keys) if keys else None


def find_row(house_id: str, key: str) -> Row:
    """The row of a house to which a field belongs."""
    _, _, row_id, *_ = key.split("/")
    return Row(house_id, row_id)


async def store_text(tab: Tab, key: str, text: str) -> tuple[PageRun, bool]:
    """Type in a field, have it stored as the page does that, and look whether the page says so, and no fault.

    Raises:
        ConnectionClosed: the dashboard went away.
    """
    buttons = (button for button in tab.shown.buttons if button.startswith(_SAVE_LINE))
    run = await tab.enter({key: text}, next(buttons, None))
    return run, not run.error and any(tab.shown.says(words) for words in _ACKNOWLEDGED)


def load_contents(where: Installation, round_id: str, house_ids: Iterable[str]) -> Mapping[Row, Content]:
    """What the drafts of houses in a round say, and the lines of their plans."""
    with where.store.reading() as session:
        lines = load_lines(session, tuple(house_ids))
        drafts = [load_draft(session, Whose(round_id, each, Perspective.HOUSE)) for each in house_ids]
    answers = {
        Row(draft.whose.house_id, key): Content(row.content.explanation, row.version)
        for draft in drafts
        if draft is not None
        for key, row in draft.answers.items()
    }
    return answers | {
        Row(line.house_id, line.measure_id): Content(line.remark, line.version) for line in lines
    }


def find_lost(
    changes: Iterable[Change], before: Mapping[Row, Content], after: Mapping[Row, Content]
) -> Iterator[Change]:
    """The changes of which a page said that they were stored, and that are not there.

    A row says what was typed in it last, or after that and never acknowledged; and it was changed at least
    as often as was acknowledged.

    Args:
        changes: of each row in the order in which one person typed them.
        before: what the rows said at first.
        after: what they say now.
    """
    by_row: dict[Row, list[Change]] = {}
    for change in changes:
        by_row.setdefault(change.row, []).append(change)
    for row, typed in by_row.items():
        stored = [place for place, change in enumerate(typed) if change.acknowledged]
        begin, end = before.get(row, Content()), after.get(row, Content())
        allowed = {change.text for change in typed[stored[-1] :]} if stored else set()
        if stored and (end.text not in allowed or end.version - begin.version < len(stored)):
            yield typed[stored[-1]]
