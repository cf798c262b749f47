"""How fast this machine reads, checks, stores and scores questionnaires, beside what else could."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import partial
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
from python_calamine import CalamineWorkbook

from assessment.errors import KaderscanError
from assessment.model.register import House, Round
from assessment.model.scale import Perspective
from assessment.readers.files import read_bytes
from assessment.readers.framework import find_published, read_questionnaire
from assessment.readers.isolation import ReaderPool
from assessment.readers.tables import read_rounds, read_units
from assessment.service.installation import Installation, open_installation
from assessment.service.intake import NamedFile, hand_in_files
from assessment.service.round_scores import score_round
from assessment.settings import Settings
from assessment.store.register import add_houses, add_round, add_units

_ANSWER_COLUMN = 3
_KILOBYTES = 1024
_A_MOMENT = 1.0
"""Seconds in which one process does not take the work of two."""

_AT_ONCE = 20
"""How many files a process gets at once where only the parser is measured."""

_MOST_BY_PANDAS = 100
"""The slow yardstick is measured on so many files at most, and counted per file."""


class Measured(NamedTuple):
    """One measurement: what was done, on how many files, in how many seconds of wall time, in megabytes."""

    what: str
    files: int
    seconds: float
    megabytes: float | None = None

    @property
    def milliseconds(self) -> float:
        """Wall time per file."""
        return 1000 * self.seconds / self.files


def measure_intake(settings: Settings, files: int) -> Iterator[Measured]:
    """Measure reading, checking, storing and scoring many filled questionnaires.

    Args:
        settings: where the demo and the questionnaires are.
        files: how many.

    Yields:
        Kaderscan; the raw parser in as many processes, then in one process while all else rests; and the
        script that a handy colleague would write, in one process.
    """
    with TemporaryDirectory() as folder:
        paths = _make_files(settings, Path(folder), files)
        yield _measure_ours(settings, paths)
        yield _measure_raw_side_by_side(paths)
        yield _measure("python-calamine: alleen de cellen lezen, in één proces", paths, _read_raw)
        some = paths[:_MOST_BY_PANDAS]
        yield _measure("pandas met openpyxl: lezen en scoren", some, partial(_script, settings))


def _make_files(settings: Settings, folder: Path, files: int) -> list[Path]:
    """Write the filled questionnaires of the demo again and again, each for a house of its own."""
    filled = sorted((settings.data / "demo" / _find_round(settings).round_id).glob("*_huis.xlsx"))
    paths = []
    for place, source in enumerate(islice(cycle(filled), files)):
        path = folder / f"{_house_id(place)}.xlsx"
        path.write_bytes(_rename_house(read_bytes(source), source.stem.split("_")[1], _house_id(place)))
        paths.append(path)
    return paths


def _house_id(place: int) -> str:
    return f"meting-{place:05}"


def _rename_house(content: bytes, old: str, new: str) -> bytes:
    """Put the id of another house where the hidden sheet of a questionnaire has the old one."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/sharedStrings.xml":
                part = part.replace(f">{old}<".encode(), f">{new}<".encode())
            target.writestr(name, part)
    return stream.getvalue()


def _find_round(settings: Settings) -> Round:
    return read_rounds(settings.data / "demo" / "rounds.csv", ())[-1]


def _measure(what: str, paths: list[Path], work: Callable[[list[Path]], None]) -> Measured:
    start = perf_counter()
    work(paths)
    return Measured(what, len(paths), perf_counter() - start, find_peak())


def find_peak() -> float | None:
    """The most memory that this process or any that it started has used so far; not known on Windows."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - does not exist on Windows

    everyone = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in everyone) / _KILOBYTES


def _measure_ours(settings: Settings, paths: list[Path]) -> Measured:
    """Measure with a database, a register and processes that are ready, as the yardsticks need none."""
    database = paths[0].with_name("meting.sqlite")
    own = settings.model_copy(update={"database_url": f"sqlite:///{database.as_posix()}"})
    installation = open_installation(own)
    try:
        asked = _register(installation, [path.stem for path in paths])
        _start(installation.reader_pool)
        what = "Kaderscan: lezen, controleren, bewaren en scoren"
        return _measure(what, paths, partial(_take_in, installation, asked))
    finally:
        installation.close()


def _measure_raw_side_by_side(paths: list[Path]) -> Measured:
    """The raw parser with every core at work, as Kaderscan has them: then each of them is slower."""
    room = ReaderPool()
    try:
        _start(room)
        what = "python-calamine: alleen de cellen lezen, op alle kernen"
        return _measure(what, paths, partial(_read_raw_side_by_side, room))
    finally:
        room.close()


def _start(room: ReaderPool) -> None:
    """Start every process, and wait until each of them has done something."""
    for busy in [room.submit("", _rest) for _ in range(room.workers)]:
        busy.result()


def _rest() -> None:
    """Have this module loaded, and do nothing, so long that each process gets one of these."""
    sleep(_A_MOMENT)


def _read_raw_side_by_side(room: ReaderPool, paths: list[Path]) -> None:
    some = (paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE))
    for reading in [room.submit(each[0].name, _read_raw, each) for each in some]:
        reading.result()


def _take_in(installation: Installation, round_: Round, paths: list[Path]) -> None:
    files = (NamedFile(path.name, read_bytes(path)) for path in paths)
    taken_in = hand_in_files(installation, files, datetime.combine(round_.opens, time.min))
    refused = [each for each in taken_in if each.error is not None]
    if refused:
        raise KaderscanError(f"the bench's own file was refused: {refused[0].error}")
    scores = score_round(installation, round_.round_id, Perspective.HOUSE, round_.opens)
    scores.totals, scores.criteria  # noqa: B018 - computed when first asked for


def _register(installation: Installation, house_ids: list[str]) -> Round:
    units = read_units(installation.settings.data / "units.csv")
    houses = (House(house_id=key, title=key, unit_id=units[0].unit_id, invented=True) for key in house_ids)
    round_ = _find_round(installation.settings).model_copy(update={"house_ids": tuple(house_ids)})
    with installation.store.writing() as session:
        add_units(session, units)
        add_houses(session, tuple(houses))
        add_round(session, round_)
    return round_


def _read_raw(paths: list[Path]) -> None:
    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _script(settings: Settings, paths: list[Path]) -> None:
    """Read and score as one would in an afternoon: every sheet into a frame, concat, merge, groupby."""
    frames = [
        sheet[[0, _ANSWER_COLUMN]].assign(house_id=path.stem)
        for path in paths
        for sheet in pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl").values()
        if sheet.shape[1] > _ANSWER_COLUMN
    ]
    answers = pd.concat(frames).rename(columns={0: "question_id", _ANSWER_COLUMN: "text"})
    worth = pd.DataFrame(_list_worth(settings), columns=["question_id", "criterion_id", "text", "worth"])
    merged = answers.merge(worth, on=["question_id", "text"])
    merged.groupby(["house_id", "criterion_id"])["worth"].mean().groupby("house_id").mean()


def _list_worth(settings: Settings) -> list[tuple[str, str, str, float | None]]:
    refs = (ref.split("/") for ref in _find_round(settings).frameworks)
    folder = settings.questionnaires
    asked = read_questionnaire(find_published(folder, name, version) for name, version in refs)
    return [
        (question.question_id, question.criterion_id, option.text, option.worth)
        for question in asked.questions
        for option in question.options
    ]
