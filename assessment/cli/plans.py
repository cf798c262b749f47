"""Commands on plans: write them as files, decide about measures, adopt and follow them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from assessment.cli.console import (
    FILE,
    format_option,
    installation,
    perspective_option,
    print_csv,
    print_table,
    round_option,
    show_progress,
    write_file,
)
from assessment.cli.plan_capacities import capacity
from assessment.cli.plan_files import load
from assessment.cli.plan_options import Which, capacity_option, plan_which, refuse_no_choice, which_houses
from assessment.cli.register import DAY
from assessment.errors import CommandUsageError, PlanError
from assessment.model.scale import Perspective
from assessment.service.clock import now, today
from assessment.service.plans.baselines import adopt_plan, follow_plan
from assessment.service.plans.decisions import Edit, change_lines
from assessment.service.plans.what_if import plan_as_decided
from assessment.service.plans.workbook import make_plan
from assessment.service.standing import find_standing
from assessment.tables.plan_lines import list_changes
from assessment.tables.progress import list_progress
from assessment.writers.json_plans import write_followed

_FIELDS = {
    "pin": "pinned",
    "quarters": "quarters",
    "owner": "owner",
    "due": "due",
    "start": "started",
    "done": "done",
    "drop": "dropped",
    "remark": "remark",
}
"""The field of a line behind each option of `plan set`."""
_EMPTY = {"owner": "", "dropped": "", "remark": ""}
one_house_option = click.option("--house", "house_id", required=True, metavar="HUIS", help="Het huis.")


@click.group(invoke_without_command=True, help="Schrijft verbeterplannen, en houdt bij wat is besloten.")
@which_houses
@capacity_option
@click.option("-o", "--output", type=FILE, metavar="MAP", help="De map waar de bestanden komen.")
@click.option("--format", "shape", type=click.Choice(["xlsx"]), default="xlsx", help="Soort bestand.")
@click.pass_context
def plan(
    context: click.Context,
    which: Which,
    capacities: tuple[str, ...],
    output: Path | None,
    shape: str,  # noqa: ARG001 - one kind of file for now
) -> None:
    """Write one improvement plan per house, unless another command follows."""
    if context.invoked_subcommand is not None:
        return
    refuse_no_choice(which)
    if output is None:
        raise CommandUsageError("Geef met -o de map waar de bestanden komen.")
    where, _, planned = plan_which(which, capacities)
    for house in show_progress(planned.standing.houses, "Plannen schrijven"):
        file_name, content = make_plan(where, planned, house.house_id)
        write_file(output / file_name, content)
        click.echo(f"Geschreven: {output / file_name}")


@plan.command("set", help="Legt vast wat over een maatregel is besloten.")
@one_house_option
@click.option(
    "--measure", "measure_id", required=True, metavar="NR", help="De maatregel, bijvoorbeeld LOS-2.M1."
)
@round_option
@perspective_option
@click.option("--pin", metavar="KWARTAAL", help="Zet vast op een kwartaal, bijvoorbeeld 2028-K1.")
@click.option("--quarters", type=int, metavar="N", help="Een andere duur, in kwartalen.")
@click.option("--owner", metavar="NAAM", help="Wie het trekt.")
@click.option("--due", type=DAY, metavar="DATUM", help="De datum die is afgesproken.")
@click.option("--start", type=DAY, metavar="DATUM", help="Begonnen op; begonnen werk verschuift niet meer.")
@click.option("--done", type=DAY, metavar="DATUM", help="Gereed op.")
@click.option("--drop", metavar="REDEN", help="Laat vervallen, met de reden.")
@click.option("--remark", metavar="TEKST", help="Een opmerking.")
@click.option(
    "--clear", type=click.Choice(list(_FIELDS)), multiple=True, help="Maakt een veld leeg; mag vaker."
)
@click.option("--seen", type=int, metavar="VERSIE", help="De versie die u zag, zie: kaderscan plan show.")
@click.option(
    "--accept", "accepted", is_flag=True, help="Bewaart ook wat op een gegeven van een inwoner lijkt."
)
def set_(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str,
    measure_id: str,
    round_id: str | None,
    perspective: Perspective,
    clear: tuple[str, ...],
    seen: int | None,
    *,
    accepted: bool,
    **given: Any,  # noqa: ANN401 - an option for each field
) -> None:
    """Change what was decided about one measure."""
    changes = _read_changes(given, clear)
    where = installation()
    standing = find_standing(where, round_id, perspective, today())
    edit = Edit(house_id, measure_id.strip().upper(), changes, seen, accepted)
    changed = change_lines(where, standing, [edit], now())
    if not changed:
        click.echo("Dit stond er al. Er is niets veranderd.")
    for old, new in changed:
        print_table(list_changes(old, new))


def _read_changes(given: Mapping[str, object], clear: tuple[str, ...]) -> dict[str, object]:
    """The fields that change, with their values.

    Raises:
        CommandUsageError: nothing changes, or a field is both set and cleared.
        PlanError: a quarter has another shape.
    """
    changes = {_FIELDS[name]: value for name, value in given.items() if value is not None}
    emptied = {_FIELDS[name]: _EMPTY.get(_FIELDS[name]) for name in clear}
    if not changes and not emptied:
        raise CommandUsageError("Zeg wat er verandert, bijvoorbeeld --pin 2028-K1 of --done 2027-03-01.")
    if changes.keys() & emptied.keys():
        raise CommandUsageError("Een veld kan niet tegelijk een waarde krijgen en leeg worden (--clear).")
    if changes.get("dropped", "x") == "":
        raise PlanError("Laten vervallen vraagt een reden: --drop REDEN. Terughalen: --clear drop.")
    return {
        name: value.date() if isinstance(value, datetime) else value
        for name, value in (changes | emptied).items()
    }


@plan.command(help="Stelt het plan vast, zoals het er nu staat.")
@which_houses
@capacity_option
def adopt(which: Which, capacities: tuple[str, ...]) -> None:
    """Freeze the plans of houses as they are now."""
    where, chosen, planned = plan_which(which, capacities)
    for baseline in adopt_plan(where, planned, chosen, now()):
        title = planned.standing.register.house[baseline.house_id].title
        click.echo(f"{title}: plan {baseline.number} vastgesteld, met {len(baseline.measures)} maatregelen.")


@plan.command(help="Toont per maatregel wat is vastgesteld, wat nu is gepland en wat er van kwam.")
@one_house_option
@round_option
@perspective_option
@format_option
def show(house_id: str, round_id: str | None, perspective: Perspective, shape: str) -> None:
    """Show planned against actual."""
    where = installation()
    standing = find_standing(where, round_id, perspective, today())
    planned = plan_as_decided(where, standing, [house_id], today())
    followed = follow_plan(where, planned, house_id)
    match shape:
        case "json":
            click.echo(write_followed(followed))
        case "csv":
            print_csv(list_progress(followed))
        case _:
            print_table(list_progress(followed))


plan.add_command(load)
plan.add_command(capacity)
