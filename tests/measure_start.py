"""Measures how long a command takes from start to end, beside `import pandas`.

`python -m tests.measure_start`. All take turns, so that whatever else the machine does slows each as much;
what Python compiled is kept in a folder of its own, and warm. Said is the median, of the time that passed and
of the time of the processor.
"""

import os
import sys
import time
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory
from typing import NamedTuple

from assessment.service.demo import fill_demo
from tests.conftest import NOW, installation_at

TURNS = 15
KADERSCAN = "from assessment.cli import main; main()"
YARDSTICK = "import pandas"
MEASURED = {
    YARDSTICK: (YARDSTICK,),
    "kaderscan --help": (KADERSCAN, "--help"),
    "kaderscan --version": (KADERSCAN, "--version"),
    "kaderscan score --house": (KADERSCAN, "score", "--house", "waterwolde"),
}


class Taken(NamedTuple):
    """Seconds, and seconds of the processor."""

    elapsed: float
    processor: float


def main() -> None:
    with TemporaryDirectory() as folder:
        variables = _prepare(Path(folder))
        turns = [
            {what: _run(words, variables) for what, words in MEASURED.items()} for _ in range(TURNS + 1)
        ][1:]
    for what in MEASURED:
        _tell(what, [turn[what] for turn in turns], [turn[YARDSTICK] for turn in turns])


def _prepare(folder: Path) -> dict[str, str]:
    """The demo, and where what Python compiles is kept."""
    address = f"sqlite:///{(folder / 'demo.sqlite').as_posix()}"
    installation = installation_at(address)
    list(fill_demo(installation, NOW))
    installation.close()
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return variables | {"KADERSCAN_DATABASE_URL": address, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _run(words: tuple[str, ...], variables: dict[str, str]) -> Taken:
    begin = time.perf_counter()
    process = Popen([sys.executable, "-c", *words], env=variables, stdout=DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(words)
    return Taken(time.perf_counter() - begin, used.ru_utime + used.ru_stime)


def _tell(what: str, taken: list[Taken], beside: list[Taken]) -> None:
    elapsed, processor = (median(column) for column in zip(*taken, strict=True))
    of_elapsed, of_processor = (median(column) for column in zip(*beside, strict=True))
    print(  # noqa: T201 - a script
        f"{what}: {1000 * elapsed:.0f} ms, {elapsed / of_elapsed:.2f} times; "
        f"processor {1000 * processor:.0f} ms, {processor / of_processor:.2f} times"
    )


if __name__ == "__main__":
    main()
