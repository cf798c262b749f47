"""What changes in safety formulas, for reading: by a file, by two people at once, from version to version."""

from collections.abc import Iterable, Sequence

import pandas as pd

from assessment.model.effort import PartyCapacity
from assessment.model.formula import FORMULA_FIELDS, Formula, KeptFormula
from assessment.tables.formats import NOTHING, format_moment
from assessment.tables.formulas import format_amount, format_field


def list_formula_changes(old: Formula, new: Formula, fields: Iterable[str] | None = None) -> pd.DataFrame:
    """What a formula says and what somebody wants, a row per field; without `fields` those that differ."""
    before, after = old.decided, new.decided
    chosen = new.differs_from(old) if fields is None else fields
    rows = [
        (new.formula_id, FORMULA_FIELDS[field], format_field(before[field]), format_field(after[field]))
        for field in chosen
    ]
    return pd.DataFrame(rows, columns=["Formule", "Wat", "Staat er nu", "Wat u wilt"])


def list_given(
    formulas: Iterable[tuple[Formula, Sequence[str], bool]], capacities: Iterable[tuple[PartyCapacity, bool]]
) -> pd.DataFrame:
    """Everything that a file says, a row each, with what becomes of it.

    Args:
        formulas: each with the fields that change, and whether the house did not have it yet.
        capacities: what parties have, each with whether that changes.
    """
    rows = [(each.formula_id, each.title, _describe_given(fields, new)) for each, fields, new in formulas]
    rows += [
        (
            f"{each.party} {each.year}",
            format_amount(each.amount),
            "inzet gewijzigd" if changes else "stond er al",
        )
        for each, changes in capacities
    ]
    return pd.DataFrame(rows, columns=["Nr.", "Wat", "Wat ermee gebeurt"])


def _describe_given(fields: Sequence[str], is_new: bool) -> str:  # noqa: FBT001 - as it is told
    if is_new:
        return "nieuw"
    return f"gewijzigd: {', '.join(FORMULA_FIELDS[each] for each in fields)}" if fields else "stond er al"


def describe_formula_conflict(stored: Formula, given: Formula, fields: Iterable[str]) -> str:
    """Say in one line that somebody else changed a formula meanwhile, with both values side by side."""
    both = list_formula_changes(stored, given, fields).to_dict("records")
    told = "; ".join(f"{row['Wat']}: nu '{row['Staat er nu']}', van u '{row['Wat u wilt']}'" for row in both)
    return (
        f"Formule {stored.formula_id} is intussen door iemand anders gewijzigd (versie {stored.version}). "
        f"{told}. Er is niets bewaard. Kijk wat er nu staat en kies opnieuw."
    )


def list_capacity_change(stored: PartyCapacity, wanted: PartyCapacity) -> pd.DataFrame:
    """What stands of what a party has in a year, and what somebody wants."""
    both = format_amount(stored.amount), format_amount(wanted.amount)
    columns = ["Partij", "Jaar", "Staat er nu", "Wat u wilt"]
    return pd.DataFrame([(stored.party, str(stored.year), *both)], columns=columns)


def describe_capacity_conflict(stored: PartyCapacity, given: PartyCapacity) -> str:
    """Say in one line that somebody else changed what a party has meanwhile, with both values."""
    now, wanted = format_amount(stored.amount), format_amount(given.amount)
    return (
        f"De inzet van {stored.party} in {stored.year} is intussen door iemand anders gewijzigd (versie "
        f"{stored.version}): nu '{now}', van u '{wanted}'. Er is niets bewaard. Kijk wat er nu staat en kies "
        "opnieuw."
    )


def list_versions_of_formula(versions: Iterable[KeptFormula]) -> pd.DataFrame:
    """Each version of a formula, with who made it, when, and what changed in it."""
    kept = list(versions)
    older = [*(each.formula for each in kept[1:]), None]
    rows = [
        (
            each.formula.version,
            format_moment(each.changed),
            each.changed_by,
            _name_fields(each.formula, before),
        )
        for each, before in zip(kept, older, strict=True)
    ]
    return pd.DataFrame(rows, columns=["Versie", "Wanneer", "Wie", "Wat er veranderde"])


def _name_fields(formula: Formula, before: Formula | None) -> str:
    if before is None:
        return "begonnen" if formula.version == 1 else NOTHING
    return ", ".join(FORMULA_FIELDS[field] for field in formula.differs_from(before)) or NOTHING
