"""Commands on the register and the settings: houses, rounds, what is in force."""

from datetime import date, datetime
from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import FILE, installation, print_table
from assessment.service.clock import now
from assessment.service.register import (
    import_houses,
    open_round,
    show_houses,
    show_rounds,
    tell_left_out,
)
from assessment.service.sharing import share_text
from assessment.settings import list_settings, read_settings


class Day(click.DateTime):
    """A day, written jjjj-mm-dd."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the day, and say in Dutch how to write one."""
        try:
            return datetime.strptime(value, "%Y-%m-%d")  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self.fail(f"'{value}' is geen dag; schrijf jjjj-mm-dd, bijvoorbeeld 2027-03-01.", param, ctx)


DAY = Day()

_HOW_TO_SET = """\
Instellen: als variabele KADERSCAN_NAAM in de omgeving, of in kaderscan.toml.
Database: sqlite:///map/naam.sqlite of postgresql://gebruiker:wachtwoord@machine/naam
(PostgreSQL: pip install -e '.[postgres]'; zie docs/shared-installation.md).
Een wachtwoord wordt nooit getoond."""


@click.group(help="Het register van huizen.")
def house() -> None:
    """Hold the commands on houses together."""


@house.command("list", help="Toont de huizen.")
def list_houses_() -> None:
    """Print the houses of the register."""
    print_table(show_houses(installation()))


@house.command("import", help="Neemt huizen over uit een CSV-bestand; zie data/houses.csv.")
@click.argument("file", type=FILE, metavar="BESTAND")
def import_(file: Path) -> None:
    """Take houses over from a CSV file."""
    count = import_houses(installation(), file, now())
    click.echo(f"{count} huizen overgenomen uit {file}.")


@house.command(help="Deelt de toelichtingen van een huis met landelijk, of stopt daarmee.")
@click.argument("house_id", metavar="HUIS")
@click.option("--yes/--no", "shares", required=True, help="Wel of niet delen.")
def share(house_id: str, *, shares: bool) -> None:
    """Let a house share its explanations with the country, or stop."""
    share_text(installation(), house_id, now(), shares=shares)
    click.echo(f"Landelijk mag de toelichtingen van {house_id} {'lezen' if shares else 'niet lezen'}.")


@click.group("round", help="De meetrondes.")
def round_() -> None:
    """Hold the commands on rounds together."""


@round_.command("list", help="Toont de rondes.")
def list_rounds_() -> None:
    """Print the rounds."""
    print_table(show_rounds(installation()))


@round_.command("open", help="Opent een ronde.")
@click.argument("round_id", metavar="RONDE")
@click.option(
    "--title", required=True, metavar="TITEL", help="Hoe de ronde heet, bijvoorbeeld: voorjaar 2027."
)
@click.option("--opens", required=True, type=DAY, metavar="DAG", help="Eerste dag (jjjj-mm-dd).")
@click.option("--closes", required=True, type=DAY, metavar="DAG", help="Laatste dag (jjjj-mm-dd).")
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
def open_(  # noqa: PLR0913, PLR0917 - one per option of the command
    round_id: str,
    title: str,
    opens: datetime,
    closes: datetime,
    frameworks: tuple[str, ...],
    house_ids: tuple[str, ...],
) -> None:
    """Open a round."""
    days: tuple[date, date] = (opens.date(), closes.date())
    where = installation()
    opened = open_round(where, (round_id, title), days, (frameworks, house_ids), now())
    click.echo(f"Ronde {opened.round_id} is geopend voor {_count(len(opened.house_ids))}.")
    for line in [] if house_ids else tell_left_out(where, opened):
        click.echo(line)


def _count(houses: int) -> str:
    return "1 huis" if houses == 1 else f"{houses} huizen"


@click.command(help="Toont de instellingen.")
def settings() -> None:
    """Print the settings in force, and then what is wrong with them."""
    print_table(pd.DataFrame(list_settings(), columns=["Instelling", "Waarde", "Herkomst"]))
    click.echo(_HOW_TO_SET)
    read_settings()
