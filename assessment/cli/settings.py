"""The command that shows the settings in force."""

import click
import pandas as pd

from assessment.cli.console import print_table
from assessment.settings import list_settings, read_settings

_HOW_TO_SET = """\
Instellen: als variabele KADERSCAN_NAAM in de omgeving, of in kaderscan.toml.
Database: sqlite:///map/naam.sqlite of postgresql://gebruiker:wachtwoord@machine/naam
(PostgreSQL: pip install -e '.[postgres]'; zie docs/shared-installation.md).
Een wachtwoord wordt nooit getoond."""


@click.command
def settings() -> None:
    """Print the settings in force, and then what is wrong with them."""
    print_table(pd.DataFrame(list_settings(), columns=["Instelling", "Waarde", "Herkomst"]))
    click.echo(_HOW_TO_SET)
    read_settings()
