"""Commands on questionnaires: write an empty one, check a filled one, load it."""

from pathlib import Path

import click

from assessment.cli.console import FILE, installation, perspective_option, show_progress, write_file
from assessment.errors import AnswersRefusedError, FilesRefusedError, UserError
from assessment.model.scale import Perspective
from assessment.readers.files import read_bytes
from assessment.service.clock import now
from assessment.service.forms import make_form
from assessment.service.intake import Receipt, check_file, hand_in


@click.command(help="Schrijft de vragenlijst die een huis invult.")
@click.option(
    "--house", "house_id", required=True, metavar="HUIS", help="Het huis; zie: kaderscan house list."
)
@click.option("--round", "round_id", metavar="RONDE", help="De ronde; anders de nieuwste.")
@perspective_option
@click.option("-o", "--output", required=True, type=FILE, metavar="BESTAND", help="Waar het bestand komt.")
def template(house_id: str, round_id: str | None, perspective: Perspective, output: Path) -> None:
    """Write an empty questionnaire."""
    _, content = make_form(installation(), house_id, round_id, perspective)
    write_file(output, content)
    click.echo(f"Geschreven: {output}")


@click.command(help="Leest ingevulde vragenlijsten, bewaart niets.")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="BESTAND …")
def check(files: tuple[Path, ...]) -> None:
    """Read filled questionnaires and tell what they hold."""
    faults = []
    for path in files:
        receipt = check_file(installation(), read_bytes(path), path.name)
        click.echo(_tell(receipt))
        faults += [f"{path.name}: {issue.message}" for issue in receipt.issues]
    if faults:
        raise AnswersRefusedError("\n".join(faults))


@click.command(help="Bewaart ingevulde vragenlijsten.")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="BESTAND …")
def load(files: tuple[Path, ...]) -> None:
    """Store filled questionnaires; one bad file never stops the others."""
    where, refused = installation(), []
    for path in show_progress(files, "Inlezen"):
        try:
            stored = hand_in(where, read_bytes(path), path.name, now())
        except UserError as error:
            refused.append(error)
            click.echo(str(error), err=True)
        else:
            done = "was al bewaard" if stored.already else "bewaard"
            click.echo(f"{_tell(stored.receipt)} {stored.submission_id}: {done}.")
    if refused:
        raise FilesRefusedError(f"{len(refused)} van {len(files)} bestanden niet bewaard.", refused)


def _tell(receipt: Receipt) -> str:
    return (
        f"{receipt.file_name}: {receipt.answered} van {receipt.asked} vragen beantwoord "
        f"({receipt.unknown} weet ik niet, {receipt.not_applicable} n.v.t., {receipt.empty} leeg, "
        f"{receipt.deviations} bewust anders, {len(receipt.issues)} niet begrepen)."
    )
