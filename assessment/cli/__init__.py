"""The command line: one command per use case."""

from assessment.cli.main import main

__all__ = ["main"]
