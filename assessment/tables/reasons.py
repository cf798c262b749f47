"""Why a measure stands where it stands, in the words that a user reads."""

from collections.abc import Hashable, Mapping

import pandas as pd

from assessment.model.decisions import Progress
from assessment.model.plan import Quarter, Why
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor

Row = Mapping[Hashable, object]

_WORDS = {Why.PINNED: "vastgezet", Why.AT_ONCE: "kan meteen", Why.AGREED: "zoals vastgesteld"}
_IN_A_CHAIN = _WORDS | {Why.BEGUN: "is al begonnen", Why.WAITS: "wacht op de vorige maatregel"}


def describe_reasons(roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> list[str]:
    """Describe of each row of a ROADMAP why it stands there.

    Args:
        roadmap: ROADMAP.
        begin: the quarter that is 0.
        questionnaire: the titles.
    """
    return [_describe(row, begin, questionnaire) for row in roadmap.to_dict("records")]


def write_reasons(roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> pd.DataFrame:
    """Put words in the place of the columns that say why each row of a ROADMAP stands there."""
    told = roadmap.assign(why=describe_reasons(roadmap, begin, questionnaire))
    return told.drop(columns=["waits_for", "lapsed"])


def describe_link(row: Row) -> str:
    """Describe why a row of a CHAIN comes after the one before it."""
    why = Why(str(row["why"]))
    if why is Why.CAPACITY:
        return f"geen capaciteit bij {Actor(str(row['actor'])).dutch} tot de vorige klaar is"
    return _IN_A_CHAIN[why]


def _describe(row: Row, begin: Quarter, questionnaire: Questionnaire) -> str:
    first, last = (begin + int(str(row[end])) for end in ("first", "last"))
    if row["lapsed"]:
        return f"was vastgezet op {row['lapsed']} maar is niet begonnen"
    match Why(str(row["why"])):
        case Why.BEGUN:
            done = row["status"] == Progress.DONE.value
            return f"gereed in {last}" if done else f"bezig sinds {first}"
        case Why.WAITS:
            needed = str(row["waits_for"]).split(";")
            return f"wacht op: {'; '.join(questionnaire.measure[key].title for key in needed)}"
        case Why.CAPACITY:
            return f"geen capaciteit bij {Actor(str(row['actor'])).dutch} tot {first}"
        case why:
            return _WORDS[why]
