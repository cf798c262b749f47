"""Use cases: what was changed in the workbook of an improvement plan, shown and taken over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from assessment.engine.validation.edits import RowChange, find_changes
from assessment.errors import OtherVersionError, PlanError, UnknownHouseError
from assessment.model.access import Task
from assessment.model.decisions import Decisions, PlanLine, find_line
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.model.sheets import FORMAT, FilledPlan
from assessment.readers.plan_workbook import read_plan
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile
from assessment.service.lookup import find_default_round, find_house, find_round
from assessment.service.plans.baselines import identify_plan
from assessment.service.plans.decisions import (
    Changed,
    Edit,
    apply_edit,
    change_lines,
    find_personal,
)
from assessment.service.queries import Queries
from assessment.service.round_scores import RoundScores, score_round

_AGAIN = (
    "Download het verbeterplan opnieuw onder Routekaart en neem uw wijzigingen over. Er is niets bewaard."
)


@dataclass(frozen=True)
class Proposal:
    """A line that the file changes: as it is stored now, as it would become, and in which fields.

    `conflict` says that somebody else changed the line since the file was made; `personal` what in it may be
    about a citizen: who accepts the line says that it is not.
    """

    stored: PlanLine
    wanted: PlanLine
    fields: tuple[str, ...]
    conflict: bool
    personal: tuple[str, ...] = ()

    @property
    def is_calm(self) -> bool:
        """Whether it may be accepted without a look at it."""
        return not self.conflict and not self.personal


@dataclass(frozen=True)
class LoadedPlan:
    """What a file wants of the plan of a house; `faults` and `notes` are Dutch lines."""

    file_name: str
    house_id: str
    scores: RoundScores
    proposals: tuple[Proposal, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def conflicts(self) -> dict[str, bool]:
        """Whether somebody else was first, by measure."""
        return {each.wanted.measure_id: each.conflict for each in self.proposals}


def open_plan(installation: Installation, file: NamedFile, house_id: str | None, today: date) -> LoadedPlan:
    """Read a plan that came back and tell what it changes; nothing is stored.

    Args:
        installation: where the plan is.
        file: the workbook.
        house_id: the house that it should be of, or None for whatever house it says.
        today: the day of reading.

    Raises:
        NotAWorkbookError, UnsafeFileError, UnreadableFileError: the file cannot be read.
        UnknownHouseError, UnknownRoundError: it is of another house or a round that is not there.
        OtherVersionError: it was made for other versions, an earlier round, or before a plan was adopted.
        NotAllowedError: the visitor may not change the plan of the house.
    """
    if file.error is not None:
        raise file.error
    filled = installation.reader_pool.submit(
        file.name, read_plan, file.content, file.name, whose=installation.whose
    ).result()
    scores = _find_scores(installation, filled, file.name, house_id, today)
    own_id = filled.identity.house_id
    found = find_changes(filled)
    decisions = Queries(installation, installation.visitor).find_decisions(scores, [own_id])
    proposals, unsound = _propose_all(decisions, own_id, found.changes)
    notes = tuple(f"{place}: een eigen aantekening; die is niet overgenomen." for place in filled.notes)
    return LoadedPlan(file.name, own_id, scores, proposals, (*found.faults, *unsound), notes)


def take_over(
    installation: Installation, loaded: LoadedPlan, accepted: Collection[str], now: datetime
) -> tuple[Changed, ...]:
    """Store the lines of a plan that came back that somebody accepted, all or nothing.

    Args:
        installation: where the plan is.
        loaded: what was shown.
        accepted: the measures whose lines to take over; one in conflict is then overwritten knowingly.
        now: the moment of accepting.

    Raises:
        PlanError: the file changes no such line, or the plan cannot be made with these.
        ConflictError: a line was changed again since it was shown.
    """
    wanted = {each.wanted.measure_id: each for each in loaded.proposals}
    unknown = [measure_id for measure_id in accepted if measure_id not in wanted]
    if unknown:
        raise PlanError(
            f"{loaded.file_name} wijzigt niets dat kan worden overgenomen bij {', '.join(unknown)}. "
            f"Wel bij: {', '.join(wanted) or 'geen enkele maatregel'}. Er is niets bewaard."
        )
    edits = [_make_edit(wanted[measure_id]) for measure_id in accepted]
    return change_lines(installation, loaded.scores, edits, now) if edits else ()


def _make_edit(proposal: Proposal) -> Edit:
    line = proposal.wanted
    changes = {field: getattr(line, field) for field in proposal.fields}
    return Edit(line.house_id, line.measure_id, changes, proposal.stored.version, bool(proposal.personal))


def _propose_all(
    decisions: Decisions, house_id: str, changes: Iterable[RowChange]
) -> tuple[tuple[Proposal, ...], list[str]]:
    """What each row would change, and the rows that no line can be."""
    proposals, unsound = [], []
    for change in changes:
        try:
            proposals.append(_propose(decisions, house_id, change))
        except PlanError as error:
            unsound.append(str(error))
    return tuple(each for each in proposals if each.fields), unsound


def _propose(decisions: Decisions, house_id: str, change: RowChange) -> Proposal:
    stored = find_line(decisions, house_id, change.measure_id)
    wanted = apply_edit(stored, Edit(house_id, change.measure_id, change.changes))
    fields = wanted.differs_from(stored)
    return Proposal(stored, wanted, fields, stored.version != change.version, find_personal(wanted, fields))


def _find_scores(
    installation: Installation, filled: FilledPlan, name: str, house_id: str | None, today: date
) -> RoundScores:
    """Where the house of a file stands, once the file is known to be of the plan as it is now."""
    identity = filled.identity
    if identity.format != FORMAT or not identity.house_id or not filled.base:
        raise OtherVersionError(f"{name}: gemaakt met een andere versie van Kaderscan. {_AGAIN}")
    register = installation.register()
    if house_id not in {None, identity.house_id}:
        theirs, ours = (_name_house(register, key) for key in (identity.house_id, str(house_id)))
        raise UnknownHouseError(
            f"{name}: dit is het plan van {theirs}, niet van {ours}. Kies dat huis, of een ander bestand. "
            "Er is niets bewaard."
        )
    round_ = find_round(register, identity.round_id)
    require(installation, Task.PLAN, find_house(register, round_, identity.house_id))
    newest = find_default_round(register, today)
    if round_ != newest:
        raise OtherVersionError(
            f"{name}: dit plan rust op {round_.title}, en nu geldt {newest.title}. {_AGAIN}"
        )
    scores = score_round(installation, round_.round_id, Perspective(identity.perspective), today)
    _refuse_other_plan(installation, scores, filled, name)
    return scores


def _name_house(register: Register, house_id: str) -> str:
    known = register.house.get(house_id)
    return known.title if known else f"'{house_id}'"


def _refuse_other_plan(
    installation: Installation, scores: RoundScores, filled: FilledPlan, name: str
) -> None:
    theirs = filled.identity
    with installation.store.reading() as session:
        ours = identify_plan(session, scores, theirs.house_id)
    if (theirs.frameworks, theirs.sha256) != (ours.frameworks, ours.sha256):
        raise OtherVersionError(
            f"{name}: gemaakt voor {theirs.frameworks or 'een andere vragenlijst'}, niet voor "
            f"{ours.frameworks} zoals die nu geldt. {_AGAIN}"
        )
    if theirs.baseline != ours.baseline:
        raise OtherVersionError(
            f"{name}: te oud, want sinds dit bestand is gemaakt is plan {ours.baseline} vastgesteld. {_AGAIN}"
        )
