"""Use case: how far every house of a round is, by unit and name; nobody is ranked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from assessment.model.access import Task
from assessment.model.board import Board, BoardLine, Progress
from assessment.model.draft import DraftSummary
from assessment.model.register import House, Round
from assessment.model.scale import Perspective
from assessment.model.states import SubmissionState, Version, find_current
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round, find_round, refuse_unknown_unit
from assessment.service.people.access import may, require
from assessment.store.drafts import list_drafts
from assessment.store.register import load_register
from assessment.store.states import load_closings, load_versions

_OfHouse: TypeAlias = tuple[str, Perspective]
_NOT_STARTED = Progress(SubmissionState.NOT_STARTED)


def show_board(
    installation: Installation, round_id: str | None, now: datetime, unit_id: str | None = None
) -> Board:
    """How far each house of a round is, by unit and name.

    Args:
        installation: where.
        round_id: the round, or None for the newest that has opened.
        now: this moment.
        unit_id: only the houses of this police unit.

    Raises:
        NotAllowedError: the visitor may see none of these houses.
        UnknownRoundError, UnknownUnitError: there is no such round or unit.
    """
    with installation.store.reading() as session:
        register = load_register(session)
        asked = (
            find_default_round(register, now.date()) if round_id is None else find_round(register, round_id)
        )
        versions = load_versions(session, asked.round_id)
        drafts = list_drafts(session, asked.round_id)
        closing = load_closings(session).get(asked.round_id)
    if unit_id is not None:
        refuse_unknown_unit(register, unit_id)
    houses = [house for house in register.houses_of(asked) if unit_id in {None, house.unit_id}]
    seen = [house for house in houses if may(installation, Task.SEE_PROGRESS, house)]
    if houses and not seen:
        require(installation, Task.SEE_PROGRESS)
    questions = len(installation.questionnaire_of(asked).questions)
    return Board(asked, questions, _draw_lines(seen, asked, _tell_progress(versions, drafts)), closing)


def _tell_progress(versions: Iterable[Version], drafts: Iterable[DraftSummary]) -> dict[_OfHouse, Progress]:
    """How far each perspective of each house is that began: a draft counts where nothing was handed in."""
    known = {
        key: Progress(version.state, version.answered, version)
        for key, version in find_current(versions).items()
    }
    for draft in drafts:
        key = (draft.whose.house_id, draft.whose.perspective)
        begun = known.get(key, Progress(SubmissionState.DRAFT, draft.answered))
        known[key] = begun._replace(concept=draft.answered)
    return known


def _draw_lines(
    houses: Iterable[House], asked: Round, known: Mapping[_OfHouse, Progress]
) -> tuple[BoardLine, ...]:
    return tuple(
        BoardLine(
            house,
            {whose: known.get((house.house_id, whose), _NOT_STARTED) for whose in asked.perspectives},
            known.get((house.house_id, Perspective.JOINT)),
        )
        for house in houses
    )
