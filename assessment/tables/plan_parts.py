"""The tables and the Gantt in the document of a plan, made of the same tables for reading as the pages."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import starmap, zip_longest

import pandas as pd

from assessment.model.answers import Answer as Given
from assessment.model.answers import Submission, list_answers
from assessment.model.decisions import Progress, find_line
from assessment.model.document import Answer as Shown
from assessment.model.document import Bar, Cell, Curve, Gantt, Lane, Part, Table
from assessment.model.framework import cited_keys
from assessment.model.plan import Quarter
from assessment.model.question import Question
from assessment.model.scale import Actor, Kind, Verdict
from assessment.model.texts import PartTexts
from assessment.tables.decisions import describe_capacity, find_numbers
from assessment.tables.forecasts import describe_estimating, find_when
from assessment.tables.formats import (
    NOTHING,
    OF_VERDICTS,
    describe_whose,
    format_day,
    format_moment,
    format_with_capital,
    name_actors,
)
from assessment.tables.frameworks import name_sources
from assessment.tables.groups import find_due, find_due_quarter, find_now, group_by_actor
from assessment.tables.house_plan import HandOver, HousePlan
from assessment.tables.houses import (
    explain_steps,
    list_actions,
    name_who_fills_in,
    sort_steps,
)
from assessment.tables.plans import (
    NAMED,
    describe_best,
    list_dropped,
    list_gaps,
    list_hold_ups,
    list_measures,
    sort_measures,
    write_reasons,
)
from assessment.tables.progress import format_span, list_steps

MOVING = (
    "Overdracht",
    "Criterium",
    "Wie neemt over",
    "Overgenomen",
    "Wat die gaat doen",
    "Wie laat los",
    "Losgelaten",
    "Wat die loslaat",
)
FIRST = 5  # actions with which a plan on paper begins
_SIGNS = {verdict.sign: verdict for verdict in Verdict}


def make_part(  # noqa: PLR0913 - what a part may have
    texts: PartTexts,
    fields: Mapping[str, str],
    *,
    answers: tuple[Shown, ...] = (),
    gantt: Gantt | None = None,
    curve: Curve | None = None,
    lines: tuple[str, ...] = (),
    tables: tuple[Table, ...] = (),
    first: bool = False,
    joined: bool = False,
) -> Part:
    """Fill in the texts of a part; where there is nothing to list, they say so."""
    title, lead, nothing = fill_all((texts.title, texts.lead, texts.nothing), fields)
    empty = bool(nothing) and not any(table.rows for table in tables)
    return Part(
        title=format_with_capital(title),
        lead=nothing if empty else lead,
        answers=answers,
        gantt=gantt,
        curve=curve,
        lines=lines,
        tables=() if empty else tables,
        first=first,
        joined=joined,
    )


def fill_all(texts: Sequence[str], fields: Mapping[str, str]) -> tuple[str, ...]:
    """Fill in what texts name between { }."""
    return tuple(text.format_map(fields) for text in texts)


def tabulate_hand_overs(plan: HousePlan, hand_overs: Sequence[HandOver]) -> Table:
    """The tasks that move: who takes over, and who lets go after that."""
    rows = tuple(
        (Cell(task, criterion_id), Cell(f"{takes}: {taken}", taking), Cell(f"{stops}: {stopped}", stopping))
        for task, criterion_id, takes, taken, taking, stops, stopped, stopping in list_moving(
            plan, hand_overs
        ).itertuples(index=False)
    )
    headings = ("Overdracht", "Wie neemt over", "Wie laat los")
    return Table("Wat de politie loslaat, en wie het overneemt", headings, (50, 63, 63), rows)


def list_moving(plan: HousePlan, hand_overs: Sequence[HandOver]) -> pd.DataFrame:
    """List the tasks that move, numbered as in the Gantt: who takes over and who lets go, when, and how."""
    rows = [_list_sides(plan, number, each) for number, each in enumerate(hand_overs, 1)]
    return pd.DataFrame(rows, columns=list(MOVING))


def _list_sides(plan: HousePlan, number: int, each: HandOver) -> tuple[str, ...]:
    return (
        f"{number}. {plan.questionnaire.criterion[each.criterion_id].title}",
        each.criterion_id,
        format_with_capital(each.takes.actor.dutch),
        f"{each.when_taken}{'' if each.taken is None or each.done else ' als niets tegenzit'}",
        each.takes.title,
        format_with_capital(each.stops.actor.dutch),
        _describe_stopping(plan, each),
        each.stops.title,
    )


def _describe_stopping(plan: HousePlan, each: HandOver) -> str:
    """From when the police stops, if nothing goes wrong and likely."""
    when = find_when(plan.estimates, each.criterion_id, plan.begin)
    if each.done or when is None:
        return each.when_stopped
    return (
        f"{each.when_stopped} als niets tegenzit, waarschijnlijk klaar in {when.likely}, "
        f"80 % zeker in {when.at_80}"
    )


def tabulate_coming(plan: HousePlan, criterion_ids: Collection[str]) -> Table:
    """What comes of these criteria where they are open: which measures, who is up, and when it is ready."""
    gaps = list_gaps(plan).assign(criterion_id=plan.gaps["criterion_id"].to_numpy())
    rows = tuple(
        (
            Cell(f"{row['Nr.']} {row['Criterium']}"),
            Cell(_list_coming(plan, row["criterion_id"])),
            Cell(row["Aan zet"], row[NAMED]),
            Cell(row["Waarschijnlijk klaar in"]),
        )
        for row in gaps[gaps["criterion_id"].isin(criterion_ids)].to_dict("records")
    )
    headings = ("Toezegging", "Wat er komt", "Wie aan zet is", "Waarschijnlijk klaar in")
    return Table("Wat er komt per toezegging", headings, (50, 66, 34, 26), rows)


def _list_coming(plan: HousePlan, criterion_id: str) -> str:
    own = plan.measures[plan.measures["criterion_id"] == criterion_id].sort_values("first", kind="stable")
    titles = (plan.questionnaire.measure[key].title for key in own["measure_id"])
    return "\n".join(titles) or "Er staat nog niets in het plan."


def tabulate_why(plan: HousePlan, criterion_ids: Sequence[str]) -> Table:
    """Why tasks move: what the kader asks, who says so, and how it stands now."""
    verdicts = dict(zip(plan.basis.criteria["criterion_id"], plan.basis.criteria["verdict"], strict=True))
    rows = tuple(_make_reason(plan, each, Verdict(verdicts[each])) for each in dict.fromkeys(criterion_ids))
    headings = ("Criterium", "Het kader vraagt", "Hoe het nu staat")
    return Table("Waarom taken van de politie overgaan", headings, (52, 88, 36), rows)


def _make_reason(plan: HousePlan, criterion_id: str, verdict: Verdict) -> tuple[Cell, ...]:
    criterion = plan.questionnaire.criterion[criterion_id]
    source = f"{format_with_capital(criterion.kind.dutch)} · {name_sources(criterion, plan.questionnaire)}"
    return (
        Cell(f"{criterion_id} {criterion.title}"),
        Cell(criterion.conform_when or criterion.title, source),
        Cell("", verdict=verdict, said=verdict.dutch),
    )


def tabulate_first(plan: HousePlan) -> Table:
    """What the house begins with, as `list_first`."""
    widths = {"Wat": 61, "Aan zet": 28, "Voor norm": 67, "Klaar, als niets tegenzit": 20}
    return _make_table("Wat het eerst moet gebeuren", list_first(plan), widths)


def list_first(plan: HousePlan) -> pd.DataFrame:
    """The few actions with which the house begins; `list_begin` has all of them."""
    return list_begin(plan).head(FIRST)


def list_begin(plan: HousePlan) -> pd.DataFrame:
    """List what the house begins with: as its first screen, with everything that this quarter asks."""
    criteria = plan.basis.criteria
    verdict_of = dict(zip(criteria["criterion_id"], criteria["verdict"], strict=True))
    who = name_who_fills_in(plan.basis.submission.perspective)
    steps = explain_steps(sort_steps(plan.steps, plan.basis.widths), plan.basis.widths, who)
    quarter = find_due_quarter(plan.measures, find_now(plan.begin, plan.basis.moment))
    due = write_reasons(find_due(plan.measures, quarter), plan.begin, plan.questionnaire)
    return list_actions(steps, due, verdict_of, plan.begin, plan.questionnaire)


def _make_table(told: str, table: pd.DataFrame, widths: Mapping[str, int]) -> Table:
    """Take these columns of a table for reading; the sign of a verdict before a text becomes its colour."""
    rows = tuple(
        tuple(starmap(_make_cell, zip(widths, map(str, row), strict=True)))
        for row in table[list(widths)].itertuples(index=False)
    )
    return Table(told, tuple(widths), tuple(widths.values()), rows)


def _make_cell(heading: str, text: str) -> Cell:
    sign, _, said = text.partition(" ")
    if heading in OF_VERDICTS and sign in _SIGNS and said:
        return Cell("", verdict=_SIGNS[sign], said=said)
    return Cell(text)


def draw_gantt(plan: HousePlan, hand_overs: Sequence[HandOver]) -> Gantt:
    """The measures of a plan that has any, by actor and quarter; hand-overs carry their number."""
    shown = int(plan.measures["last"].max()) + 1
    now = Quarter.of(plan.basis.moment) - plan.begin
    lanes = group_by_actor(sort_measures(plan.measures))
    return Gantt(
        told="De maatregelen per partij en kwartaal; dezelfde kwartalen staan ernaast in woorden",
        quarters=tuple(str(plan.begin + each) for each in range(shown)),
        now=now if 0 <= now < shown else None,
        lanes=tuple(_make_lane(plan, actor, own, hand_overs) for actor, own in lanes),
    )


def _make_lane(plan: HousePlan, actor: str, own: pd.DataFrame, hand_overs: Sequence[HandOver]) -> Lane:
    notes = {each.takes.measure_id: f"neemt over ({n})" for n, each in enumerate(hand_overs, 1)}
    notes |= {each.stops.measure_id: f"laat los ({n})" for n, each in enumerate(hand_overs, 1)}
    bars = (
        Bar(
            title=plan.questionnaire.measure[row["measure_id"]].title,
            when=format_span(plan.begin + row["first"], plan.begin + row["last"]),
            first=row["first"],
            last=row["last"],
            deep=row["slack"] == 0,
            sign="" if row["status"] == Progress.PLANNED.value else Progress(row["status"]).dutch,
            note=notes.get(row["measure_id"], ""),
        )
        for row in own.to_dict("records")
    )
    return Lane(format_with_capital(Actor(actor).dutch), tuple(bars))


def tabulate_gaps(plan: HousePlan) -> Table:
    """The gaps, hard norms first, then as the questionnaire has them."""
    table = list_gaps(plan).assign(criterion_id=plan.gaps["criterion_id"], kind=plan.gaps["kind"])
    softer = table["kind"] != Kind.HARD_NORM.value
    ordered = table.assign(softer=softer).sort_values("softer", kind="stable")
    return Table(
        "Wat nog openstaat",
        ("Criterium", "Het kader vraagt", "Aan zet", "Waarschijnlijk klaar in"),
        (43, 79, 33, 21),
        tuple(_make_gap(plan, row) for row in ordered.to_dict("records")),
    )


def _make_gap(plan: HousePlan, row: Mapping[object, str]) -> tuple[Cell, ...]:
    sign, _, said = row["Oordeel"].partition(" ")
    score = "" if row["Score"] == NOTHING else f", {row['Score']}"
    criterion = plan.questionnaire.criterion[row["criterion_id"]]
    source = f"{format_with_capital(row['Soort'])} · {name_sources(criterion, plan.questionnaire)}"
    return (
        Cell(f"{row['Nr.']} {row['Criterium']}", verdict=_SIGNS[sign], said=f"{said}{score}"),
        Cell(row["Voldoet als"], source),
        Cell(row["Aan zet"], row[NAMED]),
        Cell(row["Waarschijnlijk klaar in"]),
    )


def tabulate_late(plan: HousePlan) -> Table:
    """What comes after three years, hard norms first, and what holds it up."""
    asked, resources = plan.questionnaire, plan.basis.resources
    late = list_hold_ups(plan.hold_ups, plan.begin, asked, plan.register, resources)
    widths = {"Criterium": 66, "Klaar als niets tegenzit in": 26, "Wat houdt het op": 84}
    return _make_table("Wat na drie jaar klaar is", late, widths)


def tabulate_measures(plan: HousePlan) -> Iterator[Table]:
    """A table of measures per actor."""
    for _, lane in group_by_actor(sort_measures(plan.measures)):
        own = lane.reset_index(drop=True)
        told = list_measures(own, plan.begin, plan.questionnaire, plan.register)
        rows = tuple(
            _make_measure(plan, row)
            for row in told.join(own[["measure_id", "criterion_id"]]).to_dict("records")
        )
        title = format_with_capital(name_actors(own, plan.register)[0])
        headings = ("Maatregel", "Wanneer", "Dagen", "Stand", "Waarom dan")
        yield Table(f"Wat {title} doet", headings, (63, 33, 11, 16, 53), rows, title=title, figures=(2,))


def _make_measure(plan: HousePlan, row: Mapping[object, object]) -> tuple[Cell, ...]:
    line = find_line(plan.decisions, plan.house.house_id, str(row["measure_id"]))
    agreed = f"afgesproken: {format_day(line.due)}" if line.due else ""
    ends = (str(row[end]) for end in ("Begin", "Eind"))
    return (
        Cell(f"{row['Maatregel']} ({row['criterion_id']})"),
        Cell(format_span(*map(Quarter.parse, ends)), agreed),
        Cell(str(row["Dagen"])),
        Cell(line.progress.dutch, line.owner),
        Cell(format_with_capital(str(row["Waarom dan"])), line.remark),
    )


def tabulate_steps(plan: HousePlan) -> Table:
    """What to do beside the measures."""
    steps = list_steps(plan.steps, plan.questionnaire)
    return _make_table("Wat er naast de maatregelen moet gebeuren", steps, {"Wat": 112, "Voor criterium": 64})


def tabulate_dropped(plan: HousePlan) -> Table:
    """The measures that were dropped, each with the reason."""
    dropped = list_dropped(plan.dropped, plan.questionnaire)
    widths = {"Nr.": 20, "Maatregel": 66, "Aan zet": 30, "Waarom vervallen": 60}
    return _make_table("Wat verviel", dropped, widths)


def find_described(plan: HousePlan) -> list[tuple[Question, Given]]:
    """The questions that are never scored, with what was answered to each; where anything was."""
    given = list_answers(plan.basis.submission)
    pairs = ((question, given.get(question.question_id)) for question in plan.questionnaire.unscored)
    return [
        (question, answer) for question, answer in pairs if answer is not None and _describe(question, answer)
    ]


def _describe(question: Question, answer: Given) -> str:
    """What was answered: the option; of an open question the text."""
    if question.is_open:
        return answer.explanation
    option = dict(question.lettered).get(answer.option_id or "")
    return option.text if option else ""


def tabulate_inventory(plan: HousePlan) -> Table:
    """How the house works, in the order of the questionnaire."""
    asked = plan.basis.submission.perspective
    rows = tuple(
        (Cell(question.text_as_told(asked)), Cell(_describe(question, answer)))
        for question, answer in find_described(plan)
    )
    return Table("Hoe het huis werkt", ("Vraag", "Antwoord"), (106, 70), rows)


def _describe_submission(submission: Submission) -> str:
    whose = format_with_capital(describe_whose(submission.perspective))
    return f"{whose}, versie {submission.version}, ingeleverd op {format_day(submission.handed_in)}"


def tabulate_facts(plan: HousePlan) -> Table:
    """On what the figures rest, so that anybody can make them again."""
    basis, asked, round_, planned = plan.basis, plan.questionnaire, plan.round, len(plan.measures)
    best = describe_best(basis.proven)
    shared = "" if basis.beside.together == 1 else f" Dit huis is samen gepland met {basis.beside}."
    capacity = {actor: numbers[0] for actor, numbers in find_numbers(basis.resources).items()}
    facts = {
        "Ronde": f"{round_.title}, van {format_day(round_.opens)} tot en met {format_day(round_.closes)}",
        "Antwoorden": _describe_submission(basis.submission),
        "Vragenlijst": ", ".join(f"{each.title} versie {each.version}" for each in asked.frameworks),
        "Controlegetal van de vragenlijst": asked.sha256,
        "Planning": f"{best}{shared} {describe_capacity(capacity)}" if planned else "",
        "Schatting": describe_estimating(asked) if planned else "",
        "Gemaakt": f"{format_moment(basis.moment)}, met Kaderscan",
    }
    rows = tuple((Cell(label), Cell(text)) for label, text in facts.items() if text)
    return Table("Waarop de cijfers rusten", ("Wat", "Waarop het rust"), (40, 136), rows)


def list_cited(plan: HousePlan, criterion_ids: Iterable[str]) -> tuple[str, ...]:
    """The sources of these criteria, each in full."""
    asked = plan.questionnaire
    criteria = (asked.criterion[each] for each in criterion_ids)
    cited = {key for each in criteria for key in cited_keys(each, asked.sources)}
    return tuple(text for key, text in asked.sources.items() if key in cited)


def tabulate_signers(plan: HousePlan) -> Table:
    """Who adopts the plan, two beside each other, with room to sign.

    They are those who always do, and every other party that is to act.
    """
    signers = list(_list_signers(plan))
    pairs = zip_longest(signers[::2], signers[1::2], fillvalue="")
    rows = tuple((Cell(left), Cell(""), Cell(right), Cell("")) for left, right in pairs)
    headings = ("Namens", "Naam, handtekening en datum") * 2
    return Table("Wie het plan vaststelt", headings, (32, 56, 32, 56), rows, tall=True)


def _list_signers(plan: HousePlan) -> Iterator[str]:
    signers = plan.texts.signers
    yield from signers.values()
    for actor, own in group_by_actor(plan.measures):
        if actor not in signers:
            yield format_with_capital(name_actors(own, plan.register)[0])
