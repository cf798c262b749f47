"""A process that loads, saves and adopts without end, and tells after each change that it was made.

It stays ready to be begun anew: `python -m tests.soaking ADDRESS` forks a worker for every line that it gets.
A line `change …` stands for a change that the store acknowledged.
"""

import os
import random
import sys
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from assessment.model.answers import Answer, Whose
from assessment.model.scale import Perspective
from assessment.service.drafts import Edit, save
from assessment.service.installation import Installation, open_installation
from assessment.service.intake import NamedFile, hand_in_files
from assessment.service.queries import Queries
from assessment.service.versions import adopt, reopen
from assessment.settings import HOME, Settings
from assessment.store.versions import load_versions

ROUND = "2026-najaar"
NOW = datetime.fromisoformat("2026-11-22T12:00")
_FOLDER = HOME / "data" / "demo" / ROUND
QUESTIONS = ("POS-1.1", "POS-1.2", "POS-4.1", "LOS-2.1")
_FILES_TOGETHER = 3


class Soaked(NamedTuple):
    """What the worker works on: a version to adopt and reopen, the draft of a house, and files to hand in."""

    adopted: str
    draft: Whose
    files: tuple[Path, ...]


def find_soaked(installation: Installation) -> Soaked:
    """Find what nothing stands in the way of: houses without joint answers; always the same ones."""
    with installation.store.reading() as session:
        versions = load_versions(session, ROUND)
    joint = {each.house_id for each in versions if each.perspective is Perspective.JOINT}
    police = {each.house_id for each in versions if each.perspective is Perspective.POLICE} - joint
    alone = [each for each in versions if each.house_id not in police | joint]
    drafted = min(police)
    files = [_FOLDER / f"{ROUND}_{house_id}_{Perspective.POLICE}.xlsx" for house_id in sorted(police)]
    return Soaked(alone[0].submission_id, Whose(ROUND, drafted, Perspective.HOUSE), tuple(files[:6]))


def _tell(*words: object) -> None:
    os.write(1, f"{' '.join(map(str, words))}\n".encode())


def _work(address: str, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - what to do next, not a secret
    installation = open_installation(Settings(database_url=address))
    installation.reader_pool.warm_up()
    soaked = find_soaked(installation)
    while True:
        match dice.choice(["load", "save", "save", "adopt"]):
            case "load":
                _load(installation, soaked.files, dice)
            case "save":
                _save(installation, soaked.draft, dice)
            case _:
                _turn(installation, soaked.adopted)


def _load(installation: Installation, paths: Sequence[Path], dice: random.Random) -> None:
    files = [make_new(path, f"{dice.random()}") for path in dice.sample(paths, _FILES_TOGETHER)]
    for handed_in in hand_in_files(installation, files, NOW):
        if handed_in.error is not None:
            raise handed_in.error
        _tell("change", "load", handed_in.submission_id, handed_in.file.sha256)


def make_new(path: Path, comment: str) -> NamedFile:
    """The same questionnaire with other bytes: its archive has a comment."""
    stream = BytesIO(path.read_bytes())
    with ZipFile(stream, "a") as archive:
        archive.comment = comment.encode()
    return NamedFile(path.name, stream.getvalue())


def _save(installation: Installation, whose: Whose, dice: random.Random) -> None:
    draft = Queries(installation, installation.visitor).get_draft(whose)
    key, text = dice.choice(QUESTIONS), f"tekst{dice.randrange(10**6)}"
    content = Answer(question_id=key, option_id="a", explanation=text)
    row = save(installation, Edit(whose, draft.draft_id, content, draft.answers[key].version), NOW)
    _tell("change", "save", key, row.version, text)


def _turn(installation: Installation, submission_id: str) -> None:
    """Adopt a version, or reopen it where it is adopted."""
    with installation.store.reading() as session:
        version = next(each for each in load_versions(session, ROUND) if each.submission_id == submission_id)
    if version.state.is_settled:
        reopen(installation, submission_id, "weer open", NOW)
    else:
        adopt(installation, submission_id, NOW)
    _tell("change", "adopt", submission_id, version.events + 1)


def main() -> None:
    """Fork a worker for every line, and tell when it has ended."""
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            _work(sys.argv[1], int(line))
        _tell("worker", worker)
        os.waitpid(worker, 0)
        _tell("ended")


if __name__ == "__main__":
    main()
