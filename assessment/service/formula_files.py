"""Use cases on files of formulas: what one changes, every formula accounted for, and taking that over.

A formula in a file says on which version it rests. What is still as it was in that version is no change of
the file, whatever became of the formula meanwhile.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessment.errors import FormulaError, UnknownHouseError
from assessment.model.access import Task
from assessment.model.effort import PartyCapacity
from assessment.model.formula import FORMULA_FIELDS, PART_WORDS, Formula, FormulaSet, KeptFormula
from assessment.model.register import House
from assessment.readers.files import describe_faults
from assessment.service.access import require
from assessment.service.formulas import (
    FormulaEdit,
    FormulasDecided,
    FormulaWishes,
    PartyCapacityEdit,
    decide_formulas,
    store_wishes,
)
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered
from assessment.service.reading import ReadFormulas, read_formulas
from assessment.store.formulas import load_formula_versions, load_party_capacities
from assessment.store.register import load_register

_NOTHING_KEPT = "Er is niets bewaard."


class GivenFormula(NamedTuple):
    """A formula in a file: the fields that it changes, if any; `is_new` where the house has none such."""

    formula: Formula
    fields: tuple[str, ...]
    is_new: bool


class GivenCapacity(NamedTuple):
    """What a file says that a party has, and whether that is something else than what is stored."""

    capacity: PartyCapacity
    changes: bool


class GivenFormulas(NamedTuple):
    """Everything that a file says of the formulas of a house."""

    house: House
    formulas: tuple[GivenFormula, ...]
    capacities: tuple[GivenCapacity, ...]

    def as_wishes(self, *, accepted: bool) -> FormulaWishes:
        """What it changes; `accepted` as in a `FormulaEdit`."""
        edits = [_make_edit(each, accepted) for each in self.formulas if each.fields]
        told = [each.capacity for each in self.capacities if each.changes]
        return FormulaWishes(
            edits,
            [
                PartyCapacityEdit(each.house_id, each.party, each.year, each.amount, each.version, accepted)
                for each in told
            ],
        )


def make_formula_schema() -> str:
    """The JSON Schema of a file of formulas, for editors that complete and check."""
    return json.dumps(FormulaSet.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def read_formula_set(content: bytes, file_name: str) -> FormulaSet:
    """Read a file of formulas in JSON, as `Queries.export_formulas` writes it.

    Raises:
        FormulaError: it is no JSON, or something in it cannot be; a line for each fault, with its place.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FormulaError(
            f"{file_name}: dit is geen JSON. Maak het bestand met: kaderscan formula export. Een vragenlijst "
            "met het blad Formules levert u in met: kaderscan load."
        ) from error
    try:
        return FormulaSet.model_validate(given)
    except ValidationError as error:
        raise FormulaError("\n".join(_describe_all(file_name, given, error))) from error


class FormulaFile(NamedTuple):
    """What a file says of formulas; `notes` tell what else stood in it, and was not taken."""

    given: FormulaSet
    notes: tuple[str, ...] = ()


def read_formula_file(
    installation: Installation, content: bytes, file_name: str, house_id: str | None
) -> FormulaFile:
    """Read a file of formulas: JSON, or a workbook with their sheet, which a process of its own reads.

    Args:
        installation: what reads workbooks.
        content: its bytes.
        file_name: what to call it in a message.
        house_id: of which house it is where a workbook does not say.

    Raises:
        FormulaError: as `read_formula_set`, or a row of the sheet has a fault; a line for each.
        NotAWorkbookError, UnsafeFileError, UnreadableFileError: the workbook cannot be read.
        UnknownHouseError: neither the file nor who gives it says of which house it is.
    """
    if file_name.casefold().endswith(".json"):
        return FormulaFile(read_formula_set(content, file_name))
    read = _read_sheet(installation, content, file_name, house_id or "")
    if not read.house_id:
        raise UnknownHouseError(f"{file_name}: er staat niet in van welk huis dit is. Geef --house erbij.")
    if read.faults:
        raise FormulaError("\n".join(f"{file_name}: {each} {_NOTHING_KEPT}" for each in read.faults))
    if not (read.formulas or read.capacities):
        raise FormulaError(f"{file_name}: er staat niets in om over te nemen. Vul het blad Formules in.")
    given = FormulaSet(house_id=read.house_id, formulas=read.formulas, capacities=read.capacities)
    return FormulaFile(given, read.notes)


def _read_sheet(installation: Installation, content: bytes, file_name: str, house_id: str) -> ReadFormulas:
    """Read a workbook in a process of its own; the same one is read once."""
    key = ("formulas", sha256(content).hexdigest(), house_id)
    pool, whose = installation.reader_pool, installation.whose
    read = pool.submit_once(key, file_name, read_formulas, content, file_name, house_id, whose=whose)
    return read.result()


def propose_formulas(
    installation: Installation, given: FormulaSet, house_id: str | None = None
) -> GivenFormulas:
    """Tell what a file changes; nothing is stored.

    Args:
        installation: where the formulas are.
        given: what the file says.
        house_id: the house that it should be of; None for whatever house it says.

    Raises:
        UnknownHouseError: the register does not know the house, or the file is of another one.
        NotAllowedError: the visitor may not change the formulas of the house.
    """
    register = installation.register()
    house = find_registered(register, given.house_id)
    require(installation, Task.CHANGE_FORMULAS, house)
    if house_id not in {None, house.house_id}:
        wanted = find_registered(register, str(house_id))
        raise UnknownHouseError(
            f"Dit zijn formules van {house.title}, niet van {wanted.title}. Kies dat huis, of een ander "
            "bestand. Er is niets bewaard."
        )
    with installation.store.reading() as session:
        return compare_with_stored(session, house, given)


def compare_with_stored(session: Session, house: House, given: FormulaSet) -> GivenFormulas:
    """Tell of everything that a file says whether it changes anything of a house."""
    stored = {(each.key, each.year): each for each in load_party_capacities(session, [house.house_id])}
    versions = load_formula_versions(session, house.house_id)
    return GivenFormulas(
        house,
        tuple(_compare_formula(each, versions.get(each.formula_id, ())) for each in given.formulas),
        tuple(_compare_capacity(each, stored) for each in given.capacities),
    )


def take_formulas(
    installation: Installation, given: GivenFormulas, now: datetime, *, accepted: bool = False
) -> FormulasDecided:
    """Store what a file changes, all of it or nothing; raises as `decide_formulas`."""
    return decide_formulas(installation, given.as_wishes(accepted=accepted), now)


def keep_given(
    installation: Installation, session: Session, given: FormulaSet, now: datetime, *, accepted: bool
) -> FormulasDecided:
    """Store what the sheet of a questionnaire changes, in the transaction that stores its answers.

    Raises:
        UserError: as `decide_formulas`, before anything of it is stored.
    """
    house = find_registered(load_register(session), given.house_id)
    wishes = compare_with_stored(session, house, given).as_wishes(accepted=accepted)
    return store_wishes(installation, session, wishes, now)


def _compare_formula(given: Formula, kept: Sequence[KeptFormula]) -> GivenFormula:
    versions = [each.formula for each in kept]
    seen = next((each for each in versions if each.version == given.version), None)
    if seen is not None:
        return GivenFormula(given, given.differs_from(seen), is_new=False)
    same = bool(versions) and not given.differs_from(versions[0])
    return GivenFormula(given, () if same else tuple(FORMULA_FIELDS), is_new=not versions)


def _compare_capacity(given: PartyCapacity, stored: Mapping[tuple[str, int], PartyCapacity]) -> GivenCapacity:
    known = stored.get((given.key, given.year))
    return GivenCapacity(given, given.amount != (known.amount if known else None))


def _make_edit(given: GivenFormula, accepted: bool) -> FormulaEdit:  # noqa: FBT001 - passed on as it is
    formula = given.formula
    changes = {name: getattr(formula, name) for name in given.fields}
    return FormulaEdit(formula.house_id, formula.formula_id, changes, formula.version, accepted)


def _describe_all(file_name: str, given: object, error: ValidationError) -> Iterable[str]:
    """Each fault with its place in words: the formula by its id, and what stands within it by its number."""
    faults = [
        fault | {"loc": tuple(_WORDS.get(str(step), step) for step in fault["loc"])}
        for fault in error.errors()
    ]
    for line, fault in zip(describe_faults(faults, None), error.errors(), strict=True):
        yield f"{file_name}: {_name_formula(given, fault['loc'])}{line.rstrip('.')}. Er is niets bewaard."


_WORDS = {**PART_WORDS, "formulas": "formules", "capacities": "inzet van partijen"}


def _name_formula(given: object, loc: tuple[int | str, ...]) -> str:
    """The id of the formula that a fault is in, where it is in one."""
    match given, loc:
        case {"formulas": list(formulas)}, ("formulas", int(place), *_) if place < len(formulas):
            match formulas[place]:
                case {"formula_id": str(formula_id)}:
                    return f"formule {formula_id}: "
    return ""
