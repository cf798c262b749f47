"""What houses answered, what that comes to and what is planned on it; and who may see it.

Every query rests on an installation, on a visitor with rights, and on a cache that all visitors share.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial

from assessment.engine.disclosure import SMALLEST, choose_groups
from assessment.errors import NoAnswersError, NotAllowedError
from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.model.decisions import Baseline, Capacity, Decisions
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective, Rules
from assessment.service.installation import Installation
from assessment.service.lookup import find_round_or_newest
from assessment.service.plans.baselines import follow_plan, load_decisions_of, load_decisions_together
from assessment.service.plans.capacities import find_capacity, list_drawing, list_resources
from assessment.service.plans.planning import Roadmap, Transition, find_transition
from assessment.service.plans.what_if import (
    NOTHING_TRIED,
    Comparison,
    Trial,
    WhatIf,
    plan_as_decided,
    try_out,
)
from assessment.service.queries.reader import Computed, Reader
from assessment.service.round_scores import (
    Country,
    RoundScores,
    Which,
    choose_houses,
    describe_country,
    find_revision,
    find_rightful,
    keep_houses,
    refuse_no_answers,
    score_round,
    select_houses,
)
from assessment.service.versions import find_evidence_days
from assessment.store.audit import find_last_restore, load_head
from assessment.store.plans import count_decisions, load_baselines, load_capacities
from assessment.store.register import load_closings
from assessment.store.submissions import load_moment, load_newest, load_submission
from assessment.tables.progress import Followed


class ScoreQueries(Reader):
    """The register, and everything that is scored."""

    def find_register(self) -> Register:
        """The units, houses and rounds, which are no secret to anybody."""
        self._require(Task.SEE_REGISTER)
        return self._load_register()

    def count_handed_in(self, round_: Round, perspective: Perspective) -> int:
        """How many houses handed in for a round; it names none."""
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            return len(load_newest(session, round_.round_id, perspective))

    def list_places(self, register: Register, round_: Round, task: Task) -> list[tuple[House, Perspective]]:
        """The houses of a round, by unit and name, and the perspectives in which a task is allowed.

        There is more to see than is asked: the figure of record, and a joint version in a round in which any
        house has one.

        Raises:
            NotAllowedError: it is allowed nowhere.
        """
        with self.installation.store.reading() as session:
            joint = load_newest(session, round_.round_id, Perspective.JOINT)
        perspectives = (Perspective.RECORD,) * (task in _SEEING) + round_.perspectives
        perspectives += (Perspective.JOINT,) * (task is Task.SEE_SCORES and bool(joint))
        allowed = [
            (house, whose)
            for house in register.houses_of(round_)
            for whose in perspectives
            if self.may(task, house, find_rightful(whose, house.house_id, joint))
        ]
        if not allowed:
            self._require(task)
        return allowed

    def find_scores(self, which: Which, rules: Rules | None = None) -> RoundScores:
        """The scores of one house, of the houses of a unit, or of all that the visitor may see one by one.

        Args:
            which: whose scores.
            rules: other rules than those of the round, to see what they would make of it.

        Raises:
            NotAllowedError: the visitor may not see a house that is meant, or none at all.
            UnknownRoundError, UnknownHouseError, UnknownUnitError: there is no such round, house or unit.
            NoAnswersError: the house did not hand in, or none of the unit; that nobody did is no error.
            FrameworkError: what was handed in no longer fits the published framework.
        """
        return self._find_keyed(which, rules)[1]

    def find_country(self, round_id: str | None, perspective: Perspective) -> Country:
        """All houses of a round together, as far as the visitor may know.

        Raises:
            NotAllowedError: the visitor sees no groups; or does not see each house, and the round is still
                open or the other houses are too few.
            UnknownRoundError, NoAnswersError, FrameworkError: as `find_scores`.
        """
        key, everyone = self._score(round_id, perspective)
        known = self._require_country(everyone)
        refuse_no_answers(everyone)
        describe = partial(describe_country, everyone, known)
        return self.cache(Computed.COUNTRY, repr((key, sorted(known))), describe)

    def list_group_rounds(self, register: Register) -> list[Round]:
        """The rounds that opened of which the visitor may see the houses together, the newest first.

        Each that is closed; and each of which the visitor may see every house by itself.
        """
        self._require(Task.SEE_REGISTER)
        with self.installation.store.reading() as session:
            closings = load_closings(session)
        opened = [each for each in reversed(register.rounds) if each.opens <= self._today]
        return [each for each in opened if each.round_id in closings or self._sees_each(register, each)]

    def _sees_each(self, register: Register, round_: Round) -> bool:
        houses = register.houses_of(round_)
        return all(self.may(Task.SEE_SCORES, house, whose) for house in houses for whose in Perspective)

    def find_submission(self, submission_id: str) -> Submission:
        """One submission; explanations are left out where the visitor may not read them.

        Raises:
            NotAllowedError: the visitor may not see the answers of this house.
            NoAnswersError: it is not there.
        """
        with self.installation.store.reading() as session:
            restored = find_last_restore(session)
        load = partial(_load, self.installation, submission_id)
        return self._show(self.cache(Computed.SUBMISSION, repr((submission_id, restored)), load))

    def _find_evidence_days(self, shown: Submission) -> dict[str, date]:
        """Since which day the evidence beside each answer is there, of a submission as the visitor sees it.

        Whoever may read the one may read those before, which are of the same house and perspective.
        """
        where, state = self.installation, self._find_state()
        house = self._load_register_of(state).house[shown.house_id]
        may_read = self.may(Task.SEE_TEXT, house, shown.perspective)
        find = partial(
            find_evidence_days,
            where.store,
            where.library,
            self._load_register_of(state),
            shown,
            self.find_submission,
        )
        return self.cache(Computed.OF_HOUSES, repr(("evidence", state, shown.submission_id, may_read)), find)

    def _find_keyed(self, which: Which, rules: Rules | None = None) -> tuple[str, RoundScores]:
        """The scores that are meant, as `find_scores`, and a key that is theirs alone."""
        key, everyone = self._score(which.round_id, which.perspective, rules)
        scores = self._select(key, everyone, which, Task.SEE_SCORES)
        return repr((key, scores.grid.house_ids)), scores

    def _score(
        self, round_id: str | None, perspective: Perspective, rules: Rules | None = None
    ) -> tuple[str, RoundScores]:
        """The scores of all houses, which nobody may see as they are, and a key that is theirs alone."""
        state = self._find_state()
        round_ = find_round_or_newest(self._load_register_of(state), round_id, self._today)
        rests_on = partial(find_revision, self.installation, round_.round_id, perspective)
        revision = self.cache(Computed.REVISION, repr((state, round_.round_id, perspective.value)), rests_on)
        key = repr((round_.round_id, perspective.value, revision, self._today, rules))
        score = partial(score_round, self.installation, round_.round_id, perspective, self._today, rules)
        return key, self.cache(Computed.SCORES, key, score)

    def _find_state(self) -> str:
        """A short text that changes whenever anything is stored: the end of the audit trail."""
        with self.installation.store.reading() as session:
            return str(load_head(session))

    def _load_register(self) -> Register:
        """The register as it is now."""
        return self._load_register_of(self._find_state())

    def _load_register_of(self, state: str) -> Register:
        return self.cache(Computed.REGISTER, state, self.installation.register)

    def _keep_houses(self, key: str, everyone: RoundScores, house_ids: Collection[str]) -> RoundScores:
        """The scores of those of these houses that handed in, kept with what is computed from them.

        Nobody's rights are looked at here.
        """
        kept = partial(keep_houses, everyone, house_ids)
        return self.cache(Computed.OF_HOUSES, repr((key, tuple(house_ids))), kept)

    def _select(self, key: str, everyone: RoundScores, which: Which, task: Task) -> RoundScores:
        """The houses that are meant, once the visitor may do a task on each; of all those where it is so."""
        house_ids = choose_houses(everyone, which.house_id, which.unit_id)
        houses = [everyone.register.house[house_id] for house_id in house_ids]
        if (which.house_id, which.unit_id) == (None, None):
            return self._keep_allowed(key, everyone, houses, task)
        for house in houses:
            self._require(task, house, everyone.perspective_of(house.house_id))
        kept = self._keep_houses(key, everyone, house_ids)
        refuse_no_answers(kept, house_ids)
        return kept

    def _list_allowed(self, everyone: RoundScores, houses: Iterable[House], task: Task) -> list[str]:
        return [h.house_id for h in houses if self.may(task, h, everyone.perspective_of(h.house_id))]

    def _keep_allowed(
        self, key: str, everyone: RoundScores, houses: Iterable[House], task: Task
    ) -> RoundScores:
        allowed = self._list_allowed(everyone, houses, task)
        if not allowed:
            self._require(task)
        return self._keep_houses(key, everyone, allowed)

    def _require_each(self, task: Task, scores: RoundScores) -> None:
        for house in scores.houses:
            self._require(task, house, scores.perspective_of(house.house_id))

    def _require_country(self, everyone: RoundScores) -> frozenset[str]:
        """Go on only when the visitor may see all houses as one group; return those to see one by one."""
        self._require(Task.SEE_GROUPS)
        known = frozenset(self._list_allowed(everyone, everyone.houses, Task.SEE_SCORES))
        if len(known) < len(everyone.houses):
            self._refuse_open(everyone.round)
            self._refuse_few(everyone, known)
        return known

    def _refuse_open(self, round_: Round) -> None:
        """Refuse figures that differ from those of yesterday by one house, as long as houses hand in."""
        with self.installation.store.reading() as session:
            closed = round_.round_id in load_closings(session)
        if not closed:
            raise NotAllowedError(
                f"Ronde {round_.title} is nog open. Cijfers van andere huizen samen ziet u zodra zij is "
                "gesloten; kies tot dan een eerdere ronde."
            )

    def _refuse_few(self, everyone: RoundScores, known: frozenset[str]) -> None:
        """Refuse groups that tell of few: they may differ by a few houses, or by the versions of a few."""
        with self.installation.store.reading() as session:
            newest = {each: load_newest(session, everyone.round.round_id, each) for each in Perspective}
        own = {version for each in newest.values() for house_id, version in each.items() if house_id in known}
        houses = choose_groups([frozenset(each) for each in newest.values()], known)
        versions = choose_groups([frozenset(each.values()) for each in newest.values()], own)
        chosen = dict(zip(newest, zip(houses, versions, strict=True), strict=True))
        if not all(chosen[everyone.perspective]):
            raise NotAllowedError(
                "Deze groep huizen is te klein, of verschilt te weinig van een andere groep die u ziet: u "
                f"zou er cijfers van minder dan {SMALLEST} andere huizen uit kunnen afleiden."
            )

    def _show(self, submission: Submission) -> Submission:
        house = self._load_register().house[submission.house_id]
        self._require(Task.SEE_SCORES, house, submission.perspective)
        may_read = self.may(Task.SEE_TEXT, house, submission.perspective)
        return submission if may_read else submission.without_texts()


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
        plan = partial(self._plan_everyone, everyone)
        return find_transition(self.cache(Computed.PLANS, repr((key, decided)), plan))

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

    def _refuse_few_plans(self, everyone: RoundScores) -> None:
        if len(everyone.houses) < SMALLEST:
            told = f"Er zijn minder dan {SMALLEST} huizen; een groep zou dan iets zeggen over elk ervan."
            raise NotAllowedError(told)

    def _plan_everyone(self, everyone: RoundScores) -> Roadmap:
        return plan_as_decided(everyone, self._load_together(everyone), self._today)

    def _load_together(self, scores: RoundScores) -> Decisions:
        with self.installation.store.reading() as session:
            return load_decisions_together(session, scores, self._today)

    def _list_closed(self, scores: RoundScores) -> set[str]:
        """The houses of which the visitor may not read what was written."""
        whose = scores.perspective_of
        closed = (h for h in scores.houses if not self.may(Task.SEE_TEXT, h, whose(h.house_id)))
        return {house.house_id for house in closed}


# What shows figures, and so the figure of record too.
_SEEING = frozenset({Task.SEE_SCORES, Task.SEE_PLAN, Task.SEE_GROUPS})


def _load(installation: Installation, submission_id: str) -> Submission:
    """Load a submission with everything that was written in it.

    Raises:
        NoAnswersError: it is not there.
    """
    with installation.store.reading() as session:
        submission = load_submission(session, submission_id)
    if submission is None:
        raise NoAnswersError(f"Inlevering '{submission_id}' is er niet.")
    return submission
