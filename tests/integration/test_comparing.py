"""Two rounds, and house beside police, as the command line tells them."""

import json

import pytest

from tests.conftest import Run

EARLIER, LATER, BOTH = "2025-najaar", "2026-voorjaar", "domhage"


def test_of_two_rounds_the_parts_add_up_and_what_is_not_compared_is_listed(on_demo: Run) -> None:
    told = json.loads(on_demo("compare", "--rounds", EARLIER, LATER, "--format", "json").stdout)

    assert (told["earlier"], told["later"]) == (EARLIER, LATER)
    assert told["coverage"]["asked"] == told["coverage"]["carried_over"] + len(told["not_compared"])
    assert {each["because"] for each in told["not_compared"]} == {"new"}
    assert len(told["houses"]) > 20
    for house in told["houses"]:
        parts = house["house"] + house["questionnaire"] + house["rules"]
        assert parts == pytest.approx(house["whole"])


def test_what_was_told_of_a_round_is_what_a_comparison_begins_with(on_demo: Run) -> None:
    (house,) = json.loads(
        on_demo("compare", "--rounds", EARLIER, LATER, "--house", BOTH, "--format", "json").stdout
    )["houses"]
    (scored,) = json.loads(on_demo("score", "--round", EARLIER, "--house", BOTH, "--format", "json").stdout)[
        "houses"
    ]

    assert (house["before_low"], house["before_high"]) == tuple(scored["conformity"].values())


def test_a_comparison_of_rounds_reads_as_a_table_and_as_csv(on_demo: Run) -> None:
    one = on_demo("compare", "--rounds", EARLIER, LATER, "--house", BOTH).stdout
    many = on_demo("compare", "--rounds", EARLIER, LATER).stdout
    rows = on_demo("compare", "--rounds", EARLIER, LATER, "--format", "csv").stdout.splitlines()

    assert "Door het huis" in one
    assert "in beide rondes gelijk is gevraagd" in one
    assert "85 van 103 vragen van nu. " in one
    assert "Niet te vergelijken: 18 vragen van nu (18 nieuw)." in one
    assert "Vooruit" in many
    assert rows[0].startswith("house_id,before_low,before_high,after_low,after_high,whole,house")


def test_house_beside_police_is_an_agenda(on_demo: Run) -> None:
    (agenda,) = json.loads(on_demo("compare", "--perspectives", "--house", BOTH, "--format", "json").stdout)[
        "houses"
    ]
    told = on_demo("compare", "--perspectives", "--house", BOTH).stdout
    all_of_them = on_demo("compare", "--perspectives").stdout

    assert agenda["house_id"] == BOTH
    assert {each["agreement"] for each in agenda["criteria"]} <= {"agree", "differ", "open"}
    for each in agenda["questions"]:
        own, theirs = (each[side] and each[side]["option_id"] for side in ("own", "theirs"))
        assert own != theirs
        assert each["question_id"] in told
    assert f"Bij {len(agenda['questions'])} vragen is het antwoord anders." in told
    assert "Criteria verschillend" in all_of_them


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--rounds", LATER, EARLIER), 2, "Noem eerst de oudste"),
        (("--rounds", EARLIER, "ooit"), 6, "Ronde 'ooit' bestaat niet"),
        (("--rounds", EARLIER, LATER, "--perspectives"), 2, "horen --round en --perspectives niet"),
        (("--house", BOTH), 2, "hoort --rounds of --perspectives"),
        (("--house", BOTH, "--unit", "limburg", "--perspectives"), 2, "Kies één van --house en --unit."),
        (("--perspectives", "--house", "veenrijk"), 12, "Nog niets ingeleverd"),
    ],
)
def test_a_comparison_that_cannot_be_says_why(
    on_demo: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    ended = on_demo("compare", *words)

    assert message in ended.stderr
    assert ended.returncode == code
