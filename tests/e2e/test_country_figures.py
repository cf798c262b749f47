"""Every figure of Landelijk beeld that rests on answers, computed anew from what is stored, naively."""

import re
from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from statistics import mean, median
from typing import NamedTuple

import pandas as pd
import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.service.installation import Installation
from tests import reference
from tests.pages import make_page

pytestmark = pytest.mark.sqlite  # what is shown, not where things are kept
SHORT = {"not_yet", "partly"}
OPEN = SHORT | {"undetermined"}
NO_PART = {"not_applicable", "not_scored"}
SPACES = re.compile(r"\s+")
_VERDICTS = "meets|partly|not_yet|undetermined|explained|not_applicable|not_scored"
_VERDICT = re.compile(rf'<td[^>]*class="[^"]*ks-({_VERDICTS})')


def read(installation: Installation, query: str, **given: str) -> pd.DataFrame:
    with installation.store.reading() as session:
        return pd.read_sql(text(query), session.connection(), params=given)


def find_counted(installation: Installation, round_id: str) -> pd.DataFrame:
    """Of each house the version that counts: the newest joint one, else the newest of its own."""
    handed_in = read(installation, "select * from submissions where round_id = :round_id", round_id=round_id)
    counting = handed_in[handed_in["perspective"].isin(["huis", "gezamenlijk"])]
    ordered = counting.sort_values(["perspective", "version"], ascending=[True, False])  # gezamenlijk first
    return ordered.drop_duplicates("house_id").set_index("house_id")


class Told(NamedTuple):
    """What is stored of a round, what the naive reference makes of it, and the page that shows it."""

    register: Register
    round_id: str
    asked: Questionnaire
    given: Mapping[str, Mapping[str, str]]  # the letter of each answer, by house and question
    houses: Mapping[str, reference.House]
    shown: AppTest


def find_told(installation: Installation, round_id: str) -> Told:
    register = installation.register()
    asked = installation.questionnaire_of(register.round[round_id])
    versions = find_counted(installation, round_id)["submission_id"]
    answers = read(installation, "select * from answers where option_id is not null")
    agreed = read(installation, "select * from deviations")
    given, houses = {}, {}
    for house_id, submission_id in versions.items():
        own = answers[answers["submission_id"] == submission_id]
        deviating = agreed.loc[agreed["submission_id"] == submission_id, "criterion_id"]
        given[str(house_id)] = dict(zip(own["question_id"], own["option_id"], strict=True))
        houses[str(house_id)] = reference.score_house(asked, given[str(house_id)], frozenset(deviating))
    page = make_page("landelijk_beeld")
    page.query_params["ronde"] = round_id
    page.query_params["deel-soort"] = "alle"
    page.run()
    assert not page.exception
    return Told(register, round_id, asked, given, houses, page)


@pytest.mark.parametrize("round_id", ["2025-najaar", "2026-voorjaar", "2026-najaar"])
def test_every_figure_is_that_of_the_stored_answers(on_pages: Installation, round_id: str) -> None:
    told = find_told(on_pages, round_id)

    check_title_and_phases(told)
    check_response(on_pages, told)
    check_norms(told)
    check_strips(told)
    check_bars_and_tiles(told)
    check_table_of_houses(told)
    check_table_of_units(told)
    check_table_of_criteria(told)
    check_table_of_gaps(told)
    check_matrix(told)


def find_html(shown: AppTest, sign: str) -> str:
    return unescape(next(each.value for each in shown.html if sign in each.value))


def read_rows(shown: AppTest, first: str, *columns: str) -> list[dict[str, str]]:
    """The rows of the table that begins with a heading and has these too, as they are read."""
    needed = [f'data-what="{each}"' for each in (first, *columns)]
    written = next(
        unescape(each.value)
        for each in shown.html
        if f'aria-label="Tabel: {first}"' in each.value
        and all(need in unescape(each.value) for need in needed)
    )
    body = written.partition("<tbody>")[2]
    return [
        {
            what: SPACES.sub(" ", re.sub(r"<[^>]+>", "", cell)).strip()
            for what, cell in re.findall(r'data-what="([^"]*)"[^>]*>(.*?)</td>', row, re.DOTALL)
        }
        for row in body.split("</tr>")[:-1]
    ]


def percent(share: float) -> str:
    whole = int((Decimal(str(round(share, 10))) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    whole = 99 if whole == 100 and share < 1 else 1 if whole == 0 and share > 0 else whole
    return f"{whole} %"


def squeeze(figure: str) -> str:
    return SPACES.sub(" ", figure)


PHASES = {"pioneering": "pioniersfase", "transition": "in transitie", "by_framework": "volgens het kader"}


def name_phases(house: reference.House) -> str:
    return " of ".join(PHASES[phase] for phase in house.phases)


def check_title_and_phases(told: Told) -> None:
    there = sum(each.phases == ["by_framework"] for each in told.houses.values())
    phases = Counter(name_phases(each) for each in told.houses.values())
    faces = [
        reference.face([each.criteria[norm.criterion_id] for each in told.houses.values()])[1]
        for norm in told.asked.one_face
    ]

    title = squeeze(told.shown.title[0].value)
    of = len(told.houses)
    none = "geen" if faces else "Geen"  # it begins the title where no face is asked
    houses = f"{there} van {of} huizen werken" if there else f"{none} van de {of} huizen werkt"
    assert title.endswith(f"{houses} volgens het kader")
    if told.asked.rules == "2":
        number = f"{faces.count('one')} van" if "one" in faces else "geen van de"
        assert title.startswith(f"Eén gezicht op {number} {len(faces)} normen van de politie; ")
    facts = re.findall(
        r'ks-label">([^<]*)</span><span class="ks-figure">(\d+)', find_html(told.shown, "ks-facts")
    )
    assert {phase: int(number) for phase, number in facts} == phases


def check_response(installation: Installation, told: Told) -> None:
    counted = find_counted(installation, told.round_id)
    events = read(installation, "select * from submission_events order by number")
    state_of = dict(zip(events["submission_id"], events["to_state"], strict=True))  # the last one counts
    asked = {question.question_id for question in told.asked.questions if question.options}
    adopted = [state_of.get(each) in {"adopted", "frozen"} for each in counted["submission_id"]]
    facts = {
        "Ingeleverd": len(counted),
        "Alle vragen beantwoord": sum(asked <= given.keys() for given in told.given.values()),
        "Vastgesteld": sum(adopted),
        "Door huis en politie samen": (counted["perspective"] == "gezamenlijk").sum(),
    }
    of = len(told.register.round[told.round_id].house_ids)
    written = find_html(told.shown, "Door huis en politie samen")
    shown = dict(re.findall(r'ks-label">([^<]*)</span><span class="ks-figure">([^<]*)', written))
    assert shown == {what: f"{number} van {of} huizen" for what, number in facts.items()}


def check_norms(told: Told) -> None:
    """Behind each norm of the police stands how many meet it, and which face that is."""
    if told.asked.rules == "1":
        return
    written = find_html(told.shown, "ks-norms")
    for norm in told.asked.one_face:
        judged = [each.criteria[norm.criterion_id] for each in told.houses.values()]
        verdicts = [verdict for _, verdict in judged]
        met, of = verdicts.count("meets"), sum(verdict not in NO_PART for verdict in verdicts)
        item = re.search(rf'>{norm.criterion_id}</a>[^<]*<span class="ks-rest">([^<]*)<', written)
        assert item is not None, norm.criterion_id
        assert item[1].startswith(f"{met} van {of} voldoe")
        assert item[1].endswith(FACES.get(reference.face(judged)[1], "nog niet te zeggen"))


FACES = {"one": "één gezicht", "same_gap": "overal hetzelfde gat", "many": "meer gezichten"}


def check_strips(told: Told) -> None:
    written = squeeze(re.sub(r"<[^>]+>", " ", find_html(told.shown, "ks-strips")))
    for question in told.asked.headlines:
        first = sum(answers.get(question.question_id) == "a" for answers in told.given.values())
        rest = Counter(answers.get(question.question_id, "") for answers in told.given.values())
        assert re.search(rf"\b{first} van {len(told.given)}\b", written), question.question_id
        for letter, option in question.lettered[1:]:
            if rest[letter] and option.mark != "unknown":
                assert f"{rest[letter]} ‘{option.text}’" in written


def check_bars_and_tiles(told: Told) -> None:
    bars = re.findall(
        r"criterium=([A-Z]+-\d+).*?<span>(\d+) van (\d+)(?:, (\d+) onbepaald)?</span></li>",
        find_html(told.shown, "ks-bars"),
    )
    for criterion_id, number, of, unknown in bars:
        verdicts = [each.criteria[criterion_id][1] for each in told.houses.values()]
        assert int(number) == sum(verdict in SHORT for verdict in verdicts), criterion_id
        assert int(unknown or 0) == verdicts.count("undetermined"), criterion_id
        assert int(of) == sum(verdict not in NO_PART for verdict in verdicts)
    most: list[int] = []
    for kind in ("hard_norm", "core_norm"):  # hard norms first
        norms = [c.criterion_id for c in told.asked.criteria if c.kind == kind]
        counts = (sum(each.criteria[key][1] in OPEN for each in told.houses.values()) for key in norms)
        most += sorted(filter(None, counts), reverse=True)
    assert [int(number) + int(unknown or 0) for _, number, _, unknown in bars] == most[:5]

    units = {each.house_id: each.unit_id for each in told.register.houses}
    titles = {each.unit_id: each.short_title for each in told.register.units}
    verdict_of = {key: each.criteria["POS-4"][1] for key, each in told.houses.items()}
    met, explained = (
        Counter(units[key] for key, verdict in verdict_of.items() if verdict == wanted)
        for wanted in ("meets", "explained")
    )
    applies = Counter(units[key] for key, verdict in verdict_of.items() if verdict not in NO_PART)
    tiles = re.findall(
        r">([^<>]+)<span><b>(\d+)</b> van (\d+)(?: · (\d+) bewust anders)?</span>",
        find_html(told.shown, "ks-tiles"),
    )
    assert {name: tuple(int(each or 0) for each in counts) for name, *counts in tiles} == {
        titles[unit_id]: (met[unit_id], applies[unit_id], explained[unit_id]) for unit_id in applies
    }


def check_table_of_houses(told: Told) -> None:
    rows = read_rows(told.shown, "Eenheid", "Volgens het kader", "Beantwoord")
    named = {told.register.house[key].title: each for key, each in told.houses.items()}

    assert sorted(row["Huis"] for row in rows) == sorted(named)
    for row in rows:
        house = named[row["Huis"]]
        assert house.conformity is not None
        assert row["Volgens het kader"] == describe(*house.conformity)
        assert row["Beantwoord"] == f"{house.answered} van {house.applicable}"
        explained = sum(verdict == "explained" for _, verdict in house.criteria.values())
        assert row["Bewust anders"] == str(explained)
        met = house.hard_norms["met"]
        assert row["Harde normen"].startswith(f"{met} {'voldoet' if met == 1 else 'voldoen'}, ")


def describe(low: float, high: float) -> str:
    middle = percent((low + high) / 2)
    return (
        percent(low) if percent(low) == percent(high) else f"{middle} ({percent(low)[:-2]}–{percent(high)})"
    )


def check_table_of_units(told: Told) -> None:
    units = {house.house_id: house.unit_id for house in told.register.houses}
    asked = Counter(units[each] for each in told.register.round[told.round_id].house_ids)
    rows = {row["Eenheid"]: row for row in read_rows(told.shown, "Eenheid", "Ingeleverd", "Fase")}

    for unit in told.register.units:
        own = [house for key, house in told.houses.items() if units[key] == unit.unit_id]
        row, phases = rows[unit.title], Counter(name_phases(each) for each in own)
        thing = "huis" if asked[unit.unit_id] == 1 else "huizen"
        assert row["Ingeleverd"] == f"{len(own)} van {asked[unit.unit_id]} {thing}"
        counts = [each.partition(" ") for each in row["Fase"].split(", ")]
        assert {phase: int(number) for number, _, phase in counts} == phases


def check_table_of_criteria(told: Told) -> None:
    rows = {
        row["Onderwerp"].split(" ")[0]: row
        for row in read_rows(told.shown, "Onderwerp", "Gemiddeld", "Hoogste")
    }

    for criterion in told.asked.criteria:
        judged = [each.criteria[criterion.criterion_id] for each in told.houses.values()]
        ranges = [low_high for low_high, _ in judged if low_high is not None]
        if not ranges:
            assert criterion.criterion_id not in rows
            continue
        row, middles = rows[criterion.criterion_id], [(low + high) / 2 for low, high in ranges]
        assert row["Aantal huizen"] == str(len(ranges))
        assert row["Gemiddeld"] == describe(*(mean(ends) for ends in zip(*ranges, strict=True)))
        shown_as = {"Laagste": min(middles), "Midden": median(middles), "Hoogste": max(middles)}
        assert {name: row[name] for name in shown_as} == {name: percent(v) for name, v in shown_as.items()}
        if told.asked.rules == "2":
            face = FACES.get(reference.face(judged)[1], "nog niet te zeggen")
            assert row["Gezicht"] == face


def check_table_of_gaps(told: Told) -> None:
    """The table begins with the bars, and goes on with all else that is open at a house."""
    rows = read_rows(told.shown, "Criterium", "Nog te doen")
    bars = re.findall(r"criterium=([A-Z]+-\d+)", find_html(told.shown, "ks-bars"))
    listed = [row["Criterium"].split(" ")[0] for row in rows]
    assert listed[: len(bars)] == bars
    assert set(listed) == {
        criterion.criterion_id
        for criterion in told.asked.criteria
        if any(each.criteria[criterion.criterion_id][1] in OPEN for each in told.houses.values())
    }
    for row in rows:
        verdicts = Counter(each.criteria[row["Criterium"].split(" ")[0]][1] for each in told.houses.values())
        number, unknown = (sum(verdicts[each] for each in kinds) for kinds in (SHORT, OPEN - SHORT))
        assert row["Nog te doen"].startswith(f"bij {number} van ")
        assert row["Nog te doen"].endswith(f", bij {unknown} nog onbepaald" if unknown else "huizen")
        columns = {"not_yet": "○ nog niet", "partly": "◐ deels", "undetermined": "? onbepaald"}
        assert [row[name] for name in columns.values()] == [str(verdicts[verdict]) for verdict in columns]


def check_matrix(told: Told) -> None:
    written = find_html(told.shown, "ks-matrix").partition("<tbody>")[2].partition("</tbody>")[0]
    named = {told.register.house[key].short_title: each for key, each in told.houses.items()}
    seen = 0
    for row in written.split("</tr>"):
        heading = re.search(r'<th scope="row"[^>]*>(.*?)</th>', row, re.DOTALL)
        name = squeeze(re.sub(r"<[^>]+>", " ", heading[1])).strip() if heading else ""
        if name not in named:
            continue
        cells = _VERDICT.findall(row)
        expected = [named[name].criteria[criterion.criterion_id][1] for criterion in told.asked.criteria]
        assert cells == expected, name
        seen += 1
    assert seen == len(told.houses)
