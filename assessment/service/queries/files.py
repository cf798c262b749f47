"""What files to take along are written from: an empty questionnaire, plans as workbooks, the houses."""

import pandas as pd

from assessment.errors import FrameworkError
from assessment.model.access import Task
from assessment.model.answers import Whose
from assessment.model.sheets import Form
from assessment.model.texts import PlanTexts, QuestionnaireTexts
from assessment.readers.files import read_model
from assessment.service.lookup import find_place
from assessment.service.plans.baselines import identify_plan
from assessment.service.plans.planning import Roadmap
from assessment.service.queries.houses import ScoreQueries
from assessment.store.register import load_house_versions, load_register
from assessment.tables.plans import HousePlan
from assessment.writers.downloads import write_houses_csv


class FileQueries(ScoreQueries):
    """Everything that stands in a file, before it is written."""

    def find_form(self, whose: Whose) -> Form:
        """Everything that the questionnaire of a house is written from.

        Raises:
            NotAllowedError: the visitor may not fill in for this house.
            UnknownHouseError, UnknownRoundError: there is no such house or round, or the round does not ask
                them.
        """
        house, round_ = find_place(self.installation.register(), whose)
        self._require(Task.GET_FORM, house, whose.perspective)
        reports = self.installation.settings.reports
        texts = read_model(reports / "questionnaire.yaml", QuestionnaireTexts, FrameworkError)
        return Form(house, round_, whose.perspective, self.installation.questionnaire_of(round_), texts)

    def find_house_plan(self, roadmap: Roadmap, house_id: str) -> HousePlan:
        """Everything that the plan of one of the houses in a roadmap is written from.

        Raises:
            NotAllowedError: the visitor may not see the plan of this house.
        """
        scores = roadmap.scores
        house = scores.register.house[house_id]
        self._require(Task.SEE_PLAN, house, scores.perspective)
        with self.installation.store.reading() as session:
            identity = identify_plan(session, scores, house_id)
        return HousePlan(
            house=house,
            round=scores.round,
            questionnaire=scores.questionnaire,
            begin=roadmap.begin,
            gaps=_of_house(roadmap.gaps, house_id),
            measures=_of_house(roadmap.measures, house_id),
            finishes=_of_house(roadmap.finishes, house_id),
            conformity=_of_house(roadmap.conformity, house_id),
            texts=read_model(self.installation.settings.reports / "plan.yaml", PlanTexts, FrameworkError),
            dropped=_of_house(roadmap.dropped, house_id),
            settled=_of_house(roadmap.settled, house_id),
            estimates=_of_house(roadmap.estimates, house_id),
            steps=_of_house(roadmap.steps, house_id),
            decisions=roadmap.decisions.of_houses([house_id]),
            identity=identity,
        )

    def list_house_plans(self, roadmap: Roadmap) -> list[HousePlan]:
        """The same of every house in a roadmap.

        Raises:
            NotAllowedError: the visitor may not see the plan of a house.
        """
        return [self.find_house_plan(roadmap, house_id) for house_id in roadmap.scores.grid.house_ids]

    def export_houses(self) -> bytes:
        """The houses as a CSV file, each with its version, to change and take over again."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return write_houses_csv(load_register(session).houses, load_house_versions(session))


def _of_house(rows: pd.DataFrame, house_id: str) -> pd.DataFrame:
    return rows[rows["house_id"] == house_id].reset_index(drop=True)
