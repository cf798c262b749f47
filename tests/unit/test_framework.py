import pytest
from pydantic import ValidationError

from assessment.model.framework import cited_keys
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark, Rules
from tests import builders

DESCRIBES = {"question_id": "POS-1.1", "kind": "open_text", "text": "Wat verlangt u?"}


def refused(wanted: str) -> "pytest.RaisesExc[ValidationError]":
    return pytest.raises(ValidationError, match=wanted)


def test_every_question_can_be_answered_with_weet_ik_niet() -> None:
    given = {"question_id": "POS-1.1", "text": "Is het zo?", "options": [{"mark": "meets", "text": "Ja"}] * 1}
    given["options"] = [{"mark": "meets", "text": "Ja"}, {"mark": "not_yet", "text": "Nee"}]

    question = Question.model_validate(given)

    assert [option.text for option in question.options] == ["Ja", "Nee", "Weet ik niet"]
    assert question.options[-1].mark is Mark.UNKNOWN


def test_weet_ik_niet_is_understood_where_the_option_says_more() -> None:
    options = [
        {"mark": "meets", "text": "Ja"},
        {"mark": "unknown", "text": "Niet bijgehouden, of weet ik niet"},
    ]
    question = Question.model_validate({"question_id": "POS-1.1", "text": "Is het zo?", "options": options})

    asked = builders.questionnaire(builders.criterion(questions=[question]))

    assert asked.option_as_written["POS-1.1"]["weet ik niet"] == "b"


@pytest.mark.parametrize(
    ("mark", "value"), [("meets", 0.5), ("not_yet", 0.5), ("partly", 1), ("partly", 0), ("meets", 0)]
)
def test_a_value_that_contradicts_its_mark_is_refused(mark: str, value: float) -> None:
    options = [{"mark": mark, "text": "Zo", "value": value}, {"mark": "meets", "text": "Ja"}]

    with refused("waarde-past-bij-mark"):
        Question.model_validate({"question_id": "POS-1.1", "text": "Is het zo?", "options": options})


def test_a_question_that_nobody_can_meet_is_refused() -> None:
    options = [{"mark": "not_yet", "text": "Nee"}, {"mark": "not_applicable", "text": "Niet hier"}]

    with refused("vraag-is-te-halen"):
        Question.model_validate({"question_id": "POS-1.1", "text": "Is het zo?", "options": options})


@pytest.mark.parametrize("weight", [0, -1, 1e9, float("inf"), float("nan")])
def test_an_absurd_weight_is_refused(weight: float) -> None:
    with refused("gewicht-is-redelijk"):
        builders.criterion(weight=weight)


def test_an_open_text_has_no_options_and_never_counts() -> None:
    question = Question.model_validate(
        {"question_id": "POS-1.1", "kind": "open_text", "text": "Wat verlangt u?"}
    )

    assert (question.options, question.describes) == ((), True)


def test_a_measure_settles_only_counted_questions_of_its_own_criterion() -> None:
    with refused("POS-1.M1 regelt LOS-1.1.*regelt-eigen-vragen"):
        builders.criterion(measures=[builders.measure("POS-1.M1", settles=["LOS-1.1"])])


def test_every_counted_question_is_settled_once_measures_say_what_they_settle() -> None:
    measures = [builders.measure("POS-1.M1", settles=["POS-1.1"])]
    half = builders.criterion(core=(False, False), measures=measures)

    with refused("geen maatregel regelt POS-1.2.*elke-vraag-geregeld"):
        builders.framework([half])
    with refused("maatregelen die geen enkele vraag regelen: POS-1.M1"):
        builders.framework([builders.criterion(kind=Kind.OPEN_ISSUE, questions=[DESCRIBES])], rules="2")


def test_a_hand_over_settles_the_same_questions() -> None:
    measures = [
        builders.measure("LOS-2.M1", settles=["LOS-2.1"]),
        builders.measure("LOS-2.M2", lets_go_after="LOS-2.M1"),
    ]

    with refused("overdracht-regelt-hetzelfde"):
        builders.criterion("LOS-2", quarters=2, measures=measures)


def test_estimates_add_up_to_one() -> None:
    outcomes = [{"extra_quarters": 0, "share": 0.6}, {"extra_quarters": 1, "share": 0.3}]

    with refused("shares zijn samen 0.9, niet 1.*schattingen-samen-een"):
        builders.framework([builders.criterion()], estimates={"note": "Een voorstel.", "outcomes": outcomes})


def test_frameworks_that_were_made_for_other_rules_are_not_asked_together() -> None:
    settled = builders.criterion(measures=[builders.measure("POS-1.M1", settles=["POS-1.1"])])
    made_for_2 = builders.framework([settled], rules=2)

    with refused("regels-passen-bij-kader"):
        Questionnaire(frameworks=(made_for_2,), sha256="0" * 64, rules=Rules.ONE)
    with refused("rules"):
        builders.framework([settled], rules="3")


def test_any_key_may_name_a_source() -> None:
    framework = builders.framework(
        [builders.criterion(source="NEN-7510, hoofdstuk 2")], sources={"NEN-7510": "Een norm"}
    )

    assert cited_keys(framework.criteria[0], framework.sources) == ("NEN-7510",)


def test_an_unknown_key_is_refused() -> None:
    with refused("extra_forbidden|Extra inputs"):
        builders.criterion(colour="blue")


def test_a_criterion_without_a_source_does_not_load() -> None:
    with refused("source"):
        builders.criterion(source=" ")
    with refused("criteria zonder bron: POS-1"):
        builders.framework([builders.criterion(source="van horen zeggen")])


def test_a_source_that_is_cited_must_be_listed() -> None:
    with refused("bronnen ontbreken in de bronnenlijst: B2"):
        builders.framework([builders.criterion(source="[B2] paragraaf 2.4")])


def test_ids_are_unique_and_all_doubles_are_named() -> None:
    twice = [builders.criterion("POS-1"), builders.criterion("POS-1")]

    with refused("komen dubbel voor: POS-1, POS-1.1, POS-1.M1.*nummers-uniek"):
        builders.framework(twice)


@pytest.mark.parametrize(
    ("kind", "core"),
    [
        (Kind.HARD_NORM, (False, False)),
        (Kind.CORE_NORM, (False, False)),
        (Kind.LOCAL_ROOM, (True, False)),
        (Kind.RECOMMENDATION, (True,)),
        (Kind.OPEN_ISSUE, (True,)),
    ],
)
def test_core_questions_fit_the_kind(kind: Kind, core: tuple[bool, ...]) -> None:
    with refused("kernvragen passen niet"):
        builders.criterion(kind=kind, core=core)


def test_criteria_that_wait_for_each_other_are_refused_within_and_across_frameworks() -> None:
    first = builders.criterion("POS-1", needs_first=["LOS-1"])
    second = builders.criterion("LOS-1", needs_first=["POS-1"])

    with refused("wacht in een kring.*geen-kring"):
        builders.framework([first, second])
    apart = (builders.framework([first]), builders.framework([second], framework_id="ander"))
    with refused("wacht in een kring.*geen-kring"):
        Questionnaire(frameworks=apart, sha256="0" * 64)


def test_measures_add_up_to_the_quarters_of_their_criterion() -> None:
    measures = [
        builders.measure("POS-1.M1"),
        builders.measure("POS-1.M2", quarters=2, needs_first=["POS-1.M1"]),
        builders.measure("POS-1.M3", quarters=2),
    ]

    assert builders.criterion(quarters=3, measures=measures).last_measures == ("POS-1.M2", "POS-1.M3")
    with refused("maatregelen duren 3, niet 2 kwartalen"):
        builders.criterion(quarters=2, measures=measures)


def test_measures_that_need_an_unknown_measure_or_each_other_are_refused() -> None:
    with refused("onbekende maatregelen: POS-1.M9"):
        builders.criterion(measures=[builders.measure("POS-1.M1", needs_first=["POS-1.M9"])])
    circle = [
        builders.measure("POS-1.M1", needs_first=["POS-1.M2"]),
        builders.measure("POS-1.M2", needs_first=["POS-1.M1"]),
    ]
    with refused("wacht in een kring.*geen-kring"):
        builders.criterion(measures=circle)


def test_letting_go_waits_for_taking_over() -> None:
    measures = [
        builders.measure("LOS-2.M1"),
        builders.measure("LOS-2.M2", lets_go_after="LOS-2.M1"),
    ]

    criterion = builders.criterion("LOS-2", quarters=2, measures=measures)

    assert criterion.measures[1].needs == ("LOS-2.M1",)


def test_only_a_mark_that_counts_may_have_a_value_of_its_own() -> None:
    options = [{"mark": "unknown", "text": "Weet ik niet", "value": 0.5}, {"mark": "meets", "text": "Ja"}]

    with refused("eigen waarde past niet"):
        Question.model_validate({"question_id": "POS-1.1", "text": "Is het zo?", "options": options})


def test_two_options_with_the_same_text_are_refused() -> None:
    options = [{"mark": "meets", "text": "Ja"}, {"mark": "not_yet", "text": "ja"}]

    with refused("opties komen dubbel voor: ja.*opties-verschillen"):
        Question.model_validate({"question_id": "POS-1.1", "text": "Is het zo?", "options": options})


def test_numbers_belong_to_their_criterion() -> None:
    with refused("nummers horen hier niet bij: LOS-1.1"):
        builders.criterion("POS-1", questions=[builders.question("LOS-1.1")])
