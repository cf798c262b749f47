"""The plan of a house as a calendar: an event for each deadline and each hand-over, known again by its id."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from assessment.model.decisions import PlanLine, Progress, find_line
from assessment.model.rules import ZONE
from assessment.model.scale import Actor
from assessment.model.wording import show_unseen
from assessment.tables.formats import format_day, format_with_capital
from assessment.tables.house_plan import HandOver, HousePlan, list_hand_overs
from assessment.tables.plans import describe_reasons
from assessment.tables.progress import format_span

_PRODUCT = "-//Kaderscan//Verbeterplan//NL"
_HAND_OVER = ".overdracht"
# Versions of an event count minutes from here, so that a newer file goes before an older.
_FIRST = datetime(2026, 1, 1, tzinfo=ZONE)


def write_calendar(plan: HousePlan, actor: Actor | None = None) -> bytes:
    """Write the deadlines and hand-overs of a plan as all-day events (iCalendar, RFC 5545).

    An event keeps its id in every later file, with a higher version; what is in the plan no more is cancelled
    there.

    Args:
        plan: what is planned.
        actor: whose events; without one, everybody's.
    """
    calendar = Calendar.new(
        prodid=_PRODUCT,
        uid=f"{plan.house.house_id}@kaderscan",
        name=show_unseen(f"{plan.texts.title} {plan.house.title}"),
        method="PUBLISH",
    )
    for event in _list_events(plan, actor):
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def has_dates(plan: HousePlan, actor: Actor | None = None) -> bool:
    """Whether there is anything to put in a calendar; one without an event is no calendar (RFC 5545, 3.6)."""
    return next(_list_events(plan, actor), None) is not None


def _list_events(plan: HousePlan, actor: Actor | None) -> Iterator[Event]:
    told = zip(
        plan.measures.to_dict("records"),
        describe_reasons(plan.measures, plan.begin, plan.questionnaire),
        strict=True,
    )
    for row, why in told:
        if actor in {None, row["actor"]}:
            yield _make_deadline(plan, row, why)
    for hand_over in list_hand_overs(plan):
        if actor in {None, hand_over.takes.actor, hand_over.stops.actor}:
            yield _make_hand_over(plan, hand_over)
    for measure_id, day in _list_gone(plan).items():
        if actor in {None, plan.questionnaire.measure[measure_id].actor}:
            yield from _cancel(plan, measure_id, day)


def _make_deadline(plan: HousePlan, row: Mapping[Hashable, Any], why: str) -> Event:
    line = find_line(plan.decisions, plan.house.house_id, row["measure_id"])
    measure, criterion = (
        plan.questionnaire.measure[row["measure_id"]],
        plan.questionnaire.criterion[row["criterion_id"]],
    )
    done = row["status"] == Progress.DONE.value
    day = line.done if done and line.done else line.due or (plan.begin + row["last"]).last_day
    quarters = format_span(plan.begin + row["first"], plan.begin + row["last"])
    lines = [
        f"Aan zet: {measure.actor.dutch}{f', {line.owner}' if line.owner else ''}",
        f"Voor {criterion.criterion_id} {criterion.title}",
        f"Gepland, als niets tegenzit: {quarters} ({why})",
        *_describe_agreed(line),
    ]
    summary = f"{'Gereed' if done else 'Klaar'}: {measure.title} ({measure.actor.value})"
    return _make_event(plan, measure.measure_id, day, summary, lines)


def _describe_agreed(line: PlanLine) -> Iterator[str]:
    if line.due:
        yield f"Afgesproken voor {format_day(line.due)}"
    if line.remark:
        yield line.remark


def _make_hand_over(plan: HousePlan, each: HandOver) -> Event:
    lines = [
        f"{format_with_capital(each.takes.actor.dutch)}: {each.takes.title} ({each.when_taken})",
        f"{format_with_capital(each.stops.actor.dutch)}: {each.stops.title} ({each.when_stopped})",
        *([] if each.done else ["Gepland, als niets tegenzit."]),
        "De politie stopt pas als een ander de taak heeft overgenomen.",
    ]
    title = plan.questionnaire.criterion[each.criterion_id].title
    return _make_event(
        plan, f"{each.stops.measure_id}{_HAND_OVER}", each.stopped.first_day, f"Overdracht: {title}", lines
    )


def _list_gone(plan: HousePlan) -> dict[str, date]:
    """What was in the plan that was adopted and is in this one no more, with the day that it had there."""
    adopted = plan.basis.adopted.agreed if plan.basis.adopted else ()
    days = {each.measure_id: each.last.last_day for each in adopted}
    days |= dict.fromkeys(plan.dropped["measure_id"], plan.begin.last_day)
    present = {*plan.measures["measure_id"]}
    known = plan.questionnaire.measure
    return {key: day for key, day in days.items() if key not in present and key in known}


def _cancel(plan: HousePlan, measure_id: str, day: date) -> Iterator[Event]:
    """Take a measure out of a calendar, and its hand-over where it was the one that lets go."""
    measure = plan.questionnaire.measure[measure_id]
    keys = [measure_id, f"{measure_id}{_HAND_OVER}"] if measure.lets_go_after else [measure_id]
    for key in keys:
        summary = f"Vervallen: {measure.title} ({measure.actor.value})"
        event = _make_event(plan, key, day, summary, ["Dit staat niet meer in het plan."])
        event.status = STATUS.CANCELLED
        yield event


def _describe_plan(plan: HousePlan) -> str:
    """From which plan an event is, for who finds it in a calendar months later."""
    made = f"{plan.texts.title} van {format_day(plan.basis.moment)}, op de antwoorden van {plan.round.title}."
    return f"{made} {plan.texts.invented}" if plan.house.invented else made


def _make_event(plan: HousePlan, key: str, day: date, summary: str, lines: Iterable[str]) -> Event:
    moment = plan.basis.moment if plan.basis.moment.tzinfo else plan.basis.moment.replace(tzinfo=ZONE)
    return Event.new(
        uid=f"{plan.house.house_id}.{key}@kaderscan",
        stamp=moment,
        last_modified=moment,
        sequence=int((moment - _FIRST) / timedelta(minutes=1)),
        start=day,
        end=day + timedelta(days=1),
        summary=show_unseen(f"{summary}, {plan.house.title}"),
        description=show_unseen("\n".join([*lines, _describe_plan(plan)])),
        status=STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
    )
