"""Commands on safety formulas: show them, change one, take them along and read them back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from assessment.cli.console import (
    FILE,
    OPTIONAL_DAY,
    format_option,
    hand_out,
    house_option,
    installation,
    json_option,
    print_csv,
    print_table,
    queries,
    unit_option,
)
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError
from assessment.model.effort import TimeUnit
from assessment.model.formula import Formula, FormulaStatus, Level
from assessment.model.register import Register
from assessment.model.wording import read_number
from assessment.readers.guard import read_upload
from assessment.service.clock import now
from assessment.service.formula_files import (
    GivenFormulas,
    make_formula_schema,
    propose_formulas,
    read_formula_file,
    take_formulas,
)
from assessment.service.formulas import (
    FormulaEdit,
    PartyCapacityEdit,
    change_formulas,
    set_party_capacities,
)
from assessment.service.queries.formulas import FormulaPicture
from assessment.tables.formula_changes import list_formula_changes, list_given, list_versions_of_formula
from assessment.tables.formulas import (
    describe_evidence,
    describe_front,
    describe_missing,
    describe_review,
    format_amount,
    list_contradictions,
    list_facts,
    list_figures,
    list_formulas,
    list_interventions,
    list_loads,
    list_matrix,
    list_parties,
)
from assessment.writers.json_formulas import write_picture

one_house_option = click.option("--house", "house_id", required=True, metavar="HUIS", help="Het huis.")
_accept_option = click.option(
    "--accept", "accepted", is_flag=True, help="Bewaart ook wat op een gegeven van een inwoner lijkt."
)
_seen_option = click.option(
    "--seen", type=int, metavar="VERSIE", help="De versie die u zag; 0 voor een nieuwe."
)


@click.group
def formula() -> None:
    """Hold the commands on formulas together."""


@formula.command(
    "list",
    help="Toont de formules, wie waar wat inzet, wie te veel wordt gevraagd en wat elkaar tegenspreekt.",
)
@house_option
@unit_option
@click.option("--year", type=int, metavar="JAAR", help="Het jaar van de inzet; anders dit jaar.")
@format_option
def list_(house_id: str | None, unit_id: str | None, year: int | None, shape: str) -> None:
    """Print formulas and what follows from them."""
    if house_id and unit_id:
        raise CommandUsageError("Geef --house of --unit, niet allebei.")
    where = installation()
    picture = queries(where).find_formula_picture(house_id, unit_id, year)
    register = where.register()
    kept = [each for house in picture.houses for each in house.kept]
    match shape:
        case "json":
            echo(write_picture([each.as_file for each in picture.houses], picture), nl=False)
        case "csv":
            print_csv(list_formulas(kept, register))
        case _:
            print_table(list_formulas(kept, register))
            _print_picture(picture, register if len(picture.houses) > 1 else None)
            print_table(list_contradictions(picture.contradictions, register))


def _print_picture(picture: FormulaPicture, register: Register | None) -> None:
    print_table(list_matrix(picture.shares, register))
    print_table(list_loads(picture.loads, register))
    echo(describe_front(picture.front))
    for review in picture.reviews:
        echo(describe_review(review))
    for evidence in picture.evidence:
        echo(f"{evidence.criterion_id}: {describe_evidence(evidence)}")


@formula.command("show", help="Toont één formule: wie wat inzet, wat dat oplevert en wat er nog ontbreekt.")
@click.argument("formula_id", metavar="NR")
@one_house_option
@click.option("--versions", "with_versions", is_flag=True, help="Toont ook elke versie, met wie en wanneer.")
@json_option
def show_formula(formula_id: str, house_id: str, shape: str, *, with_versions: bool) -> None:
    """Print one formula."""
    versions = queries().list_formula_versions(house_id, formula_id)
    found = versions[0].formula
    if shape == "json":
        echo(found.model_dump_json(indent=2))
        return
    _print_formula(found)
    if with_versions:
        print_table(list_versions_of_formula(versions))


def _print_formula(found: Formula) -> None:
    print_table(list_facts(found, _PLAIN))
    for table in (list_parties(found), list_interventions(found), list_figures(found)):
        print_table(table)
    echo(describe_missing(found) or "Er ontbreekt niets.")


# The field of a formula behind each option of `formula set`.
_FIELDS = {
    "title": "title",
    "municipality": "municipality",
    "theme": "theme",
    "level": "level",
    "target_group": "target_group",
    "problem": "problem",
    "start": "start",
    "review": "review",
    "status": "status",
}
_PLAIN = (*_FIELDS.values(), "directing", "shared")
_DIRECTING = ("board", "process", "casus")


@formula.command("set", help="Begint een formule of wijzigt er een; partijen en cijfers gaan met load.")
@click.argument("formula_id", metavar="NR")
@one_house_option
@click.option("--title", metavar="TEKST", help="De naam.")
@click.option("--municipality", metavar="GEMEENTE", help="Voor welke gemeente; leeg: voor het hele huis.")
@click.option("--theme", metavar="TEKST", help="Het vraagstuk.")
@click.option("--level", type=click.Choice([each.value for each in Level]), help="Het niveau dat leidt.")
@click.option("--target-group", metavar="TEKST", help="De doelgroep.")
@click.option("--problem", metavar="TEKST", help="Het probleem in één zin.")
@click.option("--start", type=OPTIONAL_DAY, metavar="DATUM", help="Vanaf wanneer; leeg: niet bekend.")
@click.option("--review", type=OPTIONAL_DAY, metavar="DATUM", help="Wanneer u bijstelt; leeg: niet bekend.")
@click.option(
    "--status", type=click.Choice([each.value for each in FormulaStatus]), help="Hoe ver de formule is."
)
@click.option("--board", metavar="WIE", help="Wie de bestuurlijke regie heeft.")
@click.option("--process", metavar="WIE", help="Wie de procesregie heeft.")
@click.option("--casus", metavar="WIE", help="Wie de casusregie heeft.")
@click.option("--shared/--not-shared", default=None, help="Of andere huizen ermee mogen beginnen.")
@_seen_option
@_accept_option
def set_(formula_id: str, house_id: str, seen: int | None, *, accepted: bool, **given: Any) -> None:  # noqa: ANN401 - an option for each field
    """Change one formula."""
    where = installation()
    known = {each.formula_id: each for each in queries(where).find_formulas(house_id).formulas}
    before = known.get(formula_id)
    changes = _read_changes(given, before)
    changed = change_formulas(where, [FormulaEdit(house_id, formula_id, changes, seen, accepted)], now())
    if not changed:
        echo("Dit stond er al. Er is niets veranderd.")
    for old, new in changed:
        echo(f"Formule {formula_id}: versie {new.version} bewaard.")
        if old is not None:
            print_table(list_formula_changes(old, new).set_axis(["Formule", "Wat", "Was", "Wordt"], axis=1))
        echo(describe_missing(new) or "Er ontbreekt niets.")


def _read_changes(given: Mapping[str, Any], before: Formula | None) -> dict[str, object]:
    """The fields that change; who directs is one field, of which what is not named stays."""
    said = {name: value for name, value in given.items() if value is not None}
    changes: dict[str, object] = {_FIELDS[name]: value for name, value in said.items() if name in _FIELDS}
    changes |= {name: changes[name] or None for name in ("start", "review") if name in changes}
    if directing := {name: said[name] for name in _DIRECTING if name in said}:
        now_directing = before.directing.model_dump() if before else {}
        changes["directing"] = now_directing | directing
    if "shared" in said:
        changes["shared"] = said["shared"]
    if not changes:
        raise CommandUsageError("Zeg wat er verandert, bijvoorbeeld --theme of --status vastgesteld.")
    return changes


@formula.command("capacity", help="Legt vast wat een partij in een jaar heeft voor alle formules.")
@click.argument("party", metavar="PARTIJ")
@one_house_option
@click.option("--year", type=int, required=True, metavar="JAAR", help="Voor welk jaar.")
@click.option("--number", metavar="GETAL", help="Hoeveel; zonder getal is het niet meer bekend.")
@click.option(
    "--in",
    "unit",
    type=click.Choice([each.value for each in TimeUnit]),
    default=TimeUnit.HOURS_A_YEAR.value,
    show_default=True,
    help="Waarin u telt.",
)
@_seen_option
@_accept_option
def capacity(  # noqa: PLR0913, PLR0917 - one per option of the command
    party: str, house_id: str, year: int, number: str | None, unit: str, seen: int | None, *, accepted: bool
) -> None:
    """Tell what a party has."""
    amount = None if number is None else {"number": _read_number(number), "unit": unit}
    edit = PartyCapacityEdit(house_id, party, year, amount, seen, accepted)
    changed = set_party_capacities(installation(), [edit], now())
    if not changed:
        echo("Dit stond er al. Er is niets veranderd.")
    for old, new in changed:
        echo(
            f"{new.party} in {new.year}: was {format_amount(old.amount)}, wordt {format_amount(new.amount)}."
        )


def _read_number(text: str) -> float:
    number = read_number(text)
    if number is None:
        raise CommandUsageError(f"'{text}' is geen getal. Schrijf bijvoorbeeld 1,5 of 2000.")
    return number


@formula.command("load", help="Bewaart wat een bestand met formules wijzigt; met --check alleen tonen.")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option("--house", "house_id", metavar="HUIS", help="Weigert formules van een ander huis.")
@click.option("--check", "only_shown", is_flag=True, help="Bewaart niets.")
@_accept_option
def load(file: Path, house_id: str | None, *, only_shown: bool, accepted: bool) -> None:
    """Read formulas back, all of a file or nothing."""
    where = installation()
    read = read_formula_file(where, read_upload(file), file.name, house_id)
    given = propose_formulas(where, read.given, house_id)
    for note in read.notes:
        echo(note, err=True)
    print_table(list_given(given.formulas, given.capacities))
    if only_shown:
        echo("Er is niets bewaard.")
        return
    take_formulas(where, given, now(), accepted=accepted)
    echo(_describe_taken(given))


def _describe_taken(given: GivenFormulas) -> str:
    changed = [*(bool(each.fields) for each in given.formulas), *(each.changes for each in given.capacities)]
    return f"Bewaard bij {given.house.title}: {sum(changed)} van {len(changed)} gewijzigd."


@formula.command(
    "export", help="Schrijft de formules van een huis, om terug te lezen: als .json, of als blad (.xlsx)."
)
@one_house_option
@click.option("-o", "--output", type=FILE, required=True, metavar="BESTAND", help="Waar het komt.")
def export(house_id: str, output: Path) -> None:
    """Write the formulas of a house."""
    where = installation()
    found = queries(where)
    as_sheet = output.suffix.casefold() == ".xlsx"
    write = found.export_formula_sheet if as_sheet else found.export_formulas
    hand_out(where, output, write(house_id), f"formules/{house_id}")
    echo(f"Geschreven: {output}.")


@formula.command(help="Geeft het JSON Schema van een bestand met formules.")
def schema() -> None:
    """Print the JSON Schema of a file of formulas."""
    echo(make_formula_schema(), nl=False)
