"""Commands that are listed by name, and imported when they run."""

from importlib import import_module

import click


class Announced(click.Command):
    """The name of a command, what it does, and where it stands: enough to list it without importing it.

    `place` is "module:function", a module of this package and the command in it.
    """

    def __init__(self, name: str, place: str, what_it_does: str) -> None:
        super().__init__(name, help=what_it_does)
        self.place = place

    def load(self) -> click.Command:
        """Import the command itself; what it does is told here, for the list and for its own help."""
        module, _, function = self.place.partition(":")
        command: click.Command = getattr(import_module(f"{__package__}.{module}"), function)
        command.help = self.help
        name_parts(command)
        return command


class LazyGroup(click.Group):
    """A group of which only the command that runs is imported."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for, and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Announced) else command, rest


def name_parts(command: click.Command) -> None:
    """Say in Dutch what may follow a command; Click does not translate these words itself."""
    command.options_metavar = "[OPTIES]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "OPDRACHT …"
        for member in command.commands.values():
            name_parts(member)
