"""Adopt what a house handed in; where its police did too, choose at each difference what stands."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from assessment.model.access import Task
from assessment.model.answers import HOUSE, POLICE, Answer, Deviation, Difference
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.rounds import SubmissionState, Version, find_current
from assessment.model.scale import ASKED, Perspective
from assessment.service.clock import now
from assessment.service.joint_versions import Pair, adopt_jointly
from assessment.service.versions import adopt
from assessment.tables.versions import ask, describe_sides
from assessment.ui.cache import get_installation, get_queries, trying
from assessment.ui.session import Key

_UNTIL_BOTH = (
    "heeft ingeleverd. U kunt deze versie vaststellen. Levert de ander later in, dan stelt u alsnog samen "
    "één versie vast."
)
_ALONE = {
    Perspective.HOUSE: f"Alleen het huis {_UNTIL_BOTH}",
    Perspective.POLICE: f"Alleen de politie {_UNTIL_BOTH}",
    Perspective.PARTNERS: "De partners toetsten zichzelf. Hun versie stelt u apart vast.",
}
_ADOPTED = "Vastgesteld. De versie die is vastgesteld, geldt voor deze ronde."


def show_adoption(round_: Round, house: House, versions: tuple[Version, ...]) -> None:
    """Offer to adopt what counts now, to whom may do that and where there is something to adopt."""
    waiting = [v for v in find_current(versions).values() if v.state is SubmissionState.HANDED_IN]
    if not waiting or not get_queries().may(Task.ADOPT, house, waiting[0].perspective):
        return
    st.header("Vaststellen", anchor=False)
    joined = [each for each in waiting if each.perspective in ASKED]
    pair = get_queries().find_pair(round_.round_id, house.house_id) if joined else None
    if pair is not None:
        _choose_together(pair)
    for alone in waiting:
        if pair is None or alone not in joined:
            _offer_alone(alone)


def _offer_alone(alone: Version) -> None:
    """Offer to adopt what one side handed in by itself."""
    st.markdown(_ALONE[alone.perspective])
    st.button(
        f"Stel versie {alone.version} van {alone.perspective.dutch} vast",
        type="primary",
        on_click=partial(_adopt, alone.submission_id),
    )


def _choose_together(pair: Pair) -> None:
    """Show each difference with a choice; only when all are chosen the joint version can be adopted."""
    count = len(pair.open)
    st.markdown(
        "Het huis en de politie hebben allebei ingeleverd. Waar zij hetzelfde antwoorden, staat dat vast; "
        "waar maar één van beide antwoordt, geldt dat antwoord. "
        f"Kies bij {'het verschil' if count == 1 else f'de {count} verschillen'} wat samen geldt. De "
        "antwoorden van beide blijven bewaard."
    )
    with st.expander("Verschillen kiezen", expanded=True):
        choices = {each.key: _choose(pair, each) for each in pair.open}
    chosen = {key: choice for key, choice in choices.items() if choice is not None}
    st.button(
        "Stel samen één versie vast",
        type="primary",
        disabled=len(chosen) < count,
        on_click=partial(_adopt_jointly, pair.made_of, chosen),
    )
    if len(chosen) < count:
        st.caption(f"{len(chosen)} van {count} gekozen.")


def _choose(pair: Pair, difference: Difference) -> str | None:
    questionnaire = pair.questionnaire
    own, theirs = describe_sides(difference, questionnaire)
    texts = {HOUSE: f"{own} (het huis)", POLICE: f"{theirs} (de politie)"}
    others = _list_others(difference, questionnaire)
    captions = [_explain(difference.old), _explain(difference.new), *[""] * len(others)]
    return st.radio(
        f"{difference.key} {ask(difference, questionnaire)}",
        [*texts, *others],
        index=None,
        format_func=lambda choice: (
            texts.get(choice) or _describe_option(difference.key, choice, questionnaire)
        ),
        captions=captions if any(captions) else None,
        key=Key.DIFFERENCE.of(difference.key, *pair.made_of),
    )


def _list_others(difference: Difference, questionnaire: Questionnaire) -> list[str]:
    """The options that neither of them chose."""
    given = {getattr(each, "option_id", None) for each in (difference.old, difference.new)}
    return [letter for letter in questionnaire.mark_of.get(difference.key, {}) if letter not in given]


def _explain(said: Answer | Deviation | None) -> str:
    """What was written beside an answer, to choose by."""
    return " ".join(filter(None, [said.explanation, said.evidence])) if isinstance(said, Answer) else ""


def _describe_option(key: str, letter: str, questionnaire: Questionnaire) -> str:
    return dict(questionnaire.question[key].lettered)[letter].text


def _adopt(submission_id: str) -> None:
    trying(lambda: adopt(get_installation(), submission_id, now()), _ADOPTED)


def _adopt_jointly(made_of: tuple[str, str], choices: Mapping[str, str]) -> None:
    trying(lambda: adopt_jointly(get_installation(), made_of, choices, now()), _ADOPTED)
