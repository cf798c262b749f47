"""Writes docs/commands.md from the command line itself: `python -m tests.make_commands`."""

import inspect
from collections.abc import Iterator

import click

from assessment import errors
from assessment.cli.main import commands, speak_dutch
from assessment.errors import UserError
from assessment.settings import HOME

PAGE = HOME / "docs" / "commands.md"
_WIDTH = 110
_TOP = """# The command line

What `kaderscan … --help` says of every command, in Dutch as users read it.
`python -m tests.make_commands` writes this page.
"""
_CODES = """## Exit codes

0 is done; 130 is stopped. What a user can repair is told in one line per fault (place, fault, remedy), and
ends with a code:

| code | what is the matter |
|---|---|
"""


def write_commands() -> str:
    """Write the page: the help of each command, then the exit codes."""
    helps = [_describe(each) for each in list_commands()]
    return "\n".join([_TOP, *helps, _CODES.rstrip(), *_list_codes(), ""])


def list_commands() -> Iterator[click.Context]:
    """Every command, each before those under it, in the order of the lists that a user sees."""
    speak_dutch()  # before Click makes its own options: it makes them once
    return _list_from(click.Context(commands, info_name="kaderscan", terminal_width=_WIDTH))


def _list_from(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            _, command, _ = context.command.resolve_command(context, [name])
            assert command, name
            yield from _list_from(click.Context(command, parent=context, info_name=name))


def _describe(context: click.Context) -> str:
    depth = len(context.command_path.split())
    help_text = "\n".join(line.rstrip() for line in context.get_help().splitlines())
    return f"{'#' * (depth + 1)} {context.command_path}\n\n```text\n{help_text}\n```\n"


def _list_codes() -> list[str]:
    known = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, UserError)]
    told = {each.exit_code: inspect.getdoc(each) or "" for each in known if "exit_code" in vars(each)}
    return [f"| {code} | {text.removesuffix('.')} |" for code, text in sorted(told.items())]


if __name__ == "__main__":
    PAGE.write_text(write_commands(), encoding="utf-8")
