"""The page of commands says what the command line says."""

from enum import Enum

import click

from tests.make_commands import PAGE, list_commands, write_commands


def test_the_page_of_commands_is_what_the_command_line_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_commands(), "run: python -m tests.make_commands"


def test_every_option_says_what_it_does() -> None:
    described = [
        (context.command_path, option.name, option.help)
        for context in list_commands()
        for option in context.command.params
        if isinstance(option, click.Option)
    ]
    silent = [f"{command} --{name}" for command, name, text in described if not text]

    assert silent == []


def test_a_choice_is_typed_as_users_read_it_and_not_by_its_name_in_the_code() -> None:
    by_name = [
        f"{context.command_path} --{option.name}"
        for context in list_commands()
        for option in context.command.params
        if isinstance(option.type, click.Choice) and any(isinstance(c, Enum) for c in option.type.choices)
    ]

    assert by_name == []
