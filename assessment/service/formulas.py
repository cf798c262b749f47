"""Use cases on safety formulas (formules): change them, and tell what parties have for them in a year.

What there is, for a page, a command or a file:

- `change_formulas` stores formulas, `set_party_capacities` what parties have, `decide_formulas` both at once:
  all of it or nothing, each on the version that was looked at.
- `begin_formula` starts one: empty, from an example of the source text, or from what another house shares.
- Read through `Queries` (`service/queries/formulas.py`): `find_formulas` of one house, `list_formulas` of all
  that the visitor may see, `find_formula` and `list_formula_versions`, `find_formula_picture` for what
  follows (missing, matrix, loads, contradictions, front, reviews, evidence), `list_formula_starts` to start
  from, and `export_formulas`. The words are in `tables/formulas.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessment.engine.formulas import find_missing
from assessment.engine.validation.check import find_in_text
from assessment.errors import ConflictError, FormulaError, PersonalTextError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.effort import Amount, PartyCapacity
from assessment.model.exchange import seal
from assessment.model.formula import FORMULA_FIELDS, PART_WORDS, Formula, FormulaStatus
from assessment.model.register import Register
from assessment.readers.files import describe_faults
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered
from assessment.store.audit import append_changes
from assessment.store.formulas import (
    add_formulas,
    load_formulas,
    load_party_capacities,
    put_party_capacities,
)
from assessment.store.register import load_register
from assessment.tables.formula_changes import describe_capacity_conflict, describe_formula_conflict

_NOTHING_KEPT = "Er is niets bewaard."


@dataclass(frozen=True)
class FormulaEdit:
    """What somebody wants to change about one formula: only the fields that change.

    `changes` holds fields of `Formula` as a file or a form gives them; of a formula that is not there yet a
    title at least. `seen` is the version that he looked at, 0 for a new one; None takes whatever is stored
    now. `accepted` says that what looks like it is about a citizen is something else.
    """

    house_id: str
    formula_id: str
    changes: Mapping[str, object] = field(default_factory=dict)
    seen: int | None = None
    accepted: bool = False


class FormulaChanged(NamedTuple):
    """A formula as it was (None: it was not there), and as it became."""

    old: Formula | None
    new: Formula


@dataclass(frozen=True)
class PartyCapacityEdit:
    """What a party has for the formulas of a house in a year; no amount: nobody says so any more.

    `amount` may be the fields of one, as a file or a form gives them; `seen` and `accepted` as those of a
    `FormulaEdit`.
    """

    house_id: str
    party: str
    year: int
    amount: Amount | Mapping[str, object] | None
    seen: int | None = None
    accepted: bool = False


class PartyCapacityChanged(NamedTuple):
    """What a party had (of version 0: never told), and what it has."""

    old: PartyCapacity
    new: PartyCapacity


class FormulaWishes(NamedTuple):
    """What somebody wants to store at once: at most one edit per formula, and one per party and year."""

    formulas: Sequence[FormulaEdit] = ()
    capacities: Sequence[PartyCapacityEdit] = ()


class FormulasDecided(NamedTuple):
    """What was changed, as it was and as it is stored now."""

    formulas: tuple[FormulaChanged, ...] = ()
    capacities: tuple[PartyCapacityChanged, ...] = ()


def change_formulas(
    installation: Installation, edits: Sequence[FormulaEdit], now: datetime
) -> tuple[FormulaChanged, ...]:
    """Change formulas, all of it or nothing; as `decide_formulas`."""
    return decide_formulas(installation, FormulaWishes(edits), now).formulas


def set_party_capacities(
    installation: Installation, edits: Sequence[PartyCapacityEdit], now: datetime
) -> tuple[PartyCapacityChanged, ...]:
    """Tell what parties have in a year, all of it or nothing; as `decide_formulas`."""
    return decide_formulas(installation, FormulaWishes(capacities=edits), now).capacities


def begin_formula(installation: Installation, start: Formula, now: datetime) -> Formula:
    """Begin a formula from a start, such as `Queries.list_formula_starts` gives; as `decide_formulas`.

    Raises:
        ConflictError: the house has a formula of that id already.
    """
    changes = {name: value for name, value in start.decided.items() if value != getattr(_EMPTY, name)}
    edit = FormulaEdit(start.house_id, start.formula_id, changes, seen=0)
    changed = change_formulas(installation, [edit], now)
    if not changed:
        raise ConflictError(
            f"Formule {start.formula_id} is er al bij dit huis. Kies een ander nr. {_NOTHING_KEPT}"
        )
    return changed[0].new


def decide_formulas(installation: Installation, wishes: FormulaWishes, now: datetime) -> FormulasDecided:
    """Store formulas and what parties have, all of it or nothing; what changes nothing makes no version.

    Args:
        installation: where it is stored.
        wishes: what to change.
        now: the moment.

    Raises:
        UnknownHouseError: the register does not know a house.
        NotAllowedError: the visitor may not change the formulas of a house.
        FormulaError: a formula cannot be what it is given as, or lacks too much to be adopted.
        PersonalTextError: what was written may be about a citizen, and nobody said that it is not.
        ConflictError: somebody else changed the same meanwhile; both values are told.
    """
    with installation.store.writing() as session:
        return store_wishes(installation, session, wishes, now)


def store_wishes(
    installation: Installation, session: Session, wishes: FormulaWishes, now: datetime
) -> FormulasDecided:
    """As `decide_formulas`, in a transaction that does more; raises before anything of it is stored."""
    signature = Signature(installation.who, now)
    house_ids = _require_all(installation, load_register(session), wishes)
    changed = FormulasDecided(
        _apply_formulas(session, house_ids, wishes.formulas),
        _apply_capacities(session, house_ids, wishes.capacities),
    )
    add_formulas(session, [new for _, new in changed.formulas], signature)
    put_party_capacities(session, [new for _, new in changed.capacities], signature)
    told = [*map(_audit_formula, changed.formulas), *map(_audit_capacity, changed.capacities)]
    append_changes(session, signature, told)
    return changed


def apply_formula_edit(stored: Formula | None, edit: FormulaEdit) -> Formula:
    """A formula as an edit makes it, not yet another version.

    Raises:
        FormulaError: a field cannot be what it is given as; every fault is told with its place.
    """
    before = stored or _make_empty(edit)
    given = {"house_id": edit.house_id, "formula_id": edit.formula_id, "version": before.version}
    try:
        return Formula.model_validate(before.decided | _tidy(edit.changes) | given)
    except ValidationError as error:
        raise _describe_faults(edit.formula_id, error) from error


def find_personal_texts(formula: Formula, before: Formula | None = None) -> tuple[str, ...]:
    """A line for each thing in a formula that may be about a citizen; the thing itself is not repeated.

    What was there before was accepted then.
    """
    known = set(before.list_texts()) if before else set()
    return tuple(
        f"{formula.formula_id}, {place}: {issue.sentence}"
        for place, text in formula.list_texts()
        if (place, text) not in known
        for issue in find_in_text(text)
    )


def _require_all(installation: Installation, register: Register, wishes: FormulaWishes) -> frozenset[str]:
    house_ids = frozenset(edit.house_id for edit in wishes.formulas)
    house_ids |= {edit.house_id for edit in wishes.capacities}
    for house_id in sorted(house_ids):
        require(installation, Task.CHANGE_FORMULAS, find_registered(register, house_id))
    return house_ids


def _apply_formulas(
    session: Session, house_ids: Iterable[str], edits: Sequence[FormulaEdit]
) -> tuple[FormulaChanged, ...]:
    stored = {kept.formula.subject: kept.formula for kept in load_formulas(session, set(house_ids))}
    old = [stored.get(f"{edit.house_id}/{edit.formula_id}") for edit in edits]
    applied = [
        (FormulaChanged(before, apply_formula_edit(before, edit)), edit)
        for before, edit in zip(old, edits, strict=True)
    ]
    different = [
        (each, edit) for each, edit in applied if each.old is None or each.new.differs_from(each.old)
    ]
    _refuse_unseen(different)
    _refuse_incomplete(each.new for each, _ in different)
    _refuse_personal(different)
    return tuple(FormulaChanged(old, _make_next(new)) for (old, new), _ in different)


def _make_next(formula: Formula) -> Formula:
    return formula.model_copy(update={"version": formula.version + 1})


def _refuse_unseen(changed: Iterable[tuple[FormulaChanged, FormulaEdit]]) -> None:
    """Refuse to overwrite what was stored after the version that was looked at, unless it says the same."""
    told = [
        describe_formula_conflict(old, new, [name for name in FORMULA_FIELDS if name in edit.changes])
        for (old, new), edit in changed
        if old is not None and edit.seen not in {None, old.version}
    ]
    if told:
        raise ConflictError("\n".join(told))


def _refuse_incomplete(formulas: Iterable[Formula]) -> None:
    adopted = [each for each in formulas if each.status is FormulaStatus.ADOPTED]
    told = [
        f"{formula.formula_id}: nog niet vast te stellen. {' '.join(map(str, missing))} Bewaar de formule "
        f"als concept, of vul dit aan. {_NOTHING_KEPT}"
        for formula in adopted
        if (missing := find_missing(formula))
    ]
    if told:
        raise FormulaError("\n".join(told))


def _refuse_personal(changed: Iterable[tuple[FormulaChanged, FormulaEdit]]) -> None:
    told = [
        f"{line} {_NOTHING_KEPT}"
        for (old, new), edit in changed
        if not edit.accepted
        for line in find_personal_texts(new, old)
    ]
    if told:
        raise PersonalTextError("\n".join(told))


def _make_empty(edit: FormulaEdit) -> Formula:
    """A formula without anything, of which even the id was not looked at yet."""
    return _EMPTY.model_copy(update={"house_id": edit.house_id, "formula_id": edit.formula_id, "title": ""})


def _tidy(value: Mapping[str, object]) -> dict[str, object]:
    return {name: _strip(each) for name, each in value.items()}


def _strip(value: object) -> object:
    """The same with no spaces around its texts, however deep they stand."""
    match value:
        case str():
            return value.strip()
        case dict():
            return _tidy(value)
        case list() | tuple():
            return [_strip(each) for each in value]
        case _:
            return value


def _describe_faults(formula_id: str, error: ValidationError) -> FormulaError:
    faults = [
        fault | {"loc": tuple(PART_WORDS.get(str(step), step) for step in fault["loc"])}
        for fault in error.errors()
    ]
    lines = (line.removeprefix(f"{formula_id}: ") for line in describe_faults(faults, None))
    return FormulaError("\n".join(f"{formula_id}: {line.rstrip('.')}. {_NOTHING_KEPT}" for line in lines))


def _apply_capacities(
    session: Session, house_ids: Iterable[str], edits: Sequence[PartyCapacityEdit]
) -> tuple[PartyCapacityChanged, ...]:
    stored = {
        (each.house_id, each.key, each.year): each for each in load_party_capacities(session, set(house_ids))
    }
    wanted = [make_capacity(edit) for edit in edits]
    pairs = [
        (PartyCapacityChanged(stored.get((new.house_id, new.key, new.year), _without_amount(new)), new), edit)
        for new, edit in zip(wanted, edits, strict=True)
    ]
    different = [(each, edit) for each, edit in pairs if each.new.amount != each.old.amount]
    _refuse_unseen_capacities(different)
    return tuple(
        PartyCapacityChanged(old, new.model_copy(update={"version": old.version + 1}))
        for (old, new), _ in different
    )


def make_capacity(edit: PartyCapacityEdit) -> PartyCapacity:
    """What a party has as an edit makes it, not yet another version.

    Raises:
        FormulaError: it cannot be what it is given as; every fault is told.
        PersonalTextError: its name may be about a citizen, and nobody said that it is not.
    """
    facts = {"house_id": edit.house_id, "party": edit.party.strip(), "year": edit.year, "amount": edit.amount}
    try:
        made = PartyCapacity.model_validate(facts)
    except ValidationError as error:
        raise _describe_faults(edit.party.strip() or "partij zonder naam", error) from error
    if not edit.accepted and (found := find_in_text(made.party)):
        raise PersonalTextError("\n".join(f"partij: {each.sentence} {_NOTHING_KEPT}" for each in found))
    return made


def _without_amount(capacity: PartyCapacity) -> PartyCapacity:
    return capacity.model_copy(update={"amount": None, "version": 0})


def _refuse_unseen_capacities(changed: Iterable[tuple[PartyCapacityChanged, PartyCapacityEdit]]) -> None:
    told = [
        describe_capacity_conflict(old, new)
        for (old, new), edit in changed
        if edit.seen not in {None, old.version}
    ]
    if told:
        raise ConflictError("\n".join(told))


def _audit_formula(changed: FormulaChanged) -> Change:
    """Tell which fields of a formula changed; of what it says only settled words and a checksum."""
    old, new = changed
    fields = new.differs_from(old) if old else tuple(FORMULA_FIELDS)
    return Change(
        action=Action.FORMULA_CHANGED,
        subject=new.subject,
        old=_describe(old) if old else None,
        new={**_describe(new), "fields": list(fields)},
    )


def _describe(formula: Formula) -> dict[str, Json]:
    content = formula.model_dump(mode="json")
    return {"version": formula.version, "status": formula.status.value, "sha256": seal(content)}


def _audit_capacity(changed: PartyCapacityChanged) -> Change:
    old, new = changed
    return Change(
        action=Action.PARTY_CAPACITY_CHANGED,
        subject=new.subject,
        old=_describe_capacity(old) if old.version else None,
        new=_describe_capacity(new),
    )


def _describe_capacity(capacity: PartyCapacity) -> dict[str, Json]:
    """A party is told by a checksum of its name, which somebody typed."""
    amount = capacity.amount.model_dump(mode="json") if capacity.amount else None
    return {"version": capacity.version, "party_sha256": seal(capacity.key), "amount": amount}


_EMPTY = Formula(house_id="leeg", formula_id="leeg", title="leeg")
