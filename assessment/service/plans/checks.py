"""What cannot be decided about a measure, whatever the rest of the plan: told in one line each."""

from collections.abc import Iterable, Iterator
from datetime import date

from assessment.engine.validation.persons import find_in_text
from assessment.errors import PersonalTextError, PlanError
from assessment.model.plan import Quarter
from assessment.model.plan_line import FIELD_WORDS, FREE_TEXTS, Decisions, PlanLine, Progress
from assessment.model.questionnaire import Questionnaire
from assessment.service.plans.basis import Basis
from assessment.tables.shown import show_day


def refuse_foreign(basis: Basis, decided: Decisions, lines: Iterable[PlanLine]) -> None:
    """Refuse measures that are not in the plan of their house, unless they were decided on before.

    Raises:
        PlanError: there is no such measure, or the house has nothing to do there.
    """
    told = [fault for line in lines for fault in _find_foreign(basis, decided, line)]
    if told:
        raise PlanError("\n".join(told))


def refuse_unsound(line: PlanLine, fields: Iterable[str], begin: Quarter, today: date) -> None:
    """Refuse what cannot be decided on this day.

    Args:
        line: as it would become.
        fields: what changes in it.
        begin: the first quarter of the plan.
        today: nothing is pinned before it, nothing was done after it.

    Raises:
        PlanError: one of the fields cannot be what it is.
    """
    told = [fault for field in fields for fault in _find_fault(line, field, begin, today)]
    if told:
        raise PlanError("\n".join(f"{line.measure_id}: {fault} Er is niets bewaard." for fault in told))


def find_personal(line: PlanLine, fields: Iterable[str]) -> tuple[str, ...]:
    """A line for each thing in these fields that may be about a citizen; the thing itself is not repeated."""
    return tuple(
        f"{line.measure_id}, {FIELD_WORDS[field]}: {issue.sentence}"
        for field in fields
        if field in FREE_TEXTS
        for issue in find_in_text(getattr(line, field))
    )


def refuse_personal(line: PlanLine, fields: Iterable[str]) -> None:
    """Refuse what may be about a citizen, until somebody says that it is not.

    Raises:
        PersonalTextError: it may be.
    """
    if told := find_personal(line, fields):
        raise PersonalTextError("\n".join(f"{each} Er is niets bewaard." for each in told))


def say_unknown(measure_id: str, questionnaire: Questionnaire) -> str:
    """Say that there is no such measure, and where the numbers are."""
    return (
        f"Maatregel '{measure_id}' staat niet in {questionnaire.name}. Zie de nummers in het plan: "
        "kaderscan plan show."
    )


def _find_foreign(basis: Basis, decided: Decisions, line: PlanLine) -> Iterator[str]:
    questionnaire, house = basis.standing.questionnaire, basis.standing.register.house[line.house_id]
    if line.measure_id not in questionnaire.measure:
        yield say_unknown(line.measure_id, questionnaire)
        return
    criterion_id = line.measure_id.partition(".")[0]
    mine = basis.gaps[basis.gaps["house_id"] == line.house_id]["criterion_id"]
    if criterion_id not in set(mine) and (line.house_id, line.measure_id) not in decided.line:
        yield (
            f"Maatregel {line.measure_id} hoort niet bij het plan van {house.title}: aan criterium "
            f"{criterion_id} is daar niets meer te doen."
        )


def _find_fault(line: PlanLine, field: str, begin: Quarter, today: date) -> Iterator[str]:
    match field:
        case "pinned" if line.pinned is not None:
            yield from _find_pin_fault(line, max(begin, Quarter.of(today)))
        case "started" | "done":
            day = getattr(line, field)
            if day is not None and day > today:
                yield f"{FIELD_WORDS[field]} {show_day(day)} kan niet: die dag komt nog."


def _find_pin_fault(line: PlanLine, earliest: Quarter) -> Iterator[str]:
    if line.progress is not Progress.PLANNED:
        yield f"is {line.progress.dutch} en kan niet worden vastgezet op een kwartaal."
    elif line.pinned is not None and line.pinned < earliest:
        yield f"vastzetten op {line.pinned} kan niet: dat is voorbij. Kies {earliest} of later."
