"""Prints through which files of ours three things go, from a user to what comes of it.

`python -m tests.measure_walks`; with `--functions` also through which functions.

1. A filled questionnaire is handed in, and Mijn huis shows its figures: the facts on top and the themes.
2. A slider of "Wat als?" is moved, and the other plan stands beside the present one as a table.
3. A line of the plan is filled in and kept.

A real run is traced, on a database with the demo; Streamlit itself runs the pages. Counted is every file in
`assessment/` of which a function ran, in the order of the first call, the plainest helper included. Those
that every action passes are told apart: finding out who visits, what he may, the register, the database, the
audit trail. Which these are is not chosen but traced too: the page Start is opened and a house is renamed.

Not counted is

- what only runs while a module is imported, so a class or a constant that is merely used;
- what stood ready, because the page was open before: the published questionnaires, the plan that the slider
  changes, the page around the part that runs again;
- what Mijn huis shows beside those figures (`BESIDE`): the first steps of the plan, the other houses, the
  round before, the police, the table of criteria. What only this needs is printed with its number beneath
  the walk.

A file is read in this process, by the very functions that else do so in a process of their own.
"""

import os
import sys
import threading
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import NamedTuple, TypeVar, TypeVarTuple

from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

import assessment
from assessment.model.scale import Perspective
from assessment.readers.isolation import Known, ReaderPool
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.queries import Queries
from assessment.service.register import edit_house
from tests.conftest import NOW, installation_at
from tests.pages import open_page
from tests.reading import write_form

HOUSE = "waterwolde"
BESIDE = (
    "service/queries/plans.py:PlanQueries.find_roadmap",
    "service/queries/houses.py:ScoreQueries.find_country",
    "service/queries/comparisons.py:ComparisonQueries.find_trend",
    "ui/pages/mijn_huis.py:_find_agenda",
    "ui/pages/mijn_huis.py:_show_actions",
    "ui/pages/mijn_huis.py:_show_changes",
    "ui/pages/mijn_huis.py:_show_trend",
    "ui/pages/mijn_huis.py:_show_agenda",
    "ui/parts.py:find_answers",
    "ui/parts.py:show_agreements",
    "ui/parts.py:show_criteria",
    "ui/parts.py:show_table",
)
WHAT_IF = "ui/forms/what_if.py:_show"
KEEP = "ui/forms/plan_line.py:_save"
_OURS = f"{Path(assessment.__file__).parent}{os.sep}"
_IMPORTING = "<module>"

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Step(NamedTuple):
    """A function of ours that ran."""

    file: str
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.function}"

    @classmethod
    def of(cls, code: CodeType) -> "Step":
        file = code.co_filename.removeprefix(_OURS).replace(os.sep, "/")
        return cls(file, code.co_qualname)


class Tracer:
    """Notes which functions of ours run, in every thread.

    Where `within` is given, only it and what it calls; what a function of `beside` calls goes to `aside`.
    """

    def __init__(self, within: str = "", beside: Collection[str] = ()) -> None:
        self.within, self.beside = within, frozenset(beside)
        self.steps: dict[Step, None] = {}
        self.aside: dict[Step, None] = {}
        self.starters: dict[threading.Thread, list[Step]] = {}

    def note(self, frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        if frame.f_code is threading.Thread.start.__code__:
            self.starters[frame.f_locals["self"]] = self._find_callers(frame)
        elif frame.f_code.co_filename.startswith(_OURS):
            self._note_step(frame)

    def _find_callers(self, frame: FrameType) -> list[Step]:
        """A function and those of ours that called it, also where another thread was started in between."""
        return [*_climb(frame), *self.starters.get(threading.current_thread(), [])]

    def _note_step(self, frame: FrameType) -> None:
        step = Step.of(frame.f_code)
        if step in self.steps:
            return
        callers = self._find_callers(frame)
        names = set(map(str, callers))
        if any(each.function == _IMPORTING for each in callers) or (self.within and self.within not in names):
            return
        (self.aside if names & self.beside else self.steps)[step] = None

    @contextmanager
    def tracing(self) -> Iterator[None]:
        threading.setprofile(self.note)
        sys.setprofile(self.note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        unseen = self.beside - set(map(str, self.aside))
        if unseen or not self.steps:
            raise LookupError(f"no longer called so: {unseen or self.within}")


def _climb(frame: FrameType | None) -> Iterator[Step]:
    while frame is not None:
        if frame.f_code.co_filename.startswith(_OURS):
            yield Step.of(frame.f_code)
        frame = frame.f_back


class Walk(NamedTuple):
    """What one thing passes: its own steps, those that every action passes, and what ran beside it."""

    title: str
    own: list[Step]
    common: list[Step]
    beside: list[Step]

    @property
    def files(self) -> list[str]:
        return _list_files([*self.own, *self.common])


def trace_walks(folder: Path) -> list[Walk]:
    """The three walks, on a demo in this folder."""
    os.environ["KADERSCAN_DATABASE_URL"] = f"sqlite:///{(folder / 'walks.sqlite').as_posix()}"
    installation = replace(installation_at(os.environ["KADERSCAN_DATABASE_URL"]), reader_pool=_ReadHere())
    list(fill_demo(installation, NOW))
    common = _trace_common(installation)
    walks = [
        ("an answer to its figure", _trace_answer(installation)),
        ("a what-if to its table", _trace_what_if()),
        ("a line of the plan to what is stored", _trace_line()),
    ]
    installation.close()
    return [_divide(title, tracers, common) for title, tracers in walks]


class _ReadHere(ReaderPool):
    """Reads a file in this process, where it can be traced."""

    def submit_once(
        self,
        key: Hashable,
        file_name: str,
        work: Callable[[*Arguments], Result],
        *args: *Arguments,
        whose: str = "",
    ) -> Known[Result]:
        del key, file_name, whose
        return Known(work(*args))


def _trace_common(installation: Installation) -> set[str]:
    open_page("start")
    seen = Queries(installation, installation.visitor).get_house(HOUSE)
    reading, writing = Tracer(), Tracer()
    with reading.tracing():
        open_page("start")
    with writing.tracing():
        edit_house(installation, seen, {"title": "Huis met een andere naam"}, NOW)
    return {step.file for tracer in (reading, writing) for step in tracer.steps}


def _trace_answer(installation: Installation) -> list[Tracer]:
    """The page was open before: it is opened twice, so that what is read once in a process is there."""
    content = _fill_in(installation)
    page = _open_on_house("mijn_huis")
    coming_in, shown = Tracer(), Tracer(beside=BESIDE)
    with coming_in.tracing():
        hand_in(installation, NamedFile("zelfscan.xlsx", content), NOW, "De rest volgt.")
    with shown.tracing():
        page.run()
    return [coming_in, shown]


def _trace_what_if() -> list[Tracer]:
    page = _open_on_house("routekaart")
    tracer = Tracer(within=WHAT_IF)
    next(each for each in page.slider if each.label == "Veiligheidshuis").set_value(1)
    with tracer.tracing():
        page.run()
    return [tracer]


def _trace_line() -> list[Tracer]:
    page = _open_on_house("routekaart")
    tracer = Tracer(within=KEEP)
    next(each for each in page.text_input if each.label == "Wie trekt dit?").set_value("de coördinator")
    with tracer.tracing():
        next(each for each in page.button if each.label == "Bewaar").click().run()
    return [tracer]


def _open_on_house(page: str) -> AppTest:
    return open_page(page).selectbox(key="huis").select(HOUSE).run()


def _fill_in(installation: Installation) -> bytes:
    """The questionnaire with the first choice everywhere in the theme of letting go."""
    book = load_workbook(BytesIO(write_form(installation, HOUSE, None, Perspective.HOUSE)))
    for row in book["LOS"].iter_rows(min_row=4):
        if "." in str(row[0].value):
            row[3].value = str(row[2].value).split("\n")[0][3:]
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _divide(title: str, tracers: list[Tracer], common: set[str]) -> Walk:
    steps = list(dict.fromkeys(step for tracer in tracers for step in tracer.steps))
    files = {step.file for step in steps}
    return Walk(
        title,
        [step for step in steps if step.file not in common],
        [step for step in steps if step.file in common],
        [step for tracer in tracers for step in tracer.aside if step.file not in files],
    )


def _list_files(steps: list[Step]) -> list[str]:
    return list(dict.fromkeys(step.file for step in steps))


def describe_walk(walk: Walk, *, with_functions: bool) -> Iterator[str]:
    """The lines to print."""
    own, common, beside = map(_list_files, (walk.own, walk.common, walk.beside))
    functions = len(walk.own) + len(walk.common)
    yield f"{walk.title}: {len(own) + len(common)} files, {functions} functions; {len(own)} files of its own"
    for steps in (walk.own, walk.common):
        yield "  its own" if steps is walk.own else f"  what every action passes, {len(common)} files"
        for file in _list_files(steps):
            named = ", ".join(step.function for step in steps if step.file == file)
            yield f"    {file}{f': {named}' if with_functions else ''}"
    if beside:
        yield f"  and {len(beside)} files for what the page shows beside it: {', '.join(beside)}"


def main() -> None:
    with TemporaryDirectory() as folder:
        walks = trace_walks(Path(folder))
    for walk in walks:
        print(*describe_walk(walk, with_functions="--functions" in sys.argv), "", sep="\n")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
