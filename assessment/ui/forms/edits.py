"""Changes on their way to the draft: what this session saw of each row, and what it could not store.

A change is stored at once, on top of what was seen. What is refused stays here, with what was typed.
"""

from datetime import date, datetime
from typing import Any

from assessment.errors import DraftError, UserError
from assessment.model.draft import KEYS, Content, Draft, DraftRow, key_of
from assessment.service.clock import now
from assessment.service.drafts import Edit, save
from assessment.ui.cache import get_installation
from assessment.ui.notices import keep_notice
from assessment.ui.session import HELD, SAVED, SEEN, Held, draft_field


def find_held(draft: Draft, key: str) -> Held | None:
    """What could not be stored in a row."""
    return HELD.rows.get((draft.draft_id, key))


def list_held(draft: Draft) -> list[str]:
    """The rows in which something could not be stored."""
    return [key for draft_id, key in HELD.rows if draft_id == draft.draft_id]


def find_saved(draft: Draft) -> tuple[str, datetime] | None:
    """The row that this session stored last, and when."""
    kept = SAVED.get()
    return (kept[0][1], kept[1]) if kept and kept[0][0] == draft.draft_id else None


def show_stored_values(draft: Draft, row: DraftRow[Content]) -> None:
    """Give the widgets of a row what is stored, where this session has not seen that yet.

    What is being typed stays, and so does what could not be stored.
    """
    key = key_of(row.content)
    held = find_held(draft, key)
    fields = _fields_of(row.content)
    is_shown = all(draft_field(draft, key, field).is_known for field in fields)
    if is_shown and (held is not None or SEEN.rows.get((draft.draft_id, key)) == row):
        return
    shown = held.mine if held else row.content
    for field in fields:
        draft_field(draft, key, field).fill(_as_shown(field, getattr(shown, field)))
    SEEN.rows[draft.draft_id, key] = row


def save_typed(draft: Draft, key: str) -> None:
    """Store what the widgets of a row say now, on top of what was seen."""
    seen = SEEN.rows[draft.draft_id, key]
    typed: dict[str, Any] = {
        field: _as_stored(field, widget.read())
        for field in _fields_of(seen.content)
        if (widget := draft_field(draft, key, field)).is_known
    }
    _store(draft, seen, seen.content._replace(**typed))


def save_anyway(draft: Draft, key: str) -> None:
    """Store what looked like it is about a person, now that somebody says that it is not."""
    held = HELD.rows[draft.draft_id, key]
    _store(draft, SEEN.rows[draft.draft_id, key], held.mine, accepted=True)


def choose(draft: Draft, row: DraftRow[Content], content: Content) -> None:
    """End a conflict with one of the values that were shown; `row` is what was shown as stored."""
    _let_go(draft, key_of(content))
    _store(draft, row, content)


def take_back(draft: Draft, key: str) -> None:
    """Forget what could not be stored; the widgets show again what is."""
    _let_go(draft, key)


def _store(draft: Draft, seen: DraftRow[Content], content: Content, *, accepted: bool = False) -> None:
    place, moment = (draft.draft_id, key_of(content)), now()
    edit = Edit(draft.whose, draft.draft_id, content, seen.version, accepted)
    try:
        row = save(get_installation(), edit, moment)
    except DraftError as error:
        keep_notice(f"{error} Uw laatste wijziging bij {place[1]} is niet bewaard.")
        return
    except UserError as error:
        HELD.rows[place] = Held(content, seen.content, error)
        return
    HELD.rows.pop(place, None)
    SEEN.rows[place] = row
    SAVED.put((place, moment))


def _let_go(draft: Draft, key: str) -> None:
    """Forget what was typed and what was seen: the next run shows what is stored."""
    HELD.rows.pop((draft.draft_id, key), None)
    SEEN.rows.pop((draft.draft_id, key), None)


def _fields_of(content: Content) -> list[str]:
    return [field for field in content._fields if field != KEYS[type(content)]]


def _as_shown(field: str, value: str | date | None) -> str | date | None:
    """A widget shows no choice as an empty text, and no day as none."""
    return value or "" if field == "option_id" else value


def _as_stored(field: str, value: str | date | None) -> str | date | None:
    """The other way around; a text that was never typed is an empty one."""
    return value or None if field in {"option_id", "until"} else value or ""
