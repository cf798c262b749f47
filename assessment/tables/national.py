"""The report on all houses together as a document, made of the tables of Landelijk beeld; without names."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import pandas as pd

from assessment.engine.comparison import Faces, count_faces
from assessment.model.document import Answer, Cell, Document, Part, Table, name_file
from assessment.model.frames import Subject
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective, Rules
from assessment.model.texts import NationalPart, NationalTexts
from assessment.tables.forecasts import (
    NO_DATE,
    describe_estimating,
    describe_transition,
    draw_curve,
    find_when,
    list_transition,
)
from assessment.tables.formats import (
    NOTHING,
    describe_handed_in,
    format_part,
    format_with_capital,
    holds_figures,
)
from assessment.tables.groups import (
    Inventory,
    count_there,
    describe_country,
    describe_faces,
    describe_there,
    gather_answers,
    list_headlines,
    list_inventory,
)
from assessment.tables.plan_parts import make_part
from assessment.tables.scores import count_met_each, count_returning, describe_open, list_groups, list_phases
from assessment.tables.versions import describe_standing_of_houses


class Nation(NamedTuple):
    """Everything that the report on all houses of a round is written from.

    `totals` is HOUSE_SCORES, `criteria` CRITERION_SCORES and `headlines` HEADLINES of all houses, to be
    counted and not to be shown; `groups` is GROUPS as far as the visitor may know, and nothing is told of
    what is not in it. `complete` says whether the visitor may see each house; `joint` how many have a joint
    version. `counts` is PHASE_COUNTS, `sure` SURE_COUNTS and `estimates` ESTIMATES of all houses together.
    """

    round: Round
    perspective: Perspective
    questionnaire: Questionnaire
    register: Register
    totals: pd.DataFrame
    criteria: pd.DataFrame
    headlines: pd.DataFrame
    groups: pd.DataFrame
    inventory: Inventory
    complete: bool
    joint: int
    begin: Quarter
    counts: pd.DataFrame
    sure: pd.DataFrame
    estimates: pd.DataFrame
    texts: NationalTexts
    moment: datetime

    @property
    def name(self) -> str:
        """What to call its files, without what tells their kind."""
        return name_file("landelijk", self.round.round_id)

    @property
    def told(self) -> pd.DataFrame:
        """CRITERION_SCORES of what may be told of all houses together."""
        return self.criteria[self.criteria["criterion_id"].isin(self.groups["subject_id"])]

    @property
    def faces(self) -> Faces:
        """Of how many norms of the police there is one face."""
        return count_faces(self.groups, self.questionnaire)


def compose_national(nation: Nation) -> Document:
    """Write down once what the report on all houses says, for every kind of file."""
    invented = any(nation.register.house[each].invented for each in nation.totals["house_id"])
    basis = describe_standing_of_houses(nation.perspective, nation.joint, len(nation.totals))
    return Document(
        kind=nation.texts.title,
        title=f"Veiligheidshuizen in {nation.round.title}",
        of=f"{_describe_response(nation)} · {basis}",
        notice=nation.texts.invented if invented else "",
        parts=tuple(_list_parts(nation)),
        moment=nation.moment,
    )


def _list_parts(nation: Nation) -> Iterator[Part]:
    texts, fields = nation.texts, _list_fields(nation)
    yield make_part(texts.finding, fields, answers=_list_answers(nation))
    for told, table, widths in _list_tables(nation):
        if told.nothing or not table.empty:
            shown = _make_table(told.title.format_map(fields), table, widths)
            curve = draw_curve(nation.counts, nation.sure, nation.begin) if told is texts.transition else None
            yield make_part(told, fields, tables=(shown,), curve=curve)
    yield make_part(texts.method, fields, lines=texts.explanation)


def _list_tables(nation: Nation) -> Iterator[tuple[NationalPart, pd.DataFrame, Mapping[str, int]]]:
    """The tables in order, each with its texts and with how wide its columns are."""
    texts = nation.texts
    yield texts.headlines, _list_headlines(nation), {"Vraag": 60, "Antwoorden": 116}
    faces = {"Onderwerp": 56, "Gezicht": 24, _ALIKE: 18, "Voldoet": 24, "Gemiddeld": 34, "Staat vast bij": 20}
    yield texts.faces, _list_faces(nation), faces
    yield texts.gaps, _list_gaps(nation), {"Criterium": 80, "Soort": 34, "Nog te doen": 62}
    yield texts.phases, list_phases(nation.totals), {"Fase": 120, "Aantal huizen": 56}
    if nation.complete:
        units = _leave_out_few(list_units(nation.totals, nation.round, nation.register), nation)
        yield texts.units, units, {"Eenheid": 56, "Ingeleverd": 36, "Fase": 84}
    transition = list_transition(nation.counts, nation.sure, nation.begin)
    yield texts.transition, transition, dict.fromkeys(transition.columns, 35)
    inventory = {"Onderwerp": 34, "Vraag": 62, "Hoeveel huizen": 80}
    yield texts.inventory, gather_answers(list_inventory(nation.inventory)), inventory


def _list_fields(nation: Nation) -> dict[str, str]:
    """What the texts may name between { }, as they read it."""
    gaps = count_returning(nation.told, nation.questionnaire)
    most = next((f"Hier komt hetzelfde gat terug: {each.title}" for each in gaps if each.short), _NO_GAP)
    return {
        "finding": describe_country(nation.faces, nation.totals),
        "faces": describe_faces(nation.faces) or "De norm van de politie wordt niet gevraagd",
        "gaps": most,
        "phases": format_with_capital(describe_there(nation.totals)),
        "transition": describe_transition(nation.counts, nation.sure, nation.estimates, nation.begin),
        "response": _describe_response(nation),
        "round": nation.round.title,
        "runs_on": describe_estimating(nation.questionnaire),
    }


_NO_GAP = "Nergens staat vast dat hetzelfde gat terugkomt"


def _describe_response(nation: Nation) -> str:
    handed_in = describe_handed_in(len(nation.totals), len(nation.round.house_ids), nation.perspective)
    return format_with_capital(handed_in)


def _list_answers(nation: Nation) -> tuple[Answer, ...]:
    faces, there = nation.faces, count_there(nation.totals)
    when = find_when(nation.estimates, Subject.BY_FRAMEWORK, nation.begin)
    answers = [
        Answer("Volgens het kader", format_part(there, len(nation.totals), "huis")),
        Answer("Laatste huis waarschijnlijk in", str(when.likely), f"80 % zeker in {when.at_80}")
        if when
        else Answer(
            "Alle huizen volgens het kader",
            "nu al" if there == len(nation.totals) else NO_DATE,
            note=describe_transition(nation.counts, nation.sure, nation.estimates, nation.begin),
        ),
    ]
    if faces.norms:
        same = f"bij {faces.same_gap} overal hetzelfde gat" if faces.same_gap else ""
        one = Answer("Eén gezicht van de politie", format_part(faces.one, faces.norms, "norm"), same)
        answers.insert(1, one)
    return tuple(answers)


def _list_headlines(nation: Nation) -> pd.DataFrame:
    told = list_headlines(nation.headlines, nation.criteria, nation.questionnaire)
    known = set(nation.groups["subject_id"])
    rows = [
        (each.question.headline, ", ".join(text for _, text in each.counts))
        for each in told
        if each.question.criterion_id in known
    ]
    return pd.DataFrame(rows, columns=["Vraag", "Antwoorden"])


def _list_faces(nation: Nation) -> pd.DataFrame:
    """The norms on which the police is to be the same everywhere; none by rules that tell no face."""
    norms = [] if nation.questionnaire.rules is Rules.ONE else nation.questionnaire.one_face
    own = nation.groups[nation.groups["subject_id"].isin([each.criterion_id for each in norms])]
    counts = count_met_each(nation.told, 1)
    met = ["bij {} van {}".format(*counts[key]) for key in own["subject_id"]]
    table = list_groups(own, nation.questionnaire)
    return table.assign(Voldoet=met).rename(columns={"Eén gezicht": _ALIKE})


# The figure that decides about the face of a norm.
_ALIKE = "Hoe gelijk"


def _list_gaps(nation: Nation) -> pd.DataFrame:
    """The norms at which most houses have something to do, as `count_returning`."""
    rows = [
        (each.title, each.kind.dutch, describe_open(each.short, each.unknown, each.of))
        for each in count_returning(nation.told, nation.questionnaire)
    ]
    return pd.DataFrame(rows, columns=["Criterium", "Soort", "Nog te doen"])


def list_units(totals: pd.DataFrame, round_: Round, register: Register) -> pd.DataFrame:
    """How far the houses of each unit are, in the order of the register; for who may see each house.

    Args:
        totals: HOUSE_SCORES of the houses that handed in.
        round_: which houses it asks.
        register: units and houses.
    """
    unit_of = totals["house_id"].map(lambda each: register.house[each].unit_id)
    asked = pd.Series([house.unit_id for house in register.houses_of(round_)])
    rows = [
        (
            register.unit[unit_id].title,
            format_part(int((unit_of == unit_id).sum()), int((asked == unit_id).sum()), "huis"),
            _count_phases(totals[unit_of == unit_id]),
        )
        for unit_id in dict.fromkeys(asked)
    ]
    return pd.DataFrame(rows, columns=["Eenheid", "Ingeleverd", "Fase"])


def _leave_out_few(units: pd.DataFrame, nation: Nation) -> pd.DataFrame:
    """The units without the phases of those of so few houses that each could be known.

    Where such houses are few together, what is left of all phases would tell theirs: then none are told, and
    there is no column of them.
    """
    unit_of = nation.totals["house_id"].map(lambda each: nation.register.house[each].unit_id)
    number_of = unit_of.value_counts()
    numbers = [int(number_of.get(key, 0)) for key in dict.fromkeys(_list_unit_ids(nation))]
    few = [number < _FEWEST for number in numbers]
    hidden = sum(number for number, left_out in zip(numbers, few, strict=True) if left_out)
    if 0 < hidden < _FEWEST:
        few = [True] * len(few)
    if all(few):
        return units.drop(columns="Fase")
    return units.assign(Fase=units["Fase"].mask(pd.Series(few, index=units.index), _TOO_FEW))


def _list_unit_ids(nation: Nation) -> list[str]:
    return [house.unit_id for house in nation.register.houses_of(nation.round)]


# Of fewer houses of one unit the phases could tell which house is which.
_FEWEST = 5
_TOO_FEW = "niet genoemd: minder dan vijf huizen"


def _count_phases(totals: pd.DataFrame) -> str:
    if totals.empty:
        return NOTHING
    return ", ".join(f"{number} {phase}" for phase, number in list_phases(totals).itertuples(index=False))


def _make_table(told: str, table: pd.DataFrame, widths: Mapping[str, int]) -> Table:
    """Those of these columns that a table for reading has; figures stand on the right."""
    names = tuple(name for name in widths if name in table)
    shown = table[list(names)].itertuples(index=False, name=None)
    rows = tuple(tuple(Cell(str(cell)) for cell in row) for row in shown)
    counted = tuple(place for place, name in enumerate(names) if holds_figures(table[name]))
    return Table(told, names, tuple(widths[name] for name in names), rows, figures=counted)
