"""Safety formulas: what may stand in one, and what follows from several, computed by hand."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from assessment.engine.clashes import Clash, find_contradictions
from assessment.engine.evidence import Trait, count_traits, find_evidence
from assessment.engine.formulas import (
    Lack,
    find_front_share,
    find_missing,
    find_reviews,
    find_unserved,
    list_shares,
    sum_loads,
)
from assessment.model.effort import Amount, PartyCapacity, PartyKind, TimeUnit
from assessment.model.formula import Formula, FormulaSet, FormulaStatus
from assessment.tables.formula_board import list_counts

START = date(2027, 1, 1)
TODAY = date(2027, 9, 1)
WEEKLY = {"number": 10, "unit": "uur-per-week"}
POLICE = {"name": "Politie", "role": "signaleert", "amount": WEEKLY}
SCHOOL = {
    "name": "Scholen",
    "kind": "onderwijs",
    "role": "meldt verzuim",
    "amount": {"number": 480, "unit": "uur-per-jaar"},
}
STOLEN = {
    "name": "Diefstallen",
    "unit": "per jaar",
    "baseline": 120,
    "target": 80,
    "due": "2028-12-31",
    "source": "gemeente",
}
OUTCOME = {"what": "Minder diefstal in de buurt", "indicators": [STOLEN]}
WHOLE = {
    "house_id": "ons",
    "formula_id": "buurt",
    "title": "Veilige buurt",
    "theme": "buurtpreventie",
    "level": "lokaal",
    "target_group": "bewoners",
    "problem": "Bewoners zien te veel diefstal.",
    "parties": [POLICE, SCHOOL],
    "outcomes": [OUTCOME],
    "directing": {"process": "Veiligheidshuis"},
    "start": START,
    "review": "2027-10-01",
}


def formula(**given: object) -> Formula:
    return Formula.model_validate(WHOLE | given)


def capacity(party: str, hours: float, year: int = 2027) -> PartyCapacity:
    amount = {"number": hours, "unit": "uur-per-jaar"}
    return PartyCapacity.model_validate({"house_id": "ons", "party": party, "year": year, "amount": amount})


def lacks(**given: object) -> list[tuple[Lack, str]]:
    return [(each.lack, each.about) for each in find_missing(formula(**given))]


@pytest.mark.parametrize(
    ("number", "unit", "hours"),
    [(100, TimeUnit.HOURS_A_YEAR, 100), (2, TimeUnit.HOURS_A_WEEK, 104), (0.5, TimeUnit.FTE, 936)],
)
def test_effort_in_any_unit_is_hours_a_year(number: float, unit: TimeUnit, hours: float) -> None:
    assert Amount(number=number, unit=unit).hours == hours


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"parties": [POLICE, {"name": " politie "}]}, "buurt: partijen komen dubbel voor: Politie"),
        ({"counts": [STOLEN]}, "buurt: cijfers komen dubbel voor: Diefstallen"),
        ({"outcomes": [OUTCOME, OUTCOME | {"indicators": []}]}, "effecten komen dubbel voor"),
        ({"review": "2026-12-31"}, "ligt voor de start op 2027-01-01: bijstellen"),
        ({"start": "2029-01-01", "review": None}, "streefdatum van Diefstallen"),
        ({"start": "1066-01-01"}, "1066-01-01 kan niet"),
        ({"counts": [{"name": "Gesprekken"}]}, "Gesprekken: zonder eenheid"),
        ({"parties": [POLICE | {"amount": WEEKLY | {"number": -1}}]}, "-1 uur per week is minder dan niets"),
        ({"parties": [POLICE | {"amount": WEEKLY | {"number": 36001}}]}, "meer dan duizend mensen"),
        ({"parties": [POLICE | {"amount": WEEKLY | {"number": "nan"}}]}, "finite number"),
        ({"counts": [{"name": "X", "unit": "per jaar", "target": 1e12}]}, "1000000000000 is te groot"),
        ({"title": ""}, "at least 1 character"),
        ({"title": "twee\nregels"}, "regeleinde"),
        ({"case": "kind van tien"}, "Extra inputs"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as error:
        formula(**given)

    assert told in str(error.value)


def test_readings_of_one_day_contradict_each_other() -> None:
    twice = [{"day": "2027-06-01", "value": value} for value in (1, 2)]

    with pytest.raises(ValidationError, match="metingen komen dubbel voor: 2027-06-01"):
        formula(counts=[{"name": "Gesprekken", "unit": "per jaar", "readings": twice}])


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2026-01-31", "2027-06-01"), "2026: 48 · 2027: 57"),
        (("2026-01-31", "2026-06-01"), "januari 2026: 48 · juni 2026: 57"),
        (("2026-06-01", "2026-06-30"), "1 juni 2026: 48 · 30 juni 2026: 57"),
    ],
)
def test_readings_are_told_apart_by_as_little_as_that_takes(days: tuple[str, str], told: str) -> None:
    readings = [{"day": day, "value": value} for day, value in zip(days, (48, 57), strict=True)]
    counted = formula(counts=[{"name": "Gesprekken", "unit": "per jaar", "readings": readings}])

    assert list_counts([counted])["Geteld"].item() == told


def test_a_file_is_about_one_house_and_names_each_thing_once() -> None:
    with pytest.raises(ValidationError, match="van een ander huis: buur/buurt"):
        FormulaSet(house_id="ons", formulas=(formula(house_id="buur"),))
    with pytest.raises(ValidationError, match="formules komen dubbel voor: buurt"):
        FormulaSet(house_id="ons", formulas=(formula(), formula()))
    with pytest.raises(ValidationError, match="partijen komen dubbel voor: politie 2027"):
        FormulaSet(house_id="ons", capacities=(capacity("Politie", 1), capacity("politie", 2)))


def test_a_whole_formula_lacks_nothing_and_an_empty_one_says_all_in_one_list() -> None:
    empty = Formula(house_id="ons", formula_id="leeg", title="Leeg")

    assert find_missing(formula()) == ()
    assert [each.lack for each in find_missing(empty)] == [
        *(Lack.THEME, Lack.LEVEL, Lack.TARGET_GROUP, Lack.PROBLEM, Lack.PARTIES),
        *(Lack.OUTCOME, Lack.DIRECTING, Lack.START, Lack.REVIEW),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"parties": [POLICE, {"effort": "Huisbezoek"}]}, [(Lack.EFFORT_OWNER, "Huisbezoek")]),
        ({"parties": [POLICE | {"role": ""}]}, [(Lack.ROLE, "Politie")]),
        ({"parties": [POLICE | {"amount": None}]}, [(Lack.AMOUNT, "Politie")]),
        ({"outcomes": []}, [(Lack.OUTCOME, "")]),
        ({"outcomes": [{"what": "Rust"}]}, [(Lack.INDICATOR, "Rust")]),
        (
            {"outcomes": [{"what": "Rust", "indicators": [STOLEN | {"target": None}]}]},
            [(Lack.FIGURE, "Diefstallen")],
        ),
        ({"directing": {}}, [(Lack.DIRECTING, "")]),
        ({"interventions": [{"what": "Lessen", "side": "voorkant"}]}, [(Lack.INTERVENTION_OWNER, "Lessen")]),
        (
            {
                "interventions": [
                    {"what": what, "side": "voorkant", "party": "GGD"} for what in ("Lessen", "Gesprekken")
                ]
            },
            [(Lack.STRANGE_OWNER, "GGD")],
        ),
        (
            {
                "interventions": [
                    {"what": "Toezicht", "side": "achterkant", "party": "politie", "amount": WEEKLY},
                    {"what": "Advies", "side": "voorkant", "party": "Politie", "amount": WEEKLY},
                ]
            },
            [(Lack.TOO_MUCH, "Politie")],
        ),
    ],
)
def test_what_is_missing_is_named(given: dict[str, Any], expected: list[tuple[Lack, str]]) -> None:
    assert lacks(**given) == expected


def test_what_is_missing_reads_as_a_sentence() -> None:
    (missing,) = find_missing(formula(parties=[POLICE | {"role": ""}]))

    assert str(missing) == "De rol van Politie staat er niet bij."


def test_the_matrix_tells_who_puts_in_what_also_where_nobody_owns_it() -> None:
    lessons = {"what": "Lessen", "side": "voorkant", "amount": {"number": 40, "unit": "uur-per-jaar"}}

    shares = list_shares([formula(interventions=[lessons])])

    assert [(each.party, each.party_key, each.role, each.hours) for each in shares] == [
        ("Politie", "politie", "signaleert", 520),
        ("Scholen", "scholen", "meldt verzuim", 480),
        ("", "", "Lessen", 40),
    ]
    assert find_unserved([formula(), formula(parties=[])]) == (formula(parties=[]),)


def test_effort_of_a_party_is_summed_per_year_beside_what_it_has() -> None:
    """520 hours adopted and 520 in a draft; the one that stopped and the one of later ask nothing."""
    formulas = [
        formula(status="vastgesteld"),
        formula(formula_id="twee", parties=[POLICE]),
        formula(formula_id="drie", parties=[POLICE | {"amount": None}]),
        formula(formula_id="stop", status="gestopt"),
        formula(formula_id="later", start="2028-01-01", review=None),
    ]

    police, school, ward = sum_loads(formulas, [capacity("politie", 1000), capacity("Wijkteam", 5)], 2027)

    assert (police.adopted, police.drafts, police.unknown, police.available) == (520, 520, 1, 1000)
    assert police.excess == 40
    assert police.formula_ids == ("buurt", "twee", "drie")
    assert (school.asked, school.available, school.excess) == (480, None, 0)
    assert (ward.party, ward.asked, ward.excess) == ("Wijkteam", 0, 0)


def test_the_share_at_the_front_is_a_range_where_hours_are_not_accounted_for() -> None:
    """Of 1000 hours 250 are at the front and 150 at the back, so 25 % to 85 %."""
    hours = [("voorkant", "Politie", 250), ("achterkant", "Scholen", 150)]
    given = [
        {"what": side, "side": side, "party": who, "amount": {"number": number, "unit": "uur-per-jaar"}}
        for side, who, number in hours
    ]

    assert find_front_share([formula(interventions=given)]) == (0.25, 0.85, 1000)
    assert find_front_share([formula(status="gestopt")]) == (None, None, 0)


def test_formulas_on_the_same_issue_overlap_and_say_where_they_contradict_each_other() -> None:
    one = formula(municipality="Waterstad", directing={"process": "Waterstad", "board": "burgemeester W"})
    other = formula(
        formula_id="buurt-2",
        municipality="Duinstad",
        level="regionaal",
        theme=" BUURTPREVENTIE",
        directing={"process": "Duinstad", "board": "burgemeester D"},
        parties=[POLICE | {"role": "treedt op"}],
        outcomes=[OUTCOME | {"indicators": [STOLEN | {"target": 200}]}],
    )

    found = find_contradictions([other, one], {"ons": "eenheid"})

    assert [(each.clash, each.about, each.first, each.second) for each in found] == [
        (Clash.OVERLAP, "", "", ""),
        (Clash.LEVEL, "", "lokaal", "regionaal"),
        (Clash.ROLE, "Politie", "signaleert", "treedt op"),
        (Clash.DIRECTING, "proces", "Waterstad", "Duinstad"),
        (Clash.TARGET, "Diefstallen", "omlaag", "omhoog"),
    ]


@pytest.mark.parametrize(
    ("other", "unit_of"),
    [
        (formula(house_id="buur"), {"ons": "een", "buur": "twee"}),
        (formula(house_id="buur", target_group="winkeliers"), {"ons": "een", "buur": "een"}),
        (formula(house_id="buur", status="gestopt"), {"ons": "een", "buur": "een"}),
    ],
)
def test_formulas_that_have_nothing_in_common_do_not_touch(other: Formula, unit_of: dict[str, str]) -> None:
    assert find_contradictions([formula(), other], unit_of) == ()


def test_houses_of_one_unit_may_each_have_their_own_process() -> None:
    other = formula(house_id="buur", directing={"process": "Buurhuis"})

    found = find_contradictions([formula(), other], {"ons": "een", "buur": "een"})

    assert [each.clash for each in found] == [Clash.OVERLAP]


def test_a_theme_that_nobody_named_is_the_same_as_nothing() -> None:
    assert find_contradictions([formula(theme=""), formula(theme="", formula_id="x")], {"ons": "een"}) == ()


def test_reviews_come_up_sixty_days_ahead_and_stay_until_they_are_done() -> None:
    formulas = [
        formula(),
        formula(formula_id="ver", review="2027-11-01"),
        formula(formula_id="oud", review="2027-08-01"),
        formula(formula_id="stop", review="2027-08-01", status="gestopt"),
        formula(formula_id="geen", review=None),
    ]

    found = find_reviews(formulas, TODAY)

    assert [(each.formula.formula_id, each.days) for each in found] == [("oud", -31), ("buurt", 30)]


def test_formulas_are_evidence_beside_answers() -> None:
    measured = OUTCOME | {"indicators": [STOLEN | {"readings": [{"day": "2027-06-01", "value": 100}]}]}
    care = {"name": "Jeugdzorg", "kind": "zorg", "role": "helpt"}

    found = find_evidence([formula(outcomes=[measured]), formula(parties=[POLICE, care])])

    assert [(each.criterion_id, each.shown, each.formulas) for each in found] == [
        *(("FOR-1", 1, 2), ("FOR-2", 1, 2), ("FOR-6", 0, 2), ("FOR-7", 2, 2)),
    ]
    assert found[3].kinds == (PartyKind.EDUCATION, PartyKind.CARE)
    assert find_evidence([formula(status="gestopt")]) == ()


def test_each_trait_is_counted_apart_and_what_is_not_said_counts_for_nothing() -> None:
    half: dict[str, object] = {
        "theme": "",
        "target_group": "",
        "level": None,
        "parties": [],
        "start": None,
        "directing": {},
    }
    boarded: dict[str, object] = {
        "directing": {"board": "burgemeester"},
        "parties": [POLICE | {"mandate": "beslist zelf"}],
    }

    counts = count_traits([formula(**half, outcomes=[]), formula(status="vastgesteld"), formula(**boarded)])

    assert counts == {
        **dict.fromkeys((Trait.ADOPTED, Trait.BOARD, Trait.WIDER, Trait.MANDATE), 1),
        **dict.fromkeys((Trait.LOCAL, Trait.PLANNED, Trait.TOLD, Trait.TARGET_GROUP), 2),
        Trait.MEASURED: 0,
    }


def test_a_start_takes_along_the_shape_and_nothing_of_the_other_house() -> None:
    readings = [{"day": "2027-06-01", "value": 100}]
    mine = formula(
        version=4, status="vastgesteld", counts=[STOLEN | {"name": "Acties", "readings": readings}]
    )

    start = mine.as_start("buur", "nieuw")

    assert (start.house_id, start.formula_id, start.version) == ("buur", "nieuw", 0)
    assert start.status is FormulaStatus.DRAFT
    assert [(each.name, each.role, each.amount) for each in start.parties] == [
        *(("Politie", "signaleert", None), ("Scholen", "meldt verzuim", None)),
    ]
    assert {each.readings for each in start.indicators} == {()}
    assert start.directing.named == {}
    assert Formula.model_validate_json(start.model_dump_json()) == start


def test_every_text_is_listed_with_its_place() -> None:
    mine = formula(parties=[POLICE | {"mandate": "mandaat-tekst"}], interventions=[])

    assert dict(mine.list_texts())["partij Politie"].endswith("mandaat-tekst")
