"""Commands on drafts: fill in answer by answer, divide themes, see what is missing, hand in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from assessment.cli.console import (
    DAY,
    FILE,
    asked_option,
    confirm,
    installation,
    json_option,
    print_table,
    queries,
    round_option,
)
from assessment.cli.intake import describe_outcome
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError
from assessment.model.answers import Whose
from assessment.model.draft import Content, Draft, DraftRow, add_up, key_of
from assessment.model.scale import Perspective
from assessment.readers.guard import read_upload
from assessment.service.clock import now
from assessment.service.drafts import (
    Edit,
    begin_draft,
    drop_draft,
    hand_in_draft,
    save,
    take_draft,
)
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile
from assessment.tables.formats import format_answered
from assessment.tables.versions import describe_content, list_draft_answers, list_progress, list_summaries
from assessment.writers.json_output import write_draft

Row = TypeVar("Row")
_accept = click.option(
    "--accept",
    "accepted_because",
    default="",
    metavar="REDEN",
    help="Gaat door ondanks opmerkingen; wat niet begrepen is blijft open.",
)


class OnTopOf(NamedTuple):
    """Which version somebody saw, and whether what looks like it is about a person may stand."""

    version: int | None
    accepted: bool


@click.group
def draft() -> None:
    """Hold the commands on drafts together."""


def _of_house(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the installation, and for whom it works, from three options."""

    @click.option(
        "--house", "house_id", required=True, metavar="HUIS", help="Het huis; zie: kaderscan house list."
    )
    @round_option
    @asked_option
    @wraps(command)
    def run(house_id: str, round_id: str | None, perspective: Perspective, **rest: Any) -> None:  # noqa: ANN401 - the command's own
        where = installation()
        command(where, queries(where).find_whose(house_id, round_id, perspective), **rest)

    return run


def _of_draft(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the installation, and the draft of a house as it is now."""

    @_of_house
    @wraps(command)
    def run(where: Installation, whose: Whose, **rest: Any) -> None:  # noqa: ANN401 - the command's own
        command(where, queries(where).get_draft(whose), **rest)

    return run


def _on_top_of(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what it changes on top of, from two options."""

    @click.option(
        "--version",
        type=click.IntRange(min=1),
        metavar="NUMMER",
        help="De versie die u zag; is er intussen een nieuwere, dan ziet u beide en verandert er niets.",
    )
    @click.option(
        "--accept", "accepted", is_flag=True, help="Bewaart ook wat op een gegeven van een inwoner lijkt."
    )
    @wraps(command)
    def run(version: int | None, *, accepted: bool, **rest: Any) -> None:  # noqa: ANN401 - the command's own
        command(seen=OnTopOf(version, accepted), **rest)

    return run


@draft.command("list", help="Toont de concepten, en hoever zij zijn.")
@round_option
def list_(round_id: str | None) -> None:
    """Print every draft of a round, or of all."""
    print_table(list_summaries(queries().find_drafts(round_id)))


@draft.command(help="Begint een concept met wat het laatst is ingeleverd, of leeg.")
@click.option("--empty", is_flag=True, help="Begint leeg.")
@_of_house
def begin(where: Installation, whose: Whose, *, empty: bool) -> None:
    """Begin a draft."""
    begun = begin_draft(where, whose, now(), empty=empty)
    echo(f"Begonnen: {begun.draft_id}. {_describe_answered(where, begun)}")


@draft.command(help="Begint een concept met een (deels) ingevulde vragenlijst.")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option(
    "--accept", "accepted_because", default="", metavar="REDEN", help="Gaat door ondanks opmerkingen."
)
def take(file: Path, accepted_because: str) -> None:
    """Begin a draft with what stands in a file."""
    where = installation()
    begun = take_draft(where, NamedFile(file.name, read_upload(file)), now(), accepted_because)
    echo(f"Begonnen: {begun.draft_id}. {_describe_answered(where, begun)}")


@draft.command(help="Toont wat er in een concept nog open is, of een thema met zijn antwoorden.")
@click.option("--theme", "theme_id", metavar="THEMA", help="Alleen dit thema, met de antwoorden.")
@json_option
@_of_draft
def show(where: Installation, found: Draft, *, theme_id: str | None, shape: str) -> None:
    """Print how far a draft is."""
    if shape == "json":
        echo(write_draft(found))
        return
    progress = {each.theme.theme_id: each for each in queries(where).find_progress(found)}
    if theme_id is None:
        print_table(list_progress(progress.values()))
    else:
        print_table(list_draft_answers(found, _pick(progress, theme_id, "thema").theme))


@draft.command("set", help="Bewaart het antwoord op een vraag; wat u niet noemt, blijft.")
@click.argument("question_id", metavar="VRAAG")
@click.option("--option", "option_id", metavar="ANTWOORD", help="De letter of de tekst van een keuze.")
@click.option("--explanation", metavar="TEKST", help="De toelichting.")
@click.option("--evidence", metavar="TEKST", help="Waar het bewijs te vinden is.")
@_on_top_of
@_of_draft
def set_(where: Installation, found: Draft, seen: OnTopOf, question_id: str, **given: str | None) -> None:
    """Store one answer."""
    _save(where, found, _pick(found.answers, question_id, "vraag"), given, seen)


@draft.command(help="Bewaart een afgesproken afwijking (bewust anders) bij een criterium.")
@click.argument("criterion_id", metavar="CRITERIUM")
@click.option("--reason", metavar="TEKST", help="Waarom u het anders doet.")
@click.option("--agreed-by", metavar="FUNCTIE", help="Wie akkoord is; noem de functie.")
@click.option("--until", type=DAY, metavar="DAG", help="Tot en met welke dag, bijvoorbeeld 31-12-2027.")
@_on_top_of
@_of_draft
def deviate(
    where: Installation, found: Draft, seen: OnTopOf, criterion_id: str, **given: str | datetime | None
) -> None:
    """Store an agreed deviation."""
    row = _pick(found.deviations, criterion_id, "criterium")
    typed = {name: each.date() if isinstance(each, datetime) else each for name, each in given.items()}
    _save(where, found, row, typed, seen)


@draft.command(help="Zegt wie een thema neemt.")
@click.argument("theme_id", metavar="THEMA")
@click.option("--who", "taken_by", required=True, metavar="NAAM", help="Voornaam of functie; leeg: niemand.")
@_on_top_of
@_of_draft
def divide(where: Installation, found: Draft, seen: OnTopOf, theme_id: str, **given: str | None) -> None:
    """Say who takes a theme."""
    _save(where, found, _pick(found.themes, theme_id, "thema"), given, seen)


@draft.command("hand-in", help="Levert een concept in, zoals een bestand.")
@_accept
@_of_draft
def hand_in(where: Installation, found: Draft, *, accepted_because: str) -> None:
    """Hand a draft in."""
    echo(describe_outcome(hand_in_draft(where, found, now(), accepted_because)))


@draft.command(help="Haalt een concept weg; wat is ingeleverd blijft.")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
@_of_draft
def drop(where: Installation, found: Draft, *, yes: bool) -> None:
    """Remove a draft."""
    if not yes:
        confirm(f"{_describe_answered(where, found)} Weghalen?", "Er is niets weggehaald.")
    drop_draft(where, found, now())
    echo(f"Weggehaald: {found.draft_id}.")


def _pick(rows: Mapping[str, Row], key: str, what: str) -> Row:
    if key not in rows:
        raise CommandUsageError(f"'{key}' is geen {what} van dit concept. Zie: kaderscan draft show.")
    return rows[key]


def _save(
    where: Installation,
    found: Draft,
    row: DraftRow[Content],
    given: Mapping[str, Any],
    seen: OnTopOf,
) -> None:
    """Store a row with what is given changed; what is not given stays."""
    content = row.content._replace(**{name: value for name, value in given.items() if value is not None})
    edit = Edit(found.whose, found.draft_id, content, seen.version or row.version, seen.accepted)
    saved = save(where, edit, now())
    echo(f"Bewaard: {key_of(content)} is {describe_content(saved.content)} (versie {saved.version}).")


def _describe_answered(where: Installation, found: Draft) -> str:
    return f"{format_answered(add_up(queries(where).find_progress(found)))}."
