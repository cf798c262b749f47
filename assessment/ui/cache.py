"""The only cached functions of the dashboard; what they give is shared by all users and never changed."""

from datetime import date

import streamlit as st

from assessment.model.answers import Submission
from assessment.model.scale import Perspective
from assessment.service.backup import find_last_restore
from assessment.service.clock import today
from assessment.service.installation import Installation, open_installation
from assessment.service.roadmap import Roadmap, plan_houses
from assessment.service.standing import Standing, find_revision, find_standing, find_submission
from assessment.settings import read_settings


@st.cache_resource(show_spinner=False)
def get_installation() -> Installation:
    """The installation that this process serves, ready to read files."""
    installation = open_installation(read_settings())
    installation.reading_room.warm_up()
    return installation


def get_standing(round_id: str, perspective: Perspective) -> Standing:
    """Where the houses of a round stand, as stored now."""
    return _score(round_id, perspective.value, _revise(round_id, perspective), today())


def get_roadmap(house_id: str, round_id: str, perspective: Perspective) -> Roadmap:
    """The plan of one house, on the answers that are stored now."""
    return _plan(house_id, round_id, perspective.value, _revise(round_id, perspective), today())


def _revise(round_id: str, perspective: Perspective) -> str:
    return find_revision(get_installation(), round_id, perspective)


@st.cache_resource(show_spinner="De uitkomsten worden berekend …", max_entries=16)
def _score(round_id: str, perspective: str, revision: str, day: date) -> Standing:  # noqa: ARG001 - a new revision is a new key
    return find_standing(get_installation(), round_id, Perspective(perspective), day)


@st.cache_resource(show_spinner="De routekaart wordt berekend …", max_entries=256)
def _plan(house_id: str, round_id: str, perspective: str, revision: str, day: date) -> Roadmap:
    return plan_houses(_score(round_id, perspective, revision, day), [house_id])


def get_submission(submission_id: str) -> Submission:
    """One submission with everything that was written; it never changes, unless a backup is restored."""
    return _find_submission(submission_id, find_last_restore(get_installation()))


@st.cache_resource(show_spinner=False, max_entries=256)
def _find_submission(submission_id: str, restored: str) -> Submission:  # noqa: ARG001 - as above
    return find_submission(get_installation(), submission_id)
