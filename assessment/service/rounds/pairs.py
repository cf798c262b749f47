"""What a house and its police handed in, side by side, and what they have to choose to make it one."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import NoAnswersError, RoundStateError
from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.model.differences import HOUSE, POLICE, Difference, find_differences
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import ASKED
from assessment.model.states import Version, find_current
from assessment.service.installation import Installation
from assessment.service.rounds.steps import require_on
from assessment.store.register import load_register
from assessment.store.states import load_versions
from assessment.store.submissions import load_submission


class Pair(NamedTuple):
    """What a house and its police handed in, and what they have to choose before one version is adopted."""

    house: Submission
    police: Submission
    questionnaire: Questionnaire
    open: tuple[Difference, ...]

    @property
    def made_of(self) -> tuple[str, str]:
        """The ids of both."""
        return self.house.submission_id, self.police.submission_id


def find_pair(installation: Installation, round_id: str, house_id: str) -> Pair | None:
    """What house and police handed in, side by side; None where one of them did not.

    Raises:
        NotAllowedError: the visitor may not adopt for this house.
    """
    with installation.store.reading() as session:
        current = find_current(load_versions(session, round_id, house_id))
        both = [current[house_id, whose] for whose in ASKED if (house_id, whose) in current]
        if len(both) < len(ASKED):
            return None
        require_on(installation, session, Task.ADOPT, both[0])
        return load_pair(installation, session, *both)


def load_pair(installation: Installation, session: Session, house: Version, police: Version) -> Pair:
    """Load what both handed in, with their open differences in the order of the questionnaire."""
    own, theirs = (load_submission(session, each.submission_id) for each in (house, police))
    if own is None or theirs is None:
        raise NoAnswersError(f"Inlevering '{house.submission_id}' of '{police.submission_id}' is er niet.")
    asked = load_register(session).round[house.round_id]
    questionnaire = installation.questionnaire_of(asked)
    order = {key: place for place, key in enumerate([*questionnaire.question, *questionnaire.criterion])}
    choosing = [each for each in find_differences(own, theirs) if each.needs_choice]
    return Pair(own, theirs, questionnaire, tuple(sorted(choosing, key=lambda each: order[each.key])))


def refuse_choices(pair: Pair, choices: Mapping[str, str]) -> None:
    """Refuse a choice that is missing, that nobody asked, or that the question does not offer.

    Raises:
        RoundStateError: it names each of them, with what can be chosen.
    """
    keys = [each.key for each in pair.open]
    faults = [f"{key}: hier valt niets te kiezen." for key in choices if key not in keys]
    for key in keys:
        allowed = [HOUSE, POLICE, *pair.questionnaire.mark_of.get(key, {})]
        if choices.get(key) not in allowed:
            told = "kies nog" if key not in choices else f"'{choices[key]}' kan niet; kies"
            faults.append(f"{key}: {told} uit {', '.join(allowed)}.")
    if faults:
        raise RoundStateError(
            "\n".join([*faults, "Huis en politie antwoorden hier verschillend; er is niets veranderd."])
        )
