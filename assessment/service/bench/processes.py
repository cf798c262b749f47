"""A process that is measured from start to end."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from assessment.errors import KaderscanError

# A small process that starts the one that is measured: the memory of whoever starts it counts as its own.
_METER = """
import json, os, subprocess, sys, time
begin = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
processor = megabytes = None
if hasattr(os, "wait4"):
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    processor, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
process.wait()
seconds = time.perf_counter() - begin
print(json.dumps([seconds, processor, megabytes]))
sys.exit(process.returncode)
"""


class Process(NamedTuple):
    """A process: what it did, its seconds from start to end, those of the processor, and its most megabytes.

    The last two are not known on Windows.
    """

    what: str
    seconds: float
    processor: float | None
    megabytes: float | None


def run_process(what: str, command: Sequence[str]) -> Process:
    """Run a command to its end.

    Raises:
        KaderscanError: it failed, which says something of the command and not of the machine.
    """
    meter = [sys.executable, "-c", _METER, *command]
    told = subprocess.run(meter, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own command
    if told.returncode:
        raise KaderscanError(f"{what}: {' '.join(command)}")
    return Process(what, *json.loads(told.stdout))
