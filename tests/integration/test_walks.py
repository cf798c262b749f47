"""From a user to what comes of it is no longer a walk than now."""

import re
import subprocess
import sys

from assessment.settings import HOME

MOST_FILES = {
    "an answer to its figure": 75,  # what formulas say stands beside it, read from the same file, and kept
    "a what-if to its table": 47,
    "a line of the plan to what is stored": 37,
}


def test_no_walk_passes_more_files_than_now() -> None:
    command = [sys.executable, "-m", "tests.measure_walks"]

    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HOME).stdout

    walks = re.findall(r"^(\S.*): (\d+) files", printed, re.MULTILINE)
    assert dict(walks).keys() == MOST_FILES.keys()
    assert {title: int(files) for title, files in walks if int(files) > MOST_FILES[title]} == {}
