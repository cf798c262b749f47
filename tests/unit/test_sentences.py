"""What tables say in words: exactly what was counted, and by which rule."""

import re
from collections.abc import Hashable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from assessment.engine.comparison import compare_groups
from assessment.engine.scoring import list_scores, score_criteria
from assessment.figures.charts import draw_conformity_band
from assessment.model.answers import Answer, Deviation, Submission
from assessment.model.frames import ESTIMATES, Subject
from assessment.model.framework import Criterion
from assessment.model.plan import Quarter, Why
from assessment.model.scale import Actor, Kind, Mark, Perspective, Phase, Rules, Verdict
from assessment.tables.forecasts import When, describe_beyond, describe_end, describe_when, tell_when
from assessment.tables.formats import NBSP, format_hard_norms
from assessment.tables.groups import describe_let_go
from assessment.tables.house_plan import list_agreements
from assessment.tables.houses import describe_ending, list_old_evidence
from assessment.tables.plans import describe_pace, list_measures
from assessment.tables.scores import (
    count_returning,
    describe_deviation,
    describe_norms,
    describe_who_answered,
    explain_rule,
    list_answers,
    list_returning_gaps,
)
from tests import builders
from tests.plans import BEGIN, chained, make


def scores_of(marks: list[Mark], explained: int = 0) -> pd.DataFrame:
    """CRITERION_SCORES of one criterion, a house per mark, the first so many agreed to do otherwise."""
    asked = builders.questionnaire(builders.criterion("POS-4"))
    agreed = builders.deviations(*((f"h{house}", "POS-4") for house in range(explained)))
    return list_scores(score_criteria(builders.choices([[mark] for mark in marks]), agreed, asked), asked)


@pytest.mark.parametrize(
    ("marks", "explained", "said"),
    [
        ([Mark.MEETS, Mark.MEETS, Mark.NOT_YET], 0, "2 van 3 huizen voldoen aan POS-4"),
        ([Mark.MEETS, Mark.NOT_YET], 0, "1 van 2 huizen voldoet aan POS-4"),
        ([Mark.NOT_YET, Mark.MEETS], 1, "1 van 2 huizen voldoet aan POS-4, en 1 bewust anders"),
        (
            [Mark.NOT_YET, Mark.NOT_APPLICABLE, Mark.NOT_APPLICABLE],
            1,
            "0 van 1 huis voldoet aan POS-4, en 1 bewust anders; bij 2 niet van toepassing",
        ),
    ],
)
def test_a_finding_counts_what_is_met_where_it_applies(marks: list[Mark], explained: int, said: str) -> None:
    assert describe_let_go(scores_of(marks, explained)) == said


def test_a_returning_gap_is_counted_over_the_houses_where_it_applies() -> None:
    asked = builders.questionnaire(builders.criterion("POS-4"))

    gaps = list_returning_gaps(scores_of([Mark.NOT_YET, Mark.MEETS, Mark.NOT_APPLICABLE]), asked)

    assert gaps["Nog te doen"].tolist() == ["bij 1 van 2 huizen"]
    assert gaps["○ nog niet"].tolist() == [1]


def test_a_house_of_which_a_norm_is_undetermined_is_counted_apart_from_those_that_do_not_meet_it() -> None:
    asked = builders.questionnaire(builders.criterion("POS-4", kind=Kind.HARD_NORM, core=(True,)))
    scores = scores_of([Mark.NOT_YET, Mark.PARTLY, Mark.UNKNOWN, Mark.MEETS, Mark.NOT_APPLICABLE])

    (norm,) = count_returning(scores, asked)

    assert (norm.short, norm.unknown, norm.of) == (2, 1, 4)
    assert list_returning_gaps(scores, asked)["Nog te doen"].tolist() == [
        "bij 2 van 4 huizen, bij 1 nog onbepaald"
    ]


def test_hard_norms_stand_before_core_norms_that_are_open_at_more_houses() -> None:
    core, hard = (
        builders.criterion("POS-1", kind=Kind.CORE_NORM, core=(True,)),
        builders.criterion("POS-2", kind=Kind.HARD_NORM, core=(True,)),
    )
    marks = [[Mark.NOT_YET, Mark.UNKNOWN], [Mark.NOT_YET, Mark.MEETS]]
    asked = builders.questionnaire(core, hard)
    scores = list_scores(score_criteria(builders.choices(marks), builders.deviations(), asked), asked)

    assert [(each.kind, each.open) for each in count_returning(scores, asked)] == [
        (Kind.HARD_NORM, 1),
        (Kind.CORE_NORM, 2),
    ]


def test_the_table_of_gaps_begins_with_the_same_norms_as_the_bars_and_goes_on_with_what_else_is_open() -> (
    None
):
    kinds = [Kind.RECOMMENDATION, *[Kind.HARD_NORM] * 6, Kind.CORE_NORM, Kind.HARD_NORM]
    asked = builders.questionnaire(
        *(builders.criterion(f"POS-{n}", kind=kind, core=(kind.is_norm,)) for n, kind in enumerate(kinds))
    )
    some = [Mark.MEETS if n < 4 else Mark.NOT_YET for n in range(8)]
    marks = [[Mark.NOT_YET] * 8 + [Mark.MEETS], [*some, Mark.MEETS]]
    scores = list_scores(score_criteria(builders.choices(marks), builders.deviations(), asked), asked)

    bars = [each.title for each in count_returning(scores, asked)]
    table = list_returning_gaps(scores, asked)["Criterium"].tolist()

    assert table[: len(bars)] == bars
    assert [each.split(" ")[0][4:] for each in table] == list("45612370")


def test_of_a_norm_how_many_meet_it_stands_beside_how_alike_they_are() -> None:
    scores = scores_of([Mark.NOT_YET] + [Mark.MEETS] * 9)

    def tell(scores: pd.DataFrame) -> str:
        everyone = pd.Series("alle", index=scores["house_id"])
        groups = compare_groups(scores, everyone, "criterion_id", Rules.TWO)
        return describe_norms(groups, scores)["POS-4"].replace(NBSP, " ")

    assert tell(scores) == "9 van 10 voldoen · 40 % gelijk: meer gezichten"
    assert tell(scores.tail(9)) == "9 van 9 voldoen · 100 % gelijk: één gezicht"
    assert tell(scores.head(2)) == "1 van 2 voldoet · hoe gelijk is nog niet te zeggen"


def test_the_rule_that_is_told_is_the_rule_that_was_used() -> None:
    assert "gemiddelde" in explain_rule(Kind.LOCAL_ROOM, Verdict.PARTLY)
    assert "gemiddelde" not in explain_rule(Kind.LOCAL_ROOM, Verdict.EXPLAINED)
    assert "gemiddelde" not in explain_rule(Kind.CORE_NORM, Verdict.NOT_APPLICABLE)
    assert "geen score" in explain_rule(Kind.OPEN_ISSUE, Verdict.NOT_SCORED)
    assert "oordeelt niet" in explain_rule(Kind.LOCAL_ROOM, Verdict.NOT_SCORED)


def handed_in(**changes: object) -> Submission:
    return Submission.model_validate(
        {
            "house_id": "a",
            "round_id": "r",
            "perspective": Perspective.HOUSE,
            "answers": [Answer("POS-1.1", "a", "Zo doen wij het.", "Verslag van 3 maart")],
            "handed_in": "2027-01-01T12:00",
            "file_name": "a.xlsx",
            "file_sha256": "0" * 64,
        }
        | changes
    )


def answers_of(criterion: Criterion) -> pd.DataFrame:
    return list_answers(criterion, handed_in(), Rules.ONE, {"POS-1.1": date(2026, 3, 5)})


def test_explanation_and_evidence_stand_apart() -> None:
    table = answers_of(builders.criterion())

    assert table["Toelichting"].tolist() == ["Zo doen wij het."]
    assert table["Bewijs"].tolist() == ["Verslag van 3 maart"]
    assert table["Bewijs sinds"].tolist() == ["5 maart 2026"]


def test_whose_answers_these_are_tells_a_day_and_a_function_and_no_name() -> None:
    told = describe_who_answered(handed_in(handed_in_as="manager"))

    assert told.startswith("Antwoorden van het huis, ingeleverd op 1 januari 2027.")
    assert told.endswith("Functie van wie inleverde: manager.")
    assert describe_who_answered(handed_in()).endswith("niet bekend.")


@pytest.mark.parametrize(("kind", "told"), [(Kind.LOCAL_ROOM, "● 1"), (Kind.OPEN_ISSUE, "● telt niet mee")])
def test_an_answer_to_an_open_issue_never_counts(kind: Kind, told: str) -> None:
    assert answers_of(builders.criterion(kind=kind))["Telt als"].tolist() == [told]


def test_a_deviation_that_lapsed_says_so_and_holds_on_its_last_day() -> None:
    agreed = Deviation(criterion_id="POS-1", reason="Klein.", agreed_by="Bestuur", until=date(2027, 12, 31))

    assert "Geldt tot en met 31 december 2027." in describe_deviation(agreed, date(2027, 12, 31))
    assert "Gold tot en met 31 december 2027 en is verlopen" in describe_deviation(agreed, date(2028, 1, 1))


LAST_DAY = "POS-1 (tot en met 31 december 2027)"


@pytest.mark.parametrize(("day", "told"), [(0, ""), (1, LAST_DAY), (61, LAST_DAY), (62, "")])
def test_sixty_days_before_an_agreement_ends_it_is_told(day: int, told: str) -> None:
    agreed = Deviation(criterion_id="POS-1", reason="Klein.", agreed_by="Bestuur", until=date(2027, 12, 31))
    today = date(2027, 10, 31) + timedelta(days=day)

    assert told in describe_ending([agreed], today)
    assert bool(describe_ending([agreed], today)) == bool(told)


def test_agreements_that_end_are_told_together_and_the_first_to_end_comes_first() -> None:
    ends = {"POS-3": date(2027, 12, 31), "POS-1": date(2027, 12, 31), "POS-2": date(2027, 12, 1)}
    agreed = [
        Deviation(criterion_id=key, reason="Klein.", agreed_by="B", until=day) for key, day in ends.items()
    ]

    told = describe_ending(agreed, date(2027, 11, 1))

    assert re.findall(r"POS-\d", told) == ["POS-2", "POS-1", "POS-3"]
    assert told.endswith(
        "Spreek het opnieuw af als het zo moet blijven; anders tellen daarna de antwoorden weer."
    )
    assert describe_ending([], date(2027, 11, 1)) == ""


def test_agreements_stand_in_the_order_in_which_they_end_and_say_whether_they_hold() -> None:
    ends = {"POS-2": date(2028, 1, 1), "POS-1": date(2027, 12, 31)}
    agreed = [
        Deviation(criterion_id=key, reason="Klein.", agreed_by="B", until=day) for key, day in ends.items()
    ]
    asked = builders.questionnaire(*map(builders.criterion, ends))

    table = list_agreements(agreed, asked, date(2028, 1, 1))

    assert [each[:5] for each in table["Criterium"]] == ["POS-1", "POS-2"]
    assert table["Geldt nu"].tolist() == ["verlopen: de antwoorden tellen weer", "ja"]
    assert table["Geldt tot en met"].tolist() == ["31 december 2027", "1 januari 2028"]


def test_evidence_is_old_after_a_year_and_only_where_it_is_there_still() -> None:
    asked = builders.questionnaire(builders.criterion("POS-1"), builders.criterion("POS-2"))
    keys = [question.question_id for question in asked.questions]
    answers = [Answer(key, "a", evidence="Convenant" * (key != keys[-1])) for key in keys]
    said = handed_in(answers=answers)

    old = list_old_evidence(said, dict.fromkeys(keys, date(2026, 1, 1)), asked, date(2027, 1, 2))
    fresh = list_old_evidence(said, dict.fromkeys(keys, date(2026, 1, 1)), asked, date(2027, 1, 1))

    assert old["Nr."].tolist() == keys[:-1]
    assert set(old["Sinds"]) == {"1 januari 2026"}
    assert fresh.empty


def house_scores(**changes: object) -> pd.DataFrame:
    dull = {"quarter": -1, "low": 0.5, "high": 1.0, "phase_low": "transition", "phase_high": "transition"}
    counted = ("hard_met", "hard_partly", "hard_not_yet", "hard_undetermined", "hard_not_met")
    none = dict.fromkeys(counted, 0)
    return pd.DataFrame([dull | none | changes])


def test_hard_norms_are_counted_in_words() -> None:
    counts: dict[Hashable, int] = {
        "hard_met": 7,
        "hard_partly": 4,
        "hard_not_yet": 2,
        "hard_undetermined": 2,
    }

    assert format_hard_norms(counts) == "7 voldoen, 4 deels, 2 nog niet, 2 onbepaald"
    assert format_hard_norms({**counts, "hard_met": 1}).startswith("1 voldoet, ")


def test_a_house_without_hard_norms_does_not_meet_them_all() -> None:
    begin = Quarter(2027, 1)

    for scores, said in ((house_scores(), "–"), (house_scores(hard_met=2), "nu al")):
        told = describe_when(Subject.HARD_NORMS, ESTIMATES.empty(), scores.assign(quarter=-1), begin)
        assert told == (said, "")


def test_a_norm_that_was_dropped_stays_open_and_nobody_says_when_it_is_met() -> None:
    now = house_scores(hard_met=1, hard_not_met=1).assign(quarter=-1, phase_low="transition")

    for subject in (Subject.HARD_NORMS, Subject.BY_FRAMEWORK):
        told = describe_when(subject, ESTIMATES.empty(), now, Quarter(2027, 1))
        assert told == ("blijft open", "een maatregel is vervallen")
    assert describe_end(ESTIMATES.empty(), now, Quarter(2027, 1)) == (
        "nog geen datum, want een maatregel is vervallen"
    )


@pytest.mark.parametrize(
    ("phase", "told"), [(Phase.BY_FRAMEWORK, "nu al"), (Phase.TRANSITION, "–"), ("", "–")]
)
def test_a_house_that_is_there_has_no_date_but_says_so_in_every_table(phase: str, told: str) -> None:
    assert tell_when(ESTIMATES.empty(), phase, Quarter(2027, 1)) == (told, "–")


def test_a_band_without_conformity_has_no_figures_to_show() -> None:
    empty = house_scores(low=np.nan, high=np.nan, phase_low="", phase_high="")

    figure = draw_conformity_band(pd.concat([empty, house_scores(quarter=0)]), Quarter(2027, 1))

    assert [note.text for note in figure.layout.annotations] == ["50"]


def test_what_is_undetermined_is_planned_on_its_lowest_outcome() -> None:
    asked = builders.questionnaire(builders.criterion("POS-1"))
    row = {
        "criterion_id": "POS-1",
        "measure_id": "POS-1.M1",
        "actor": "Veiligheidshuis",
        "first": 0,
        "last": 0,
    }
    reason = {"why": "at_once", "waits_for": "", "lapsed": ""}
    roadmap = pd.DataFrame([{**row, "slack": 0, "status": "planned", **reason, "days": 2, "assumed": True}])

    told = list_measures(roadmap, Quarter(2027, 1), asked)["Waarom dan"].tolist()

    assert told == ["kan meteen; antwoord nog onbekend: het kan minder werk zijn"]


def test_that_a_law_goes_first_is_said_beside_from_when_there_is_capacity_for_it() -> None:
    every = [
        chained(f"POS-{number}", 2, kind=Kind.HARD_NORM, core=(True,), basis="wet") for number in range(1, 4)
    ]
    slow = "Een huis mag er twee tot drie jaar over doen"
    first = f"{slow}, maar wat de wet vraagt gaat voor."

    def tell(number: int, rules: Rules = Rules.TWO) -> str:
        made = make(builders.questionnaire(*every[:number], rules=rules))
        return describe_pace(made.roadmap, BEGIN, made.problem.questionnaire)

    waits = f"Toch begint ‘{every[1].measures[0].title}’ (POS-2) pas in 2027-K3"
    more = (
        "Ook daarvan wachten 2 maatregelen op capaciteit: de eerste begint in 2027-K3, de laatste in 2028-K1."
    )
    assert tell(1) == first
    assert tell(2) == f"{first} {waits}: eerder is er geen capaciteit bij het Veiligheidshuis."
    assert tell(3) == f"{first} {more}"
    assert tell(3, Rules.ONE) == f"Langzaam is niet slecht: {slow[0].lower()}{slow[1:]}."


@pytest.mark.parametrize(
    ("likely", "at_80", "planned", "said"),
    [
        (10, 11, 9, None),
        (11, 12, 9, "Waarschijnlijk lukt dat; 80 % zeker is het pas later"),
        (12, 13, 11, "Als niets tegenzit lukt dat; waarschijnlijk duurt het langer"),
        (13, 14, 12, "Ook als niets tegenzit duurt het langer, met deze doorlooptijden en deze capaciteit."),
    ],
)
def test_more_than_three_years_is_said_and_what_that_rests_on(
    likely: int, at_80: int, planned: int, said: str | None
) -> None:
    told = describe_beyond(When(*(BEGIN + each for each in (likely, at_80, planned))), BEGIN)

    if said is None:
        assert told == ""
    else:
        assert told.startswith(f"Drie jaar na het begin van het plan is eind 2029-K4. {said}")


@pytest.mark.parametrize(
    ("others", "harmless"),
    [
        ([(0, 3, Why.AT_ONCE)], True),
        ([(1, 3, Why.CAPACITY)], False),  # what waits itself excuses nothing
        ([(0, 3, Why.AT_ONCE), (4, 5, Why.WAITS)], False),  # something comes after it
    ],
)
def test_what_waits_for_capacity_is_harmless_only_where_nothing_is_later_for_it(
    others: list[tuple[int, int, Why]], *, harmless: bool
) -> None:
    asked = builders.questionnaire(
        chained("POS-1", 2, kind=Kind.HARD_NORM, core=(True,), basis="wet"), rules=Rules.TWO
    )
    rows = [(1, 3, Why.CAPACITY), *others]
    roadmap = pd.DataFrame(rows, columns=["first", "last", "why"]).assign(
        house_id="h0",
        criterion_id="POS-1",
        actor=Actor.HOUSE.value,
        measure_id=[f"POS-1.M{place % 2 + 1}" for place in range(len(rows))],
    )

    told = describe_pace(roadmap, BEGIN, asked)

    assert ("niet later klaar" in told) == harmless
