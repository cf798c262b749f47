"""Leave out of what was handed in what a visitor may not read."""

from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.service.installation import Installation
from assessment.service.people.access import may, require

WITHHELD = "(niet gedeeld)"
"""Stands where a text was written that the visitor may not read."""


def show_submission(installation: Installation, submission: Submission) -> Submission:
    """What the visitor may read of a submission: explanations are left out where they are not shared.

    Raises:
        NotAllowedError: the visitor may not see the answers of this house.
    """
    house = installation.register().house[submission.house_id]
    require(installation, Task.SEE_SCORES, house, submission.perspective)
    if may(installation, Task.SEE_TEXT, house, submission.perspective):
        return submission
    return submission.model_copy(update=_without_text(submission))


def _without_text(submission: Submission) -> dict[str, object]:
    silent = {"explanation": "", "evidence": ""}
    agreed = {"reason": WITHHELD, "agreed_by": WITHHELD}
    return {
        "answers": tuple(answer._replace(**silent) for answer in submission.answers),
        "deviations": tuple(each.model_copy(update=agreed) for each in submission.deviations),
        "file_name": WITHHELD,
        "accepted_because": WITHHELD if submission.accepted_because else "",
    }
