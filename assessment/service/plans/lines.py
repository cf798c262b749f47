"""What people decide about the measures of a plan, and what that makes of what is stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessment.errors import ConflictError, PlanError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json
from assessment.model.plan import Quarter
from assessment.model.plan_line import FIELD_WORDS, FREE_TEXTS, Decisions, PlanLine
from assessment.readers.files import tell_faults
from assessment.service.installation import Installation
from assessment.service.people.access import may
from assessment.service.plans.basis import require_plan
from assessment.service.standing import Standing, select_houses
from assessment.store.capacities import load_capacities
from assessment.store.plans import count_decisions, load_lines, load_newest_baselines
from assessment.tables.plan_lines import say_conflict


@dataclass(frozen=True)
class Edit:
    """What somebody wants to change about one measure of one house: only the fields that change.

    `seen` is the version that he looked at; None takes whatever is stored now. `accepted` says that what
    looks like it is about a citizen is something else.
    """

    house_id: str
    measure_id: str
    changes: Mapping[str, object] = field(default_factory=dict)
    seen: int | None = None
    accepted: bool = False


class Changed(NamedTuple):
    """A line as it was (of version 0: never stored), and as it became."""

    old: PlanLine
    new: PlanLine


def find_decisions(
    installation: Installation, standing: Standing, house_ids: Collection[str], today: date
) -> Decisions:
    """Everything that people decided about houses, with the plan that each adopted last.

    What was written freely is left out for who may not read that of a house.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError: a house cannot be planned.
        NotAllowedError: the visitor may not see the plan of a house.
    """
    chosen = select_houses(standing, house_ids)
    require_plan(chosen, installation.visitor)
    closed = {
        house.house_id
        for house in chosen.houses
        if not may(installation, Task.SEE_TEXT, house, standing.perspective)
    }
    with installation.store.reading() as session:
        found = load_decisions(session, chosen.grid.house_ids, today)
    return found.with_lines(line.without_texts() for line in found.lines if line.house_id in closed)


def find_plan_revision(installation: Installation) -> str:
    """A short text that changes whenever somebody decides or adopts."""
    with installation.store.reading() as session:
        return count_decisions(session)


def load_decisions(session: Session, house_ids: Collection[str], today: date) -> Decisions:
    """What is stored about the plans of houses, with the plan that each adopted last."""
    baselines = load_newest_baselines(session, house_ids)
    return Decisions(
        lines=load_lines(session, house_ids),
        capacities=load_capacities(session, house_ids),
        agreed=tuple(each for baseline in baselines.values() for each in baseline.agreed),
        now=Quarter.of(today),
    )


def apply_edit(line: PlanLine, edit: Edit) -> PlanLine:
    """The line as an edit makes it, not yet another version.

    Raises:
        PlanError: a value cannot be what it is given as.
    """
    try:
        return PlanLine.model_validate(line.model_dump() | _tidy(edit.changes))
    except ValidationError as error:
        named = [fault | {"loc": _name_place(fault["loc"])} for fault in error.errors()]
        faults = "; ".join(tell_faults(named, None)).removeprefix(f"{edit.measure_id}: ")
        raise PlanError(f"{edit.measure_id}: {faults}. Er is niets bewaard.") from error


def _name_place(steps: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return tuple(FIELD_WORDS.get(str(step), step) for step in steps)


def _tidy(changes: Mapping[str, object]) -> dict[str, object]:
    return {field: value.strip() if isinstance(value, str) else value for field, value in changes.items()}


def apply_all(before: Decisions, edits: Iterable[Edit]) -> tuple[Changed, ...]:
    """The lines that edits change, each in its next version.

    Raises:
        PlanError: a value cannot be what it is given as.
        ConflictError: a line was changed since the version that was looked at.
    """
    pairs = [(find_line(before, edit.house_id, edit.measure_id), edit) for edit in edits]
    applied = [(Changed(line, apply_edit(line, edit)), edit) for line, edit in pairs]
    _refuse_unseen(applied)
    return tuple(
        Changed(old, new.model_copy(update={"version": old.version + 1}))
        for (old, new), _ in applied
        if new.differs_from(old)
    )


def find_line(decisions: Decisions, house_id: str, measure_id: str) -> PlanLine:
    """What was decided about a measure; an empty line where nothing was."""
    known = decisions.line.get((house_id, measure_id))
    return known or PlanLine(house_id=house_id, measure_id=measure_id)


def _refuse_unseen(applied: Iterable[tuple[Changed, Edit]]) -> None:
    """Refuse to overwrite what was stored after the version that was looked at, unless it says the same."""
    told = [
        say_conflict(old, new, edit.changes)
        for (old, new), edit in applied
        if edit.seen not in {None, old.version} and new.differs_from(old)
    ]
    if told:
        raise ConflictError("\n".join(told))


def tell_line(changed: Changed) -> Change:
    """Tell what a line was and became; of what was written freely only whether there is any."""
    old, new = changed
    fields = new.differs_from(old)
    return Change(
        action=Action.PLAN_CHANGED,
        subject=f"{new.house_id}/{new.measure_id}",
        old=_describe(old, fields) if old.version else None,
        new=_describe(new, fields),
    )


def _describe(line: PlanLine, fields: Iterable[str]) -> dict[str, Json]:
    values = line.model_dump(mode="json")
    return {"version": line.version} | {
        name: bool(values[name]) if name in FREE_TEXTS else values[name] for name in fields
    }
