"""Use case: the improvement plan of a house as a file."""

import pandas as pd

from assessment.errors import FrameworkError
from assessment.model.access import Task
from assessment.model.plan_sheet import FORMAT, PlanPassport
from assessment.model.texts import PlanTexts
from assessment.readers.yaml_files import read_model
from assessment.service.installation import Installation
from assessment.service.people.access import require
from assessment.service.plans.roadmap import Roadmap
from assessment.service.standing import Standing
from assessment.store.plans import count_baselines
from assessment.writers.bundle import write_bundle
from assessment.writers.plan_excel import HousePlan, write_plan


def make_plan(installation: Installation, roadmap: Roadmap, house_id: str) -> tuple[str, bytes]:
    """Make the plan of one of the houses in a roadmap.

    Returns:
        A file name, and the bytes of the .xlsx file.

    Raises:
        NotAllowedError: the visitor may not see the plan of this house.
    """
    standing = roadmap.standing
    house = standing.register.house[house_id]
    require(installation, Task.SEE_PLAN, house, standing.perspective)
    plan = HousePlan(
        house=house,
        round=standing.round,
        questionnaire=standing.questionnaire,
        begin=roadmap.begin,
        gaps=_of_house(roadmap.gaps, house_id),
        measures=_of_house(roadmap.measures, house_id),
        finishes=_of_house(roadmap.finishes, house_id),
        conformity=_of_house(roadmap.conformity, house_id),
        texts=read_model(installation.settings.reports / "plan.yaml", PlanTexts, FrameworkError),
        dropped=_of_house(roadmap.dropped, house_id),
        decisions=roadmap.decisions.of_houses([house_id]),
        passport=make_passport(installation, standing, house_id),
    )
    return f"verbeterplan_{standing.round.round_id}_{house_id}.xlsx", write_plan(plan)


def make_passport(installation: Installation, standing: Standing, house_id: str) -> PlanPassport:
    """What a plan says of itself, so that it can be read back without asking."""
    with installation.store.reading() as session:
        adopted = count_baselines(session, house_id)
    return PlanPassport(
        format=FORMAT,
        house_id=house_id,
        round_id=standing.round.round_id,
        perspective=standing.perspective.value,
        frameworks=" ".join(standing.round.frameworks),
        sha256=standing.questionnaire.sha256,
        baseline=str(adopted),
    )


def make_plans(installation: Installation, roadmap: Roadmap) -> bytes:
    """Make the plans of all houses in a roadmap, as one .zip.

    Raises:
        NotAllowedError: the visitor may not see the plan of a house.
    """
    house_ids = roadmap.standing.grid.house_ids
    return write_bundle(make_plan(installation, roadmap, house_id) for house_id in house_ids)


def _of_house(rows: pd.DataFrame, house_id: str) -> pd.DataFrame:
    return rows[rows["house_id"] == house_id].reset_index(drop=True)
