"""What the use cases write in the audit trail: ids, letters of options, dates and checksums, never free text.

Left out on purpose: explanations, evidence, reasons and who agreed to a deviation, the name of a file (it may
hold the name of a person; its checksum says which file it was), and why remarks were accepted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from assessment.model.answers import Answer, Submission
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.draft import Content, Draft, DraftDeviation, DraftRow, key_of
from assessment.model.register import District, House, Register, Round, Unit
from assessment.store.audit import append_changes
from assessment.store.submissions import load_submission

Entry = TypeVar("Entry", bound=BaseModel)


def audit_units(before: Register, units: Iterable[Unit]) -> list[Change]:
    """Tell of each unit that is new or other than before."""
    new = {unit.unit_id: unit for unit in units}
    return _tell_of_each(before.unit, new, (Action.UNIT_ADDED, Action.UNIT_CHANGED), _dump)


def audit_districts(before: Register, districts: Iterable[District]) -> list[Change]:
    """Tell of each district that is new or other than before."""
    new = {district.district_id: district for district in districts}
    return _tell_of_each(before.district, new, (Action.DISTRICT_CHANGED, Action.DISTRICT_CHANGED), _dump)


def audit_houses(before: Register, houses: Iterable[House]) -> list[Change]:
    """Tell of each house that is new or other than before."""
    new = {house.house_id: house for house in houses}
    return _tell_of_each(before.house, new, (Action.HOUSE_ADDED, Action.HOUSE_CHANGED), _describe_house)


def _tell_of_each(
    before: Mapping[str, Entry],
    given: Mapping[str, Entry],
    actions: tuple[Action, Action],
    describe: Callable[[Entry], dict[str, Json]],
) -> list[Change]:
    """Tell of each entry that is new, by the first action, or other than before, by the second."""
    added, changed = actions
    return [
        Change(
            action=changed if key in before else added,
            subject=key,
            old=describe(before[key]) if key in before else None,
            new=describe(entry),
        )
        for key, entry in given.items()
        if before.get(key) != entry
    ]


def _dump(entry: BaseModel) -> dict[str, Json]:
    dumped: dict[str, Json] = entry.model_dump(mode="json")
    return dumped


def audit_round(opened: Round) -> Change:
    """Tell that a round was opened."""
    return Change(action=Action.ROUND_OPENED, subject=opened.round_id, new=opened.model_dump(mode="json"))


def audit_submission(before: Submission | None, added: Submission) -> Change:
    """Tell what a version changed: the letter at each question, and until when each deviation is agreed.

    Old and new name the same questions and criteria: those where they differ.
    """
    old = _describe_submission(before, added) if before else None
    new = _describe_submission(added, before)
    new["accepted_with_reason"] = bool(added.accepted_because)
    return Change(action=Action.HANDED_IN, subject=added.submission_id, old=old, new=new)


def record_submissions(session: Session, who: str, added: Sequence[Submission]) -> None:
    """Write in the audit trail that versions were handed in, in the transaction that stores them.

    Args:
        session: of that transaction, in which nothing follows but its end.
        who: on whose word.
        added: the versions, all of one moment.
    """
    changes = [audit_submission(_find_earlier(session, each), each) for each in added]
    if added:
        append_changes(session, Signature(who, added[0].handed_in), changes)


def audit_draft_begun(draft: Draft) -> Change:
    """Tell that a draft was begun, and with which letters."""
    return Change(action=Action.DRAFT_BEGUN, subject=draft.draft_id, new=_describe_draft(draft))


def audit_draft_gone(action: Action, draft: Draft) -> Change:
    """Tell that a draft was handed in or removed, and which letters it held."""
    return Change(action=action, subject=draft.draft_id, old=_describe_draft(draft))


def audit_edit(draft_id: str, old: DraftRow[Content], new: DraftRow[Content]) -> Change:
    """Tell what changed in one row of a draft."""
    return Change(
        action=Action.DRAFT_CHANGED,
        subject=f"{draft_id}/{key_of(new.content)}",
        old=_describe_row(old),
        new=_describe_row(new),
    )


def _find_earlier(session: Session, added: Submission) -> Submission | None:
    if added.version == 1:
        return None
    earlier = added.model_copy(update={"version": added.version - 1})
    return load_submission(session, earlier.submission_id)


def _describe_house(house: House) -> dict[str, Json]:
    facts: dict[str, Json] = house.model_dump(mode="json", exclude={"source"})
    return facts | {"source_sha256": sha256(house.source.encode()).hexdigest()}


def _describe_submission(submission: Submission, other: Submission | None) -> dict[str, Json]:
    return {
        "version": submission.version,
        "file_sha256": submission.file_sha256,
        "answers": _differing(_letters(submission), _letters(other)),
        "deviations": _differing(_days(submission), _days(other)),
    }


def _describe_draft(draft: Draft) -> dict[str, Json]:
    letters = {key: row.content.option_id for key, row in draft.answers.items()}
    answers: dict[str, Json] = {key: letter for key, letter in letters.items() if letter}
    return {"based_on": draft.based_on, "revision": draft.revision, "answers": answers}


def _describe_row(row: DraftRow[Content]) -> dict[str, Json]:
    """The version, and what is no free text: a letter, a day, whether anybody takes a theme."""
    content = row.content
    match content:
        case Answer():
            return {"version": row.version, "option_id": content.option_id}
        case DraftDeviation():
            until = content.until.isoformat() if content.until else None
            return {"version": row.version, "until": until}
        case _:
            return {"version": row.version, "taken": bool(content.taken_by)}


def _letters(submission: Submission | None) -> dict[str, str]:
    answers = submission.answers if submission else ()
    return {answer.question_id: answer.option_id for answer in answers if answer.option_id}


def _days(submission: Submission | None) -> dict[str, str]:
    deviations = submission.deviations if submission else ()
    return {each.criterion_id: each.until.isoformat() for each in deviations}


def _differing(own: Mapping[str, str], other: Mapping[str, str]) -> dict[str, Json]:
    if not other:
        return dict(own)
    return {key: own.get(key) for key in own.keys() | other.keys() if own.get(key) != other.get(key)}
