"""Use case: follow a plan, planned against actual."""

import pandas as pd

from assessment.service.installation import Installation
from assessment.service.plans.baselines import find_baselines
from assessment.service.plans.roadmap import Roadmap
from assessment.store.submissions import load_moment
from assessment.tables.progress import Followed


def follow_plan(installation: Installation, roadmap: Roadmap, house_id: str) -> Followed:
    """Put the plan of a house beside the plan that it adopted last.

    Raises:
        NotAllowedError: the visitor may not see the plan of the house.
    """
    standing = roadmap.standing
    with installation.store.reading() as session:
        answered = load_moment(session, standing.submissions[house_id])
    baselines = find_baselines(installation, standing.register.house[house_id], standing.perspective)
    return Followed(
        house_id=house_id,
        measures=_of_house(roadmap.measures, house_id),
        dropped=_of_house(roadmap.dropped, house_id),
        begin=roadmap.begin,
        decisions=roadmap.decisions.of_houses([house_id]),
        baseline=baselines[0] if baselines else None,
        answered=answered.date(),
        questionnaire=standing.questionnaire,
    )


def _of_house(rows: pd.DataFrame, house_id: str) -> pd.DataFrame:
    return rows[rows["house_id"] == house_id]
