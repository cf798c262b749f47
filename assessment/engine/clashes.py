"""Where safety formulas overlap, and where they contradict each other.

Two formulas that run and have theme and target group in common overlap, where they are of one house or of
two houses in one police unit. They contradict each other where another level leads; where one party has two
roles; where the same figure has to go up in one and down in the other; and, within one house, where somebody
else directs the process or the casus. Each municipality has its own mayor, and each house its own process,
so that is none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from assessment.model.formula import Formula, Indicator
from assessment.model.scale import Worded


class Clash(Worded):
    """Why two formulas do not go together, or do the same twice."""

    OVERLAP = "overlap", "zelfde vraagstuk en doelgroep"
    LEVEL = "level", "een ander niveau leidt"
    ROLE = "role", "een andere rol voor dezelfde partij"
    DIRECTING = "directing", "een ander heeft de regie"
    TARGET = "target", "hetzelfde cijfer moet omhoog en omlaag"


class Contradiction(NamedTuple):
    """Two formulas that touch; `about` names the party or figure, `first` and `second` what each says."""

    clash: Clash
    one: Formula
    other: Formula
    about: str = ""
    first: str = ""
    second: str = ""


def find_contradictions(formulas: Iterable[Formula], unit_of: Mapping[str, str]) -> tuple[Contradiction, ...]:
    """Where formulas overlap and where they contradict each other, as the rules above say.

    Args:
        formulas: of any houses; of one house those of its municipalities.
        unit_of: the police unit of each house.

    Returns:
        Of each pair first that they overlap, then each contradiction; by house and id.
    """
    by_issue: dict[tuple[str, str, str], list[Formula]] = defaultdict(list)
    for formula in sorted(formulas, key=lambda each: (each.house_id, each.formula_id)):
        if all(formula.issue_key) and formula.runs:
            by_issue[unit_of[formula.house_id], *formula.issue_key].append(formula)
    pairs = (pair for alike in by_issue.values() for pair in combinations(alike, 2))
    return tuple(found for pair in pairs for found in _compare(*pair))


def _compare(one: Formula, other: Formula) -> Iterator[Contradiction]:
    yield Contradiction(Clash.OVERLAP, one, other)
    if one.level and other.level and one.level is not other.level:
        yield Contradiction(Clash.LEVEL, one, other, "", one.level.dutch, other.level.dutch)
    yield from _compare_roles(one, other)
    if one.house_id == other.house_id:
        yield from _compare_directing(one, other)
    yield from _compare_targets(one, other)


def _compare_roles(one: Formula, other: Formula) -> Iterator[Contradiction]:
    for key, party in one.party.items():
        theirs = other.party.get(key)
        if theirs and _differ(party.role, theirs.role):
            yield Contradiction(Clash.ROLE, one, other, party.name, party.role, theirs.role)


def _compare_directing(one: Formula, other: Formula) -> Iterator[Contradiction]:
    sides = {"proces": (one.directing.process, other.directing.process)}
    sides |= {"casus": (one.directing.casus, other.directing.casus)}
    for about, (first, second) in sides.items():
        if _differ(first, second):
            yield Contradiction(Clash.DIRECTING, one, other, about, first, second)


def _compare_targets(one: Formula, other: Formula) -> Iterator[Contradiction]:
    theirs = {each.key: each for each in other.indicators}
    for figure in one.indicators:
        way, back = _find_way(figure), _find_way(theirs.get(figure.key))
        if way * back < 0:
            words = {1: "omhoog", -1: "omlaag"}
            yield Contradiction(Clash.TARGET, one, other, figure.name, words[way], words[back])


def _find_way(figure: Indicator | None) -> int:
    """Whether a figure has to go up (1) or down (-1); 0 where that is not known, or where it has to stay."""
    if figure is None or figure.baseline is None or figure.target is None:
        return 0
    return (figure.target > figure.baseline) - (figure.target < figure.baseline)


def _differ(first: str, second: str) -> bool:
    """Whether two texts say other things; what is empty says nothing."""
    ours, theirs = first.casefold().split(), second.casefold().split()
    return bool(ours and theirs) and ours != theirs
