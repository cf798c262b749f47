"""Use cases on the frameworks themselves: check, show, schema."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from assessment.errors import FrameworkError
from assessment.model.framework import Framework
from assessment.readers.framework import find_published, list_published, read_framework, read_questionnaire
from assessment.settings import Settings
from assessment.tables.content import list_questions


def check_frameworks(settings: Settings, files: tuple[Path, ...]) -> Iterator[str]:
    """Check framework files; without any, all published ones, and that every need is known somewhere.

    Yields:
        A line per sound file.

    Raises:
        FrameworkError: a file is not sound; one line per fault.
    """
    for path in files or list_published(settings.questionnaires):
        checked = read_framework(path)
        _refuse_unknown_needs(settings, path, checked)
        questions = [q for theme in checked.themes for c in theme.criteria for q in c.questions]
        criteria = [c for theme in checked.themes for c in theme.criteria]
        yield f"{path}: in orde, {len(criteria)} criteria en {len(questions)} vragen."


def show_framework(settings: Settings, ref: str) -> pd.DataFrame:
    """Show the questions of one published framework.

    Args:
        settings: where the frameworks are.
        ref: framework_id/version, such as politie/1.0.

    Raises:
        FrameworkError: that version is not there.
    """
    framework_id, _, version = ref.partition("/")
    path = find_published(settings.questionnaires, framework_id, version)
    return list_questions(read_questionnaire([path]))


def make_schema() -> str:
    """The JSON Schema of a framework file, for editors that complete and check."""
    return json.dumps(Framework.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _refuse_unknown_needs(settings: Settings, path: Path, checked: Framework) -> None:
    """Refuse a need that no published framework knows: a typo would silently fall away in a plan."""
    published = [read_framework(other) for other in list_published(settings.questionnaires)]
    known = {
        c.criterion_id for each in [*published, checked] for theme in each.themes for c in theme.criteria
    }
    for theme in checked.themes:
        for criterion in theme.criteria:
            unknown = sorted(set(criterion.needs_first) - known)
            if unknown:
                raise FrameworkError(
                    f"{path}: {criterion.criterion_id} wacht op onbekend: {', '.join(unknown)}"
                )
