"""What the commands share: the installation, options, tables on the terminal, files to write."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click
import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from assessment.cli.terminal import echo
from assessment.errors import FileAccessError, NotAllowedError, describe_reason
from assessment.model.scale import ASKABLE, Perspective, Rules
from assessment.model.sheets import write_harmless
from assessment.model.wording import read_day, show_unseen
from assessment.service.access import note_handed_out, note_refusal
from assessment.service.accounts import act_as
from assessment.service.clock import now
from assessment.service.installation import Installation, open_installation
from assessment.service.queries import Queries
from assessment.settings import read_settings

Item = TypeVar("Item")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Day(click.DateTime):
    """A day, as people write it."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the day, and say in Dutch how to write one."""
        day = read_day(value)
        if day is None:
            self.fail(f"'{value}' is geen dag; schrijf bijvoorbeeld 1-3-2027 of '1 maart 2027'.", param, ctx)
        return datetime.combine(day, time())


class OptionalDay(click.ParamType[date | str]):
    """A day, or an empty text where there is to be none."""

    name = "day"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | str:
        """Read the day; an empty text stays empty."""
        return DAY.convert(value, param, ctx).date() if isinstance(value, str) and value else value


FILE = click.Path(path_type=Path)
DAY = Day()
OPTIONAL_DAY = OptionalDay()

house_option = click.option(
    "--house", "house_id", metavar="HUIS", help="Het huis; zie: kaderscan house list."
)
unit_option = click.option(
    "--unit", "unit_id", metavar="EENHEID", help="Alle huizen van een politie-eenheid."
)
round_option = click.option(
    "--round", "round_id", metavar="RONDE", help="De ronde; anders de nieuwste die is geopend."
)


def _choose_perspective(choices: Iterable[Perspective], default: Perspective, says: str) -> Decorator:
    return click.option(
        "--perspective",
        type=click.Choice([perspective.value for perspective in choices]),
        callback=lambda _context, _option, name: Perspective(name),
        default=default.value,
        show_default=True,
        help=says,
    )


perspective_option = _choose_perspective(
    Perspective,
    Perspective.RECORD,
    "Wiens antwoorden; vastgesteld: wat huis en politie samen vaststelden, en anders die van het huis.",
)
asked_option = _choose_perspective(ASKABLE, Perspective.HOUSE, "Wie antwoordt.")


def _choose_shape(*shapes: str) -> Decorator:
    return click.option(
        "--format",
        "shape",
        type=click.Choice(shapes),
        default="table",
        show_default=True,
        help="Hoe het resultaat eruitziet.",
    )


format_option = _choose_shape("table", "json", "csv")
json_option = _choose_shape("table", "json")


def rules_option(says: str) -> Decorator:
    """An option for the rules by which to score, with what it does in this command."""
    return click.option(
        "--rules",
        type=click.Choice([rules.value for rules in Rules]),
        callback=lambda _context, _option, name: Rules(name) if name else None,
        help=says,
    )


_PIPE_WIDTH = 240
_FOR_PROGRAMS = {"json", "csv"}
_NOTING = "kaderscan.noting"
_YES = {"j", "ja"}


def installation() -> Installation:
    """The installation that the settings describe, until the command has ended; for an account with --as."""
    context = click.get_current_context()
    opened = open_installation(read_settings())
    context.call_on_close(opened.close)
    acting_as = context.find_root().params.get("acting_as")
    visited = replace(opened, visitor=act_as(opened, acting_as)) if acting_as else opened
    if not context.meta.setdefault(_NOTING, False):
        context.meta[_NOTING] = True
        context.with_resource(_noting(visited, context))
    return visited


@contextmanager
def _noting(where: Installation, context: click.Context) -> Iterator[None]:
    """Tell the audit trail what the command was refused, or else what it wrote for other programs to read."""
    try:
        yield
    except NotAllowedError as refusal:
        note_refusal(where, refusal, now())
        raise
    if context.params.get("shape") in _FOR_PROGRAMS:
        note_handed_out(where, _describe_written(context), now())


def _describe_written(context: click.Context) -> str:
    """The command, and the ids that say of what it wrote: `score/veenrijk`."""
    words: list[str] = []
    step = context
    while step.parent is not None:
        words.insert(0, step.info_name or "")
        step = step.parent
    ids = [str(value) for name, value in context.params.items() if name.endswith("_id") and value]
    return "/".join([" ".join(words), *ids])


def queries(where: Installation | None = None) -> Queries:
    """Everything that may be read, in an installation that is open already or else as configured."""
    opened = where or installation()
    return Queries(opened, opened.visitor)


def confirm(question: str, otherwise: str) -> None:
    """Go on only after a plain yes.

    Raises:
        click.Abort: any other answer, or none.
    """
    if click.prompt(show_unseen(f"{question} (ja/nee)"), default="nee").strip().casefold() not in _YES:
        echo(otherwise)
        raise click.Abort


def print_table(table: pd.DataFrame) -> None:
    """Print a frame as a table; in a pipe wide enough to keep every row on its line."""
    terminal = Console(markup=False, emoji=False)  # what people typed is never markup
    if not terminal.is_terminal:
        terminal.width = _PIPE_WIDTH
    shown = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name, values in table.items():
        shown.add_column(str(name), justify="right" if pd.api.types.is_numeric_dtype(values) else "left")
    for record in table.itertuples(index=False):
        shown.add_row(*(show_unseen(str(value)) for value in record))
    terminal.print(shown)


def print_csv(table: pd.DataFrame) -> None:
    """Print a frame as CSV; no text in it becomes a formula in a spreadsheet program."""
    harmless = table.map(lambda value: write_harmless(value) if isinstance(value, str) else value)
    echo(harmless.to_csv(index=False, lineterminator="\n"), nl=False)


def format_progress(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """Go through items with a progress bar on a terminal, and with nothing in a pipe."""
    from rich.progress import track  # noqa: PLC0415 - slow to load, and few commands need it

    console = Console(stderr=True)
    return track(items, what, total, console=console, transient=True, disable=not console.is_terminal)


def hand_out(where: Installation, path: Path, content: bytes, what: str) -> None:
    """Write a file that somebody takes along, and tell the audit trail what it holds.

    Raises:
        FileAccessError: it cannot be written.
    """
    write_file(path, content)
    note_handed_out(where, what, now())


def write_file(path: Path, content: bytes) -> None:
    """Write a file, and its folder where that is not there yet.

    Raises:
        FileAccessError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise FileAccessError(
            f"{path}: kan het bestand niet schrijven ({describe_reason(error)})."
        ) from error
