"""Use case: write the questionnaire that a house fills in."""

from collections.abc import Callable

from assessment.errors import FrameworkError
from assessment.model.access import Task
from assessment.model.scale import Perspective
from assessment.model.sheet import Form
from assessment.model.texts import QuestionnaireTexts
from assessment.readers.yaml_files import read_model
from assessment.service.access import require
from assessment.service.clock import today
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round, find_house, find_round, refuse_not_asked
from assessment.writers.questionnaire import write_questionnaire
from assessment.writers.questionnaire_csv import write_questionnaire_csv

WRITERS = {".xlsx": write_questionnaire, ".csv": write_questionnaire_csv}
"""What writes a questionnaire, by the end of the name of the file."""


def make_form(
    installation: Installation,
    house_id: str,
    round_id: str | None,
    perspective: Perspective,
    write: Callable[[Form], bytes] = write_questionnaire,
) -> tuple[str, bytes]:
    """Make an empty questionnaire.

    Returns:
        A file name, and the bytes of the file: a workbook, or what `write` makes of it.

    Raises:
        NotAllowedError: the visitor may not fill in for this house.
        UnknownHouseError: the register does not know the house.
        UnknownRoundError: there is no such round, or it does not concern the house or the perspective.
    """
    form = find_form(installation, house_id, round_id, perspective)
    return form.file_name, write(form)


def find_form(
    installation: Installation, house_id: str, round_id: str | None, perspective: Perspective
) -> Form:
    """Everything that the questionnaire of a house is written from.

    Raises:
        UnknownHouseError, UnknownRoundError: as `make_form`.
    """
    register = installation.register()
    asked = find_default_round(register, today()) if round_id is None else find_round(register, round_id)
    house = find_house(register, asked, house_id)
    refuse_not_asked(asked, perspective)
    require(installation, Task.GET_FORM, house, perspective)
    texts = read_model(
        installation.settings.reports / "questionnaire.yaml", QuestionnaireTexts, FrameworkError
    )
    return Form(house, asked, perspective, installation.questionnaire_of(asked), texts)
