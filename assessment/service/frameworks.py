"""Use cases on the frameworks themselves: check, show, schema."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from assessment.errors import FilesRefusedError, FrameworkError, UserError
from assessment.model.framework import Framework
from assessment.model.rules import in_order
from assessment.readers.framework import find_published, list_published, read_framework, read_questionnaire
from assessment.settings import Settings
from assessment.tables.sources import list_questions


def check_frameworks(settings: Settings, files: tuple[Path, ...]) -> Iterator[str]:
    """Check framework files, alone and together; without any, all published ones.

    Args:
        settings: where the published frameworks are.
        files: the files to check; each takes the place of the published framework that it is a version of.

    Yields:
        A line per sound file.

    Raises:
        FilesRefusedError: one line per fault, of all files.
    """
    published = [_as_seen(path) for path in list_published(settings.questionnaires)]
    read = _read_all(dict.fromkeys([*published, *files]))
    sound = {path: each for path, each in read.items() if isinstance(each, Framework)}
    faults = [each for each in read.values() if isinstance(each, UserError)]
    faults += [*_find_wrong_names(published, sound), *_find_unknown_needs(sound), *_find_circles(sound)]
    for path in files or published:
        if path in sound:
            yield _describe_sound(path, sound[path])
    if faults:
        raise FilesRefusedError("\n".join(map(str, faults)), faults)


def list_framework(settings: Settings, ref: str) -> pd.DataFrame:
    """Show the questions of one framework: a published one, or a file that is still a draft.

    Args:
        settings: where the published frameworks are.
        ref: framework_id/version, such as politie/1.0, or the path of a file.

    Raises:
        FrameworkError: that version is not there, or the draft is not sound.
    """
    if Path(ref).is_file():
        return list_questions(read_questionnaire([Path(ref)]))
    framework_id, _, version = ref.partition("/")
    path = find_published(settings.questionnaires, framework_id, version)
    return list_questions(read_questionnaire([path]))


def make_schema() -> str:
    """The JSON Schema of a framework file, for editors that complete and check."""
    return json.dumps(Framework.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _find_wrong_names(published: Iterable[Path], sound: Mapping[Path, Framework]) -> Iterator[FrameworkError]:
    """A round finds a published version by its name: folder and file say what it is."""
    for path in published:
        framework = sound.get(path)
        if framework is not None and (path.parent.name, path.stem) != (
            framework.framework_id,
            framework.version,
        ):
            yield FrameworkError(
                f"{path}: bevat {framework.framework_id} versie {framework.version}. Noem het bestand "
                f"{framework.framework_id}/{framework.version}.yaml, of verbeter wat erin staat."
            )


def _as_seen(path: Path) -> Path:
    """The path as the user would write it, where the file is under the folder of the user."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _read_all(paths: Iterable[Path]) -> dict[Path, Framework | UserError]:
    """Read each file once: what it holds, or what is wrong with it."""
    read: dict[Path, Framework | UserError] = {}
    for path in paths:
        try:
            read[path] = read_framework(path)
        except UserError as error:
            read[path] = error
    return read


def _find_unknown_needs(sound: Mapping[Path, Framework]) -> Iterator[FrameworkError]:
    """Find needs that no framework knows: a typo would silently fall away in a plan."""
    known = {criterion.criterion_id for each in sound.values() for criterion in each.criteria}
    for path, each in sound.items():
        for criterion in each.criteria:
            if unknown := sorted(set(criterion.needs_first) - known):
                yield FrameworkError(
                    f"{path}: {criterion.criterion_id} wacht op onbekend: {', '.join(unknown)}"
                )


def _find_circles(sound: Mapping[Path, Framework]) -> Iterator[FrameworkError]:
    """Find criteria that wait for each other across the newest of all frameworks, sound apart."""
    newest = {each.framework_id: each for each in sound.values()}
    needs = {c.criterion_id: c.needs_first for each in newest.values() for c in each.criteria}
    try:
        in_order(needs)
    except ValueError as error:
        together = ", ".join(str(path) for path, each in sound.items() if newest[each.framework_id] is each)
        yield FrameworkError(f"{together}: {error}")


def _describe_sound(path: Path, sound: Framework) -> str:
    questions = sum(len(criterion.questions) for criterion in sound.criteria)
    return f"{path}: in orde, {len(sound.criteria)} criteria en {questions} vragen."
