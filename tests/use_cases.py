"""Every use case, with the task that it is, and a call that reaches the check of rights and little more.

A call is made on one house. Where there is no such check the call goes on, and the test of the table sees it.
Calls are made of what cannot succeed in changing anything: a closed round, a file that was handed in before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from assessment.errors import NotAllowedError
from assessment.model.access import Grant, Identity, Role, Task
from assessment.model.answers import WITHHELD, Answer, Whose
from assessment.model.decisions import Resource
from assessment.model.draft import Draft
from assessment.model.formula import Formula, FormulaSet, FormulaStatus
from assessment.model.scale import Actor, Perspective
from assessment.readers.files import read_bytes
from assessment.service import (
    access,
    accounts,
    backup,
    demo,
    drafts,
    formula_files,
    formulas,
    intake,
    joint_versions,
    register,
    retention,
    round_scores,
    rounds,
    versions,
)
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile
from assessment.service.plans import (
    baselines,
    capacities,
    decisions,
    planning,
    recommendations,
    what_if,
    workbook,
)
from assessment.service.plans.capacities import CapacityEdit
from assessment.service.plans.decisions import Edit
from assessment.service.plans.planning import find_transition
from assessment.service.plans.underway import Underway
from assessment.service.queries import Queries
from assessment.service.queries.reader import Cache, Computed, Value, keep_nothing
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.writers.plan import write_plan
from tests.conftest import NOW
from tests.reading import reading

OPEN, CLOSED, HOUSE = "2026-najaar", "2026-voorjaar", "domhage"
EARLIER = "2025-najaar"
VERSION = f"{CLOSED}.{HOUSE}.huis.1"
WHOSE = Whose(OPEN, HOUSE, Perspective.HOUSE)
OWN_CAPACITY = CapacityEdit(Resource(Actor.HOUSE, HOUSE), 0)
THE_HOUSE, ALL = Which(CLOSED, Perspective.HOUSE, HOUSE), Which(CLOSED, Perspective.HOUSE)
FORMULA = formulas.FormulaEdit(HOUSE, "Geen id!", {"title": "Proef"})
PARTY = formulas.PartyCapacityEdit(HOUSE, "", 2027, None)
_SOMEBODY = Grant(role=Role.COUNTRY)


@dataclass(frozen=True)
class Stage:
    """What calls need that only who has every right can make; `where` is for the visitor of a call.

    `everyone` are all houses of the closed round, as a cache that all users share has them; `planned` is the
    plan of the house.
    """

    operated: Installation
    where: Installation
    draft: Draft
    folder: Path
    everyone: round_scores.RoundScores
    planned: planning.Roadmap
    cache: Cache = keep_nothing

    @property
    def file(self) -> NamedFile:
        """A questionnaire of the house that was handed in before."""
        name = f"{OPEN}_{HOUSE}_huis.xlsx"
        return NamedFile(name, read_bytes(HOME / "data" / "demo" / OPEN / name))

    @property
    def queries(self) -> Queries:
        """Everything that the visitor may read."""
        return replace(reading(self.where), cache=self.cache)

    @property
    def with_small_plans(self) -> Queries:
        """The same, where the plan of all houses together is that of one, which takes no time."""

        def keep(what: Computed, _key: str, compute: Callable[[], Value]) -> Value:
            small: Any = Underway(lambda _run: find_transition(self.planned))
            value: Value = small if what is Computed.TRANSITION else compute()
            return value

        return replace(self.queries, cache=keep)

    @property
    def nothing_tried(self) -> what_if.Comparison:
        """The plan of the house beside itself."""
        return what_if.Comparison(self.planned, self.planned)

    @property
    def revision(self) -> register.HouseRevision:
        """The house as the register has it."""
        return reading(self.operated).get_house(HOUSE)

    @property
    def plan_file(self) -> NamedFile:
        """The plan of the house as a workbook."""
        written = reading(self.operated).find_house_plan(self.planned, HOUSE)
        return NamedFile(f"{written.name}.xlsx", write_plan(written))


def set_stage(operated: Installation, folder: Path) -> Stage:
    """Make once what all calls need."""
    versions.reopen(operated, f"{OPEN}.{HOUSE}.huis.1", "Voor een nieuw concept.", NOW)
    draft = drafts.begin_draft(operated, WHOSE, NOW)
    everyone = round_scores.score_round(operated, CLOSED, Perspective.HOUSE, NOW.date())
    planned = planning.plan_houses(everyone, [HOUSE])
    return Stage(operated, operated, draft, folder, everyone, planned)


Call = Callable[[Stage], object]


class UseCase(NamedTuple):
    """What a call is: the task, whether it is on one house, and whose answers it is about."""

    task: Task
    call: Call
    on_a_house: bool = True
    perspective: Perspective = Perspective.HOUSE


def _shown(house_ids: Iterable[str]) -> None:
    """A list that leaves out what the visitor may not see refuses as well as a message does."""
    if HOUSE not in house_ids:
        raise NotAllowedError(HOUSE)


def _restore(stage: Stage) -> None:
    replacement: Any = SimpleNamespace(installation=stage.where, path=stage.folder / "is-er-niet.zip")
    backup.restore(replacement, NOW)


def _prepare(stage: Stage) -> None:
    with backup.prepare_restore(stage.where, stage.folder / "is-er-niet.zip"):
        pass


def _texts(stage: Stage) -> None:
    """Explanations are left out silently: told here as a refusal."""
    if stage.queries.find_submission(VERSION).file_name == WITHHELD:
        raise NotAllowedError(VERSION)


def _board(stage: Stage) -> None:
    _shown(line.house.house_id for line in stage.queries.find_board(OPEN).lines)


def _reminders(stage: Stage) -> None:
    stage.queries.make_reminders(OPEN, HOUSE)
    _board(stage)


def _save(stage: Stage) -> None:
    question_id = next(iter(stage.draft.answers))
    edit = drafts.Edit(WHOSE, "een.ander.concept", Answer(question_id=question_id), 0)
    drafts.save(stage.where, edit, NOW)


def _start_formula(operated: Installation) -> Formula:
    """What begins a formula that no house can begin."""
    start = reading(operated).list_formula_starts(HOUSE, "proef")[0].formula
    return start.model_copy(update={"status": FormulaStatus.ADOPTED})


def _everywhere(task: Task, call: Call) -> UseCase:
    return UseCase(task, call, on_a_house=False)


USE_CASES: dict[str, UseCase] = {
    "accounts.add_account": _everywhere(
        Task.MANAGE_ACCOUNTS, lambda s: accounts.add_account(s.where, "A B", "A", None, NOW)
    ),
    "accounts.grant_role": _everywhere(
        Task.MANAGE_ACCOUNTS, lambda s: accounts.grant_role(s.where, "niemand", _SOMEBODY, NOW)
    ),
    "accounts.revoke_role": _everywhere(
        Task.MANAGE_ACCOUNTS, lambda s: accounts.revoke_role(s.where, "niemand", _SOMEBODY, NOW)
    ),
    "accounts.end_account": _everywhere(
        Task.MANAGE_ACCOUNTS, lambda s: accounts.end_account(s.where, "niemand", NOW)
    ),
    "accounts.link_identity": _everywhere(
        Task.MANAGE_ACCOUNTS,
        lambda s: accounts.link_identity(s.where, "niemand", Identity(issuer="i", subject="s"), NOW),
    ),
    "accounts.act_as": _everywhere(Task.MANAGE_ACCOUNTS, lambda s: accounts.act_as(s.where, "niemand")),
    "versions.adopt": UseCase(Task.ADOPT, lambda s: versions.adopt(s.where, VERSION, NOW)),
    "versions.withdraw": UseCase(Task.WITHDRAW, lambda s: versions.withdraw(s.where, VERSION, "omdat", NOW)),
    "versions.reopen": UseCase(Task.REOPEN, lambda s: versions.reopen(s.where, VERSION, "omdat", NOW)),
    "backup.make_backup": _everywhere(Task.BACK_UP, lambda s: backup.make_backup(s.where, s.folder, NOW)),
    "backup.prepare_restore": _everywhere(Task.RESTORE, _prepare),
    "backup.restore": _everywhere(Task.RESTORE, _restore),
    "demo.fill_demo": _everywhere(Task.FILL_DEMO, lambda s: list(demo.fill_demo(s.where, NOW))),
    "drafts.check_draft": UseCase(
        Task.SEE_CONCEPTS, lambda s: drafts.check_draft(s.where, s.draft, NOW.date())
    ),
    "drafts.hand_in_draft": UseCase(
        Task.HAND_IN, lambda s: drafts.hand_in_draft(s.where, replace(s.draft, revision=-1), NOW)
    ),
    "drafts.find_asked": UseCase(Task.FILL_IN, lambda s: drafts.find_asked(s.where, WHOSE, Task.FILL_IN)),
    "drafts.begin_draft": UseCase(Task.FILL_IN, lambda s: drafts.begin_draft(s.where, WHOSE, NOW)),
    "drafts.begin_with": UseCase(
        Task.FILL_IN, lambda s: drafts.begin_with(s.where, WHOSE, drafts.Beginning(), NOW)
    ),
    "drafts.take_draft": UseCase(Task.FILL_IN, lambda s: drafts.take_draft(s.where, s.file, NOW)),
    "drafts.drop_draft": UseCase(
        Task.FILL_IN, lambda s: drafts.drop_draft(s.where, replace(s.draft, revision=-1), NOW)
    ),
    "drafts.save": UseCase(Task.FILL_IN, _save),
    "intake.check_file": UseCase(Task.CHECK_FILE, lambda s: intake.check_file(s.where, s.file, NOW.date())),
    "intake.hand_in": UseCase(Task.HAND_IN, lambda s: intake.hand_in(s.where, s.file, NOW)),
    "formulas.change_formulas": UseCase(
        Task.CHANGE_FORMULAS, lambda s: formulas.change_formulas(s.where, [FORMULA], NOW)
    ),
    "formulas.decide_formulas": UseCase(
        Task.CHANGE_FORMULAS,
        lambda s: formulas.decide_formulas(s.where, formulas.FormulaWishes([FORMULA]), NOW),
    ),
    "formulas.set_party_capacities": UseCase(
        Task.CHANGE_FORMULAS, lambda s: formulas.set_party_capacities(s.where, [PARTY], NOW)
    ),
    "formula_files.propose_formulas": UseCase(
        Task.CHANGE_FORMULAS,
        lambda s: formula_files.propose_formulas(s.where, FormulaSet(house_id=HOUSE)),
    ),
    "formulas.begin_formula": UseCase(
        Task.CHANGE_FORMULAS,
        lambda s: formulas.begin_formula(s.where, _start_formula(s.operated), NOW),
    ),
    "joint_versions.adopt_jointly": UseCase(
        Task.ADOPT, lambda s: joint_versions.adopt_jointly(s.where, (VERSION, VERSION), {}, NOW)
    ),
    "joint_versions.adopt_for_house": UseCase(
        Task.ADOPT, lambda s: joint_versions.adopt_for_house(s.where, (CLOSED, HOUSE), {}, None, NOW)
    ),
    "recommendations.choose_recommendations": UseCase(
        Task.PLAN, lambda s: recommendations.choose_recommendations(s.where, s.planned, HOUSE, (), NOW)
    ),
    "register.edit_house": _everywhere(
        Task.CHANGE_REGISTER, lambda s: register.edit_house(s.where, s.revision, {}, NOW)
    ),
    "register.put_district": _everywhere(
        Task.CHANGE_REGISTER, lambda s: register.put_district(s.where, {"district_id": "?"}, NOW)
    ),
    "register.import_districts": _everywhere(
        Task.CHANGE_REGISTER, lambda s: register.import_districts(s.where, s.folder / "is-er-niet.csv", NOW)
    ),
    "register.remove_district": _everywhere(
        Task.CHANGE_REGISTER, lambda s: register.remove_district(s.where, "is-er-niet", NOW)
    ),
    "register.find_changes": _everywhere(
        Task.CHANGE_REGISTER, lambda s: register.find_changes(s.where, s.folder / "is-er-niet.csv")
    ),
    "register.import_houses": _everywhere(
        Task.CHANGE_REGISTER, lambda s: register.import_houses(s.where, s.folder / "is-er-niet.csv", NOW)
    ),
    "baselines.adopt_plan": UseCase(
        Task.PLAN,
        lambda s: baselines.adopt_plan(s.where, s.planned, [HOUSE], NOW),
    ),
    "what_if.adopt_what_if": UseCase(
        Task.PLAN, lambda s: what_if.adopt_what_if(s.where, s.nothing_tried, "", NOW)
    ),
    "what_if.require_adoption": UseCase(
        Task.PLAN, lambda s: what_if.require_adoption(s.where, s.nothing_tried)
    ),
    "capacities.require_capacity": UseCase(
        Task.PLAN, lambda s: capacities.require_capacity(s.where, s.everyone.register, OWN_CAPACITY.resource)
    ),
    "decisions.change_lines": UseCase(
        Task.PLAN, lambda s: decisions.change_lines(s.where, s.everyone, [Edit(HOUSE, "LOS-99.M9")], NOW)
    ),
    "decisions.decide": UseCase(
        Task.PLAN,
        lambda s: decisions.decide(s.where, s.everyone, decisions.Wishes(capacities=[OWN_CAPACITY]), NOW),
    ),
    "decisions.set_capacities": UseCase(
        Task.PLAN, lambda s: decisions.set_capacities(s.where, s.everyone, [OWN_CAPACITY], NOW)
    ),
    "workbook.open_plan": UseCase(
        Task.PLAN, lambda s: workbook.open_plan(s.where, s.plan_file, HOUSE, NOW.date())
    ),
    "register.open_round": _everywhere(
        Task.MANAGE_ROUNDS,
        lambda s: register.open_round(
            s.where,
            (OPEN, "Bestaat al"),
            (NOW.date(), NOW.date()),
            register.Asks(("politie/1.0",), (HOUSE,)),
            NOW,
        ),
    ),
    "retention.remove_old_records": _everywhere(
        Task.RETAIN, lambda s: retention.remove_old_records(s.where, [], NOW)
    ),
    "rounds.close_round": _everywhere(Task.MANAGE_ROUNDS, lambda s: rounds.close_round(s.where, CLOSED, NOW)),
    "rounds.reopen_round": _everywhere(
        Task.MANAGE_ROUNDS, lambda s: rounds.reopen_round(s.where, OPEN, "omdat", NOW)
    ),
    "access.share_text": UseCase(
        Task.SHARE_TEXT, lambda s: access.share_text(s.where, HOUSE, NOW, shares=False)
    ),
}

QUERIES: dict[str, UseCase] = {
    "find_register": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_register()),
    "count_handed_in": _everywhere(
        Task.SEE_REGISTER, lambda s: s.queries.count_handed_in(s.everyone.round, Perspective.HOUSE)
    ),
    "list_group_rounds": _everywhere(
        Task.SEE_REGISTER, lambda s: s.queries.list_group_rounds(s.everyone.register)
    ),
    "list_places": UseCase(
        Task.FILL_IN,
        lambda s: _shown(
            house.house_id
            for house, whose in s.queries.list_places(s.everyone.register, s.everyone.round, Task.FILL_IN)
            if whose is Perspective.HOUSE
        ),
    ),
    "find_scores": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_scores(THE_HOUSE)),
    "find_scores of all": UseCase(
        Task.SEE_SCORES, lambda s: _shown(s.queries.find_scores(ALL).grid.house_ids)
    ),
    "list_register_districts": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.list_register_districts()),
    "find_earlier": UseCase(
        Task.GET_FORM, lambda s: s.queries.find_earlier(WHOSE), perspective=Perspective.HOUSE
    ),
    "export_districts": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.export_districts()),
    "list_frameworks": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.list_frameworks()),
    "find_editions": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_editions()),
    "find_questionnaire": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_questionnaire()),
    "find_difference": _everywhere(
        Task.SEE_REGISTER, lambda s: s.queries.find_difference("politie/1.0", "politie/1.1")
    ),
    "find_words": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_words()),
    "find_met": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_met(["politie/1.0"])),
    "find_moved": UseCase(
        Task.SEE_SCORES,
        lambda s: s.queries.find_moved(
            THE_HOUSE, "politie/1.0", HOME / "questionnaires" / "politie" / "1.1.yaml"
        ),
    ),
    "find_country": _everywhere(Task.SEE_GROUPS, lambda s: s.queries.find_country(CLOSED, Perspective.HOUSE)),
    "compare_rounds": UseCase(Task.SEE_SCORES, lambda s: s.queries.compare_rounds(EARLIER, THE_HOUSE)),
    "find_trend": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_trend(s.everyone, HOUSE)),
    "find_agenda": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_agenda(OPEN, HOUSE)),
    "list_agendas": UseCase(
        Task.SEE_SCORES, lambda s: _shown(each.house.house_id for each in s.queries.list_agendas(OPEN, None))
    ),
    "find_inventory": _everywhere(
        Task.SEE_GROUPS, lambda s: s.queries.find_inventory(CLOSED, Perspective.HOUSE)
    ),
    "find_formulas": UseCase(Task.SEE_FORMULAS, lambda s: s.queries.find_formulas(HOUSE)),
    "list_formulas": UseCase(
        Task.SEE_FORMULAS, lambda s: _shown(each.house.house_id for each in s.queries.list_formulas())
    ),
    "find_formula": UseCase(Task.SEE_FORMULAS, lambda s: s.queries.find_formula(HOUSE, "er-is-niets")),
    "list_formula_versions": UseCase(
        Task.SEE_FORMULAS, lambda s: s.queries.list_formula_versions(HOUSE, "er-is-niets")
    ),
    "find_versions_of_house": UseCase(Task.SEE_FORMULAS, lambda s: s.queries.find_versions_of_house(HOUSE)),
    "find_formula_picture": UseCase(Task.SEE_FORMULAS, lambda s: s.queries.find_formula_picture(HOUSE)),
    "list_formula_starts": UseCase(
        Task.CHANGE_FORMULAS, lambda s: s.queries.list_formula_starts(HOUSE, "proef")
    ),
    "find_formula_texts": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_formula_texts()),
    "export_formulas": UseCase(Task.SEE_FORMULAS, lambda s: s.queries.export_formulas(HOUSE)),
    "export_formula_sheet": UseCase(Task.SEE_FORMULAS, lambda s: s.queries.export_formula_sheet(HOUSE)),
    "find_submission": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_submission(VERSION)),
    "find_submission with its texts": UseCase(Task.SEE_TEXT, _texts),
    "find_decisions": UseCase(Task.SEE_PLAN, lambda s: s.queries.find_decisions(s.everyone, [HOUSE])),
    "find_roadmap": UseCase(Task.SEE_PLAN, lambda s: s.queries.find_roadmap(THE_HOUSE)),
    "compare_what_if": UseCase(
        Task.SEE_PLAN, lambda s: s.queries.compare_what_if(s.planned, what_if.WhatIf())
    ),
    "find_transition": _everywhere(
        Task.SEE_GROUPS, lambda s: s.with_small_plans.find_transition(CLOSED, Perspective.HOUSE)
    ),
    "begin_transition": _everywhere(
        Task.SEE_GROUPS, lambda s: s.with_small_plans.begin_transition(CLOSED, Perspective.HOUSE)
    ),
    "list_baselines": UseCase(
        Task.SEE_PLAN, lambda s: s.queries.list_baselines(s.revision.house, Perspective.HOUSE)
    ),
    "find_adopted": UseCase(Task.SEE_PLAN, lambda s: s.queries.find_adopted(s.planned, HOUSE)),
    "follow_plan": UseCase(Task.SEE_PLAN, lambda s: s.queries.follow_plan(s.planned, HOUSE)),
    "list_versions": UseCase(
        Task.SEE_PROGRESS,
        lambda s: _shown(each.house_id for each in s.queries.list_versions(CLOSED).versions),
    ),
    "find_version": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_version(VERSION)),
    "find_form": UseCase(Task.GET_FORM, lambda s: s.queries.find_form(WHOSE)),
    "find_form of the police": UseCase(
        Task.GET_FORM,
        lambda s: s.queries.find_form(WHOSE._replace(perspective=Perspective.POLICE)),
        perspective=Perspective.POLICE,
    ),
    "find_house_plan": UseCase(Task.SEE_PLAN, lambda s: s.queries.find_house_plan(s.planned, HOUSE)),
    "list_house_plans": UseCase(Task.SEE_PLAN, lambda s: s.queries.list_house_plans(s.planned)),
    "find_nation": _everywhere(Task.SEE_GROUPS, lambda s: s.queries.find_nation(CLOSED, Perspective.HOUSE)),
    "find_joint_agenda": UseCase(
        Task.SEE_SCORES, lambda s: s.queries.find_joint_agenda(CLOSED, Perspective.HOUSE, HOUSE)
    ),
    "find_open_data": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_open_data(THE_HOUSE)),
    "find_delivery": UseCase(Task.SEE_PLAN, lambda s: s.queries.find_delivery(s.planned, HOUSE)),
    "list_deliveries": UseCase(Task.SEE_PLAN, lambda s: s.queries.list_deliveries(s.planned)),
    "find_file": UseCase(Task.SEE_TEXT, lambda s: s.queries.find_file(VERSION)),
    "compare_versions": UseCase(Task.SEE_SCORES, lambda s: s.queries.compare_versions(VERSION, VERSION)),
    "find_capacities": UseCase(
        Task.SEE_PLAN, lambda s: s.queries.find_capacities(HOUSE, None), perspective=Perspective.POLICE
    ),
    "list_register_houses": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.list_register_houses()),
    "list_register_rounds": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.list_register_rounds()),
    "describe_left_out": _everywhere(
        Task.SEE_REGISTER, lambda s: s.queries.describe_left_out(s.everyone.round)
    ),
    "get_house": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.get_house(HOUSE)),
    "export_houses": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.export_houses()),
    "verify_trail": _everywhere(Task.READ_AUDIT, lambda s: s.queries.verify_trail()),
    "write_trail": _everywhere(Task.READ_AUDIT, lambda s: next(s.queries.write_trail())),
    "find_old_records": _everywhere(Task.RETAIN, lambda s: s.queries.find_old_records()),
    "list_accounts": _everywhere(Task.MANAGE_ACCOUNTS, lambda s: s.queries.list_accounts()),
    "find_board": UseCase(Task.SEE_PROGRESS, _board),
    "make_reminders": UseCase(Task.SEE_PROGRESS, _reminders),
    "find_history": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_history(OPEN)),
    "find_whose": _everywhere(
        Task.SEE_REGISTER, lambda s: s.queries.find_whose(HOUSE, OPEN, Perspective.HOUSE)
    ),
    "find_drafts": UseCase(
        Task.SEE_PROGRESS, lambda s: _shown(each.whose.house_id for each in s.queries.find_drafts())
    ),
    "find_draft": UseCase(Task.SEE_CONCEPTS, lambda s: s.queries.find_draft(WHOSE)),
    "get_draft": UseCase(Task.SEE_CONCEPTS, lambda s: s.queries.get_draft(WHOSE)),
    "find_progress": UseCase(Task.SEE_CONCEPTS, lambda s: s.queries.find_progress(s.draft)),
    "find_settled": UseCase(Task.SEE_CONCEPTS, lambda s: s.queries.find_settled(WHOSE)),
    "find_pair": UseCase(Task.ADOPT, lambda s: s.queries.find_pair(OPEN, HOUSE)),
    "find_closing": _everywhere(Task.SEE_REGISTER, lambda s: s.queries.find_closing(s.everyone.round)),
    "find_current": UseCase(Task.SEE_SCORES, lambda s: s.queries.find_current(WHOSE)),
}
"""Every public method of `Queries`, by its name and what else is asked of it."""

EXEMPT = {
    "access.require": "is the check",
    "access.may": "is the check",
    "sign_in.recognise": "is signing in",
    "sign_in.is_signed_in": "asks whether signing in still holds",
    "sign_in.sign_in": "is signing in",
    "sign_in.sign_out": "ends what is one's own",
    "access.note_refusal": "tells that something was refused",
    "access.note_handed_out": "tells what was taken along, which was checked when it was made",
    "backup.find_last_restore": "a checksum, which tells nothing",
    "demo.adopt_some": "part of fill_demo, which checks",
    "demo.begin_drafts": "part of fill_demo, which checks",
    "demo.decide_some": "the same",
    "demo.make_formulas": "the same",
    "intake.find_refusal": "tells only whether a round is open, of the file that was given",
    "formulas.store_wishes": "what decide_formulas does in its transaction, with the check",
    "formula_files.read_formula_file": "tells only what stands in the file that was given",
    "formula_files.keep_given": "stores by store_wishes, which checks",
    "formula_files.take_formulas": "stores by decide_formulas, which checks",
    "changes.load_contents": "reads back what the people of a measurement stored",
    "workbook.take_over": "stores by change_lines, which checks",
    "intake.check_files": "as check_file, told per file; tested apart",
    "intake.hand_in_files": "as hand_in, told per file; tested apart",
    "receipts.make_receipt": "tells only of the file that was given",
    "receipts.make_receipts": "tells only of the files that were given",
    "round_scores.rescore": "scores again what Queries gave; Queries asks for the right before",
    "round_scores.score_round": "scores for everybody; Queries takes out what is not for a visitor",
    "round_scores.find_revision": "a checksum, which tells nothing",
    "versions.require_on": "is the check",
}
"""Public functions of `service` that need no task of their own, and why."""
