"""The small drawings of pages: what they say to who reads and who listens; what is written is no markup."""

import re

import pandas as pd
import pytest

from assessment.engine.comparison import Faces
from assessment.figures.country import Strip, write_bars, write_norms, write_strips, write_tiles
from assessment.figures.signs import (
    Card,
    explain_codes,
    write_cards,
    write_cells,
    write_line,
    write_pill,
    write_questions,
    write_range,
)
from assessment.figures.unit import HouseRow, LaneCard, write_house_rows, write_lanes
from assessment.model.plan import Quarter
from assessment.model.question import Question
from assessment.model.register import District, House, Register, Unit
from assessment.model.scale import Kind, QuestionKind, Verdict
from assessment.tables.formats import format_count, split_range
from assessment.tables.groups import describe_country, describe_parties, describe_parties_of_unit
from assessment.tables.houses import count_verdicts, describe_answered
from assessment.tables.scores import MetCount, Returning
from tests import builders

NASTY = '<b onclick="x">&'
ESCAPED = "&lt;b onclick=&quot;x&quot;&gt;&amp;"


def register() -> Register:
    units = (
        Unit(unit_id="limburg", regions=(), title="Eenheid Limburg"),
        Unit(unit_id="ergens", regions=(), title=f"Eenheid {NASTY}"),
    )
    houses = (
        House(house_id="een", title="Een", unit_id="limburg"),
        House(house_id="twee", title=NASTY, unit_id="ergens"),
    )
    return Register(units=units, houses=houses, rounds=())


def norm(title: str) -> Returning:
    return Returning(title, Kind.HARD_NORM, short=1, unknown=0, of=2)


def test_a_code_says_on_hover_what_it_means() -> None:
    told = explain_codes("Pas de WGS toe in 2027-K3 <of> later, met het OM")

    assert '<span class="ks-whole" title="derde kwartaal van 2027">2027-K3</span> &lt;of&gt;' in told
    assert '<abbr title="Wet gegevensverwerking door samenwerkingsverbanden">WGS</abbr>' in told
    assert '<abbr title="Openbaar Ministerie">OM</abbr>' in told


def test_a_pill_says_its_verdict_once() -> None:
    assert write_pill(Verdict.MEETS, "voldoet").count("voldoet") == 1
    assert '<span class="ks-hidden">voldoet: </span><span>LOS-2' in write_pill(Verdict.MEETS, "LOS-2")


@pytest.mark.parametrize(
    "drawn",
    [
        write_pill(Verdict.PARTLY, NASTY),
        write_cells([(Verdict.PARTLY, NASTY)]),
        write_cards([Card(NASTY, NASTY, NASTY, "", NASTY, (NASTY, NASTY))]),
        write_bars([norm(NASTY)]),
        write_bars([norm(f"POS-1 {NASTY}")], {"POS-1": NASTY}),
        write_bars([norm(NASTY)], {}, {NASTY.partition(" ")[0]: NASTY}),
        write_questions([Question(question_id="POS-1.1", text=NASTY, kind=QuestionKind.OPEN_TEXT)]),
        write_strips([Strip(1, 2, NASTY, NASTY, {"twee": (Verdict.MEETS, NASTY)})], register()),
        write_tiles({"ergens": MetCount(1, 0, 1)}, register()),
    ],
)
def test_what_somebody_wrote_is_text(drawn: str) -> None:
    assert ESCAPED in drawn
    assert NASTY not in drawn


def test_a_range_goes_from_what_is_sure_to_what_is_possible() -> None:
    drawn = write_range(0.58, 0.71)

    assert "--low:58.00%;--high:71.00%" in drawn
    assert 'aria-label="65\N{NO-BREAK SPACE}% (58–71\N{NO-BREAK SPACE}%)"' in drawn
    assert write_range(float("nan"), float("nan")) == ""


def test_a_mark_across_a_range_stands_where_it_was_before() -> None:
    assert '<u style="--at:42.00%"></u>' in write_range(0.58, 0.71, before=0.42)
    assert "<u" not in write_range(0.58, 0.71) + write_range(0.58, 0.71, before=float("nan"))


def test_a_line_is_dark_until_likely_and_light_until_sure() -> None:
    drawn = write_line(Quarter(2027, 2), likely=2, sure=13)

    assert (drawn.count("ks-likely"), drawn.count("ks-sure"), drawn.count("<li")) == (3, 11, 15)
    assert [year in drawn for year in ("2027", "2028", "2030", "2031")] == [True, True, True, False]


def test_a_unit_of_which_nothing_is_known_is_no_unit_that_fails() -> None:
    drawn = write_tiles({"limburg": MetCount(0, 0, 1)}, register())

    assert 'class="ks-not_yet" style="grid-column:7 / span 2;grid-row:4">Limburg<span><b>0</b> van 1' in drawn
    assert 'class="ks-not_applicable" style="grid-column:auto / span 2;grid-row:auto"' in drawn


def test_a_house_that_agreed_to_do_otherwise_is_told_apart_on_the_map() -> None:
    drawn = write_tiles({"limburg": MetCount(1, 1, 4)}, register())

    assert "<b>1</b> van 4 · 1 bewust anders</span>" in drawn


def test_what_is_undetermined_is_a_grey_part_of_a_bar_and_said_beside_it() -> None:
    drawn = write_bars([norm("POS-6")._replace(short=3, unknown=2, of=10)])

    assert 'style="--share:30.00%;--open:50.00%"' in drawn
    assert "<span>3 van 10, 2 onbepaald</span>" in drawn
    assert "onbepaald" not in write_bars([norm("POS-6")])


def test_each_bar_leads_to_what_comes_of_its_own_norm_once_it_is_solved() -> None:
    norms = [norm("POS-6 Leverafspraken"), norm("INF-2 Gegevensdeling")]

    drawn = write_bars(norms, {}, {"POS-6": "land?opgelost=POS-6", "INF-2": "land?opgelost=INF-2"})

    assert re.findall(r'href="([^"]*)"', drawn) == ["land?opgelost=POS-6", "land?opgelost=INF-2"]
    assert 'Wat als<span class="ks-hidden"> INF-2 landelijk is opgelost</span>?' in drawn


def test_a_strip_without_signs_shows_no_house() -> None:
    drawn = write_strips([Strip(3, 7, "liaison", "4 niet", {})], register())

    assert "<b>3</b>" in drawn
    assert "<li" not in drawn


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["meets"] * 5 + ["partly"] * 3 + ["undetermined"], ("5", "voldoen, 3 deels, 1 onbepaald")),
        (["meets"], ("1", "voldoet")),
        (["not_yet", "explained"], ("0", "voldoen, 1 bewust anders, 1 nog niet")),
        ([], ("0", "voldoen")),
    ],
)
def test_verdicts_are_counted_in_the_words_of_their_signs(verdicts: list[str], said: tuple[str, str]) -> None:
    assert count_verdicts(pd.Series(verdicts, dtype="str")) == said


@pytest.mark.parametrize(
    ("answered", "of", "unsure", "said"),
    [
        (103, 103, 0, "alle 103 vragen die hier gelden beantwoord"),
        (1, 1, 0, "1 vraag die hier geldt beantwoord"),
        (102, 103, 0, "102 van 103 vragen die hier gelden beantwoord; met de andere wordt dit zekerder"),
        (97, 103, 0, "97 van 103 vragen die hier gelden beantwoord; met de 6 andere wordt dit zekerder"),
        (103, 103, 9, "alle 103 vragen die hier gelden beantwoord, waarvan 9 met ‘weet ik niet’"),
        (97, 103, 1, "97 van 103 vragen die hier gelden beantwoord, waarvan 1 met ‘weet ik niet’"),
    ],
)
def test_what_is_not_answered_or_not_known_is_said_beside_its_range(
    answered: int, of: int, unsure: int, said: str
) -> None:
    assert describe_answered({"answered": answered, "applicable": of}, unsure) == said


def test_numbers_and_ranges_are_written_as_a_sentence_does() -> None:
    assert [format_count(number) for number in (1, 10, 11)] == ["één", "tien", "11"]
    assert split_range(0.58, 0.71) == ("65\N{NO-BREAK SPACE}%", "58–71\N{NO-BREAK SPACE}%")
    assert split_range(0.5, 0.5) == ("50\N{NO-BREAK SPACE}%", "")


def test_the_title_of_the_country_says_faces_only_where_some_are_asked() -> None:
    totals = pd.DataFrame({"phase_low": ["by_framework", "transition"]})

    assert describe_country(Faces(0, 0, 0), totals) == "1 van 2 huizen werkt volgens het kader"
    nobody = totals.assign(phase_low="transition")
    assert describe_country(Faces(0, 0, 0), nobody) == "Geen van de 2 huizen werkt volgens het kader"
    assert describe_country(Faces(14, 6, 0), totals).startswith(
        "Eén gezicht op 6 van 14 normen van de politie; "
    )


def test_a_house_that_has_not_handed_in_says_so_and_gets_no_bar() -> None:
    row = HouseRow(NASTY, "mijn-huis?huis=een", None, (), "nog niet ingeleverd", "–")

    drawn = write_house_rows([row], 9)

    assert ESCAPED in drawn
    assert "9 harde normen" in drawn
    assert "nog niet ingeleverd" in drawn
    assert "ks-range" not in drawn


def test_on_a_phone_a_bar_and_its_figures_each_have_a_heading() -> None:
    row = HouseRow("Een", "mijn-huis?huis=een", (0.5, 0.6), (), "2028-K1", "2029-K1")

    drawn = write_house_rows([row], 9)

    assert drawn.count('data-what="Volgens het kader"') == 1
    assert 'data-what="In cijfers"' in drawn


def test_one_face_is_said_in_a_few_words_and_opens_to_its_norms() -> None:
    asked = builders.criterion("LOS-2", title=NASTY)
    alike = "27 van 30 voldoen · 40 % gelijk: meer gezichten"

    drawn = write_norms([asked], {"LOS-2": alike}, {"LOS-2": "kader?criterium=LOS-2"}, "kader")

    assert "Eén gezicht: bijna gelijke uitkomsten op de hele norm, en de meeste huizen voldoen;" in drawn
    assert "een rij hieronder is één vraag. Welke 1 norm?" in drawn
    assert alike in drawn
    assert '<a href="kader?criterium=LOS-2" target="_self">LOS-2</a>' in drawn
    assert ESCAPED in drawn


def test_a_lane_has_a_card_per_measure_and_marks_what_holds_the_end() -> None:
    cards = [[LaneCard("Wijs aan", "Terpmark: kan meteen", tight=True)], [LaneCard(NASTY, "", tight=False)]]

    drawn = write_lanes({"politie-eenheid": [*cards, []]}, ["2027-K1", "2027-K2", "2027-K3"])

    assert ESCAPED in drawn
    assert drawn.count("ks-holds") == 1
    assert drawn.count("<td data-what") == 3
    assert drawn.count("ks-none") == 1  # a phone leaves out a quarter in which nothing begins


def test_who_is_up_in_a_quarter_is_counted_by_party() -> None:
    roadmap = pd.DataFrame(
        {
            "actor": ["OM", "OM", "district", "Rijk"],
            "first": [0, 1, 1, 0],
            "last": [0, 2, 1, 2],
            "status": ["busy", "planned", "planned", "done"],
            "house_id": "een",
        }
    )

    told = [describe_parties(roadmap, quarter, Quarter(2027, 1), register()) for quarter in (0, 1, 3)]

    assert told == [
        "in 2027-K1 is het OM aan zet",
        "in 2027-K2 zijn twee partijen aan zet",
        "in 2027-K4 is niemand aan zet",
    ]


def test_of_a_unit_the_title_counts_its_police_by_name_as_the_lanes_do_and_the_others_stand_beside_them() -> (
    None
):
    districts = (
        District(district_id=key, title=f"District {key}", unit_id="limburg") for key in ("oost", "west")
    )
    own = (
        House(house_id=key, title=key, unit_id="limburg", districts=(district,))
        for key, district in (("een", "oost"), ("twee", "west"))
    )
    two = Register(units=register().units, districts=tuple(districts), houses=tuple(own), rounds=())
    roadmap = pd.DataFrame(
        [
            ("district", "een", 0, 0, "planned"),
            ("district", "twee", 0, 1, "planned"),
            ("district", "twee", 0, 1, "done"),
            ("OM", "een", 0, 2, "planned"),
        ],
        columns=["actor", "house_id", "first", "last", "status"],
    )
    begin = Quarter(2027, 1)

    told = [describe_parties_of_unit(roadmap, quarter, begin, two) for quarter in (0, 1, 2)]

    beside = "Buiten de politie in {} aan zet: OM."
    assert told == [
        ("in 2027-K1 zijn twee partijen van de politie aan zet", beside.format("2027-K1")),
        ("in 2027-K2 is District west aan zet", beside.format("2027-K2")),
        ("in 2027-K3 is niemand van de politie aan zet", beside.format("2027-K3")),
    ]
    without = roadmap[roadmap["actor"] == "OM"]
    assert describe_parties_of_unit(without, 0, begin, two)[0] == "in 2027-K1 is het OM aan zet"
    of_police = roadmap[roadmap["actor"] == "district"]
    assert describe_parties_of_unit(of_police, 0, begin, two)[1].endswith("aan zet: niemand.")
