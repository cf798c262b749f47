"""Safety formulas for reading: what is missing, who puts in what, what is asked too much, what contradicts.

Every table is a frame with Dutch headings; every `describe_` a sentence.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from assessment.engine.clashes import Clash, Contradiction
from assessment.engine.evidence import Evidence
from assessment.engine.formulas import FrontShare, Load, Review, Share, find_missing
from assessment.model.effort import Amount, Intervention, Party
from assessment.model.formula import (
    FORMULA_FIELDS,
    PART_WORDS,
    Directing,
    Formula,
    Indicator,
    KeptFormula,
    Outcome,
)
from assessment.model.register import Register
from assessment.model.scale import Worded
from assessment.tables.formats import (
    NOTHING,
    format_counted,
    format_day,
    format_moment,
    format_number,
    format_range,
    join_words,
)

NOBODY = "geen partij"


def format_hours(hours: float | None) -> str:
    """Hours a year as a whole number; a dash where nobody said."""
    return NOTHING if hours is None else f"{format_number(round(hours))} uur per jaar"


def _count_hours(hours: float) -> str:
    return f"{format_number(round(hours))} uur"


def format_figure(number: float | None) -> str:
    """A figure as it was typed, with a comma for its decimals; a dash where there is none."""
    return NOTHING if number is None else format_number(number)


def format_amount(amount: Amount | None) -> str:
    """An amount in the unit in which it was typed, with the hours a year that it is."""
    if amount is None:
        return NOTHING
    typed = f"{format_figure(amount.number)} {amount.unit.dutch}"
    return typed if amount.unit.hours == 1 else f"{typed} ({format_hours(amount.hours)})"


def format_field(value: object) -> str:
    """What a field of a formula holds, in one line."""
    match value:
        case tuple():
            return "; ".join(map(_format_part, value)) or NOTHING
        case Directing():
            named = (f"{PART_WORDS[name]}: {who}" for name, who in value.named.items())
            return "; ".join(named) or NOTHING
        case Worded():
            return value.dutch
        case date():
            return format_day(value)
        case bool():
            return "ja" if value else "nee"
        case _:
            return str(value or NOTHING)


def _format_part(part: object) -> str:
    match part:
        case Party():
            told = [
                part.kind.dutch,
                part.role,
                part.effort,
                format_amount(part.amount),
                part.means,
                part.mandate,
            ]
            return f"{part.name or NOBODY} ({', '.join(text for text in told if text and text != NOTHING)})"
        case Intervention():
            return f"{part.what} ({part.side.dutch}, {part.party or NOBODY}, {format_amount(part.amount)})"
        case Outcome():
            return f"{part.what}: {', '.join(map(_format_part, part.indicators)) or 'geen indicator'}"
        case Indicator():
            target = f"van {format_figure(part.baseline)} naar {format_figure(part.target)} {part.unit}"
            due = f" op {format_day(part.due)}" if part.due else ""
            read = f", {format_counted(len(part.readings), 'meting')}" if part.readings else ""
            return f"{part.name} ({target}{due}{read})"
        case _:
            return str(part)


def list_facts(formula: Formula, fields: Iterable[str]) -> pd.DataFrame:
    """What some fields of a formula hold, a row each."""
    rows = [(FORMULA_FIELDS[field], format_field(getattr(formula, field))) for field in fields]
    return pd.DataFrame(rows, columns=["Wat", "Staat er"])


def list_formulas(formulas: Iterable[KeptFormula], register: Register) -> pd.DataFrame:
    """Formulas for reading, with how many things each still lacks."""
    rows = [
        (
            register.house[each.house_id].short_title,
            each.formula_id,
            each.title,
            each.municipality or NOTHING,
            each.theme or NOTHING,
            each.level.dutch if each.level else NOTHING,
            each.status.dutch,
            _count_missing(each),
            format_moment(changed),
        )
        for each, changed, _ in formulas
    ]
    columns = [
        "Huis",
        "Nr.",
        "Formule",
        "Gemeente",
        "Vraagstuk",
        "Niveau",
        "Status",
        "Ontbreekt",
        "Gewijzigd",
    ]
    return pd.DataFrame(rows, columns=columns)


def _count_missing(formula: Formula) -> str:
    missing = len(find_missing(formula))
    return format_counted(missing, "ding") if missing else "niets"


def list_missing(formulas: Iterable[Formula]) -> pd.DataFrame:
    """Everything that formulas lack, a row each."""
    rows = [(each.title, str(missing)) for each in formulas for missing in find_missing(each)]
    return pd.DataFrame(rows, columns=["Formule", "Wat ontbreekt"])


def describe_missing(formula: Formula) -> str:
    """Say in one text what a formula lacks; empty where it is complete."""
    return " ".join(map(str, find_missing(formula)))


def list_parties(formula: Formula) -> pd.DataFrame:
    """Who puts in what at one formula."""
    rows = [
        (
            each.name or NOBODY,
            each.kind.dutch,
            each.role or NOTHING,
            each.effort or NOTHING,
            format_amount(each.amount),
            each.means or NOTHING,
            each.mandate or NOTHING,
        )
        for each in formula.parties
    ]
    return pd.DataFrame(rows, columns=["Partij", "Soort", "Rol", "Inzet", "Hoeveel", "Middelen", "Mandaat"])


def list_interventions(formula: Formula) -> pd.DataFrame:
    """What is done at the front and at the back, the front first."""
    ordered = sorted(formula.interventions, key=lambda each: each.side.value, reverse=True)
    rows = [
        (each.side.dutch, each.what, each.party or NOBODY, format_amount(each.amount)) for each in ordered
    ]
    return pd.DataFrame(rows, columns=["Kant", "Interventie", "Partij", "Hoeveel"])


def list_figures(formula: Formula) -> pd.DataFrame:
    """Outcomes with their indicators, and after them the counts, each with what was measured last."""
    pairs = [(outcome.what, each) for outcome in formula.outcomes for each in outcome.indicators]
    pairs += [("aantal", each) for each in formula.counts]
    rows = [(effect, *_tell_figure(each)) for effect, each in pairs]
    rows += [(each.what, *[NOTHING] * 6) for each in formula.outcomes if not each.indicators]
    columns = ["Effect", "Cijfer", "Eenheid", "Begin", "Streven", "Op", "Laatst gemeten"]
    return pd.DataFrame(rows, columns=columns)


def _tell_figure(figure: Indicator) -> tuple[str, ...]:
    newest = max(figure.readings, key=lambda each: each.day, default=None)
    measured = f"{format_figure(newest.value)} op {format_day(newest.day)}" if newest else NOTHING
    due = format_day(figure.due) if figure.due else NOTHING
    numbers = (format_figure(figure.baseline), format_figure(figure.target))
    return figure.name, figure.unit, *numbers, due, measured


def list_matrix(shares: Sequence[Share], register: Register | None = None) -> pd.DataFrame:
    """Issues by parties: in each cell what a party puts in, empty where it does nothing.

    A row per formula, a column per party by name, and last what nobody owns, where there is such a thing;
    with a register the house of each comes first.
    """
    names = {each.party_key: each.party for each in reversed(shares)}
    keys = sorted(names, key=lambda key: (not key, names[key].casefold()))
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for each in shares:
        row = cells.setdefault((each.house_id, each.formula_id, each.theme), {})
        told = ", ".join(filter(None, [each.role, "" if each.hours is None else format_hours(each.hours)]))
        row[each.party_key] = "; ".join(filter(None, [row.get(each.party_key), told or "doet mee"]))
    rows = [[theme, *(row.get(key, "") for key in keys)] for (_, _, theme), row in cells.items()]
    table = pd.DataFrame(rows, columns=["Vraagstuk", *(names[key] or NOBODY for key in keys)])
    return _add_houses(table, [house_id for house_id, _, _ in cells], register)


def _add_houses(table: pd.DataFrame, house_ids: Sequence[str], register: Register | None) -> pd.DataFrame:
    """The same with the house of each row in front, where there is a register to name it."""
    if register is not None:
        table.insert(0, "Huis", [register.house[each].short_title for each in house_ids])
    return table


def list_loads(loads: Sequence[Load], register: Register | None = None) -> pd.DataFrame:
    """What is asked of each party in a year beside what it has; with a register the house comes first."""
    rows = [
        (
            each.party,
            each.year,
            format_hours(each.adopted),
            format_hours(each.drafts),
            format_hours(each.available),
            describe_excess(each) or NOTHING,
        )
        for each in loads
    ]
    columns = ["Partij", "Jaar", "Vastgesteld", "In concepten", "Heeft", "Let op"]
    return _add_houses(pd.DataFrame(rows, columns=columns), [each.house_id for each in loads], register)


def describe_excess(load: Load) -> str:
    """Say by how much a party is asked more than it has, where, and the remedy; or what is not known."""
    if load.excess:
        where = join_words(load.formula_ids)
        return (
            f"Van {load.party} wordt in {load.year} {_count_hours(load.asked)} gevraagd: "
            f"{_count_hours(load.excess)} meer dan de {_count_hours(load.available or 0)} die er zijn. Vraag "
            f"minder bij {where}, of leg vast dat {load.party} meer heeft."
        )
    if load.unknown:
        return f"Bij {format_counted(load.unknown, 'formule')} staat niet hoeveel {load.party} inzet."
    return ""


def list_contradictions(found: Iterable[Contradiction], register: Register) -> pd.DataFrame:
    """Where formulas overlap and contradict each other, a row each."""
    rows = [
        (
            _name_formula(each.one, register),
            _name_formula(each.other, register),
            describe_contradiction(each),
        )
        for each in found
    ]
    return pd.DataFrame(rows, columns=["Formule", "En formule", "Wat er is"])


def describe_contradiction(found: Contradiction) -> str:
    """Say what two formulas have in common, or where they say other things."""
    both = f"de een '{found.first}', de ander '{found.second}'"
    match found.clash:
        case Clash.OVERLAP:
            return f"Zelfde vraagstuk en doelgroep: {found.one.theme}, {found.one.target_group}."
        case Clash.LEVEL:
            return f"Een ander niveau leidt: {both}."
        case Clash.ROLE:
            return f"{found.about} heeft een andere rol: {both}."
        case Clash.DIRECTING:
            return f"De regie op {found.about} ligt bij een ander: {both}."
        case _:
            return f"{found.about} moet {found.first} in de een en {found.second} in de ander."


def _name_formula(formula: Formula, register: Register) -> str:
    house = register.house[formula.house_id].short_title
    return f"{formula.title} ({', '.join(filter(None, [house, formula.municipality]))})"


def describe_front(front: FrontShare) -> str:
    """Say which share of the effort goes to the front."""
    if front.low is None or front.high is None:
        return "Hoeveel inzet naar de voorkant gaat, is niet bekend: nergens staan uren."
    return (
        f"Van {format_hours(front.hours)} gaat {format_range(front.low, front.high)} naar de voorkant, voor "
        "zover bekend is waar de uren heen gaan."
    )


def describe_review(review: Review) -> str:
    """Say on which day a formula is to be reviewed, or should have been."""
    day = format_day(review.day)
    if review.days < 0:
        return f"Stel formule '{review.formula.title}' bij: dat had op {day} gemoeten."
    return f"Stel formule '{review.formula.title}' bij, op {day}."


def describe_evidence(evidence: Evidence) -> str:
    """Say what formulas show beside the answer at a criterion, never in its place."""
    of = f"{evidence.shown} van {format_counted(evidence.formulas, 'formule')}"
    match evidence.criterion_id:
        case "FOR-1":
            return f"Bij {of} staat van elke partij de rol en de inzet vast."
        case "FOR-2":
            return f"Bij {of} is een effect gemeten."
        case "FOR-6":
            return describe_front(evidence.front) if evidence.front else ""
        case _:
            kinds = [kind.dutch for kind in evidence.kinds]
            wider = f": {join_words(kinds)}" if kinds else ""
            return f"Bij {of} doen partijen mee van buiten de kern{wider}."
