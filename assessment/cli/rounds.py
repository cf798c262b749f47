"""Commands on rounds: opening one, the board, reminders, closing it and opening it again."""

from datetime import date, datetime
from pathlib import Path

import click

from assessment.cli.console import (
    DAY,
    FILE,
    confirm,
    format_option,
    hand_out,
    house_option,
    installation,
    print_csv,
    print_table,
    queries,
    round_option,
    rules_option,
    unit_option,
)
from assessment.cli.terminal import echo
from assessment.model.scale import ASKABLE, ASKED, Perspective, Rules
from assessment.service.clock import now
from assessment.service.register import Asks, open_round
from assessment.service.rounds import close_round, reopen_round
from assessment.tables.administration import (
    describe_closing,
    describe_deadline,
    list_board,
    list_round_events,
)
from assessment.tables.formats import agree, format_counted
from assessment.writers.json_output import write_board

reason_option = click.option(
    "--reason", required=True, metavar="REDEN", help="Waarom; de reden wordt bewaard. Noem geen namen."
)


@click.group("round")
def round_() -> None:
    """Hold the commands on rounds together."""


@round_.command("list", help="Toont de rondes.")
def list_rounds_() -> None:
    """Print the rounds."""
    print_table(queries().list_register_rounds())


@round_.command(
    "open",
    help="Opent een ronde.",
    epilog="Bijvoorbeeld: kaderscan round open 2027-voorjaar --title 'voorjaar 2027' --opens '1 maart 2027' "
    "--closes 30-4-2027 --framework politie/1.0",
)
@click.argument("round_id", metavar="RONDE")
@click.option(
    "--title", required=True, metavar="TITEL", help="Hoe de ronde heet, bijvoorbeeld: voorjaar 2027."
)
@click.option("--opens", required=True, type=DAY, metavar="DAG", help="Eerste dag, bijvoorbeeld 1-9-2027.")
@click.option(
    "--closes", required=True, type=DAY, metavar="DAG", help="Laatste dag, bijvoorbeeld '30 november 2027'."
)
@click.option(
    "--framework",
    "frameworks",
    multiple=True,
    required=True,
    metavar="KADER/VERSIE",
    help="Bijvoorbeeld politie/1.0; mag vaker.",
)
@click.option(
    "--house",
    "house_ids",
    multiple=True,
    metavar="HUIS",
    help="Een huis dat meedoet; zonder: alle huizen die er dan zijn.",
)
@click.option(
    "--ask",
    "asked",
    multiple=True,
    type=click.Choice([each.value for each in ASKABLE]),
    default=[each.value for each in ASKED],
    help="Van wie de ronde antwoorden vraagt; mag vaker. Zonder: het huis en de politie.",
)
@rules_option("Volgens welke regels de ronde telt; zonder: de regels waarvoor het kader gemaakt is.")
def open_(  # noqa: PLR0913, PLR0917 - one per option of the command
    round_id: str,
    title: str,
    opens: datetime,
    closes: datetime,
    frameworks: tuple[str, ...],
    house_ids: tuple[str, ...],
    asked: tuple[str, ...],
    rules: Rules | None,
) -> None:
    """Open a round."""
    days: tuple[date, date] = (opens.date(), closes.date())
    where = installation()
    asks = Asks(frameworks, house_ids, rules, tuple(map(Perspective, asked)))
    opened = open_round(where, (round_id, title), days, asks, now())
    echo(f"Ronde {opened.round_id} is geopend voor {format_counted(len(opened.house_ids), 'huis')}.")
    for line in [] if house_ids else queries(where).describe_left_out(opened):
        echo(line)


@round_.command("board", help="Toont hoever elk huis is.")
@round_option
@unit_option
@format_option
def board(round_id: str | None, unit_id: str | None, shape: str) -> None:
    """Print how far each house is, by unit and name."""
    reader = queries()
    shown = reader.find_board(round_id, unit_id)
    match shape:
        case "json":
            echo(write_board(shown))
        case "csv":
            print_csv(list_board(shown, reader.find_register()))
        case _:
            echo(f"Ronde {shown.round.title}. {describe_deadline(shown, now())}.")
            print_table(list_board(shown, reader.find_register()))


@round_.command("show", help="Toont wat er met een ronde is gedaan.")
@click.argument("round_id", metavar="RONDE")
def show(round_id: str) -> None:
    """Print when a round was closed and opened again, by whom and why."""
    reader = queries()
    events = reader.find_history(round_id)
    echo(f"{describe_deadline(reader.find_board(round_id), now())}.")
    if events:
        print_table(list_round_events(events))


@round_.command("remind", help="Schrijft herinneringen om te kopiëren; er gaat geen mail uit.")
@round_option
@house_option
@click.option("-o", "--output", type=FILE, metavar="BESTAND", help="Schrijft ze in een bestand.")
def remind(round_id: str | None, house_id: str | None, output: Path | None) -> None:
    """Print or write what to remind houses of."""
    where = installation()
    reminders = queries(where).make_reminders(round_id, house_id)
    text = "\n\n".join(f"{each.subject}\n\n{each.text}" for each in reminders)
    if not reminders:
        echo("Niemand hoeft herinnerd te worden: alles is binnen.")
    elif output is None:
        echo(text)
    else:
        hand_out(where, output, f"{text}\n".encode(), "herinneringen")
        echo(f"Geschreven: {output} ({format_counted(len(reminders), 'herinnering')}).")


@round_.command("close", help="Sluit een ronde; wat is vastgesteld wordt bevroren.")
@click.argument("round_id", metavar="RONDE")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def close(round_id: str, *, yes: bool) -> None:
    """Close a round, after showing what that freezes."""
    where = installation()
    for line in describe_closing(queries(where).find_board(round_id)):
        echo(line)
    if not yes:
        confirm("Na sluiten kan er niets meer bij of af. Sluiten?", "De ronde is nog open.")
    frozen = close_round(where, round_id, now())
    told = f"{format_counted(len(frozen), 'versie')} {agree(len(frozen), 'is', 'zijn')} bevroren"
    echo(f"Ronde {round_id} is gesloten; {told}.")


@round_.command("reopen", help="Heropent een gesloten ronde, met een reden.")
@click.argument("round_id", metavar="RONDE")
@reason_option
def reopen(round_id: str, reason: str) -> None:
    """Open a round again."""
    thawed = reopen_round(installation(), round_id, reason, now())
    told = f"{format_counted(len(thawed), 'versie')} {agree(len(thawed), 'is', 'zijn')} vastgesteld"
    echo(f"Ronde {round_id} is weer open; {told} zoals ervoor.")
