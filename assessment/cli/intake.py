"""Commands on questionnaires: write an empty one, check filled ones, load them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from assessment.cli.console import (
    FILE,
    asked_option,
    format_progress,
    hand_out,
    installation,
    queries,
    write_file,
)
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError, FilesRefusedError, UserError
from assessment.model.issue import Weight
from assessment.model.receipt import RowClass
from assessment.model.scale import ASKABLE, Perspective
from assessment.model.sheets import FileIdentity
from assessment.readers.guard import read_upload
from assessment.service.clock import now, today
from assessment.service.frameworks import make_trial
from assessment.service.installation import Installation
from assessment.service.intake import FileOutcome, NamedFile, check_files, hand_in_files
from assessment.service.receipts import make_receipts, name_in_trail
from assessment.settings import read_settings
from assessment.tables.formats import format_answered, format_counted
from assessment.writers.questionnaire import WRITERS

Command = TypeVar("Command", bound=Callable[..., None])


@click.command
@click.option("--house", "house_id", metavar="HUIS", help="Het huis; zie: kaderscan house list.")
@click.option("--round", "round_id", metavar="RONDE", help="De ronde; anders de nieuwste.")
@click.option(
    "--framework",
    "drafts",
    multiple=True,
    type=FILE,
    metavar="BESTAND",
    help="Een ontwerp om te proberen, in plaats van huis en ronde; mag vaker.",
)
@asked_option
@click.option("-o", "--output", required=True, type=FILE, metavar="BESTAND", help="Waar het bestand komt.")
def template(
    house_id: str | None,
    round_id: str | None,
    drafts: tuple[Path, ...],
    perspective: Perspective,
    output: Path,
) -> None:
    """Write an empty questionnaire: of a house in a round, or of drafts to try."""
    if bool(drafts) == (house_id is not None) or (drafts and round_id is not None):
        raise CommandUsageError(
            "Geef --house, met of zonder --round; of --framework om een ontwerp te proberen."
        )
    write = WRITERS.get(output.suffix.lower())
    if write is None:
        raise CommandUsageError(f"{output}: de naam moet eindigen op {' of '.join(WRITERS)}.")
    if house_id is not None:
        where = installation()
        form = queries(where).find_form(queries(where).find_whose(house_id, round_id, perspective))
        hand_out(where, output, write(form), form.subject)
    else:
        write_file(output, write(make_trial(read_settings(), drafts, perspective, today())))
    echo(f"Geschreven: {output}")


def _with_files(command: Command) -> Command:
    """What `check` and `load` are given: files and folders, and for whom where a file does not say so."""
    for option in (
        click.option(
            "--perspective",
            type=click.Choice([each.value for each in ASKABLE]),
            help="Wie antwoordt, als het bestand dat niet zegt (.csv).",
        ),
        click.option(
            "--round", "round_id", metavar="RONDE", help="De ronde, als het bestand die niet zegt (.csv)."
        ),
        click.option(
            "--house", "house_id", metavar="HUIS", help="Het huis, als het bestand dat niet zegt (.csv)."
        ),
        click.option(
            "--receipts", type=FILE, metavar="MAP", help="Schrijft van elk bestand een ontvangstbewijs."
        ),
        click.argument("paths", nargs=-1, required=True, type=FILE, metavar="BESTAND|MAP …"),
    ):
        command = option(command)
    return command


@click.command
@_with_files
def check(paths: tuple[Path, ...], receipts: Path | None, **given: str | None) -> None:
    """Read filled questionnaires and tell what they hold."""
    where, files = installation(), find_files(paths, receipts)
    outcomes = check_files(where, map(_open_file, files), today(), _identity(given))
    follow(where, outcomes, receipts, len(files))


@click.command
@_with_files
@click.option(
    "--accept",
    "accepted_because",
    default="",
    metavar="REDEN",
    help="Gaat door ondanks opmerkingen; wat niet begrepen is blijft open. De reden wordt bewaard.",
)
def load(paths: tuple[Path, ...], receipts: Path | None, accepted_because: str, **given: str | None) -> None:
    """Store filled questionnaires; one bad file never stops the others."""
    where, files = installation(), find_files(paths, receipts)
    outcomes = hand_in_files(where, map(_open_file, files), now(), accepted_because, _identity(given))
    follow(where, outcomes, receipts, len(files))


def _identity(given: Mapping[str, str | None]) -> FileIdentity:
    said = {name: value or "" for name, value in given.items()}
    return FileIdentity(said["house_id"], said["round_id"], said["perspective"])


class _Source(NamedTuple):
    """A file to take in, and what to call it: its path inside the folder that was given."""

    name: str
    path: Path


def find_files(paths: Iterable[Path], receipts: Path | None) -> list[_Source]:
    """List the files, and those in folders; not what is hidden, and not the receipts of an earlier run."""
    found: list[_Source] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file() and _is_meant(each, receipts))
            found += [_Source(str(each.relative_to(path)), each) for each in inside]
        else:
            found.append(_Source(path.name, path))
    return found


def _is_meant(path: Path, receipts: Path | None) -> bool:
    ours = receipts is not None and path.resolve().is_relative_to(receipts.resolve())
    return not ours and not path.name.startswith(".")


def _open_file(source: _Source) -> NamedFile:
    try:
        return NamedFile(source.name, read_upload(source.path))
    except UserError as error:
        return NamedFile(source.name, error=error)


def follow(where: Installation, outcomes: Iterable[FileOutcome], receipts: Path | None, total: int) -> None:
    """Tell of each file what became of it, and at the end, or when stopped half-way, how many."""
    done: Counter[str] = Counter()
    refused: list[UserError] = []
    try:
        for handed_in in format_progress(_with_receipts(where, outcomes, receipts), "Inlezen", total):
            done[_describe_done(handed_in)] += 1
            if handed_in.error is None:
                echo(describe_outcome(handed_in))
            else:
                refused.append(handed_in.error)
                echo(str(handed_in.error), err=True)
    except (KeyboardInterrupt, UserError):
        echo(_describe_summary(done, total), err=True)
        raise
    if refused:
        raise FilesRefusedError(_describe_summary(done, total), refused)
    echo(_describe_summary(done, total), err=True)


def _with_receipts(
    where: Installation, outcomes: Iterable[FileOutcome], folder: Path | None
) -> Iterator[FileOutcome]:
    if folder is None:
        yield from outcomes
        return
    for handed_in, receipt in make_receipts(where, outcomes):
        path = folder / Path(handed_in.file.name).parent / receipt.name
        hand_out(where, path, receipt.content, name_in_trail(handed_in.file))
        yield handed_in


def describe_outcome(handed_in: FileOutcome) -> str:
    """What was read from a file, and what became of it, in one line."""
    receipt = handed_in.receipt
    assert receipt is not None  # noqa: S101 - without a receipt there is an error
    shown = receipt.of_questions.items()
    counts = [f"{count} {each.dutch}" for each, count in shown if count and each is not RowClass.READ]
    counts += [f"{receipt.deviations} bewust anders"] if receipt.deviations else []
    notes = [issue.message for issue in receipt.of_weight(Weight.NOTE) if not issue.cell]
    told = f"{handed_in.file.name}: {format_answered(receipt.answered)}"
    return " ".join(
        [f"{told} ({', '.join(counts)})." if counts else f"{told}.", *notes, _describe_stored(handed_in)]
    )


def _describe_stored(handed_in: FileOutcome) -> str:
    if not handed_in.submission_id:
        return ""
    formulas = handed_in.formulas
    changed = f" {format_counted(formulas, 'formule')} gewijzigd." if formulas else ""
    return f"{handed_in.submission_id}: {_describe_done(handed_in)}.{changed}"


def _describe_done(handed_in: FileOutcome) -> str:
    if handed_in.error is not None:
        return "niet in orde"
    if handed_in.already:
        return "was al bewaard"
    return "bewaard" if handed_in.submission_id else "in orde"


def _describe_summary(done: Counter[str], total: int) -> str:
    told = ", ".join(f"{count} {word}" for word, count in sorted(done.items()))
    files = format_counted(total, "bestand")
    left = total - done.total()
    rest = f", {left} nog niet gedaan (draai de opdracht opnieuw: wat bewaard is, blijft)" if left else ""
    return f"{files}: {told or 'niets gedaan'}{rest}."
