"""Use cases on the frameworks themselves: check, show, compare two versions, schema."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from assessment.engine.comparison import EditionChange, find_changes
from assessment.errors import FilesRefusedError, FrameworkError, UserError
from assessment.model.framework import Framework
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.rules import in_order
from assessment.model.scale import Perspective
from assessment.model.sheets import Form
from assessment.model.texts import QuestionnaireTexts
from assessment.readers.files import read_model
from assessment.readers.framework import find_published, list_published, read_framework, read_questionnaire
from assessment.settings import Settings
from assessment.tables.formats import format_counted
from assessment.tables.frameworks import describe_criterion


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


# A framework with its version, such as politie/1.0.
_VERSION_OF_ONE = re.compile(r"[^/]+/\d+(\.\d+)*")


def find_file(settings: Settings, ref: str) -> Path:
    """The file of a framework: a published one, or one that is still a draft.

    Args:
        settings: where the published frameworks are.
        ref: framework_id/version, such as politie/1.0, or the path of a file.

    Raises:
        FrameworkError: it is neither, or that version is not there.
    """
    if Path(ref).is_file():
        return Path(ref)
    if not _VERSION_OF_ONE.fullmatch(ref):
        published = list_published(settings.questionnaires)
        there = ", ".join(f"{path.parent.name}/{path.stem}" for path in published)
        raise FrameworkError(
            f"'{ref}' is geen bestand dat er is, en geen vragenlijst met haar versie. Kies uit: {there}; of "
            "geef het pad van een bestand."
        )
    framework_id, _, version = ref.partition("/")
    return find_published(settings.questionnaires, framework_id, version)


def describe_framework(settings: Settings, ref: str, criterion_ids: Collection[str] = ()) -> Iterator[str]:
    """Tell all of a framework that is read, scored or planned, line by line.

    Args:
        settings: where the published frameworks are.
        ref: as `find_file`.
        criterion_ids: the criteria to tell of; without any, all.

    Raises:
        FrameworkError: that version or criterion is not there, or the draft is not sound.
    """
    questionnaire = read_questionnaire([find_file(settings, ref)])
    if unknown := [key for key in criterion_ids if key not in questionnaire.criterion]:
        raise FrameworkError(
            f"{ref}: onbekende criteria: {', '.join(unknown)}. "
            f"Kies uit: {', '.join(questionnaire.criterion)}."
        )
    for criterion in questionnaire.criteria:
        if not criterion_ids or criterion.criterion_id in criterion_ids:
            yield from describe_criterion(criterion, questionnaire)
            yield ""


class EditionDifference(NamedTuple):
    """What changed between two versions, and how many of the questions of the new one ask the same."""

    changes: tuple[EditionChange, ...]
    same: int
    asked: int


def compare_editions(settings: Settings, old: str, new: str) -> EditionDifference:
    """Put two versions of one framework beside each other; each is named as for `find_file`.

    Raises:
        FrameworkError: a version is not there or not sound, or they are of two frameworks.
    """
    before, after = (read_questionnaire([find_file(settings, ref)]) for ref in (old, new))
    (first,), (second,) = before.frameworks, after.frameworks
    if first.framework_id != second.framework_id:
        raise FrameworkError(
            f"{old} en {new} zijn geen versies van één kader: {first.framework_id} en {second.framework_id}. "
            "Kies twee versies van hetzelfde kader."
        )
    return find_difference(before, after)


def find_difference(before: Questionnaire, after: Questionnaire) -> EditionDifference:
    """Put two versions of one framework beside each other, each as a questionnaire of itself alone."""
    changes = find_changes(before.frameworks[0], after.frameworks[0])
    return EditionDifference(changes, len(after.find_same(before)), len(after.questions))


_TRIAL = "proef"


def make_trial(settings: Settings, files: tuple[Path, ...], perspective: Perspective, day: date) -> Form:
    """The questionnaire of drafts as a house would get it, to try; it belongs to no round or house.

    Args:
        settings: where the texts around the questions are.
        files: the framework files, asked together.
        perspective: who is asked.
        day: the day that stands in it.

    Raises:
        FrameworkError: a file is not sound, or the files contradict each other.
        FileAccessError: a file cannot be read.
    """
    questionnaire = read_questionnaire(files)
    house = House(house_id=_TRIAL, title="Veiligheidshuis Proef", unit_id=_TRIAL, invented=True)
    round_ = Round(
        round_id=_TRIAL,
        title="proef",
        opens=day,
        closes=day,
        frameworks=tuple(f"{each.framework_id}/{each.version}" for each in questionnaire.frameworks),
        rules=questionnaire.rules,
        house_ids=(_TRIAL,),
    )
    return Form(house, round_, perspective, questionnaire, read_questionnaire_texts(settings))


def read_questionnaire_texts(settings: Settings) -> QuestionnaireTexts:
    """Read what stands around the questions of a questionnaire.

    Raises:
        FrameworkError: it is not sound.
    """
    return read_model(settings.reports / "questionnaire.yaml", QuestionnaireTexts, FrameworkError)


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
                f"{framework.framework_id}/{framework.version}.yaml, of verbeter wat erin staat. "
                "(regel: bestand-heet-naar-inhoud)"
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
                    f"{path}: {criterion.criterion_id} wacht op onbekend: {', '.join(unknown)}. Noem bij "
                    "needs_first criteria die er zijn. (regel: eerst-nodig-bestaat)"
                )


def _find_circles(sound: Mapping[Path, Framework]) -> Iterator[FrameworkError]:
    """Find criteria that wait for each other across the newest of all frameworks, sound apart."""
    newest = {each.framework_id: each for each in sound.values()}
    needs = {c.criterion_id: c.needs_first for each in newest.values() for c in each.criteria}
    try:
        in_order(needs, where="samen")
    except ValueError as error:
        together = ", ".join(str(path) for path, each in sound.items() if newest[each.framework_id] is each)
        yield FrameworkError(f"{together}: {error}")


def _describe_sound(path: Path, sound: Framework) -> str:
    questions = sum(len(criterion.questions) for criterion in sound.criteria)
    criteria, asked = format_counted(len(sound.criteria), "criterium"), format_counted(questions, "vraag")
    return f"{path}: in orde, {criteria} en {asked}."
