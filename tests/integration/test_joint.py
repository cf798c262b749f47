"""What house and police adopt together, and every version shown, compared and exported again."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from assessment.errors import (
    AuditError,
    CommandUsageError,
    ConflictError,
    NoAnswersError,
    NotAllowedError,
    RegisterError,
    RoundStateError,
    UnknownRoundError,
)
from assessment.model.access import Grant, Role, Task, Visitor
from assessment.model.answers import (
    HOUSE,
    POLICE,
    Answer,
    Deviation,
    Submission,
    Whose,
    find_differences,
    join_answers,
    join_deviations,
)
from assessment.model.rounds import SubmissionState
from assessment.model.scale import ASKED, Perspective
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.joint_versions import Pair, adopt_for_house, adopt_jointly
from assessment.service.register import Asks, open_round
from assessment.service.round_scores import Which, score_round
from assessment.service.rounds import close_round
from assessment.service.versions import (
    adopt,
    reopen,
    withdraw,
)
from assessment.settings import HOME
from assessment.store.submissions import add_submissions, load_newest
from tests.conftest import NOW, count_submissions, installation_at
from tests.reading import reading, verify_trail

ROUND, HOUSE_ID = "2026-najaar", "waterwolde"
OWN, THEIRS = f"{ROUND}.{HOUSE_ID}.huis.1", f"{ROUND}.{HOUSE_ID}.politie.1"
LATER = NOW + timedelta(hours=1)
FILES = HOME / "data" / "demo" / ROUND


def pair_of(where: Installation) -> Pair:
    pair = reading(where).find_pair(ROUND, HOUSE_ID)
    assert pair is not None
    return pair


def choose_all(pair: Pair, choice: str) -> dict[str, str]:
    return {each.key: choice for each in pair.open}


def letters(where: Installation, submission_id: str) -> Mapping[str, str | None]:
    return {
        each.question_id: each.option_id for each in reading(where).find_submission(submission_id).answers
    }


def states(where: Installation) -> dict[str, SubmissionState]:
    versions = reading(where).list_versions(ROUND, HOUSE_ID).versions
    return {each.submission_id.removeprefix(f"{ROUND}.{HOUSE_ID}."): each.state for each in versions}


def hand_in_again(where: Installation, whose: str = "politie", more: bytes = b" ") -> str:
    content = (FILES / f"{ROUND}_{HOUSE_ID}_{whose}.xlsx").read_bytes() + more
    return hand_in(where, NamedFile("opnieuw.xlsx", content), LATER).submission_id


def test_what_both_say_stands_and_each_difference_is_chosen(demo: Installation) -> None:
    pair = pair_of(demo)
    own, theirs = letters(demo, OWN), letters(demo, THEIRS)
    differing = [each.key for each in pair.open if each.is_answer]
    choices = choose_all(pair, HOUSE) | {differing[0]: POLICE}
    other = next(
        letter
        for letter, _ in pair.questionnaire.question[differing[1]].lettered
        if letter not in {own[differing[1]], theirs[differing[1]]}
    )
    choices[differing[1]] = other

    joint_id = adopt_jointly(demo, pair.made_of, choices, LATER)

    joint = letters(demo, joint_id)
    assert joint_id == f"{ROUND}.{HOUSE_ID}.gezamenlijk.1"
    assert (joint[differing[0]], joint[differing[1]]) == (theirs[differing[0]], other)
    same = {key for key in own.keys() & theirs.keys() if own[key] == theirs[key]}
    assert len(same) > 20
    assert all(joint[key] == own[key] for key in same | set(differing[2:]))
    assert states(demo) == dict.fromkeys(["gezamenlijk.1", "huis.1", "politie.1"], SubmissionState.ADOPTED)
    verify_trail(demo)


def test_the_joint_version_is_a_perspective_of_its_own(demo: Installation) -> None:
    pair = pair_of(demo)
    before = score_round(demo, ROUND, Perspective.HOUSE, NOW.date()).totals

    joint_id = adopt_jointly(demo, pair.made_of, choose_all(pair, POLICE), LATER)

    assert score_round(demo, ROUND, Perspective.JOINT, NOW.date()).submissions[HOUSE_ID] == joint_id
    assert score_round(demo, ROUND, Perspective.HOUSE, NOW.date()).totals.equals(before)
    record = score_round(demo, ROUND, Perspective.RECORD, NOW.date())
    assert record.submissions[HOUSE_ID] == joint_id
    assert record.perspective_of(HOUSE_ID) is Perspective.JOINT
    lines = {line.house.house_id: line for line in reading(demo).find_board(ROUND).lines}
    assert lines[HOUSE_ID].joint is not None
    assert lines[HOUSE_ID].expected == ()


def test_without_every_choice_nothing_is_adopted(demo: Installation) -> None:
    pair = pair_of(demo)
    choices = choose_all(pair, HOUSE)
    left_out = pair.open[0].key
    del choices[left_out]
    stored = count_submissions(demo)

    with pytest.raises(RoundStateError, match=f"{left_out}: kies nog uit huis, politie"):
        adopt_jointly(demo, pair.made_of, choices, LATER)
    with pytest.raises(RoundStateError, match=f"{left_out}: 'q' kan niet; kies uit huis"):
        adopt_jointly(demo, pair.made_of, choices | {left_out: "q"}, LATER)
    with pytest.raises(RoundStateError, match="XXX-1: hier valt niets te kiezen"):
        adopt_jointly(demo, pair.made_of, choose_all(pair, HOUSE) | {"XXX-1": HOUSE}, LATER)

    assert count_submissions(demo) == stored
    assert set(states(demo).values()) == {SubmissionState.HANDED_IN}


def test_what_was_handed_in_since_the_comparison_is_told(demo: Installation) -> None:
    pair = pair_of(demo)
    newer = hand_in_again(demo)

    with pytest.raises(ConflictError, match=f"U vergeleek {OWN} en {THEIRS}. Nu geldt: {OWN}, {newer}"):
        adopt_jointly(demo, pair.made_of, choose_all(pair, HOUSE), LATER)

    assert SubmissionState.ADOPTED not in states(demo).values()


def test_of_two_who_adopt_at_once_the_second_is_told(demo: Installation) -> None:
    pair = pair_of(demo)
    with closing(installation_at(demo.settings.database_url)) as other, ThreadPoolExecutor(2) as threads:
        running = [
            threads.submit(adopt_jointly, where, pair.made_of, choose_all(pair, choice), LATER)
            for where, choice in ((demo, HOUSE), (other, POLICE))
        ]
        faults = [each.exception() for each in running]

    assert faults.count(None) == 1
    assert {type(fault) for fault in faults if fault} == {RoundStateError}
    assert list(states(demo)) == ["huis.1", "politie.1", "gezamenlijk.1"]


def test_reopening_one_takes_the_joint_version_back_and_a_new_one_follows(demo: Installation) -> None:
    pair = pair_of(demo)
    joint_id = adopt_jointly(demo, pair.made_of, choose_all(pair, HOUSE), LATER)

    reopened = reopen(demo, THEIRS, "De politie wil iets verbeteren", LATER)

    assert reopened == (OWN, THEIRS)
    assert states(demo) == {
        "gezamenlijk.1": SubmissionState.WITHDRAWN,
        "huis.1": SubmissionState.HANDED_IN,
        "politie.1": SubmissionState.HANDED_IN,
    }
    assert HOUSE_ID not in score_round(demo, ROUND, Perspective.JOINT, NOW.date()).submissions
    assert score_round(demo, ROUND, Perspective.RECORD, NOW.date()).submissions[HOUSE_ID] == OWN
    again = pair_of(demo)
    assert adopt_jointly(demo, again.made_of, choose_all(again, HOUSE), LATER) == joint_id[:-1] + "2"
    history = reading(demo).find_version(joint_id).events
    assert [each.to_state.value for each in history] == ["adopted", "handed_in", "withdrawn"]
    assert history[0].reason == f"Samen vastgesteld uit {OWN} en {THEIRS}."


def test_police_that_hands_in_after_the_house_was_adopted_comes_to_a_joint_version(
    demo: Installation,
) -> None:
    withdraw(demo, THEIRS, "Nog niet af", LATER)
    assert reading(demo).find_pair(ROUND, HOUSE_ID) is None
    assert adopt_for_house(demo, (ROUND, HOUSE_ID), {}, None, LATER) == OWN
    hand_in_again(demo)

    joint_id = adopt_for_house(demo, (ROUND, HOUSE_ID), {}, POLICE, LATER)

    assert joint_id == f"{ROUND}.{HOUSE_ID}.gezamenlijk.1"
    with pytest.raises(RoundStateError, match="vaststellen kan niet, deze versie is vastgesteld"):
        adopt_for_house(demo, (ROUND, HOUSE_ID), {}, POLICE, LATER)


def test_a_house_without_answers_has_nothing_to_adopt(demo: Installation) -> None:
    withdraw(demo, f"{ROUND}.veenrijk.huis.1", "Verkeerd bestand", LATER)

    with pytest.raises(NoAnswersError, match="nog niets ingeleverd"):
        adopt_for_house(demo, (ROUND, "veenrijk"), {}, None, LATER)


def test_closing_freezes_a_joint_version_with_what_it_is_made_of(demo: Installation) -> None:
    pair = pair_of(demo)
    joint_id = adopt_jointly(demo, pair.made_of, choose_all(pair, HOUSE), LATER)

    frozen = close_round(demo, ROUND, LATER)

    assert {joint_id, OWN, THEIRS} <= set(frozen)
    with pytest.raises(RoundStateError, match="is gesloten"):
        reopen(demo, joint_id, "Toch anders", LATER)


def made(perspective: Perspective, *answers: Answer, deviations: tuple[Deviation, ...] = ()) -> Submission:
    return Submission(
        house_id="h",
        round_id="r",
        perspective=perspective,
        answers=answers,
        deviations=deviations,
        handed_in=NOW,
        file_name="a.xlsx",
        file_sha256="0" * 64,
    )


def answer(question_id: str, option_id: str | None, explanation: str = "") -> Answer:
    return Answer(question_id=question_id, option_id=option_id, explanation=explanation)


def test_an_answer_stands_where_the_other_left_it_open_and_words_of_both_are_kept() -> None:
    own = made(Perspective.HOUSE, answer("A", "a", "wij"), answer("B", None, "geen idee"), answer("C", "a"))
    theirs = made(Perspective.POLICE, answer("A", "a", "zij"), answer("B", "b"), answer("C", "b", "nee"))

    joint = join_answers(own, theirs, {"C": "c"})

    assert [(each.question_id, each.option_id, each.explanation) for each in joint] == [
        ("A", "a", "Huis: wij Politie: zij"),
        ("B", "b", "geen idee"),
        ("C", "c", "nee"),
    ]
    assert [each.key for each in find_differences(own, theirs) if each.needs_choice] == ["C"]


def test_a_deviation_that_one_side_does_not_know_is_chosen_too() -> None:
    agreed = Deviation(criterion_id="POS-2", reason="Klein.", agreed_by="Bestuur", until=NOW.date())
    own, theirs = made(Perspective.HOUSE, deviations=(agreed,)), made(Perspective.POLICE)

    assert [each.key for each in find_differences(own, theirs) if each.needs_choice] == ["POS-2"]
    assert join_deviations(own, theirs, {"POS-2": HOUSE}) == (agreed,)
    assert join_deviations(own, theirs, {"POS-2": POLICE}) == ()


def test_every_version_comes_back_byte_for_byte(demo: Installation) -> None:
    uploaded = {
        f"{ROUND}.{file.stem.split('_')[1]}.{file.stem.split('_')[2]}.1": (file.name, file.read_bytes())
        for file in FILES.glob("*.xlsx")
    }
    newer = hand_in_again(demo)

    exported = {
        each.submission_id: reading(demo).find_file(each.submission_id)
        for asked in demo.register().rounds
        for each in reading(demo).list_versions(asked.round_id).versions
    }

    assert uploaded.items() <= exported.items()
    assert exported[newer] == ("opnieuw.xlsx", uploaded[THEIRS][1] + b" ")
    assert len(exported) == count_submissions(demo) == 106


def test_a_joint_version_has_a_file_that_is_read_back_as_it_is(demo: Installation) -> None:
    pair = pair_of(demo)
    joint_id = adopt_jointly(demo, pair.made_of, choose_all(pair, HOUSE), LATER)

    name, content = reading(demo).find_file(joint_id)

    assert name == f"{ROUND}_{HOUSE_ID}_gezamenlijk.xlsx"
    assert sha256(content).hexdigest() == reading(demo).find_submission(joint_id).file_sha256
    with pytest.raises(UnknownRoundError, match="vraagt geen antwoorden van 'gezamenlijk'"):
        hand_in(demo, NamedFile(name, content), LATER)


def test_a_file_that_was_changed_behind_the_program_is_not_given_as_the_original(demo: Installation) -> None:
    with demo.store.engine.begin() as connection:
        connection.execute(
            text("update submissions set file_content = :other where submission_id = :key"),
            {"other": b"anders", "key": OWN},
        )

    with pytest.raises(AuditError, match=f"{OWN}: het bestand in de database is niet meer"):
        reading(demo).find_file(OWN)


def test_two_versions_are_compared_question_by_question_with_the_verdicts_that_change(
    demo: Installation,
) -> None:
    found = reading(demo).compare_versions(OWN, THEIRS)

    old, new = letters(demo, OWN), letters(demo, THEIRS)
    told = {each.key for each in found.differences if each.is_answer and each.of_choice}
    assert told == {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    scored = [
        score_round(demo, ROUND, whose, NOW.date()).criteria.query("house_id == @HOUSE_ID")
        for whose in (Perspective.HOUSE, Perspective.POLICE)
    ]
    beside = scored[0].merge(scored[1], on="criterion_id")
    changed = beside[beside["verdict_x"] != beside["verdict_y"]]["criterion_id"]
    assert list(found.verdicts["criterion_id"]) == list(changed)
    assert len(changed) > 0
    assert reading(demo).compare_versions(OWN, OWN).differences == ()


@pytest.mark.parametrize("other", [f"{ROUND}.veenrijk.huis.1", f"2026-voorjaar.{HOUSE_ID}.huis.1"])
def test_versions_of_other_houses_or_rounds_are_not_compared(demo: Installation, other: str) -> None:
    with pytest.raises(CommandUsageError, match="niet van hetzelfde huis in dezelfde ronde"):
        reading(demo).compare_versions(OWN, other)


def test_the_police_sees_the_figure_of_record_only_of_what_it_adopted(demo: Installation) -> None:
    unit_id = demo.register().house[HOUSE_ID].unit_id
    police = Visitor(who="p", name="P", grants=(Grant(role=Role.POLICE, unit_id=unit_id),))
    which = Which(ROUND, Perspective.RECORD, HOUSE_ID)
    with pytest.raises(NotAllowedError):
        reading(replace(demo, visitor=police)).find_scores(which)
    pair = pair_of(demo)

    joint_id = adopt_jointly(demo, pair.made_of, choose_all(pair, HOUSE), LATER)

    visited = reading(replace(demo, visitor=police))
    assert visited.find_scores(which).submissions[HOUSE_ID] == joint_id
    planned = visited.find_roadmap(which)
    assert planned.scores.houses[0].house_id == HOUSE_ID
    assert visited.find_house_plan(planned, HOUSE_ID).house.house_id == HOUSE_ID
    places = visited.list_places(demo.register(), demo.register().round[ROUND], Task.SEE_SCORES)
    assert [house.house_id for house, whose in places if whose is Perspective.RECORD] == [HOUSE_ID]


def test_what_a_house_says_itself_is_not_shown_beside_the_record_of_all_where_few_differ(
    demo: Installation,
) -> None:
    with demo.store.reading() as session:
        joint = load_newest(session, ROUND, Perspective.JOINT)
    for version in joint.values():
        reopen(demo, version, "Er is nog iets te bespreken", LATER)
    pair = pair_of(demo)
    adopt_jointly(demo, pair.made_of, choose_all(pair, POLICE), LATER)
    close_round(demo, ROUND, LATER)
    manager = Visitor(who="m", name="M", grants=(Grant(role=Role.MANAGER, house_id="veenrijk"),))
    visited = reading(replace(demo, visitor=manager))

    assert visited.find_country(ROUND, Perspective.RECORD).houses > 20
    with pytest.raises(NotAllowedError, match="verschilt te weinig"):
        visited.find_country(ROUND, Perspective.HOUSE)


def test_partners_who_check_themselves_have_a_version_apart_from_house_and_police(demo: Installation) -> None:
    days = (NOW.date(), NOW.date())
    asks = Asks(("politie/1.0",), (HOUSE_ID,), perspectives=(*ASKED, Perspective.PARTNERS))
    open_round(demo, ("samen", "Samen"), days, asks, NOW)
    own = [load_current_of(demo, whose) for whose in ASKED]
    moved = [(each.model_copy(update={"round_id": "samen"}), b"") for each in own]
    partners = own[0].model_copy(update={"round_id": "samen", "perspective": Perspective.PARTNERS})
    with demo.store.writing() as session:
        add_submissions(session, [*moved, (partners, b"")])
    (line,) = reading(demo).find_board("samen").lines
    assert line.expected == ("samen één versie vaststellen",)

    adopt(demo, partners.submission_id, LATER)
    joint_id = adopt_for_house(demo, ("samen", HOUSE_ID), {}, HOUSE, LATER)
    reopened = reopen(demo, partners.submission_id, "Het OM wil iets verbeteren", LATER)

    assert joint_id == f"samen.{HOUSE_ID}.gezamenlijk.1"
    assert reopened == (partners.submission_id,)
    assert reading(demo).find_scores(Which("samen", Perspective.RECORD)).submissions[HOUSE_ID] == joint_id
    scored = reading(demo).find_scores(Which("samen", Perspective.PARTNERS))
    assert scored.submissions[HOUSE_ID] == partners.submission_id


def load_current_of(where: Installation, whose: Perspective) -> Submission:
    found = reading(where).find_current(Whose(ROUND, HOUSE_ID, whose))
    assert found is not None
    known = where.questionnaire_of(where.register().round["samen"]).question
    return found.model_copy(
        update={"answers": tuple(a for a in found.answers if a.question_id in known), "deviations": ()}
    )


@pytest.mark.parametrize("whose", [Perspective.RECORD, Perspective.JOINT])
def test_what_is_nobodys_own_is_asked_of_nobody(demo: Installation, whose: Perspective) -> None:
    asks = Asks(("politie/1.0",), (HOUSE_ID,), perspectives=(Perspective.HOUSE, whose))

    with pytest.raises(
        RegisterError, match=f"niet te vragen: {whose.value}. Kies uit: huis, politie, partners"
    ):
        open_round(demo, ("samen", "Samen"), (NOW.date(), NOW.date()), asks, NOW)
