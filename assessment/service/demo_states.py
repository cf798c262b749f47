"""What of the demo is under way: some houses adopted what they handed in, and some police have a draft."""

from datetime import datetime
from pathlib import Path

from assessment.model.answers import HOUSE, Whose
from assessment.model.register import Round
from assessment.model.scale import Perspective
from assessment.readers.answer_table import read_table
from assessment.service.drafts import Beginning, begin_with
from assessment.service.installation import Installation
from assessment.service.joint_versions import adopt_for_house
from assessment.service.versions import reopen
from assessment.store.drafts import list_drafts
from assessment.store.submissions import load_current
from assessment.store.versions import load_versions

_ADOPTED = "adopted.csv"
_ADOPTED_COLUMNS = ("house_id", "reopened_because")
_DRAFTS = "drafts.csv"
_DRAFT_COLUMNS = ("house_id", "perspective", "answered")


def adopt_some(installation: Installation, asked: Round, folder: Path, now: datetime) -> None:
    """Adopt what some houses handed in, and reopen some of that; what was done before is left as it is."""
    with installation.store.reading() as session:
        taken = {each.house_id for each in load_versions(session, asked.round_id) if each.events}
    table = read_table(folder / _ADOPTED, _ADOPTED_COLUMNS)
    for house_id, because in zip(table["house_id"], table["reopened_because"], strict=True):
        if house_id not in taken:
            adopted = adopt_for_house(installation, (asked.round_id, house_id), {}, HOUSE, now)
            if because:
                reopen(installation, adopted, because, now)


def begin_drafts(installation: Installation, asked: Round, folder: Path, now: datetime) -> None:
    """Begin a draft for some who have not handed in, with the first answers of their house."""
    with installation.store.reading() as session:
        begun = {each.whose for each in list_drafts(session, asked.round_id)}
    table = read_table(folder / _DRAFTS, _DRAFT_COLUMNS)
    columns = (table[name] for name in _DRAFT_COLUMNS)
    for house_id, perspective, answered in zip(*columns, strict=True):
        whose = Whose(asked.round_id, house_id, Perspective(perspective))
        if whose not in begun:
            begin_with(installation, whose, _find_first(installation, asked, whose, int(answered)), now)


def _find_first(installation: Installation, asked: Round, whose: Whose, count: int) -> Beginning:
    """The answers of the house to the first questions."""
    with installation.store.reading() as session:
        known = load_current(session, whose.round_id, whose.house_id, Perspective.HOUSE)
    first = set(list(installation.questionnaire_of(asked).question)[:count])
    answers = known.answers if known else ()
    chosen = (each for each in answers if each.question_id in first)
    return Beginning(tuple(each._replace(explanation="", evidence="") for each in chosen))
