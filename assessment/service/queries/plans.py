"""What is planned on the answers of houses; and who may see it."""

from collections.abc import Collection
from functools import partial

from assessment.engine.disclosure import SMALLEST
from assessment.engine.roadmap.plan import Run
from assessment.errors import NotAllowedError
from assessment.model.access import Task
from assessment.model.decisions import Baseline, Capacity, Decisions
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.service.lookup import find_round_or_newest
from assessment.service.plans.baselines import follow_plan, load_decisions_of, load_decisions_together
from assessment.service.plans.capacities import find_capacity, list_drawing, list_resources
from assessment.service.plans.planning import Roadmap, Transition, find_transition
from assessment.service.plans.underway import Underway
from assessment.service.plans.what_if import (
    NOTHING_TRIED,
    Comparison,
    Trial,
    WhatIf,
    plan_as_decided,
    try_out,
)
from assessment.service.queries.houses import ScoreQueries
from assessment.service.queries.reader import Computed
from assessment.service.round_scores import (
    RoundScores,
    Which,
    refuse_no_answers,
    select_houses,
)
from assessment.store.plans import count_decisions, load_baselines, load_capacities
from assessment.store.register import load_closings
from assessment.store.submissions import load_moment
from assessment.tables.progress import Followed


class PlanQueries(ScoreQueries):
    """Everything that is planned."""

    def find_decisions(self, scores: RoundScores, house_ids: Collection[str]) -> Decisions:
        """Everything that people decided about houses, with the plan that each adopted last.

        Of a round after which they handed in again it is what was decided when that round closed.
        What was written freely is left out where the visitor may not read it.

        Raises:
            NotAllowedError: the visitor may not see the plan of a house.
            UnknownHouseError, UnknownRoundError, NoAnswersError: a house cannot be planned.
        """
        chosen = select_houses(scores, house_ids)
        self._require_each(Task.SEE_PLAN, chosen)
        closed = self._list_closed(chosen)
        with self.installation.store.reading() as session:
            found = load_decisions_of(session, chosen, self._today)
        return found.with_lines(line.without_texts() for line in found.lines if line.house_id in closed)

    def find_roadmap(self, which: Which, trial: Trial = NOTHING_TRIED, *, together: bool = False) -> Roadmap:
        """The plan of one house, or of the houses of a unit or all with the capacity that they share.

        Args:
            which: whose plan; of all houses those of which the visitor may see the plan.
            trial: capacities and pins in the place of what was decided.
            together: as all houses are told together, so as `find_transition`.

        Raises:
            NotAllowedError, UnknownRoundError, UnknownHouseError, UnknownUnitError, NoAnswersError: as
                `find_scores`, of plans.
            PlanError: what is tried or was decided cannot be.
        """
        key, everyone = self._score(which.round_id, which.perspective)
        scores = self._select(key, everyone, which, Task.SEE_PLAN)
        refuse_no_answers(scores)
        house_ids = scores.grid.house_ids
        decisions = self._load_together(scores) if together else self.find_decisions(scores, house_ids)
        plan = partial(plan_as_decided, scores, decisions, self._today, trial)
        what = Computed.PLAN if len(house_ids) == 1 else Computed.PLANS
        return self.cache(what, repr((key, house_ids, decisions, trial)), plan)

    def compare_what_if(self, planned: Roadmap, what_if: WhatIf) -> Comparison:
        """A plan beside the one that somebody tries; what is kept holds the plan, so its `id` stays its own.

        Raises:
            NotAllowedError: the visitor may not see the plan.
            PlanError: what is tried cannot be.
        """
        self._require_each(Task.SEE_PLAN, planned.scores)
        key = repr((id(planned), what_if, self._today))
        return self.cache(Computed.TRIAL, key, partial(try_out, planned, what_if, self._today))

    def find_transition(self, round_id: str, perspective: Perspective) -> Transition:
        """How all houses of a round come to the kader together.

        Of a closed round everybody sees it by what was decided until then, so nothing later shows in it.

        Raises:
            NotAllowedError: the visitor may not see the houses as a group, or they are too few for one.
            UnknownRoundError, NoAnswersError, PlanError: as `find_roadmap`.
        """
        return self.begin_transition(round_id, perspective).get()

    def begin_transition(self, round_id: str, perspective: Perspective) -> Underway[Transition]:
        """As `find_transition`, of which nobody waits for the plans.

        Raises:
            NotAllowedError, UnknownRoundError, NoAnswersError: as `find_transition`.
        """
        key, everyone = self._score(round_id, perspective)
        self._require_country(everyone)
        refuse_no_answers(everyone)
        sees_each = all(
            self.may(Task.SEE_PLAN, house, everyone.perspective_of(house.house_id))
            for house in everyone.houses
        )
        if not sees_each:
            self._refuse_few_plans(everyone)
        with self.installation.store.reading() as session:
            closing = load_closings(session).get(round_id)
            decided = repr(closing) if closing else count_decisions(session)
        load = partial(self._load_together, everyone)
        decisions = self.cache(Computed.REVISION, repr(("decided", key, decided)), load)
        begin = partial(self._begin_transition, everyone, decisions)
        return self.cache(Computed.TRANSITION, repr((key, decisions)), begin)

    def list_baselines(self, house: House, perspective: Perspective) -> tuple[Baseline, ...]:
        """Every plan that a house adopted, the newest first; whoever may not read texts gets none.

        Raises:
            NotAllowedError: the visitor may not see the plan of the house.
        """
        self._require(Task.SEE_PLAN, house, perspective)
        with self.installation.store.reading() as session:
            found = load_baselines(session, house.house_id)
        if self.may(Task.SEE_TEXT, house, perspective):
            return found
        return tuple(each.without_texts() for each in found)

    def find_adopted(self, planned: Roadmap, house_id: str) -> Baseline | None:
        """The plan that a house adopted last; of a plan as it was when its round closed, until then.

        Raises:
            NotAllowedError: the visitor may not see the plan of the house.
        """
        scores = planned.scores
        found = self.list_baselines(scores.register.house[house_id], scores.perspective_of(house_id))
        closed = planned.decisions.closed
        return next((each for each in found if closed is None or each.adopted <= closed), None)

    def follow_plan(self, planned: Roadmap, house_id: str) -> Followed:
        """The plan of a house beside the plan that it adopted last.

        Raises:
            NotAllowedError: the visitor may not see the plan of the house.
        """
        adopted = self.find_adopted(planned, house_id)
        with self.installation.store.reading() as session:
            answered = load_moment(session, planned.scores.submissions[house_id]).date()
        return follow_plan(planned, house_id, adopted, answered)

    def find_capacities(self, house_id: str | None, unit_id: str | None) -> tuple[Capacity, ...]:
        """How much each actor carries at once for a house, or for a unit those that its houses share.

        Raises:
            UnknownHouseError, UnknownUnitError: the register does not know it.
            UnknownRoundError: nothing was asked yet, so there is nothing to plan.
            NotAllowedError: the visitor may not see the plan of the house, or of each house of the unit.
        """
        register = self._load_register()
        newest = find_round_or_newest(register, None, self._today)
        resources = list_resources(register, house_id, unit_id, self.installation.questionnaire_of(newest))
        houses = list_drawing(register, resources) if house_id is None else (register.house[house_id],)
        for house in houses:
            self._require(Task.SEE_PLAN, house, Perspective.JOINT)
        with self.installation.store.reading() as session:
            stored = load_capacities(session, [house.house_id for house in houses])
        decisions = Decisions(capacities=stored)
        return tuple(find_capacity(decisions, resource) for resource in resources)

    def _require_each(self, task: Task, scores: RoundScores) -> None:
        for house in scores.houses:
            self._require(task, house, scores.perspective_of(house.house_id))

    def _refuse_few_plans(self, everyone: RoundScores) -> None:
        if len(everyone.houses) < SMALLEST:
            told = f"Er zijn minder dan {SMALLEST} huizen; een groep zou dan iets zeggen over elk ervan."
            raise NotAllowedError(told)

    def _begin_transition(self, everyone: RoundScores, decisions: Decisions) -> Underway[Transition]:
        today = self._today

        def compute(run: Run) -> Transition:
            return find_transition(plan_as_decided(everyone, decisions, today, run=run))

        return Underway(compute)

    def _load_together(self, scores: RoundScores) -> Decisions:
        with self.installation.store.reading() as session:
            return load_decisions_together(session, scores, self._today)

    def _list_closed(self, scores: RoundScores) -> set[str]:
        """The houses of which the visitor may not read what was written."""
        whose = scores.perspective_of
        closed = (h for h in scores.houses if not self.may(Task.SEE_TEXT, h, whose(h.house_id)))
        return {house.house_id for house in closed}
