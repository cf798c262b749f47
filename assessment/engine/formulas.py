"""What follows from safety formulas: what is missing, who puts in what, what goes to the front.

Nothing here is a score: a formula is evidence beside an answer, never in its place.

Rules:
- *Missing*: a formula is complete when `find_missing` finds nothing. A draft may lack anything.
- *Load*: effort counts in hours a year, as a yearly rate, from the year of its start on (from any year where
  no start is known) until the formula is stopped. What drafts ask stands apart.
- *Share at the front*: hours of interventions at the front of all hours. Hours that no intervention accounts
  for may be either: they widen the range, as an unknown answer does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from assessment.model.effort import Intervention, PartyCapacity, PartyKind, Side
from assessment.model.formula import Formula, FormulaStatus, Indicator
from assessment.model.scale import Worded

# Hours are typed with decimals at most; less than this between two sums is rounding.
_ROUNDING = 0.01
# A review is shown so long before its day.
SOON = timedelta(days=60)


class Lack(Worded):
    """What a formula lacks, as a sentence that may name what it is about."""

    THEME = "theme", "Het vraagstuk staat er niet bij."
    LEVEL = "level", "Het niveau dat leidt (lokaal, regionaal of landelijk) is niet gekozen."
    TARGET_GROUP = "target_group", "De doelgroep staat er niet bij."
    PROBLEM = "problem", "Het probleem staat er nog niet in één zin."
    PARTIES = "parties", "Er is nog geen partij die iets inzet."
    ROLE = "role", "De rol van {about} staat er niet bij."
    AMOUNT = "amount", "Hoeveel {about} inzet, in uren of fte, staat er niet bij."
    EFFORT_OWNER = "effort_owner", "Inzet waar geen partij bij staat: {about}."
    INTERVENTION_OWNER = "intervention_owner", "Van interventie '{about}' is geen partij eigenaar."
    STRANGE_OWNER = "strange_owner", "{about} is eigenaar van een interventie en staat niet bij de partijen."
    TOO_MUCH = "too_much", "De interventies van {about} vragen samen meer uren dan die partij inzet."
    OUTCOME = "outcome", "Er staat geen maatschappelijk effect (outcome) in."
    INDICATOR = "indicator", "Bij het effect '{about}' staat geen indicator."
    FIGURE = "figure", "Van indicator '{about}' ontbreekt de beginwaarde, het streven, de datum of de bron."
    DIRECTING = "directing", "Niemand heeft de regie: bestuurlijk, op het proces of op de casus."
    START = "start", "De startdatum staat er niet bij."
    REVIEW = "review", "De datum van bijstellen staat er niet bij."


class Missing(NamedTuple):
    """One thing that a formula lacks; `about` names the party, intervention or figure, if it is about one."""

    lack: Lack
    about: str = ""

    def __str__(self) -> str:
        """The sentence that a user reads."""
        return self.lack.dutch.format(about=self.about)


def find_missing(formula: Formula) -> tuple[Missing, ...]:
    """Everything that a formula lacks, in the order in which it is filled in; nothing: it is complete."""
    found = (
        *_find_empty(formula),
        *_find_without_party(formula),
        *_find_without_outcome(formula),
        *_find_without_end(formula),
    )
    return tuple(dict.fromkeys(found))


def _find_empty(formula: Formula) -> Iterator[Missing]:
    texts = {
        Lack.THEME: formula.theme,
        Lack.LEVEL: formula.level or "",
        Lack.TARGET_GROUP: formula.target_group,
        Lack.PROBLEM: formula.problem,
    }
    yield from (Missing(lack) for lack, text in texts.items() if not text.strip())


def _find_without_party(formula: Formula) -> Iterator[Missing]:
    if not formula.party:
        yield Missing(Lack.PARTIES)
    for party in formula.parties:
        if not party.key:
            yield Missing(Lack.EFFORT_OWNER, party.effort or party.role or f"{party.hours:g} uur per jaar")
            continue
        if not party.role.strip():
            yield Missing(Lack.ROLE, party.name)
        if party.amount is None:
            yield Missing(Lack.AMOUNT, party.name)
    yield from _find_unowned(formula)


def _find_unowned(formula: Formula) -> Iterator[Missing]:
    asked: dict[str, float] = defaultdict(float)
    for each in formula.interventions:
        if not each.party_key:
            yield Missing(Lack.INTERVENTION_OWNER, each.what)
        elif each.party_key not in formula.party:
            yield Missing(Lack.STRANGE_OWNER, each.party)
        asked[each.party_key] += each.hours
    for key, party in formula.party.items():
        if party.amount is not None and asked[key] > party.hours + _ROUNDING:
            yield Missing(Lack.TOO_MUCH, party.name)


def _find_without_outcome(formula: Formula) -> Iterator[Missing]:
    if not formula.outcomes:
        yield Missing(Lack.OUTCOME)
    for outcome in formula.outcomes:
        if not outcome.indicators:
            yield Missing(Lack.INDICATOR, outcome.what)
        yield from (Missing(Lack.FIGURE, each.name) for each in outcome.indicators if _is_half(each))


def _is_half(figure: Indicator) -> bool:
    return None in {figure.baseline, figure.target, figure.due} or not figure.source.strip()


def _find_without_end(formula: Formula) -> Iterator[Missing]:
    if not formula.directing.named:
        yield Missing(Lack.DIRECTING)
    if formula.start is None:
        yield Missing(Lack.START)
    if formula.review is None:
        yield Missing(Lack.REVIEW)


class Share(NamedTuple):
    """What a party puts in at one formula; `party_key` is empty where nobody owns it."""

    house_id: str
    formula_id: str
    theme: str
    party_key: str
    party: str
    kind: PartyKind
    role: str
    hours: float | None


def list_shares(formulas: Iterable[Formula]) -> tuple[Share, ...]:
    """Who puts in what at each formula, as the matrix of issues by parties holds it.

    What no party owns comes as a share without a party, also of an intervention; hours are None where nobody
    said how many.
    """
    return tuple(share for formula in formulas for share in _list_shares(formula))


def _list_shares(formula: Formula) -> Iterator[Share]:
    place = (formula.house_id, formula.formula_id, formula.theme or formula.title)
    for party in formula.parties:
        hours = party.amount.hours if party.amount else None
        yield Share(*place, party.key, party.name, party.kind, party.role or party.effort, hours)
    for each in formula.interventions:
        if each.party_key not in formula.party:
            hours = each.amount.hours if each.amount else None
            yield Share(*place, each.party_key, each.party, PartyKind.OTHER, each.what, hours)


def find_running(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """The formulas that were not stopped."""
    return tuple(each for each in formulas if each.runs)


def find_unserved(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """The formulas at which nobody puts in anything."""
    return tuple(formula for formula in formulas if not formula.party)


class Load(NamedTuple):
    """What all formulas of a house ask of a party in a year, beside what it has; all in hours a year.

    `adopted` and `drafts` come together to `asked`. `unknown` counts the formulas that do not say how much;
    `available` is None where nobody said what the party has.
    """

    house_id: str
    party_key: str
    party: str
    year: int
    adopted: float
    drafts: float
    unknown: int
    available: float | None
    formula_ids: tuple[str, ...]

    @property
    def asked(self) -> float:
        """What is asked in all."""
        return self.adopted + self.drafts

    @property
    def excess(self) -> float:
        """How many hours more than the party has; 0 where it has enough, or where that is not known."""
        if self.available is None or self.asked <= self.available + _ROUNDING:
            return 0
        return self.asked - self.available


def sum_loads(
    formulas: Iterable[Formula], capacities: Iterable[PartyCapacity], year: int
) -> tuple[Load, ...]:
    """What is asked of each party in a year beside what it has, by house and party.

    A party that has capacity and is asked nothing is there too.
    """
    running = [each for each in formulas if _runs_in(each, year)]
    available = {(each.house_id, each.key): each for each in capacities if each.year == year and each.amount}
    names = {(each.house_id, key): party.name for each in running for key, party in each.party.items()}
    names |= {place: each.party for place, each in available.items() if place not in names}
    asked = _group_by_party(running)
    return tuple(
        _sum_load(place, names[place], year, asked.get(place, ()), available.get(place))
        for place in sorted(names)
    )


def _runs_in(formula: Formula, year: int) -> bool:
    return formula.runs and (formula.start is None or formula.start.year <= year)


def _group_by_party(formulas: Iterable[Formula]) -> Mapping[tuple[str, str], Sequence[Formula]]:
    found: dict[tuple[str, str], list[Formula]] = defaultdict(list)
    for formula in formulas:
        for key in formula.party:
            found[formula.house_id, key].append(formula)
    return found


def _sum_load(
    place: tuple[str, str],
    name: str,
    year: int,
    formulas: Sequence[Formula],
    capacity: PartyCapacity | None,
) -> Load:
    house_id, key = place
    adopted = [each for each in formulas if each.status is FormulaStatus.ADOPTED]
    drafts = [each for each in formulas if each.status is FormulaStatus.DRAFT]
    return Load(
        house_id=house_id,
        party_key=key,
        party=name,
        year=year,
        adopted=sum(each.party[key].hours for each in adopted),
        drafts=sum(each.party[key].hours for each in drafts),
        unknown=sum(each.party[key].amount is None for each in formulas),
        available=capacity.amount.hours if capacity and capacity.amount else None,
        formula_ids=tuple(each.formula_id for each in formulas),
    )


class FrontShare(NamedTuple):
    """Which share of the effort goes to the front, as a range in [0, 1]; None where no effort is known."""

    low: float | None
    high: float | None
    hours: float


def find_front_share(formulas: Iterable[Formula]) -> FrontShare:
    """The share of effort at the front of formulas that run.

    Hours of a party that none of its interventions accounts for may go to the front or to the back.
    """
    running = find_running(formulas)
    front = sum(_sum_side(each.interventions, Side.FRONT) for each in running)
    back = sum(_sum_side(each.interventions, Side.BACK) for each in running)
    total = front + back + (rest := sum(map(_sum_unassigned, running)))
    if not total:
        return FrontShare(None, None, 0)
    return FrontShare(front / total, (front + rest) / total, total)


def _sum_side(interventions: Iterable[Intervention], side: Side) -> float:
    return sum(each.hours for each in interventions if each.side is side)


def _sum_unassigned(formula: Formula) -> float:
    """The hours of parties, and of nobody, that no intervention accounts for."""
    rest: dict[str, float] = defaultdict(float)
    for party in formula.parties:
        rest[party.key] += party.hours
    for each in formula.interventions:
        rest[each.party_key] -= each.hours
    return sum(hours for hours in rest.values() if hours > 0)


class Review(NamedTuple):
    """A formula that is to be reviewed; `days` counts from today and is negative where the day is past."""

    formula: Formula
    day: date
    days: int


def find_reviews(formulas: Iterable[Formula], today: date) -> tuple[Review, ...]:
    """The reviews that are due within sixty days or should have been, the longest waiting first."""
    due = (
        Review(each, each.review, (each.review - today).days)
        for each in find_running(formulas)
        if each.review and each.review <= today + SOON
    )
    return tuple(sorted(due, key=lambda each: (each.day, each.formula.house_id, each.formula.formula_id)))
