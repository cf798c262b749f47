"""Commands on versions: list, show, compare, export, withdraw, adopt and reopen them."""

from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import (
    FILE,
    format_option,
    hand_out,
    house_option,
    installation,
    print_csv,
    print_table,
    queries,
    round_option,
)
from assessment.cli.rounds import reason_option
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError
from assessment.service.clock import now
from assessment.service.joint_versions import adopt_for_house
from assessment.service.versions import ShownVersion, reopen, withdraw
from assessment.tables import versions as shown
from assessment.writers.json_output import write_version

_ID = click.argument("submission_id", metavar="KENMERK")


@click.group
def submission() -> None:
    """Hold the commands on versions together."""


@submission.command("list", help="Toont de versies.")
@round_option
@house_option
def list_(round_id: str | None, house_id: str | None) -> None:
    """Print every version of a round, or of one house in it."""
    found = queries().list_versions(round_id, house_id)
    print_table(shown.list_versions(found.versions, found.register.house))


@submission.command("show", help="Toont een versie: wat ermee is gedaan, en de antwoorden.")
@_ID
@format_option
def show(submission_id: str, shape: str) -> None:
    """Print a version with its history and its answers."""
    found = queries().find_version(submission_id)
    answers = shown.list_answers(found.submission, found.questionnaire, found.evidence)
    match shape:
        case "json":
            echo(write_version(found.version, found.submission, found.evidence))
        case "csv":
            print_csv(answers)
        case _:
            _print_version(found, answers)


def _print_version(found: ShownVersion, answers: pd.DataFrame) -> None:
    submission = found.submission
    echo(f"{submission.submission_id}: {found.version.state.dutch}. Bestand: {submission.file_name}")
    echo(f"Controlegetal (sha256): {submission.file_sha256}")
    print_table(shown.list_history(found.version, found.events))
    print_table(answers)


@submission.command("compare", help="Vergelijkt twee versies: wat er eerst stond en wat nu.")
@click.argument("old_id", metavar="EERST")
@click.argument("new_id", metavar="NU")
def compare(old_id: str, new_id: str) -> None:
    """Print each difference, and the criteria whose verdict differs."""
    found = queries().compare_versions(old_id, new_id)
    echo(shown.describe_comparison(found.differences, found.verdicts))
    print_table(shown.list_differences(found.differences, found.questionnaire))
    print_table(shown.list_verdicts(found.verdicts, found.questionnaire))


@submission.command("export", help="Geeft het bestand terug zoals het is ingeleverd.")
@_ID
@click.option(
    "-o", "--output", required=True, type=FILE, metavar="BESTAND|MAP", help="Waar het bestand komt."
)
def export(submission_id: str, output: Path) -> None:
    """Write the file of a version, byte for byte."""
    where = installation()
    file_name, content = queries(where).find_file(submission_id)
    path = output / file_name if output.is_dir() else output
    hand_out(where, path, content, submission_id)
    echo(f"Geschreven: {path}. Het controlegetal klopt.")


@submission.command("withdraw", help="Trekt een versie in, met een reden; zij blijft te zien.")
@_ID
@reason_option
def withdraw_(submission_id: str, reason: str) -> None:
    """Withdraw a version for good."""
    now_counts = withdraw(installation(), submission_id, reason, now())
    told = f"Nu geldt {now_counts.submission_id}." if now_counts else "Er geldt nu geen versie meer."
    echo(f"{submission_id} is ingetrokken. {told}")


@submission.command("reopen", help="Heropent een vastgestelde versie, met een reden.")
@_ID
@reason_option
def reopen_(submission_id: str, reason: str) -> None:
    """Take back that a version was adopted."""
    for reopened in reopen(installation(), submission_id, reason, now()):
        echo(f"{reopened} is weer ingeleverd.")


@submission.command(
    "adopt", help="Stelt vast wat een huis heeft ingeleverd, met de politie samen één versie."
)
@click.option("--house", "house_id", required=True, metavar="HUIS", help="Het huis.")
@round_option
@click.option(
    "--choose",
    "chosen",
    multiple=True,
    metavar="NR=KEUZE",
    help="Waar huis en politie verschillen: huis, politie of een letter, zoals LOS-1.1=huis; mag vaker.",
)
@click.option("--rest", type=click.Choice(["huis", "politie"]), help="De keuze voor alle andere verschillen.")
def adopt_(house_id: str, round_id: str | None, chosen: tuple[str, ...], rest: str | None) -> None:
    """Adopt what a house handed in."""
    where = installation()
    round_ = queries(where).list_versions(round_id, house_id).round
    adopted = adopt_for_house(where, (round_.round_id, house_id), _read_choices(chosen), rest, now())
    echo(f"{adopted} is vastgesteld.")


def _read_choices(chosen: tuple[str, ...]) -> dict[str, str]:
    """Read NR=KEUZE.

    Raises:
        CommandUsageError: it has another shape.
    """
    faults = [text for text in chosen if "=" not in text]
    if faults:
        raise CommandUsageError(
            f"--choose '{faults[0]}' klopt niet. Schrijf NR=KEUZE, bijvoorbeeld LOS-1.1=huis."
        )
    pairs = (text.partition("=") for text in chosen)
    return {key.strip().upper(): choice.strip().lower() for key, _, choice in pairs}
