"""How all houses work: counted and never scored, and told as far as somebody may know."""

from dataclasses import replace

import pandas as pd
import pytest

from assessment.engine.disclosure import SMALLEST
from assessment.errors import NotAllowedError
from assessment.model.access import Grant, Role, Visitor
from assessment.model.scale import Kind, Perspective
from assessment.service.access import share_text
from assessment.service.installation import Installation
from assessment.service.queries import Queries
from assessment.tables.groups import Inventory, list_inventory, list_written, search_rows
from assessment.writers.downloads import write_table_csv
from tests.conftest import NOW
from tests.reading import reading

NEWEST, CLOSED = "2026-najaar", "2026-voorjaar"


@pytest.fixture(scope="module")
def inventory(opened: Installation) -> Inventory:
    return reading(opened).find_inventory(NEWEST, Perspective.HOUSE)


def visiting(installation: Installation, role: Role, **place: str) -> Queries:
    visitor = Visitor(who="x", name="x", grants=(Grant(role=role, **place),))
    return reading(replace(installation, visitor=visitor))


def test_every_question_that_is_never_scored_stands_in_it_with_every_house(inventory: Inventory) -> None:
    asked = inventory.questionnaire
    counted = inventory.counts.groupby("question_id")["houses"].sum()

    unscored = {each.question_id for each in asked.unscored if not each.is_open}
    assert unscored <= set(counted.index)
    assert (counted == inventory.houses).all()


def test_it_names_forms_functions_competencies_choices_questions_and_open_issues(
    inventory: Inventory,
) -> None:
    subjects = {*list_inventory(inventory)["Onderwerp"], *list_written(inventory)["Onderwerp"]}

    assert subjects == {
        "Vormen van aanwezigheid",
        "Functies die aansluiten",
        "Competenties",
        "Lokale keuzes",
        "Vragen die leven",
        "Open kwesties",
    }


def test_it_holds_no_verdict_and_no_score(inventory: Inventory) -> None:
    told = " ".join(map(str, list_inventory(inventory).to_numpy().ravel()))

    assert "%" not in told
    assert not any(sign in told for sign in "●◐○◆")
    unscored = {q.criterion_id for q in inventory.questionnaire.unscored}
    kinds = {inventory.questionnaire.criterion[key].kind for key in unscored}
    assert Kind.OPEN_ISSUE in kinds


def test_what_is_sought_stands_in_every_row_that_is_found(inventory: Inventory) -> None:
    table = list_inventory(inventory)

    found = search_rows(table, "WIJKAGENT vast")

    assert found["Antwoord"].tolist() == ["Ja, vast"]
    assert search_rows(table, "").equals(table)
    assert search_rows(table, "zulks bestaat niet").empty
    assert search_rows(table.head(0), "vast").empty


def test_the_country_reads_only_the_texts_that_a_house_shares(demo: Installation) -> None:
    country = visiting(demo, Role.COUNTRY)
    before = country.find_inventory(NEWEST, Perspective.HOUSE)

    house_id = reading(demo).find_inventory(NEWEST, Perspective.HOUSE).written[0].house_id
    share_text(demo, house_id, NOW, shares=True)
    after = country.find_inventory(NEWEST, Perspective.HOUSE)

    assert house_id not in {each.house_id for each in before.written}
    assert house_id in {each.house_id for each in after.written}
    assert before.withheld is not None
    assert after.withheld is not None
    assert after.withheld < before.withheld


def test_a_manager_sees_counts_of_a_closed_round_and_no_text_of_another_house(demo: Installation) -> None:
    manager = visiting(demo, Role.MANAGER, house_id="veenrijk")

    inventory = manager.find_inventory(CLOSED, Perspective.HOUSE)

    assert inventory.houses >= SMALLEST
    assert {each.house_id for each in inventory.written} <= {"veenrijk"}
    assert inventory.withheld is None
    with pytest.raises(NotAllowedError):
        manager.find_inventory(NEWEST, Perspective.HOUSE)


def test_an_administrator_sees_no_inventory(opened: Installation) -> None:
    with pytest.raises(NotAllowedError):
        visiting(opened, Role.ADMINISTRATOR).find_inventory(NEWEST, Perspective.HOUSE)


def test_a_text_that_is_taken_along_is_no_formula(inventory: Inventory) -> None:
    table = list_written(inventory).head(1).assign(Tekst="=1+1")

    lines = write_table_csv(table).decode("utf-8-sig").splitlines()

    assert lines[0] == "Onderwerp;Vraag;Huis;Tekst"
    assert not lines[1].endswith(";=1+1")


def test_a_day_stays_a_day_in_a_table_that_is_taken_along() -> None:
    table = pd.DataFrame({"until": ["2027-12-31", ""], "text": ["1-2", "2027-12-31 of later"]})

    lines = write_table_csv(table).decode("utf-8-sig").splitlines()

    assert lines[1:] == ["2027-12-31;'1-2", ";2027-12-31 of later"]
