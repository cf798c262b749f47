"""Safety formulas in the store: every version kept, nobody overwritten in silence, no data on citizens."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from assessment.errors import (
    ConflictError,
    FormulaError,
    NotAllowedError,
    PersonalTextError,
    UnknownHouseError,
)
from assessment.model.access import Grant, Role, Visitor
from assessment.model.audit import Action, AuditEntry
from assessment.model.effort import Amount, TimeUnit
from assessment.model.formula import Formula, FormulaSet, FormulaStatus
from assessment.service.access import share_text
from assessment.service.formulas import (
    FormulaEdit,
    PartyCapacityEdit,
    begin_formula,
    change_formulas,
    set_party_capacities,
)
from assessment.service.installation import Installation
from assessment.store.audit import load_entries
from assessment.tables.formula_changes import list_versions_of_formula
from assessment.tables.formulas import (
    describe_evidence,
    list_contradictions,
    list_figures,
    list_formulas,
    list_interventions,
    list_loads,
    list_matrix,
    list_missing,
    list_parties,
)
from tests.conftest import NOW, installation_at
from tests.reading import reading, verify_trail

HOUSE, NEIGHBOUR, ELSEWHERE = "veenrijk", "hofduin", "domhage"
WRITERS = 8
SHARED_IN_DEMO = (
    *("Hulp bij onbegrepen gedrag", "Jeugd in Waddehorst", "Terug uit detentie", "Veilig uit in Terpmark"),
)
DAY = {"number": 8, "unit": "uur-per-week"}
WHOLE = {
    "title": "Veilige buurt",
    "theme": "buurtpreventie",
    "level": "lokaal",
    "target_group": "bewoners",
    "problem": "Bewoners voelen zich onveilig.",
    "parties": [{"name": "Politie", "role": "signaleert", "amount": DAY}],
    "interventions": [{"what": "Spreekuur", "side": "voorkant", "party": "Politie", "amount": DAY}],
    "outcomes": [
        {
            "what": "Minder diefstal",
            "indicators": [
                {
                    "name": "Diefstallen",
                    "unit": "per jaar",
                    "baseline": 120,
                    "target": 80,
                    "due": "2028-12-31",
                    "source": "gemeente",
                    "readings": [{"day": "2027-06-01", "value": 110.5}],
                }
            ],
        }
    ],
    "counts": [{"name": "Spreekuren", "unit": "per jaar"}],
    "directing": {"process": "Veiligheidshuis"},
    "start": "2026-01-01",
    "review": "2026-12-01",
}


def change(
    installation: Installation, house_id: str = HOUSE, seen: int | None = None, /, **changes: object
) -> None:
    change_formulas(installation, [FormulaEdit(house_id, "buurt", changes, seen)], NOW)


def find(installation: Installation, house_id: str = HOUSE) -> Formula:
    return reading(installation).find_formula(house_id, "buurt").formula


def visited_by(installation: Installation, role: Role) -> Installation:
    """The same, for who has a role on the house."""
    unit_id = installation.register().house[HOUSE].unit_id
    given = {
        Role.MANAGER: {"house_id": HOUSE},
        Role.UNIT: {"unit_id": unit_id},
        Role.POLICE: {"unit_id": unit_id},
    }
    grant = Grant.model_validate({"role": role, **given.get(role, {})})
    return replace(installation, visitor=Visitor(who="a-1", name="A", grants=(grant,)))


def list_entries(installation: Installation, action: Action) -> list[AuditEntry]:
    with installation.store.reading() as session:
        entries = [entry for entry in load_entries(session) if entry.action == action.value]
    return [entry for entry in entries if entry.subject.startswith(HOUSE)]


def test_a_formula_is_kept_in_every_version_with_who_and_when(demo: Installation) -> None:
    manager = visited_by(demo, Role.MANAGER)
    change(manager, **WHOLE)
    change_formulas(manager, [FormulaEdit(HOUSE, "buurt", {"title": "Rust"}, 1)], NOW + timedelta(days=1))

    newest, first = reading(manager).list_formula_versions(HOUSE, "buurt")

    assert (newest.formula.version, newest.formula.title, newest.changed_by) == (2, "Rust", "a-1")
    assert newest.changed - first.changed == timedelta(days=1)
    assert first.formula == newest.formula.model_copy(update={"version": 1, "title": "Veilige buurt"})
    assert reading(manager).find_formulas(HOUSE).kept == (newest,)
    assert list(list_versions_of_formula([newest, first])["Wat er veranderde"]) == ["naam", "begonnen"]


def test_a_change_of_one_field_leaves_the_others_and_the_same_makes_no_version(demo: Installation) -> None:
    change(demo, **WHOLE)
    change(demo, theme="jeugd")
    change(demo, HOUSE, 1, theme=" jeugd ")

    stored = find(demo)
    assert (stored.version, stored.theme, stored.title) == (2, "jeugd", "Veilige buurt")


def test_the_trail_tells_which_fields_changed_and_no_text(demo: Installation) -> None:
    change(demo, **WHOLE)
    change(demo, theme="Straat van de heer Jansen")

    first, second = list_entries(demo, Action.FORMULA_CHANGED)
    assert first.subject == f"{HOUSE}/buurt"
    assert first.old == "null"
    assert '"fields":["theme"]' in second.new
    assert "Jansen" not in second.new
    assert verify_trail(demo)


def test_who_changes_what_another_changed_meanwhile_sees_both(demo: Installation) -> None:
    change(demo, **WHOLE)
    parties = [{"name": "Politie", "role": "treedt op", "amount": DAY}]

    with pytest.raises(ConflictError) as conflict:
        change(demo, HOUSE, 0, theme="jeugd", parties=parties)

    told = str(conflict.value)
    assert "vraagstuk: nu 'buurtpreventie', van u 'jeugd'" in told
    assert "8 uur per week (416 uur per jaar)" in told
    assert "treedt op" in told
    assert find(demo).version == 1


def test_what_cannot_be_is_told_with_its_place_and_nothing_is_kept(demo: Installation) -> None:
    change(demo, **WHOLE)
    wrong = [{"name": "OM", "amount": {"number": -2, "unit": "fte"}}, {"name": "GGD", "kind": "familie"}]

    with pytest.raises(FormulaError) as fault:
        change(demo, parties=wrong, review="2020-01-01")

    negative, unknown = str(fault.value).splitlines()
    assert negative.startswith("buurt: partijen › nr. 1 › hoeveel -2 fte is minder dan niets.")
    assert unknown.startswith("buurt: partijen › nr. 2 › soort moet een van deze zijn: 'kern', 'onderwijs'")
    assert negative.endswith(nothing_kept := " Er is niets bewaard.")
    assert unknown.endswith(nothing_kept)
    assert find(demo).version == 1


def test_a_new_formula_needs_an_id_and_a_title(demo: Installation) -> None:
    with pytest.raises(FormulaError, match="naam mag niet leeg zijn"):
        change(demo, theme="jeugd")
    with pytest.raises(FormulaError, match="nummer heeft niet de goede vorm"):
        change_formulas(demo, [FormulaEdit(HOUSE, "Twee Woorden", {"title": "x"})], NOW)
    with pytest.raises(UnknownHouseError):
        change_formulas(demo, [FormulaEdit("atlantis", "buurt", {"title": "x"})], NOW)


def test_a_formula_that_lacks_something_is_kept_and_not_adopted(demo: Installation) -> None:
    change(demo, title="Half")

    with pytest.raises(FormulaError, match=r"nog niet vast te stellen.*Niemand heeft de regie"):
        change(demo, status="vastgesteld")

    assert find(demo).status is FormulaStatus.DRAFT
    change(demo, **WHOLE, status="vastgesteld")
    assert find(demo).status is FormulaStatus.ADOPTED


def test_what_may_be_about_a_citizen_is_asked_about_wherever_it_stands(demo: Installation) -> None:
    party = {"name": "Politie", "role": "signaleert", "means": "bel 06-12345678"}

    with pytest.raises(PersonalTextError, match="buurt, partij Politie"):
        change(demo, title="Buurt", parties=[party])
    with pytest.raises(PersonalTextError, match="partij: "):
        set_party_capacities(demo, [PartyCapacityEdit(HOUSE, "jan@example.nl", 2027, None)], NOW)
    accepted = FormulaEdit(HOUSE, "buurt", {"title": "Buurt", "parties": [party]}, accepted=True)
    change_formulas(demo, [accepted], NOW)
    change(demo, theme="jeugd")

    assert find(demo).version == 2


def test_what_a_party_has_is_kept_beside_what_is_asked(demo: Installation) -> None:
    change(demo, **WHOLE)
    hundred = Amount(number=100, unit=TimeUnit.HOURS_A_YEAR)
    set_party_capacities(demo, [PartyCapacityEdit(HOUSE, " politie ", 2026, hundred)], NOW)

    picture = reading(demo).find_formula_picture(HOUSE)

    (load,) = picture.too_much
    assert (load.party, load.asked, load.available, load.excess) == ("Politie", 416, 100, 316)
    told = list_loads(picture.loads)["Let op"].item()
    assert told == (
        "Van Politie wordt in 2026 416 uur gevraagd: 316 uur meer dan de 100 uur die er zijn. Vraag minder "
        "bij buurt, of leg vast dat Politie meer heeft."
    )


def test_who_tells_what_a_party_has_after_another_sees_both_and_can_take_it_back(demo: Installation) -> None:
    first, other = (Amount(number=each, unit=TimeUnit.FTE) for each in (1, 2))
    set_party_capacities(demo, [PartyCapacityEdit(HOUSE, "Politie", 2027, first, 0)], NOW)

    with pytest.raises(ConflictError, match=r"nu '1 fte \(1.872 uur per jaar\)', van u '2 fte"):
        set_party_capacities(demo, [PartyCapacityEdit(HOUSE, "POLITIE", 2027, other, 0)], NOW)
    ((_, gone),) = set_party_capacities(demo, [PartyCapacityEdit(HOUSE, "Politie", 2027, None, 1)], NOW)

    assert reading(demo).find_formulas(HOUSE).capacities == (gone,)
    assert (gone.version, gone.amount) == (2, None)
    assert len(list_entries(demo, Action.PARTY_CAPACITY_CHANGED)) == 2
    assert "olitie" not in str(list_entries(demo, Action.PARTY_CAPACITY_CHANGED))


def test_of_many_who_begin_the_same_formula_at_once_one_does(demo: Installation) -> None:
    def begin(number: int) -> bool:
        with closing(installation_at(demo.settings.database_url)) as own:
            try:
                change_formulas(own, [FormulaEdit(HOUSE, "buurt", {"title": f"Van {number}"}, 0)], NOW)
            except ConflictError:
                return False
        return True

    with ThreadPoolExecutor(WRITERS) as threads:
        done = list(threads.map(begin, range(WRITERS)))

    assert sum(done) == 1
    assert find(demo).title == f"Van {done.index(True)}"
    assert len(list_entries(demo, Action.FORMULA_CHANGED)) == 1


def test_the_country_sees_formulas_of_a_house_only_when_that_shares_its_texts(demo: Installation) -> None:
    share_text(demo, HOUSE, NOW, shares=False)
    change(demo, **WHOLE)
    country = visited_by(demo, Role.COUNTRY)

    with pytest.raises(NotAllowedError, match="formules zien"):
        find(country)
    share_text(demo, HOUSE, NOW, shares=True)

    assert find(country).title == "Veilige buurt"
    assert HOUSE in {each.house.house_id for each in reading(country).list_formulas()}
    with pytest.raises(NotAllowedError, match="formules wijzigen"):
        change(country, theme="jeugd")


def test_a_house_sees_contradictions_with_its_own_formulas_and_the_unit_those_of_all(
    demo: Installation,
) -> None:
    unit_id = demo.register().house[HOUSE].unit_id
    other = next(
        each for each in demo.register().houses if each.unit_id == unit_id and each.house_id != HOUSE
    )
    change(demo, **WHOLE)
    change(demo, other.house_id, **WHOLE | {"level": "regionaal"})

    manager = reading(visited_by(demo, Role.MANAGER)).find_formula_picture(HOUSE)
    unit = reading(visited_by(demo, Role.UNIT)).find_formula_picture(HOUSE)

    assert manager.contradictions == ()
    told = list(list_contradictions(unit.contradictions, demo.register())["Wat er is"])
    assert told[0] == "Zelfde vraagstuk en doelgroep: buurtpreventie, bewoners."
    assert re.fullmatch(r"Een ander niveau leidt: de een '\w+aal', de ander '\w+aal'\.", told[1])


def test_a_formula_starts_from_an_example_or_from_what_another_house_shares(demo: Installation) -> None:
    change(demo, ELSEWHERE, **WHOLE, shared=True)
    manager = visited_by(demo, Role.MANAGER)

    starts = {each.title: each for each in reading(manager).list_formula_starts(HOUSE, "nieuw")}

    assert list(starts)[:5] == ["Halt", "Stadsmariniers", "Veiligheidshuis", "RIEC", "BRZO"]
    assert set(list(starts)[5:]) == {"Veilige buurt", *SHARED_IN_DEMO}
    assert begin_formula(manager, starts["Veiligheidshuis"].formula, NOW).version == 1
    for again in ("Veilige buurt", "Veiligheidshuis"):
        with pytest.raises(ConflictError):
            begin_formula(manager, starts[again].formula, NOW)
    assert starts["Veilige buurt"].formula.parties[0].amount is None
    with pytest.raises(NotAllowedError):
        reading(manager).find_formulas(ELSEWHERE)


def test_an_unknown_formula_is_told_with_those_that_there_are(demo: Installation) -> None:
    change(demo, **WHOLE)

    with pytest.raises(FormulaError, match=r"Formule 'nee' is er niet bij .*Kies uit: buurt\."):
        reading(demo).find_formula(HOUSE, "nee")


def test_formulas_go_out_as_json_that_is_read_back_as_the_same(demo: Installation) -> None:
    change(demo, **WHOLE)

    written = reading(demo).export_formulas(HOUSE)

    assert FormulaSet.model_validate_json(written) == reading(demo).find_formulas(HOUSE).as_file


def test_everything_of_a_formula_is_told_in_words(demo: Installation) -> None:
    change(demo, **WHOLE)
    found = reading(demo).find_formulas(HOUSE)
    picture = reading(demo).find_formula_picture(HOUSE)
    (mine,) = found.formulas

    assert list_formulas(found.kept, demo.register())["Ontbreekt"].item() == "niets"
    assert list_missing([mine]).empty
    assert list_matrix(picture.shares).to_dict("records") == [
        {"Vraagstuk": "buurtpreventie", "Politie": "signaleert, 416 uur per jaar"}
    ]
    assert list_parties(mine)["Hoeveel"].item() == "8 uur per week (416 uur per jaar)"
    assert list_interventions(mine)["Kant"].item() == "voorkant"
    assert list_figures(mine)["Laatst gemeten"].tolist() == ["110,5 op 1 juni 2027", "–"]
    assert [describe_evidence(each) for each in picture.evidence] == [
        "Bij 1 van 1 formule staat van elke partij de rol en de inzet vast.",
        "Bij 1 van 1 formule is een effect gemeten.",
        (
            "Van 416 uur per jaar gaat 100\N{NO-BREAK SPACE}% naar de voorkant, voor zover bekend is waar "
            "de uren heen gaan."
        ),
        "Bij 0 van 1 formule doen partijen mee van buiten de kern.",
    ]
