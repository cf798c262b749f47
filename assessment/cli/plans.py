"""Commands on plans: write them as files, decide about measures, adopt and follow them, take them over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from assessment.cli.console import (
    DAY,
    FILE,
    format_option,
    house_option,
    installation,
    perspective_option,
    print_csv,
    print_table,
    queries,
    round_option,
)
from assessment.cli.plan_files import read_actor, read_kinds, write_bundled, write_files
from assessment.cli.roadmap import (
    Chosen,
    capacity_option,
    plan_which,
    read_capacities,
    refuse_no_choice,
    which_houses,
)
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError, PlanError
from assessment.model.decisions import Capacity
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.readers.guard import read_upload
from assessment.service.clock import now, today
from assessment.service.intake import NamedFile
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.capacities import CapacityEdit, choose_resource
from assessment.service.plans.decisions import Edit, change_lines, set_capacities
from assessment.service.plans.recommendations import (
    Recommendation,
    choose_recommendations,
    list_recommendations,
)
from assessment.service.plans.workbook import LoadedPlan, open_plan, take_over
from assessment.service.reports import PlanFile
from assessment.service.round_scores import Which
from assessment.tables.decisions import (
    list_capacities,
    list_capacity_changes,
    list_changes,
    list_choices,
    list_proposals,
)
from assessment.tables.formats import format_counted
from assessment.tables.progress import list_progress
from assessment.writers.json_output import write_capacities, write_followed

# The field of a line behind each option of `plan set`.
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
_ALL = "all"
_EMPTY = {"owner": "", "dropped": "", "remark": ""}
one_house_option = click.option("--house", "house_id", required=True, metavar="HUIS", help="Het huis.")


@click.group(invoke_without_command=True)
@which_houses
@capacity_option
@click.option("-o", "--output", type=FILE, metavar="MAP", help="De map waar de bestanden komen.")
@click.option(
    "--format",
    "kinds",
    metavar="SOORT,…",
    callback=lambda _context, _option, text: text and read_kinds(text),
    help=f"Soorten bestanden, met een komma ertussen: {', '.join(PlanFile)}; anders {PlanFile.XLSX}.",
)
@click.option(
    "--bundle",
    "bundled",
    is_flag=True,
    help="Eén zip van een eenheid (--unit): leeswijzer, werkmap van de eenheid, en per huis alle soorten.",
)
@click.option("--actor", "whose", metavar="WIE", help="Alleen diens agenda (ics), bijvoorbeeld: district.")
@click.pass_context
def plan(  # noqa: PLR0913 - one per option of the command
    context: click.Context,
    which: Chosen,
    capacities: tuple[str, ...],
    output: Path | None,
    kinds: tuple[PlanFile, ...] | None,
    *,
    bundled: bool,
    whose: str | None,
) -> None:
    """Write one improvement plan per house and kind of file, unless another command follows."""
    if context.invoked_subcommand is not None:
        return
    refuse_no_choice(which)
    if output is None:
        raise CommandUsageError("Geef met -o de map waar de bestanden komen.")
    if not bundled:
        where, planned = plan_which(which, capacities)
        actor = read_actor(whose, planned.scores.questionnaire.actors)
        write_files(where, planned, output, kinds or (PlanFile.XLSX,), actor)
        return
    if which.unit_id is None:
        raise CommandUsageError("Eén zip is er van een eenheid: geef --unit bij --bundle.")
    if kinds or whose:
        raise CommandUsageError("In één zip zitten alle soorten, van iedereen: laat --format en --actor weg.")
    write_bundled(*plan_which(which, capacities), output, which.unit_id)


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
    scores = queries(where).find_scores(Which(round_id, perspective, house_id))
    edit = Edit(house_id, measure_id.strip().upper(), changes, seen, accepted)
    changed = change_lines(where, scores, [edit], now())
    if not changed:
        echo("Dit stond er al. Er is niets veranderd.")
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
def adopt(which: Chosen, capacities: tuple[str, ...]) -> None:
    """Freeze the plans of houses as they are now."""
    where, planned = plan_which(which, capacities)
    for baseline in adopt_plan(where, planned, planned.scores.grid.house_ids, now()):
        title = planned.scores.register.house[baseline.house_id].title
        measures = format_counted(len(baseline.measures), "maatregel")
        echo(f"{title}: plan {baseline.number} vastgesteld, met {measures}.")


@plan.command(
    help="Toont welke aanbevelingen in het plan staan; neemt ze op (--take) of laat ze weg (--leave)."
)
@one_house_option
@round_option
@perspective_option
@click.option("--take", "taken", multiple=True, metavar="all|NR", help="Neemt een aanbeveling op; mag vaker.")
@click.option("--leave", "left", multiple=True, metavar="all|NR", help="Laat een aanbeveling weg; mag vaker.")
def recommendations(
    house_id: str,
    round_id: str | None,
    perspective: Perspective,
    taken: tuple[str, ...],
    left: tuple[str, ...],
) -> None:
    """Show the recommendations of a house, and choose which are in its plan."""
    where, which = installation(), Which(round_id, perspective, house_id)
    planned = queries(where).find_roadmap(which)
    known = list_recommendations(planned, house_id)
    if taken or left:
        wanted = [each.criterion.criterion_id for each in known if each.chosen]
        chosen = {*wanted, *_name_criteria(taken, known)} - {*_name_criteria(left, known)}
        choose_recommendations(where, planned, house_id, chosen, now())
        known = list_recommendations(queries(where).find_roadmap(which), house_id)
    print_table(list_choices(known))


def _name_criteria(given: tuple[str, ...], known: Sequence[Recommendation]) -> list[str]:
    if _ALL in given:
        return [each.criterion.criterion_id for each in known]
    return [each.strip().upper() for each in given]


@plan.command(help="Toont per maatregel wat is vastgesteld, wat nu is gepland en wat er van kwam.")
@one_house_option
@round_option
@perspective_option
@format_option
def show(house_id: str, round_id: str | None, perspective: Perspective, shape: str) -> None:
    """Show planned against actual."""
    reader = queries()
    planned = reader.find_roadmap(Which(round_id, perspective, house_id))
    followed = reader.follow_plan(planned, house_id)
    match shape:
        case "json":
            echo(write_followed(followed))
        case "csv":
            print_csv(list_progress(followed))
        case _:
            print_table(list_progress(followed))


@plan.command(help="Toont wat een teruggekomen plan wijzigt; met --accept wordt dat overgenomen.")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option("--house", "house_id", metavar="HUIS", help="Weigert een plan van een ander huis.")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="all|NR",
    help="Neemt alles over waar niets over te vragen is (all), of een maatregel; mag vaker.",
)
def load(file: Path, house_id: str | None, accepted: tuple[str, ...]) -> None:
    """Show what a file changes, and store what was accepted."""
    where = installation()
    loaded = open_plan(where, NamedFile(file.name, read_upload(file)), house_id, today())
    _print_proposals(loaded)
    if not accepted:
        return
    changed = take_over(where, loaded, _choose(loaded, accepted), now())
    echo(f"Overgenomen: {', '.join(new.measure_id for _, new in changed) or 'niets'}.")


def _print_proposals(loaded: LoadedPlan) -> None:
    asked = [
        f"{line} Overnemen kan met --accept {each.wanted.measure_id}."
        for each in loaded.proposals
        for line in each.personal
    ]
    for line in (*loaded.faults, *loaded.notes, *asked):
        echo(f"{loaded.file_name}: {line}", err=True)
    if not loaded.proposals:
        echo(f"{loaded.file_name}: dit bestand wijzigt niets.")
        return
    changes = [(each.stored, each.wanted) for each in loaded.proposals]
    print_table(list_proposals(changes, loaded.conflicts, loaded.scores.questionnaire))


def _choose(loaded: LoadedPlan, accepted: tuple[str, ...]) -> list[str]:
    """The measures that were accepted.

    Raises:
        PlanError: everything was accepted while not everything was understood.
    """
    named = [each.strip().upper() for each in accepted if each.casefold() != _ALL]
    if len(named) == len(accepted):
        return list(dict.fromkeys(named))
    if loaded.faults:
        raise PlanError(
            f"{loaded.file_name}: niet alles is begrepen, dus er is niets overgenomen. Herstel het bestand, "
            "of noem de maatregelen een voor een met --accept NR."
        )
    calm = [each.wanted.measure_id for each in loaded.proposals if each.is_calm]
    return list(dict.fromkeys([*calm, *named]))


@plan.command(help="Toont hoeveel maatregelen iemand tegelijk aankan; legt met --set iets anders vast.")
@house_option
@click.option("--unit", "unit_id", metavar="EENHEID", help="Wat de huizen van een politie-eenheid delen.")
@click.option(
    "--set", "texts", multiple=True, metavar="WIE=N", help="Legt vast; mag vaker. Bijvoorbeeld: gemeenten=1."
)
@click.option("--seen", type=int, metavar="VERSIE", help="De versie die u zag, bij één --set.")
@round_option
@perspective_option
@format_option
def capacity(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str | None,
    unit_id: str | None,
    texts: tuple[str, ...],
    seen: int | None,
    round_id: str | None,
    perspective: Perspective,
    shape: str,
) -> None:
    """Show the capacities of a house or of a unit, and set them."""
    _refuse_unclear(house_id, unit_id, len(texts), seen)
    where = installation()
    wanted, reader = read_capacities(where, texts, "--set"), queries(where)
    register = reader.find_register()
    if wanted:
        scores = reader.find_scores(Which(round_id, perspective))
        asked, whose = scores.questionnaire, (house_id, unit_id)
        edits = [
            CapacityEdit(choose_resource(register, actor, whose, asked), number, seen)
            for actor, number in wanted.items()
        ]
        _print_changes(set_capacities(where, scores, edits, now()), register)
    else:
        _print_capacities(reader.find_capacities(house_id, unit_id), register, shape)


def _refuse_unclear(house_id: str | None, unit_id: str | None, count: int, seen: int | None) -> None:
    if (house_id is None) == (unit_id is None):
        raise CommandUsageError("Kies één van --house en --unit.")
    if seen is not None and count != 1:
        raise CommandUsageError("--seen hoort bij één --set.")


def _print_changes(changed: Sequence[tuple[Capacity, Capacity]], register: Register) -> None:
    if changed:
        print_table(list_capacity_changes(changed, register))
    else:
        echo("Dit stond er al. Er is niets veranderd.")


def _print_capacities(capacities: Sequence[Capacity], register: Register, shape: str) -> None:
    match shape:
        case "json":
            echo(write_capacities(capacities))
        case "csv":
            print_csv(list_capacities(capacities, register))
        case _:
            print_table(list_capacities(capacities, register))
