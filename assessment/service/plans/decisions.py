"""Use cases: decide about measures and capacities; what people decide is over the planner."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessment.engine.validation.check import find_in_text
from assessment.errors import ConflictError, PersonalTextError, PlanError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.decisions import (
    FIELD_WORDS,
    FREE_TEXTS,
    Agreed,
    Decisions,
    PlanLine,
    Progress,
    find_line,
)
from assessment.model.plan import Quarter
from assessment.readers.files import describe_faults
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.plans.baselines import load_decisions, refuse_past
from assessment.service.plans.capacities import (
    CapacityChanged,
    CapacityEdit,
    apply_capacities,
    audit_capacity,
    list_drawing,
    require_capacity,
)
from assessment.service.plans.planning import Basis, prepare_plan, refuse_impossible
from assessment.service.round_scores import RoundScores, keep_houses, select_houses
from assessment.store.audit import append_changes
from assessment.store.plans import (
    put_capacities,
    put_lines,
    put_shown,
)
from assessment.tables.decisions import describe_conflict, describe_unknown
from assessment.tables.formats import format_day


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


def apply_edit(line: PlanLine, edit: Edit) -> PlanLine:
    """The line as an edit makes it, not yet another version.

    Raises:
        PlanError: a value cannot be what it is given as.
    """
    try:
        return PlanLine.model_validate(line.model_dump() | _tidy(edit.changes))
    except ValidationError as error:
        named = [fault | {"loc": _name_place(fault["loc"])} for fault in error.errors()]
        faults = "; ".join(describe_faults(named, None)).removeprefix(f"{edit.measure_id}: ")
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


def _refuse_unseen(applied: Iterable[tuple[Changed, Edit]]) -> None:
    """Refuse to overwrite what was stored after the version that was looked at, unless it says the same."""
    told = [
        describe_conflict(old, new, edit.changes)
        for (old, new), edit in applied
        if edit.seen not in {None, old.version} and new.differs_from(old)
    ]
    if told:
        raise ConflictError("\n".join(told))


def audit_line(changed: Changed) -> Change:
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


def refuse_foreign(basis: Basis, decided: Decisions, lines: Iterable[PlanLine]) -> None:
    """Refuse measures that are not in the plan of their house, unless they were decided on before.

    Raises:
        PlanError: there is no such measure, or the house has nothing to do there.
    """
    told = [fault for line in lines for fault in _find_foreign(basis, decided, line)]
    if told:
        raise PlanError("\n".join(told))


def refuse_unsound(line: PlanLine, fields: Iterable[str], begin: Quarter, today: date) -> None:
    """Refuse what cannot be decided on this day.

    Args:
        line: as it would become.
        fields: what changes in it.
        begin: the first quarter of the plan.
        today: nothing is pinned before it, nothing was done after it.

    Raises:
        PlanError: one of the fields cannot be what it is.
    """
    told = [fault for field in fields for fault in _find_fault(line, field, begin, today)]
    if told:
        raise PlanError("\n".join(f"{line.measure_id}: {fault} Er is niets bewaard." for fault in told))


def find_personal(line: PlanLine, fields: Iterable[str]) -> tuple[str, ...]:
    """A line for each thing in these fields that may be about a citizen; the thing itself is not repeated."""
    return tuple(
        f"{line.measure_id}, {FIELD_WORDS[field]}: {issue.sentence}"
        for field in fields
        if field in FREE_TEXTS
        for issue in find_in_text(getattr(line, field))
    )


def refuse_personal(line: PlanLine, fields: Iterable[str]) -> None:
    """Refuse what may be about a citizen, until somebody says that it is not.

    Raises:
        PersonalTextError: it may be.
    """
    if told := find_personal(line, fields):
        raise PersonalTextError("\n".join(f"{each} Er is niets bewaard." for each in told))


def _find_foreign(basis: Basis, decided: Decisions, line: PlanLine) -> Iterator[str]:
    questionnaire, house = basis.scores.questionnaire, basis.scores.register.house[line.house_id]
    if line.measure_id not in questionnaire.measure:
        yield describe_unknown(line.measure_id, questionnaire)
        return
    mine = basis.work[basis.work["house_id"] == line.house_id].set_index("measure_id")["settled"]
    if mine.get(line.measure_id, default=True) and (line.house_id, line.measure_id) not in decided.line:
        why = _describe_foreign(basis, line, is_settled=line.measure_id in mine)
        yield f"Maatregel {line.measure_id} hoort niet bij het plan van {house.title}: {why}."


def _describe_foreign(basis: Basis, line: PlanLine, *, is_settled: bool) -> str:
    if is_settled:
        return "de antwoorden zeggen dat dit al geregeld is"
    criterion_id = line.measure_id.partition(".")[0]
    gaps = basis.gaps
    if ((gaps["house_id"] == line.house_id) & (gaps["criterion_id"] == criterion_id)).any():
        return f"aanbeveling {criterion_id} is niet in het plan opgenomen"
    return f"aan criterium {criterion_id} is daar niets meer te doen"


def _find_fault(line: PlanLine, field: str, begin: Quarter, today: date) -> Iterator[str]:
    match field:
        case "pinned" if line.pinned is not None:
            yield from _find_pin_fault(line, max(begin, Quarter.of(today)))
        case "started" | "done":
            day = getattr(line, field)
            if day is not None and day > today:
                yield f"{FIELD_WORDS[field]} {format_day(day)} kan niet: die dag komt nog."


def _find_pin_fault(line: PlanLine, earliest: Quarter) -> Iterator[str]:
    if line.progress is not Progress.PLANNED:
        yield f"is {line.progress.dutch} en kan niet worden vastgezet op een kwartaal."
    elif line.pinned is not None and line.pinned < earliest:
        yield f"vastzetten op {line.pinned} kan niet: dat is voorbij. Kies {earliest} of later."


class Wishes(NamedTuple):
    """What somebody wants to decide at once: at most one edit per house and measure, one per capacity.

    `shown` is where the measures of houses stand in the plan that is to be kept with it, if any.
    """

    edits: Sequence[Edit] = ()
    capacities: Sequence[CapacityEdit] = ()
    shown: Sequence[Agreed] = ()


class Decided(NamedTuple):
    """What was changed, as it was and as it is stored now."""

    lines: tuple[Changed, ...]
    capacities: tuple[CapacityChanged, ...]


def change_lines(
    installation: Installation, scores: RoundScores, edits: Sequence[Edit], now: datetime
) -> tuple[Changed, ...]:
    """Change what was decided about measures, all of it or nothing; as `decide`."""
    return decide(installation, scores, Wishes(edits), now).lines


def set_capacities(
    installation: Installation, scores: RoundScores, edits: Sequence[CapacityEdit], now: datetime
) -> tuple[CapacityChanged, ...]:
    """Set how much actors carry at once, all of it or nothing; as `decide`."""
    return decide(installation, scores, Wishes(capacities=edits), now).capacities


def decide(
    installation: Installation,
    scores: RoundScores,
    wishes: Wishes,
    now: datetime,
    refuse: Callable[[Session], None] | None = None,
) -> Decided:
    """Change what was decided, all of it or nothing.

    Whether a plan can hold it is found out before the turn to write is taken, as it takes long, and once more
    only where somebody else decided something meanwhile.

    Args:
        installation: where it is stored.
        scores: of the houses, which says what is in their plans.
        wishes: what to change.
        now: the moment of deciding.
        refuse: what else may stand in the way, seen in the same transaction.

    Raises:
        NotAllowedError: the visitor may not change the plan of a house, or a capacity.
        UnknownHouseError, UnknownRoundError, NoAnswersError: a house has no plan.
        PlanError: the plan does not know the measure or changes no more, or no plan can be made with this.
        PersonalTextError: what was written may be about a citizen, and nobody said that it is not.
        ConflictError: somebody else changed a line or a capacity meanwhile.
    """
    house_ids = _require_all(installation, scores, wishes)

    def apply(session: Session) -> tuple[Decisions, Decided]:
        if refuse is not None:
            refuse(session)
        refuse_past(session, keep_houses(scores, {edit.house_id for edit in wishes.edits}))
        before = load_decisions(session, house_ids, now.date())
        return before, Decided(apply_all(before, wishes.edits), apply_capacities(before, wishes.capacities))

    def weigh(before: Decisions, changed: Decided) -> None:
        _refuse_unsound(scores, house_ids, before, changed, now.date())
        _refuse_personal(wishes.edits, changed.lines)

    with installation.store.reading() as session:
        seen = apply(session)
    weigh(*seen)
    with installation.store.writing() as session:
        before, changed = apply(session)
        if (before, changed) != seen:
            weigh(before, changed)
        put_lines(session, [new for _, new in changed.lines])
        put_capacities(session, [new for _, new in changed.capacities])
        put_shown(session, {each.house_id for each in wishes.shown}, wishes.shown)
        told = [*map(audit_line, changed.lines), *map(audit_capacity, changed.capacities)]
        append_changes(session, Signature(installation.who, now), told)
    return changed


def _require_all(installation: Installation, scores: RoundScores, wishes: Wishes) -> frozenset[str]:
    """Refuse what the visitor may not decide; else all houses that it is about."""
    edited = {edit.house_id for edit in wishes.edits}
    if edited:
        for house in select_houses(scores, edited).houses:
            require(installation, Task.PLAN, house)
    resources = [edit.resource for edit in wishes.capacities]
    for resource in resources:
        require_capacity(installation, scores.register, resource)
    return frozenset({house.house_id for house in list_drawing(scores.register, resources)} | edited)


def _refuse_personal(edits: Sequence[Edit], changed: Sequence[Changed]) -> None:
    accepted = {(edit.house_id, edit.measure_id) for edit in edits if edit.accepted}
    for old, new in changed:
        if (new.house_id, new.measure_id) not in accepted:
            refuse_personal(new, new.differs_from(old))


def _refuse_unsound(
    scores: RoundScores, house_ids: Collection[str], before: Decisions, changed: Decided, today: date
) -> None:
    """Refuse what no plan can hold; a house that did not hand in has no plan yet."""
    planned = [house_id for house_id in scores.grid.house_ids if house_id in house_ids]
    if not planned:
        return
    lines = [new for _, new in changed.lines]
    decided = before.with_lines(lines).with_capacities(new for _, new in changed.capacities)
    basis = prepare_plan(scores, planned, decisions=decided)
    refuse_foreign(basis, before, lines)
    for old, new in changed.lines:
        refuse_unsound(new, new.differs_from(old), basis.begin, today)
    refuse_impossible(basis.decide(decided), basis.scores.register)
