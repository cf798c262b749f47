"""The command that measures this machine against yardsticks."""

import os

import click
import pandas as pd

from assessment.cli.console import print_table, show_progress
from assessment.service.bench import Measured, measure_intake
from assessment.settings import read_settings


@click.command(help="Meet hoe snel deze machine vragenlijsten inleest, naast twee maatstaven.")
@click.option("--files", default=1000, show_default=True, type=click.IntRange(1), metavar="AANTAL")
def bench(files: int) -> None:
    """Measure the intake."""
    measured = list(show_progress(measure_intake(read_settings(), files), "Meten", total=3))
    print_table(pd.DataFrame([_tell(each) for each in measured]))
    ours, raw, script = measured
    cores = os.cpu_count() or 1
    click.echo(
        f"Per kern {cores * ours.milliseconds / raw.milliseconds:.1f} maal de tijd van python-calamine."
    )
    click.echo(f"Op {cores} kernen {script.milliseconds / ours.milliseconds:.0f} maal zo snel als pandas.")


def _tell(measured: Measured) -> dict[str, object]:
    return {
        "Wat": measured.what,
        "Bestanden": measured.files,
        "Seconden": round(measured.seconds, 2),
        "ms per bestand": round(measured.milliseconds, 2),
        "Hoogste MB": None if measured.megabytes is None else round(measured.megabytes),
    }
