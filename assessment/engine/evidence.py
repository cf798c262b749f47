"""What safety formulas show beside the answers of a house: counted, and never a score.

Every count is of formulas that run; a formula that was stopped shows nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from assessment.engine.formulas import FrontShare, Lack, find_front_share, find_missing, find_running
from assessment.model.effort import PartyKind
from assessment.model.formula import Formula, FormulaStatus, Level


class Evidence(NamedTuple):
    """What formulas show beside the answer at a criterion: of how many formulas it holds, or a share.

    `kinds` are where parties come from; `front` is the share of effort at the front.
    """

    criterion_id: str
    shown: int
    formulas: int
    kinds: tuple[PartyKind, ...] = ()
    front: FrontShare | None = None


# Beyond the core: where S3 asks to look wider, as FOR-7 does.
BEYOND = (PartyKind.EDUCATION, PartyKind.CARE, PartyKind.WORK, PartyKind.WELFARE)
_PARTY_LACKS = {Lack.PARTIES, Lack.ROLE, Lack.AMOUNT, Lack.EFFORT_OWNER}


def find_evidence(formulas: Iterable[Formula]) -> tuple[Evidence, ...]:
    """What formulas that run show beside the answers at FOR-1, FOR-2, FOR-6 and FOR-7; none runs: nothing.

    FOR-1 counts formulas that say of each party its role and effort, FOR-2 those of which an outcome was
    measured, FOR-6 those of which the share at the front is known, FOR-7 those with parties beyond the core.
    """
    running = find_running(formulas)
    if not running:
        return ()
    total, counts = len(running), count_traits(running)
    sided = [each for each in running if any(one.hours for one in each.interventions)]
    present = {party.kind for each in running for party in each.party.values()}
    kinds = tuple(kind for kind in BEYOND if kind in present)
    return (
        Evidence("FOR-1", counts[Trait.TOLD], total),
        Evidence("FOR-2", counts[Trait.MEASURED], total),
        Evidence("FOR-6", len(sided), total, front=find_front_share(running)),
        Evidence("FOR-7", counts[Trait.WIDER], total, kinds),
    )


class Trait(StrEnum):
    """What can be so of a formula, to count of how many it is."""

    ADOPTED = "adopted"
    BOARD = "board"
    LOCAL = "local"
    PLANNED = "planned"
    TOLD = "told"
    WIDER = "wider"
    MEASURED = "measured"
    TARGET_GROUP = "target_group"
    MANDATE = "mandate"


def count_traits(formulas: Iterable[Formula]) -> dict[Trait, int]:
    """Of how many formulas each trait holds."""
    counted = list(formulas)
    return {trait: sum(map(holds, counted)) for trait, holds in _HOLDS.items()}


def _is_told(formula: Formula) -> bool:
    """Whether it says of each party its role and its effort."""
    return not any(each.lack in _PARTY_LACKS for each in find_missing(formula))


def _is_measured(formula: Formula) -> bool:
    return any(figure.readings for outcome in formula.outcomes for figure in outcome.indicators)


def _is_mandated(formula: Formula) -> bool:
    """Whether each of its parties has a mandate; of a formula without parties nothing is said."""
    return bool(formula.parties) and all(each.mandate.strip() for each in formula.parties)


_HOLDS: Mapping[Trait, Callable[[Formula], bool]] = {
    Trait.ADOPTED: lambda each: each.status is FormulaStatus.ADOPTED,
    Trait.BOARD: lambda each: "board" in each.directing.named,
    Trait.LOCAL: lambda each: each.level is Level.LOCAL,
    Trait.PLANNED: lambda each: None not in {each.start, each.review},
    Trait.TOLD: _is_told,
    Trait.WIDER: lambda each: any(party.kind in BEYOND for party in each.party.values()),
    Trait.MEASURED: _is_measured,
    Trait.TARGET_GROUP: lambda each: bool(each.target_group.strip()),
    Trait.MANDATE: _is_mandated,
}
