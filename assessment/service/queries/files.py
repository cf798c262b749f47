"""What files to take along are written from: an empty questionnaire, plans, houses, districts."""

from collections.abc import Iterator
from typing import TypeVar

import pandas as pd

from assessment.engine.roadmap.plan import find_sharing
from assessment.engine.scoring import count_unsure, list_choices, score_criteria
from assessment.engine.totals import divide_range
from assessment.errors import FrameworkError
from assessment.model.access import Task
from assessment.model.answers import Submission, Whose
from assessment.model.formula import FormulaSet
from assessment.model.frames import DEVIATIONS, GROUPS, HEADLINES, ChoiceGrid, of_house
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective
from assessment.model.sheets import Earlier, Form
from assessment.model.texts import AgendaTexts, DeliveryTexts, NationalTexts, OpenDataTexts, PlanTexts
from assessment.readers.files import read_model
from assessment.service.exchange import make_exchange
from assessment.service.frameworks import read_questionnaire_texts
from assessment.service.lookup import find_house, find_place, find_round_or_newest
from assessment.service.plans.baselines import identify_plan
from assessment.service.plans.planning import RUNS, Roadmap
from assessment.service.queries.comparisons import ComparisonQueries
from assessment.service.queries.formulas import FormulaQueries
from assessment.service.queries.plans import PlanQueries
from assessment.service.round_scores import RoundScores, Which, find_rightful, refuse_no_answers
from assessment.service.versions import carry_over, find_since
from assessment.store.register import load_house_versions, load_register
from assessment.store.submissions import load_current, load_deviations, load_newest
from assessment.tables.delivery import Delivery
from assessment.tables.house_plan import Beside, HousePlan, PlanBasis
from assessment.tables.joint_agenda import JointAgenda
from assessment.tables.national import Nation
from assessment.writers.downloads import write_districts_csv, write_houses_csv
from assessment.writers.open_data import OpenData

Texts = TypeVar("Texts", AgendaTexts, DeliveryTexts, NationalTexts, OpenDataTexts, PlanTexts)


class FileQueries(PlanQueries, ComparisonQueries, FormulaQueries):
    """Everything that stands in a file, before it is written."""

    def find_form(self, whose: Whose) -> Form:
        """Everything that the questionnaire of a house is written from.

        Raises:
            NotAllowedError: the visitor may not fill in for this house.
            UnknownHouseError, UnknownRoundError: there is no such house or round, or the round does not ask
                them.
        """
        register = self._load_register()
        house, round_ = find_place(register, whose)
        self._require(Task.GET_FORM, house, whose.perspective)
        texts = read_questionnaire_texts(self.installation.settings)
        asked = self.installation.questionnaire_of(round_)
        earlier, formulas = self._find_earlier(register, whose), self._find_sheet(house, whose.perspective)
        return Form(house, round_, whose.perspective, asked, texts, earlier, formulas)

    def _find_sheet(self, house: House, perspective: Perspective) -> FormulaSet | None:
        """What stands on the sheet of formulas, which is in the questionnaire of the house itself."""
        if perspective is not Perspective.HOUSE or not self.may(Task.CHANGE_FORMULAS, house):
            return None
        return self.find_formulas(house.house_id).as_file

    def find_earlier(self, whose: Whose) -> Earlier | None:
        """What the house answered in the last round before, to the questions that still ask the same.

        Returns:
            None where it answered nothing before, or where the visitor may not see what. Explanations are
            left out where the visitor may not read them.

        Raises:
            NotAllowedError: the visitor may not fill in for this house.
            UnknownHouseError, UnknownRoundError: as `find_form`.
        """
        register = self._load_register()
        house, _ = find_place(register, whose)
        self._require(Task.GET_FORM, house, whose.perspective)
        return self._find_earlier(register, whose)

    def _find_earlier(self, register: Register, whose: Whose) -> Earlier | None:
        house, round_ = find_place(register, whose)
        if not self.may(Task.SEE_SCORES, house, whose.perspective):
            return None
        before = [each for each in reversed(register.rounds) if each.opens < round_.opens]
        with self.installation.store.reading() as session:
            found = (load_current(session, each.round_id, *whose[1:]) for each in before)
            last = next(filter(None, found), None)
        if last is None:
            return None
        shown = self._show(last)
        earlier = carry_over(shown, register.round[last.round_id], round_, self.installation.library)
        return earlier._replace(evidence=self._find_evidence_days(shown))

    def find_house_plan(self, roadmap: Roadmap, house_id: str) -> HousePlan:
        """Everything that the plan of one of the houses in a roadmap is written from.

        Raises:
            NotAllowedError: the visitor may not see the plan of this house.
        """
        scores = roadmap.scores
        house = scores.register.house[house_id]
        self._require(Task.SEE_PLAN, house, scores.perspective_of(house_id))
        with self.installation.store.reading() as session:
            identity = identify_plan(session, scores, house_id)
        return HousePlan(
            register=roadmap.scores.register,
            house=house,
            round=scores.round,
            questionnaire=scores.questionnaire,
            begin=roadmap.begin,
            gaps=of_house(roadmap.gaps, house_id),
            measures=of_house(roadmap.measures, house_id),
            conformity=of_house(roadmap.conformity, house_id),
            texts=self._read_texts("plan.yaml", PlanTexts),
            dropped=of_house(roadmap.dropped, house_id),
            settled=of_house(roadmap.settled, house_id),
            hold_ups=of_house(roadmap.hold_ups, house_id),
            estimates=of_house(roadmap.estimates, house_id),
            steps=of_house(roadmap.steps, house_id),
            decisions=roadmap.decisions.of_houses([house_id]),
            identity=identity,
            basis=self._find_basis(roadmap, house_id),
        )

    def _find_basis(self, roadmap: Roadmap, house_id: str) -> PlanBasis:
        scores = roadmap.scores
        return PlanBasis(
            totals=of_house(scores.totals, house_id),
            criteria=of_house(scores.criteria, house_id),
            unexcused=_find_unexcused(scores, house_id),
            widths=divide_range(scores.grid, scores.questionnaire).T[house_id],
            unsure=int(count_unsure(scores.choices, scores.questionnaire)[house_id]),
            resources=of_house(roadmap.resources, house_id),
            submission=self.find_submission(scores.submissions[house_id]),
            adopted=self.find_adopted(roadmap, house_id),
            proven=roadmap.optimality_gap == 0,
            beside=self._find_beside(roadmap, house_id),
            runs=RUNS,
            as_of=scores.moment,
            moment=self.now(),
        )

    def _find_beside(self, roadmap: Roadmap, house_id: str) -> Beside:
        """With which houses it shares capacity, by name as far as the visitor may see their plans."""
        scores, group = roadmap.scores, find_sharing(roadmap.resources, house_id)
        others = [each for each in scores.houses if each.house_id in group - {house_id}]
        seen = [
            each.title
            for each in others
            if self.may(Task.SEE_PLAN, each, scores.perspective_of(each.house_id))
        ]
        return Beside(tuple(seen), len(others) - len(seen))

    def list_house_plans(self, roadmap: Roadmap) -> list[HousePlan]:
        """The same of every house in a roadmap.

        Raises:
            NotAllowedError: the visitor may not see the plan of a house.
        """
        return [self.find_house_plan(roadmap, house_id) for house_id in roadmap.scores.grid.house_ids]

    def find_delivery(self, roadmap: Roadmap, house_id: str) -> Delivery:
        """Everything that the delivery card of one of the houses in a roadmap is written from.

        Raises:
            NotAllowedError: the visitor may not see the answers or the plan of this house.
        """
        card = self._make_delivery(roadmap, house_id)
        before = self._list_before(roadmap.scores, card.house)
        return card._replace(since=find_since(card.submission, card.round, before))

    def list_deliveries(self, roadmap: Roadmap) -> list[Delivery]:
        """The same of every house in a roadmap, to list; without since when, which takes most of the time.

        Raises:
            NotAllowedError: the visitor may not see the answers or the plan of a house.
        """
        return [self._make_delivery(roadmap, house_id) for house_id in roadmap.scores.grid.house_ids]

    def _make_delivery(self, roadmap: Roadmap, house_id: str) -> Delivery:
        scores = roadmap.scores
        house, whose = scores.register.house[house_id], scores.perspective_of(house_id)
        self._require(Task.SEE_PLAN, house, whose)
        return Delivery(
            house=house,
            register=scores.register,
            round=scores.round,
            questionnaire=scores.questionnaire,
            submission=self.find_submission(scores.submissions[house_id]),
            criteria=of_house(scores.criteria, house_id),
            decisions=roadmap.decisions.of_houses([house_id]),
            since={},
            shared=self.may(Task.SEE_TEXT, house, whose),
            as_of=scores.moment,
            moment=self.now(),
            texts=self._read_texts("delivery.yaml", DeliveryTexts),
        )

    def _list_before(self, scores: RoundScores, house: House) -> Iterator[Earlier]:
        """What was answered in the rounds before to what is still asked, newest first, up to one without."""
        library = self.installation.library
        for then in reversed(scores.register.rounds):
            if then.opens >= scores.round.opens:
                continue
            found = self._find_answers(then, house, scores.perspective)
            if found is None:
                return
            yield carry_over(found, then, scores.round, library)

    def _find_answers(self, round_: Round, house: House, perspective: Perspective) -> Submission | None:
        """What counted of a house in a round; None where there is nothing, or nothing that may be seen."""
        whose, answered = self._find_newest(round_, house, perspective)
        if answered is None or not self.may(Task.SEE_SCORES, house, whose):
            return None
        return self.find_submission(answered)

    def _find_newest(
        self, round_: Round, house: House, perspective: Perspective
    ) -> tuple[Perspective, str | None]:
        """Whose answers of a house count in a round, and which version; None where it handed in none."""
        with self.installation.store.reading() as session:
            newest = load_newest(session, round_.round_id, perspective)
            joint = load_newest(session, round_.round_id, Perspective.JOINT)
        return find_rightful(perspective, house.house_id, joint), newest.get(house.house_id)

    def find_joint_agenda(self, round_id: str | None, perspective: Perspective, house_id: str) -> JointAgenda:
        """Everything that the joint agenda of a house is written from, also where it did not answer yet.

        Raises:
            NotAllowedError: the visitor may not see the answers of this house.
            UnknownHouseError, UnknownRoundError: there is no such house or round, or it does not take part.
            FrameworkError: a text is not sound.
        """
        register = self._load_register()
        round_ = find_round_or_newest(register, round_id, self._today)
        house = find_house(register, round_, house_id)
        whose, answered = self._find_newest(round_, house, perspective)
        self._require(Task.SEE_SCORES, house, whose)
        shown = self.find_formula_picture(house_id) if self.may(Task.SEE_FORMULAS, house) else None
        return JointAgenda(
            house=house,
            register=register,
            round=round_,
            questionnaire=self.installation.questionnaire_of(round_),
            whose=whose,
            submission=self.find_submission(answered) if answered else None,
            formulas=shown.formulas if shown else (),
            picture=shown,
            texts=self._read_texts("joint_agenda.yaml", AgendaTexts),
            moment=self.now(),
        )

    def find_nation(self, round_id: str | None, perspective: Perspective) -> Nation:
        """Everything that the report on all houses is written from, as far as the visitor may know.

        Raises:
            NotAllowedError, UnknownRoundError, NoAnswersError, FrameworkError: as `find_country`.
        """
        country = self.find_country(round_id, perspective)
        scores = country.scores
        transition = self.find_transition(scores.round.round_id, perspective)
        return Nation(
            round=scores.round,
            perspective=perspective,
            questionnaire=scores.questionnaire,
            register=scores.register,
            totals=scores.totals,
            criteria=scores.criteria,
            headlines=scores.headlines,
            groups=country.groups,
            inventory=self.find_inventory(round_id, perspective),
            complete=country.complete,
            joint=scores.adopted_jointly,
            begin=transition.begin,
            counts=transition.counts,
            sure=transition.sure,
            estimates=transition.estimates,
            texts=self._read_texts("national.yaml", NationalTexts),
            moment=self.now(),
        )

    def find_open_data(self, which: Which) -> OpenData:
        """Everything that the visitor may see of houses that handed in, as data to reckon with.

        Raises:
            NotAllowedError: the visitor may not see a house that is meant, or none at all.
            UnknownRoundError, UnknownHouseError, UnknownUnitError: there is no such round, house or unit.
            NoAnswersError: nobody of them handed in.
            FrameworkError: what was handed in no longer fits the published framework, or a text is not sound.
        """
        scores, planned = self.find_scores(which), self.find_roadmap(which)
        refuse_no_answers(scores)
        submitted = [scores.submissions[house_id] for house_id in scores.grid.house_ids]
        with self.installation.store.reading() as session:
            deviations = load_deviations(session, submitted, scores.moment)
        groups, counts = self._find_groups(scores)
        return OpenData(
            round=scores.round,
            questionnaire=scores.questionnaire,
            register=scores.register,
            totals=scores.totals,
            themes=scores.themes,
            criteria=scores.criteria,
            answers=list_choices(scores.choices, scores.questionnaire),
            submissions=tuple(map(self.find_submission, submitted)),
            as_of=scores.moment,
            begin=planned.begin,
            measures=planned.measures,
            lines=planned.decisions.lines,
            steps=planned.steps,
            hold_ups=planned.hold_ups,
            estimates=planned.estimates,
            groups=groups,
            counts=counts,
            texts=self._read_texts("open_data.yaml", OpenDataTexts),
            exchange=make_exchange(scores, deviations),
        )

    def _read_texts(self, name: str, model: type[Texts]) -> Texts:
        return read_model(self.installation.settings.reports / name, model, FrameworkError)

    def _find_groups(self, scores: RoundScores) -> tuple[pd.DataFrame, pd.DataFrame]:
        """GROUPS and HEADLINES of all houses of the round, where the visitor may see them."""
        which = (scores.round.round_id, scores.perspective)
        open_to_all = [each.round_id for each in self.list_group_rounds(scores.register)]
        if not self.may(Task.SEE_GROUPS) or scores.round.round_id not in open_to_all:
            return GROUPS.empty(), HEADLINES.empty()
        return self.find_country(*which).groups, self.find_inventory(*which).counts

    def export_houses(self) -> bytes:
        """The houses as a CSV file, each with its version, to change and take over again."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return write_houses_csv(load_register(session).houses, load_house_versions(session))

    def export_districts(self) -> bytes:
        """The districts as a CSV file, to change and take over again."""
        return write_districts_csv(self.find_register().districts)


def _find_unexcused(scores: RoundScores, house_id: str) -> frozenset[str]:
    """The criteria that the answers of a house meet by themselves, whatever was agreed."""
    row = scores.choices.house_ids.index(house_id)
    own = ChoiceGrid((house_id,), scores.choices.choices[[row]])
    (low,) = score_criteria(own, DEVIATIONS.empty(), scores.questionnaire).low
    return frozenset(
        key for key, score in zip(scores.questionnaire.criterion, low, strict=True) if score == 1
    )
