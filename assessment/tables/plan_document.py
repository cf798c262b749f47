"""The improvement plan of a house as a document: the parts of it, made of the same tables as the pages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assessment.model.document import Answer, Document, Part
from assessment.model.frames import Subject
from assessment.model.plan import Step
from assessment.model.scale import Kind, Phase
from assessment.model.texts import PartTexts
from assessment.tables.delivery import Delivery, describe_answers, list_parts
from assessment.tables.forecasts import describe_beyond, find_when
from assessment.tables.formats import (
    NOTHING,
    agree,
    format_count,
    format_counted,
    format_day,
    format_number,
    join_words,
)
from assessment.tables.groups import describe_parties, find_due_quarter, find_now
from assessment.tables.house_plan import (
    Beside,
    HandOver,
    HousePlan,
    find_kept_by_police,
    list_ending,
    list_hand_overs,
    list_letting_go,
    tabulate_deviations,
)
from assessment.tables.houses import (
    describe_conformity,
    describe_counted,
    describe_first,
    describe_hard_norms,
    describe_more,
    describe_reached,
    find_asked_first,
    keep_hard_norms,
    sort_steps,
)
from assessment.tables.plan_parts import (
    FIRST,
    draw_gantt,
    fill_all,
    find_described,
    list_begin,
    list_cited,
    make_part,
    tabulate_coming,
    tabulate_dropped,
    tabulate_facts,
    tabulate_first,
    tabulate_gaps,
    tabulate_hand_overs,
    tabulate_inventory,
    tabulate_late,
    tabulate_measures,
    tabulate_signers,
    tabulate_steps,
    tabulate_why,
)
from assessment.tables.plans import (
    describe_nothing_planned,
    describe_pace,
    explain_bars,
)


def compose_plan(plan: HousePlan) -> Document:
    """Write down once what the plan of a house says, for every kind of file that is a document."""
    return _compose(plan, plan.texts.title, _compose_parts(plan))


def compose_partners(plan: HousePlan, card: Delivery) -> Document:
    """Write down once what partners of a house are told: what the police lets go, why, and what it delivers.

    Args:
        plan: the plan of the house.
        card: the delivery card of the same house.
    """
    texts, hand_overs = plan.texts.partners, list_hand_overs(plan)
    fields, moving = _list_fields(plan, hand_overs), [each.criterion_id for each in hand_overs]
    parts = [make_part(texts.changes, fields, tables=(tabulate_hand_overs(plan, hand_overs),))]
    if moving:
        parts.append(make_part(texts.why, fields, tables=(tabulate_why(plan, moving),)))
    promised = {each.criterion_id for each in card.promises}
    parts += list_parts(card)
    if promised:
        parts.append(make_part(texts.coming, fields, tables=(tabulate_coming(plan, promised),)))
    return replace(_compose(plan, texts.title, parts, describe_answers(card)), narrow=True)


def _compose(plan: HousePlan, kind: str, parts: Iterable[Part], whose: str = "") -> Document:
    """A document about a house, under what it rests on; whose answers these are, where no part says so."""
    unit = plan.register.unit[plan.house.unit_id].title
    answers = " · ".join(filter(None, (f"op de antwoorden van {plan.round.title}", whose)))
    return Document(
        kind=kind,
        title=plan.house.title,
        of=f"{unit} · {answers} · {describe_adopted(plan)}",
        notice=plan.texts.invented if plan.house.invented else "",
        parts=tuple(parts),
        moment=plan.basis.moment,
    )


class Summary(NamedTuple):
    """The parts of a plan that its workbook says too, composed together.

    They say where the house stands and when it works by the kader, what the police lets go and who takes it
    over, what comes first, what was agreed to be otherwise than the kader asks, and how figures are made.
    """

    finding: Part
    hand_overs: Part
    first: Part
    deviations: Part
    explanation: tuple[str, ...]


def compose_summary(plan: HousePlan) -> Summary:
    """Write down once what the document and the workbook of a plan both say."""
    hand_overs = list_hand_overs(plan)
    return _summarize(plan, hand_overs, _list_fields(plan, hand_overs))


def _summarize(plan: HousePlan, hand_overs: Sequence[HandOver], fields: Mapping[str, str]) -> Summary:
    parts = plan.texts.parts
    return Summary(
        finding=make_part(_choose_first(plan), fields, answers=_list_answers(plan)),
        hand_overs=make_part(parts.hand_overs, fields, tables=(tabulate_hand_overs(plan, hand_overs),)),
        first=make_part(parts.first, fields, tables=(tabulate_first(plan),)),
        deviations=make_part(parts.deviations, fields, tables=(tabulate_deviations(plan),)),
        explanation=fill_all(_list_explanation(plan), fields),
    )


def _compose_parts(plan: HousePlan) -> Iterator[Part]:
    hand_overs = list_hand_overs(plan)
    parts, fields = plan.texts.parts, _list_fields(plan, hand_overs)
    finding, moving, first, deviations, explanation = _summarize(plan, hand_overs, fields)
    yield from (finding, moving, first)
    yield _make_roadmap(plan, hand_overs, fields)
    if len(plan.hold_ups):
        yield make_part(parts.late, fields, tables=(tabulate_late(plan),))
    yield make_part(parts.gaps, fields, tables=(tabulate_gaps(plan),))
    if len(plan.measures):
        yield make_part(parts.measures, fields, tables=tuple(tabulate_measures(plan)))
    if len(plan.steps):
        yield make_part(parts.steps, fields, tables=(tabulate_steps(plan),))
    if len(plan.dropped):
        yield make_part(parts.dropped, fields, tables=(tabulate_dropped(plan),))
    kept = _list_kept(plan)
    if plan.measures.empty and kept:
        yield make_part(parts.kept, fields, tables=(tabulate_why(plan, kept),))
    yield deviations
    yield make_part(parts.inventory, fields, tables=(tabulate_inventory(plan),))
    yield make_part(parts.method, fields, lines=explanation, tables=(tabulate_facts(plan),))
    cited = list_cited(plan, [*plan.gaps["criterion_id"], *(kept if plan.measures.empty else ())])
    if cited:
        yield make_part(parts.sources, fields, lines=cited)
    yield make_part(parts.signatures, fields, tables=(tabulate_signers(plan),), joined=True)


def _list_explanation(plan: HousePlan) -> Sequence[str]:
    """How the figures are made; of dates only where something is planned."""
    return [*plan.texts.explanation, *([plan.texts.dates] if len(plan.measures) else [])]


def _list_kept(plan: HousePlan) -> Sequence[str]:
    """The norms at which nothing is to be done; hard norms first."""
    closed = plan.basis.criteria[~plan.basis.criteria["criterion_id"].isin(plan.gaps["criterion_id"])]
    return [
        criterion_id
        for kind in (Kind.HARD_NORM, Kind.CORE_NORM)
        for criterion_id in closed.loc[closed["kind"] == kind.value, "criterion_id"]
    ]


def _list_fields(plan: HousePlan, hand_overs: Sequence[HandOver]) -> dict[str, str]:
    """What the texts may name between { }, as they read it."""
    when = find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin)
    quarter = find_due_quarter(plan.measures, find_now(plan.begin, plan.basis.moment))
    up = describe_parties(plan.measures, quarter, plan.begin, plan.register)
    return {
        "house": plan.house.title,
        "unit": plan.register.unit[plan.house.unit_id].title,
        "round": plan.round.title,
        "likely": str(when.likely) if when else NOTHING,
        "sure": str(when.at_80) if when else NOTHING,
        "planned": str(when.if_nothing_goes_wrong) if when else NOTHING,
        "runs": format_number(plan.basis.runs),
        "first": describe_first(sort_steps(plan.steps, plan.basis.widths), up),
        "open": _describe_open(len(plan.gaps)),
        "measures": _describe_measures(plan),
        "dropped": format_counted(len(plan.dropped), "maatregel"),
        "hand_overs": _describe_hand_overs(plan, len(hand_overs)),
        "why_none": _explain_none(plan),
        "idle": _describe_idle(plan),
        "ending": _describe_ending(plan),
        "deviations": _count(len(plan.basis.submission.deviations), "afspraak", "afspraken"),
        "described": _count(len(find_described(plan)), "antwoord", "antwoorden"),
        "kept": format_counted(len(_list_kept(plan)), "norm"),
        "counted": describe_counted(plan.questionnaire.rules),
        "end": _describe_end(plan.basis.beside),
        "bars": _explain_bars(plan),
        "beyond": _go_on(describe_beyond(when, plan.begin)),
        "beside": _go_on(describe_beside(plan.basis.beside)),
        "asked": _go_on(_describe_asked(plan)),
        "following": _go_on(_describe_following(plan, quarter)),
        "later": _go_on(_describe_later(plan)),
        "pace": describe_pace(plan.measures, plan.begin, plan.questionnaire),
    }


def _describe_asked(plan: HousePlan) -> str:
    """What else there is to find out than what the house begins with; nothing where there is none."""
    number = int((plan.steps["what"] == Step.FIND_OUT.value).sum())
    if not number:
        return ""
    shown = find_asked_first(sort_steps(plan.steps, plan.basis.widths))
    if (shown["what"] == Step.FIND_OUT.value).any():
        return f"Van wat er uit te zoeken is, staat hier wat het meest uitmaakt; alles staat {_BESIDE}"
    return f"Ook uit te zoeken: {_count(number, 'vraag', 'vragen')}, {_BESIDE}"


def _describe_following(plan: HousePlan, quarter: int) -> str:
    """How many measures follow the actions with which the house begins; nothing where none does."""
    later = int((plan.measures["first"] > quarter).sum())
    return describe_more(len(list_begin(plan)) - FIRST, later, plan.begin + quarter).rstrip()


_BESIDE = "bij Naast de maatregelen."


def _describe_later(plan: HousePlan) -> str:
    """Why the house likely works by the kader later than each of its criteria; nothing where it does not."""
    house = find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin)
    each = [find_when(plan.estimates, key, plan.begin) for key in plan.gaps["criterion_id"]]
    if house is None or not (known := [when.likely for when in each if when]) or max(known) >= house.likely:
        return ""
    return "Het huis is er pas als alles klaar is; daarom is dat later dan het laatste kwartaal hieronder."


def _describe_end(beside: Beside) -> str:
    """What moves along with a measure without slack, in a plan or in those of houses planned together."""
    if beside.together == 1:
        return "het einde van het plan"
    return f"het einde van de plannen van alle {beside.together} huizen die samen zijn gepland"


def _explain_bars(plan: HousePlan) -> str:
    dark = f"Donker: schuift deze maatregel, dan schuift {_describe_end(plan.basis.beside)} mee."
    return explain_bars(plan.measures, dark, "Licht: er is nog speling.")


def describe_beside(beside: Beside) -> str:
    """Say with which houses a house was planned; nothing where it was planned alone."""
    return "" if beside.together == 1 else f"Dit huis is samen gepland met {beside}: zij delen capaciteit."


def _go_on(told: str) -> str:
    """What follows a sentence, where there is anything to say."""
    return f" {told}" if told else ""


def _count(number: int, one: str, more: str) -> str:
    return f"{format_count(number)} {agree(number, one, more)}"


def _describe_hand_overs(plan: HousePlan, number: int) -> str:
    if number:
        return f"De politie laat {_count(number, 'taak', 'taken')} los"
    still = find_kept_by_police(plan)
    if still and _has_let_go(plan, still):
        return "De politie hoeft volgens de antwoorden geen taak meer los te laten"
    if still or not list_letting_go(plan.questionnaire):
        return "Er is nog geen overdracht gepland"
    return "De politie heeft haar taken al losgelaten"


def _has_let_go(plan: HousePlan, still: Iterable[str]) -> bool:
    """Whether the answers say that the police let go of the tasks of these criteria, which ask more."""
    steps = [measure for key in still for measure in plan.questionnaire.criterion[key].measures]
    settled = set(plan.settled["measure_id"])
    return all(measure.measure_id in settled for measure in steps if measure.lets_go_after)


def _explain_none(plan: HousePlan) -> str:
    """Say of what no task moves, and why."""
    if not list_letting_go(plan.questionnaire):
        return "Naar taken die de politie loslaat, wordt niet gevraagd."
    still = find_kept_by_police(plan)
    if not still:
        return f"Dit voldoet al: {_name_criteria(plan, list_letting_go(plan.questionnaire))}."
    named = _name_criteria(plan, still)
    if _has_let_go(plan, still):
        return f"Wel moet er nog iets bij: {named}. Wat dat is, staat in de routekaart."
    dropped = plan.dropped["criterion_id"].isin(still).any()
    why = "de maatregel daarvoor verviel" if dropped else "loslaten is daar geen stap in dit plan"
    return f"Nog open: {named}. In dit plan gaat toch geen taak over: {why}."


def _name_criteria(plan: HousePlan, keys: Iterable[str]) -> str:
    return join_words([f"{plan.questionnaire.criterion[key].title} ({key})" for key in keys])


def _describe_idle(plan: HousePlan) -> str:
    if plan.gaps.empty:
        return "er is niets meer te doen."
    return "wat nog openstaat, staat niet als maatregel in het plan."


def _describe_ending(plan: HousePlan) -> str:
    """Say which agreements must be extended for the date to hold; empty where there are none."""
    ending = list_ending(plan)
    if not ending:
        return ""
    named = join_words([f"{each.criterion_id} (tot en met {format_day(each.until)})" for each in ending])
    which = agree(len(ending), "de afspraak", "de afspraken")
    are = agree(len(ending), "is", "zijn")
    return f" Deze datum geldt alleen als {which} over {named} voor die tijd {are} verlengd."


def _describe_open(gaps: int) -> str:
    if not gaps:
        return "Er staat niets meer open"
    return f"{_count(gaps, 'criterium staat', 'criteria staan')} nog open"


def _describe_measures(plan: HousePlan) -> str:
    if plan.measures.empty:
        return "geen maatregelen"
    first, last = (
        plan.begin + int(each) for each in (plan.measures["first"].min(), plan.measures["last"].max())
    )
    return f"{format_counted(len(plan.measures), 'maatregel')}, van {first} tot en met {last}"


def _choose_first(plan: HousePlan) -> PartTexts:
    """What the first page says, by whether a date can be told, and else why not."""
    phase, parts = plan.basis.totals["phase_low"].iloc[0], plan.texts.parts
    if find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin) is not None:
        return parts.likely
    if not phase:
        return parts.no_norm
    return parts.there if phase == Phase.BY_FRAMEWORK else parts.dropped_norm


def describe_adopted(plan: HousePlan) -> str:
    """Which adopted plan it is; or that it was not adopted yet."""
    adopted = plan.basis.adopted
    if adopted is None:
        return plan.texts.not_adopted
    return f"plan {adopted.number}, vastgesteld op {format_day(adopted.adopted)}"


def _list_answers(plan: HousePlan) -> tuple[Answer, ...]:
    (total,) = plan.basis.totals.to_dict("records")
    criteria = plan.basis.criteria
    when = find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin)
    return (
        describe_conformity(total, plan.basis.unsure),
        describe_hard_norms(keep_hard_norms(criteria)),
        describe_reached(when, total["phase_low"], plan.basis.beside.together),
    )


def _make_roadmap(plan: HousePlan, hand_overs: Sequence[HandOver], fields: Mapping[str, str]) -> Part:
    """The Gantt on a page of its own; or why there is none."""
    texts = plan.texts.parts.roadmap
    if plan.measures.empty:
        empty = texts.model_copy(update={"lead": describe_nothing_planned(plan.gaps, plan.dropped)})
        return make_part(empty, fields)
    return make_part(texts, fields, gantt=draw_gantt(plan, hand_overs), first=True)
