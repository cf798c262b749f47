"""The only cached functions of the dashboard.

What is cached is reckoned once for everybody, with every house in it, and never changed. So nothing cached
leaves this module as it is: each public function first takes out what the visitor may not see.
"""

from dataclasses import replace
from datetime import date

import streamlit as st

from assessment.errors import UserError
from assessment.model.access import Visitor
from assessment.model.answers import Submission
from assessment.model.decisions import Decisions
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Perspective
from assessment.service.access import show_submission
from assessment.service.backup import find_last_restore
from assessment.service.clock import today
from assessment.service.country import Country, require_country, see_country
from assessment.service.installation import Installation, open_installation
from assessment.service.plans.decisions import find_decisions, find_plan_revision
from assessment.service.plans.planning import Roadmap, Transition, find_transition, plan_houses, require_plan
from assessment.service.plans.what_if import Comparison, WhatIf, try_out
from assessment.service.round_scores import (
    RoundScores,
    choose_houses,
    find_revision,
    find_submission,
    limit_scores,
    score_round,
)
from assessment.settings import read_settings
from assessment.ui.visitor import find_visitor


@st.cache_resource(show_spinner=False)
def share_installation() -> Installation:
    """The installation that this process serves, ready to read files; with every right, so for this module.

    The one other that needs it is the door, where it is still to be found out who visits.
    """
    installation = open_installation(read_settings())
    installation.reader_pool.warm_up()
    return installation


def get_installation() -> Installation:
    """The installation, for whoever visits.

    Raises:
        SignInError: the visitor has no account (any more).
    """
    shared = share_installation()
    return replace(shared, visitor=find_visitor(shared))


def find_visitor_or_nobody() -> Visitor:
    """The visitor, for what is offered; somebody who may do nothing while it is not known who that is."""
    try:
        return get_installation().visitor
    except UserError:
        return Visitor(who="", name="")


def get_scores(round_id: str, perspective: Perspective) -> RoundScores:
    """Where the houses of a round stand, as stored now: those that the visitor may see.

    Raises:
        NotAllowedError: the visitor may see none of them.
    """
    revision, day = _revise(round_id, perspective), today()
    rights = get_installation().visitor.rights
    return _limit(round_id, perspective.value, revision, day, rights.model_dump_json())


def get_roadmap(house_id: str, round_id: str, perspective: Perspective) -> Roadmap:
    """The plan of one house, on the answers that are stored now.

    Raises:
        NotAllowedError: the visitor may not see it.
    """
    scored = (round_id, perspective.value, _revise(round_id, perspective), today())
    decisions = find_decisions(get_installation(), _score(*scored), [house_id], today())
    return _plan(house_id, scored, repr(decisions), decisions)


def get_shared_roadmap(unit_id: str | None, round_id: str, perspective: Perspective) -> Roadmap:
    """The plan of the houses of a unit, or of all units side by side, with the capacity that they share.

    Raises:
        NotAllowedError: the visitor may not see the plan of each of them.
    """
    scored = (round_id, perspective.value, _revise(round_id, perspective), today())
    planned = _plan_together(unit_id, scored, find_plan_revision(share_installation()))
    require_plan(planned.scores, get_installation().visitor)
    return planned


def get_country(round_id: str, perspective: Perspective) -> Country:
    """What the visitor may know of all houses together.

    Raises:
        NotAllowedError: nothing (yet).
    """
    everyone = _score(round_id, perspective.value, _revise(round_id, perspective), today())
    return see_country(get_installation(), everyone)


def get_what_if(planned: Roadmap, what_if: WhatIf) -> Comparison:
    """The plan beside one that was tried.

    Raises:
        NotAllowedError: the visitor may not see it.
    """
    require_plan(planned.scores, get_installation().visitor)
    tried = (tuple(what_if.capacity.items()), tuple(what_if.pins.items()))
    return _try_out(planned, *tried, tuple(what_if.national), tuple(what_if.dropped), today())


def get_transition(round_id: str, perspective: Perspective) -> Transition:
    """How all houses come to the kader together.

    Raises:
        NotAllowedError: the visitor sees no groups, or they are too few to be a group.
    """
    scored = (round_id, perspective.value, _revise(round_id, perspective), today())
    require_country(get_installation(), _score(*scored))
    planned = _plan_together(None, scored, find_plan_revision(share_installation()))
    return find_transition(planned, get_installation().visitor)


def _revise(round_id: str, perspective: Perspective) -> str:
    return find_revision(share_installation(), round_id, perspective)


@st.cache_resource(show_spinner="De uitkomsten worden berekend …", max_entries=16)
def _score(round_id: str, perspective: str, revision: str, day: date) -> RoundScores:  # noqa: ARG001 - a new revision is a new key
    return score_round(share_installation(), round_id, Perspective(perspective), day)


@st.cache_resource(show_spinner=False, max_entries=64)
def _limit(round_id: str, perspective: str, revision: str, day: date, rights: str) -> RoundScores:
    """For all who have these very rights."""
    everyone = _score(round_id, perspective, revision, day)
    return limit_scores(everyone, Visitor.model_validate_json(rights))


@st.cache_resource(show_spinner="De routekaart wordt berekend …", max_entries=256)
def _plan(
    house_id: str,
    scored: tuple[str, str, str, date],
    decided: str,  # noqa: ARG001 - what was decided, as a key
    _decisions: Decisions,
) -> Roadmap:
    return plan_houses(_score(*scored), [house_id], decisions=_decisions)


@st.cache_resource(show_spinner="De routekaarten worden berekend …", max_entries=32)
def _plan_together(
    unit_id: str | None,
    scored: tuple[str, str, str, date],
    decided: str,  # noqa: ARG001 - a new revision is a new key
) -> Roadmap:
    """For all who may see it; so without what was written freely about a plan."""
    scores = _score(*scored)
    house_ids = choose_houses(scores, None, unit_id)
    decisions = find_decisions(share_installation(), scores, house_ids, scored[-1])
    return plan_houses(scores, house_ids, decisions=decisions.without_texts())


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs={Roadmap: id})
def _try_out(  # noqa: PLR0913, PLR0917 - a plan, and all that is tried, by which it is kept
    planned: Roadmap,
    capacity: tuple[tuple[Actor, int], ...],
    pins: tuple[tuple[str, Quarter], ...],
    national: tuple[str, ...],
    dropped: tuple[str, ...],
    day: date,
) -> Comparison:
    """What is kept holds the plan itself, so no other plan can have its identity meanwhile."""
    return try_out(planned, WhatIf(dict(capacity), national, dict(pins), dropped), day)


def get_submission(submission_id: str) -> Submission:
    """What the visitor may read of a submission; it never changes, unless a backup is restored.

    Raises:
        NotAllowedError: the visitor may not see the answers of this house.
    """
    found = _find_submission(submission_id, find_last_restore(share_installation()))
    return show_submission(get_installation(), found)


@st.cache_resource(show_spinner=False, max_entries=256)
def _find_submission(submission_id: str, restored: str) -> Submission:  # noqa: ARG001 - as above
    return find_submission(share_installation(), submission_id)
