"""Commands on a round under way: the board, reminders, closing it and opening it again."""

from pathlib import Path

import click

from assessment.cli.console import (
    FILE,
    confirm,
    format_option,
    house_option,
    installation,
    print_csv,
    print_table,
    round_option,
    unit_option,
    write_file,
)
from assessment.cli.register import round_
from assessment.service.clock import now
from assessment.service.rounds import close_round, make_reminders, reopen_round, show_board, show_history
from assessment.tables.rounds import list_board, list_round_events, say_closing, say_deadline
from assessment.writers.json_rounds import write_board

reason_option = click.option(
    "--reason", required=True, metavar="REDEN", help="Waarom; de reden wordt bewaard. Noem geen namen."
)


@round_.command("board", help="Toont hoever elk huis is.")
@round_option
@unit_option
@format_option
def board(round_id: str | None, unit_id: str | None, shape: str) -> None:
    """Print how far each house is, by unit and name."""
    where = installation()
    shown = show_board(where, round_id, now(), unit_id)
    match shape:
        case "json":
            click.echo(write_board(shown))
        case "csv":
            print_csv(list_board(shown, where.register()))
        case _:
            click.echo(f"Ronde {shown.round.title}. {say_deadline(shown, now())}")
            print_table(list_board(shown, where.register()))


@round_.command("show", help="Toont wat er met een ronde is gedaan.")
@click.argument("round_id", metavar="RONDE")
def show(round_id: str) -> None:
    """Print when a round was closed and opened again, by whom and why."""
    where = installation()
    events = show_history(where, round_id)
    click.echo(say_deadline(show_board(where, round_id, now()), now()))
    if events:
        print_table(list_round_events(events))


@round_.command("remind", help="Schrijft herinneringen om te kopiëren; er gaat geen mail uit.")
@round_option
@house_option
@click.option("-o", "--output", type=FILE, metavar="BESTAND", help="Schrijft ze in een bestand.")
def remind(round_id: str | None, house_id: str | None, output: Path | None) -> None:
    """Print or write what to remind houses of."""
    reminders = make_reminders(installation(), round_id, now(), house_id)
    text = "\n\n".join(f"{each.subject}\n\n{each.text}" for each in reminders)
    if not reminders:
        click.echo("Niemand hoeft herinnerd te worden: alles is binnen.")
    elif output is None:
        click.echo(text)
    else:
        write_file(output, f"{text}\n".encode())
        click.echo(f"Geschreven: {output} ({len(reminders)} herinneringen).")


@round_.command("close", help="Sluit een ronde; wat is vastgesteld wordt bevroren.")
@click.argument("round_id", metavar="RONDE")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def close(round_id: str, *, yes: bool) -> None:
    """Close a round, after showing what that freezes."""
    where = installation()
    for line in say_closing(show_board(where, round_id, now())):
        click.echo(line)
    if not yes:
        confirm("Na sluiten kan er niets meer bij of af. Sluiten?", "De ronde is nog open.")
    frozen = close_round(where, round_id, now())
    click.echo(f"Ronde {round_id} is gesloten; {len(frozen)} versies zijn bevroren.")


@round_.command("reopen", help="Heropent een gesloten ronde, met een reden.")
@click.argument("round_id", metavar="RONDE")
@reason_option
def reopen(round_id: str, reason: str) -> None:
    """Open a round again."""
    thawed = reopen_round(installation(), round_id, reason, now())
    click.echo(f"Ronde {round_id} is weer open; {len(thawed)} versies zijn vastgesteld zoals ervoor.")
