"""Frameworks for reading: what they ask and rest on, which there are, what changed between two versions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from re import split

import pandas as pd

from assessment.engine.comparison import EditionChange, count_classes
from assessment.model.framework import ActorRole, Criterion, Framework, Measure, Theme, cited_keys
from assessment.model.plan import Estimates
from assessment.model.question import Option, Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Basis, Kind, Rules, Verdict
from assessment.model.wording import tidy
from assessment.tables.formats import (
    NOTHING,
    describe_part,
    format_number,
    format_part,
    format_range,
    format_with_capital,
    join_words,
)


def list_sources(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every source, with the criteria that rest on it."""
    citing: dict[str, list[str]] = {key: [] for key in questionnaire.sources}
    for criterion in questionnaire.criteria:
        for key in cited_keys(criterion, questionnaire.sources):
            citing[key].append(criterion.criterion_id)
    return pd.DataFrame(
        {
            "Bron": list(citing),
            "Wat het is": [questionnaire.sources[key] for key in citing],
            "Criteria": [", ".join(criteria) for criteria in citing.values()],
        }
    )


def name_sources(criterion: Criterion, questionnaire: Questionnaire) -> str:
    """The short names of the sources that a criterion rests on."""
    names = (_shorten(questionnaire.sources[key]) for key in cited_keys(criterion, questionnaire.sources))
    return "; ".join(dict.fromkeys(names))


def list_named_sources(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every source with its short name, its code, its full description and the criteria that rest on it."""
    table = list_sources(questionnaire).rename(columns={"Bron": "Code"})
    table.insert(0, "Bron", [_shorten(text) for text in table["Wat het is"]])
    return table


def list_citations(criterion_ids: Iterable[str], questionnaire: Questionnaire) -> pd.DataFrame:
    """For each criterion where exactly its source says so, and how firmly."""
    criteria = [questionnaire.criterion[key] for key in criterion_ids]
    return pd.DataFrame(
        {
            "Criterium": [c.title for c in criteria],
            "Nr.": [c.criterion_id for c in criteria],
            "Plaats in de bron": [c.source for c in criteria],
            "Hoe zeker": [c.source_basis or "" for c in criteria],
        }
    )


def describe_basis(criterion: Criterion) -> str:
    """Say what a criterion rests on in words; where the framework gives no such words, its source."""
    if criterion.basis is not None:
        return criterion.basis.dutch
    return f"{criterion.source} ({criterion.source_basis})" if criterion.source_basis else criterion.source


def list_demands(criterion: Criterion) -> dict[str, str]:
    """What a criterion asks, by the name of each part that it has."""
    label = "Bron" if criterion.basis is None else "Waarop dit rust"
    parts = {
        "Voldoet als": criterion.conform_when,
        "Ruimte": criterion.room,
        "Bewijs kan zijn": criterion.evidence,
        label: describe_basis(criterion),
    }
    return {name: text for name, text in parts.items() if text}


def _shorten(source: str) -> str:
    """What stands before the first comma, semicolon, colon or bracket: a name or a title."""
    return split(r"[,;:(]", source)[0].strip()


def list_editions(frameworks: Sequence[Framework], register: Register) -> pd.DataFrame:
    """Every published version, with the rounds that ask it."""
    return pd.DataFrame(
        [
            {
                "Kader": f"{each.framework_id}/{each.version}",
                "Titel": each.title,
                "Regels": each.rules.value if each.rules else "alle",
                "Criteria": len(each.criteria),
                "Vragen": sum(len(criterion.questions) for criterion in each.criteria),
                "Gevraagd in": _list_rounds(each, register) or NOTHING,
            }
            for each in frameworks
        ],
        columns=["Kader", "Titel", "Regels", "Criteria", "Vragen", "Gevraagd in"],
    )


def _list_rounds(framework: Framework, register: Register) -> str:
    ref = f"{framework.framework_id}/{framework.version}"
    return ", ".join(round_.title for round_ in register.rounds if ref in round_.frameworks)


def describe_criterion(criterion: Criterion, questionnaire: Questionnaire) -> Iterator[str]:
    """All of a criterion that scores, plans or is read, line by line; remarks for the makers are left out."""
    weight = f"gewicht {format_number(criterion.weight)}"
    yield f"{criterion.criterion_id} {criterion.title} ({criterion.kind.dutch}, {weight})"
    yield from (f"  {name}: {text}" for name, text in _list_facts(criterion, questionnaire).items() if text)
    for question in criterion.questions:
        yield from _describe_question(question)
    for measure in criterion.measures:
        yield from _describe_measure(measure)


def search_criteria(questionnaire: Questionnaire, sought: str) -> list[Criterion]:
    """The criteria of which every sought word stands somewhere in what is read of them, in order."""
    words = tidy(sought).split()
    if not words:
        return list(questionnaire.criteria)
    told = (
        (criterion, tidy(" ".join(describe_criterion(criterion, questionnaire))))
        for criterion in questionnaire.criteria
    )
    return [criterion for criterion, text in told if all(word in text for word in words)]


def list_overview(criteria: Sequence[Criterion], met: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Criteria side by side: how binding, who has a part, and at how many houses each is met.

    Args:
        criteria: at least one, in the order to show.
        met: by criterion_id how many houses meet it, of how many; nothing is told of others, and without
            any there is no such column.
    """
    rows = [
        {
            "Nr.": each.criterion_id,
            "Criterium": each.title,
            "Soort": each.kind.dutch,
            "Wie": join_words(list(dict.fromkeys(role.actor.value for role in each.actors))) or NOTHING,
            "Huizen die voldoen": format_met(met.get(each.criterion_id)),
        }
        for each in criteria
    ]
    table = pd.DataFrame(rows)
    return table if met else table.drop(columns="Huizen die voldoen")


def format_met(count: tuple[int, int] | None) -> str:
    """How many houses of how many; a dash where that is not told."""
    return NOTHING if count is None else f"{count[0]} van {count[1]}"


def describe_met(number: int, of: int) -> str:
    """Say beside what came of one house how many houses of the country meet a criterion."""
    return f"In het land: {describe_part(number, of, 'huis', ('voldoet', 'voldoen'))}."


def list_steps(criterion: Criterion) -> pd.DataFrame:
    """The measures of a criterion: who, how long, how much work, and after which other."""
    return pd.DataFrame(
        {
            "Nr.": [each.measure_id for each in criterion.measures],
            "Maatregel": [each.title for each in criterion.measures],
            "Aan zet": [format_with_capital(each.actor.value) for each in criterion.measures],
            "Kwartalen": [each.quarters for each in criterion.measures],
            "Dagen werk": [each.days for each in criterion.measures],
            "Na": [", ".join(each.needs) or NOTHING for each in criterion.measures],
        }
    )


def list_facts(criterion: Criterion, questionnaire: Questionnaire) -> dict[str, str]:
    """What is read of a criterion beside its questions and measures, by the name of each part that it has."""
    own = criterion.criterion_id
    waiting = [each.criterion_id for each in questionnaire.criteria if own in each.needs_first]
    facts = _list_facts(criterion, questionnaire) | {"Nodig voor": ", ".join(waiting)}
    return {name: text for name, text in facts.items() if text}


def _list_facts(criterion: Criterion, questionnaire: Questionnaire) -> dict[str, str | None]:
    sources = (
        f"{key} = {questionnaire.sources[key]}" for key in cited_keys(criterion, questionnaire.sources)
    )
    first = ", ".join(criterion.needs_first)
    because = f" ({criterion.needs_first_because})" if criterion.needs_first_because else ""
    return {
        "Voldoet als": criterion.conform_when,
        "Ruimte": criterion.room,
        "Rust op": criterion.basis.dutch if criterion.basis else None,
        "Plaats in de bron": criterion.source,
        "Bronnen": "; ".join(sources),
        "Wie": ", ".join(map(_format_role, criterion.actors)),
        "Eerst nodig": f"{first}{because}" if first else None,
        "Kwartalen samen": str(criterion.quarters) if criterion.quarters else None,
        "Bewijs kan zijn": criterion.evidence,
    }


def _format_role(role: ActorRole) -> str:
    return f"{role.actor.value} ({role.does})" if role.does else role.actor.value


def _describe_question(question: Question) -> Iterator[str]:
    facts = ["kern"] if question.core else []
    facts += [f"gewicht {format_number(question.weight)}"] if question.weight != 1 else []
    facts += [f"in een kop: {question.headline}"] if question.headline else []
    facts += [question.kind.dutch] if question.is_open else []
    told = f" ({', '.join(facts)})" if facts else ""
    yield f"  {question.question_id} {question.text}{told}"
    yield from (f"    aan {who.dutch}: {text}" for who, text in question.text_for.items())
    yield from (f"    {name}: {text}" for name, text in _list_help(question) if text)
    yield from (f"    {letter} {_format_option(option)}" for letter, option in question.lettered)


def _list_help(question: Question) -> tuple[tuple[str, str | None], ...]:
    return ("hulp", question.help), ("voorstel", question.proposal)


def _format_option(option: Option) -> str:
    worth = "" if option.worth is None else f", telt {format_number(option.worth)}"
    return f"{option.text} ({option.mark.sign} {option.mark.dutch}{worth})"


def _describe_measure(measure: Measure) -> Iterator[str]:
    yield f"  {measure.measure_id} {measure.title}"
    facts = {
        "aan zet": measure.actor.value,
        "duurt": f"{measure.quarters} kw., {measure.days} dagen werk{_format_halving(measure)}",
        "regelt": ", ".join(measure.settles),
        "na": ", ".join(measure.needs_first),
        "laat los na": measure.lets_go_after,
    }
    yield "    " + "; ".join(f"{name} {text}" for name, text in facts.items() if text)


def _format_halving(measure: Measure) -> str:
    return "" if measure.halvable else ", wordt nooit gehalveerd"


# What each field that can change is called for a reader.
_FIELDS = {
    "title": "titel",
    "introduction": "inleiding",
    "proposals": "wat een voorstel is",
    "sources": "bronnen",
    "conform_when": "wanneer een huis voldoet",
    "room": "ruimte",
    "source": "plaats in de bron",
    "source_basis": "hoe zeker",
    "needs_first_because": "waarom dat eerst",
    "evidence": "bewijs",
    "text": "vraag",
    "text_for": "vraag aan een ander",
    "help": "hulp",
    "headline": "kop in het landelijk beeld",
    "proposal": "voorstel",
    "options": "keuzes",
    "kind": "soort",
    "basis": "waarop het rust",
    "core": "kernvraag",
    "rules": "regels",
    "one_face": "één gezicht",
    "weight": "gewicht",
    "estimates": "schatting",
    "actors": "wie",
    "actor": "aan zet",
    "needs_first": "eerst nodig",
    "quarters": "kwartalen",
    "days": "dagen werk",
    "lets_go_after": "laat los na",
    "settles": "regelt",
    "halvable": "kan gehalveerd worden",
}


def list_changes(changes: Iterable[EditionChange]) -> pd.DataFrame:
    """What changed, with both readings."""
    return pd.DataFrame(
        [
            {
                "Nr.": each.key,
                "Wat": each.change.dutch,
                "Deel": _FIELDS.get(each.field, NOTHING),
                "Was": _format_value(each.old),
                "Wordt": _format_value(each.new),
            }
            for each in changes
        ],
        columns=["Nr.", "Wat", "Deel", "Was", "Wordt"],
    )


def describe_changes(changes: Sequence[EditionChange], same: int, asked: int) -> str:
    """How many changes there are in each class, and how many answers would carry over."""
    if not changes:
        return "Er is niets veranderd waar een lezer, een score of een plan iets van merkt."
    counted = join_words([f"{change.dutch}: {count}" for change, count in count_classes(changes).items()])
    carried = format_part(same, asked, "vraag", ("is gelijk gebleven", "zijn gelijk gebleven"))
    return f"{format_with_capital(counted)}. {carried}: antwoorden daarop gaan mee."


def _format_value(value: object) -> str:
    match value:
        case None | () | "":
            return NOTHING
        case bool():
            return "ja" if value else "nee"
        case float():
            return format_number(value)
        case tuple():
            return "; ".join(map(_format_value, value))
        case Mapping():
            return "; ".join(f"{key}: {text}" for key, text in value.items())
    return _format_part(value)


def _format_part(value: object) -> str:
    match value:
        case Question():
            return value.text
        case Measure() | Criterion() | Theme():
            return value.title
        case Option():
            return _format_option(value)
        case ActorRole():
            return _format_role(value)
        case Estimates():
            shares = (f"{each.extra_quarters:+d} kw.: {format_number(each.share)}" for each in value.outcomes)
            return "; ".join(shares)
    return value.dutch if isinstance(value, Kind | Basis | Rules) else str(value)


def list_moves(old: pd.DataFrame, new: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Which figures of each house move from one version to another.

    Args:
        old: CRITERION_SCORES under the old version.
        new: CRITERION_SCORES of the same houses under the new one.
        register: names the houses.

    Returns:
        A row per house and criterion that moves, by unit and name and then by criterion.
    """
    keys = ["house_id", "criterion_id"]
    figures = ["low", "high", "verdict"]
    both = old[keys + figures].merge(
        new[keys + figures], on=keys, how="outer", suffixes=("_old", "_new"), validate="1:1"
    )
    before, after = (both[[f"{name}_{when}" for name in figures]] for when in ("old", "new"))
    stays = (before.to_numpy() == after.to_numpy()) | (before.isna().to_numpy() & after.isna().to_numpy())
    moved = both[~stays.all(axis=1)]
    order = {house.house_id: place for place, house in enumerate(register.sort_houses(register.houses))}
    moved = moved.assign(place=moved["house_id"].map(order)).sort_values(
        ["place", "criterion_id"], kind="stable"
    )
    return pd.DataFrame(
        {
            "Huis": [register.house[key].title for key in moved["house_id"]],
            "Criterium": moved["criterion_id"].to_numpy(),
            "Was": [_format_figure(row, "old") for row in moved.to_dict("records")],
            "Wordt": [_format_figure(row, "new") for row in moved.to_dict("records")],
        }
    )


def _format_figure(row: Mapping[object, object], when: str) -> str:
    verdict = row[f"verdict_{when}"]
    if not isinstance(verdict, str):
        return "niet gevraagd"
    told = Verdict(verdict)
    score = format_range(float(str(row[f"low_{when}"])), float(str(row[f"high_{when}"])))
    return f"{told.sign} {told.dutch}{f', {score}' if score != NOTHING else ''}"
