"""A command imports what it needs when it runs: asking for help or the version waits for no library."""

import json
import subprocess
import sys

import pytest

RUN = """
import json, sys
before = set(sys.modules)
from assessment.cli import main
sys.argv = ["kaderscan", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def find_imported(*words: str) -> set[str]:
    """The libraries, and our own packages, that a command has imported when it ends."""
    command = [sys.executable, "-c", RUN, *words]
    printed = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    names = [name.split(".") for name in json.loads(printed.splitlines()[-1])]
    ours = {".".join(parts[:2]) for parts in names if parts[0] == "assessment" and len(parts) > 1}
    return ours | {parts[0] for parts in names} - sys.stdlib_module_names - {"assessment"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["scor"]], ids=" ".join)
def test_what_runs_no_command_imports_click_alone(words: list[str]) -> None:
    imported = find_imported(*words)

    assert imported == {"click", "assessment.cli", "assessment.errors"}
