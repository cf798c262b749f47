"""What is told on the terminal: text that people typed never steers it."""

import click


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text; what would colour, overwrite or turn around what is shown stands there as a sign."""
    from assessment.model.wording import show_unseen  # noqa: PLC0415 - what runs no command imports click alone

    click.echo(show_unseen(text), err=err, nl=nl)
