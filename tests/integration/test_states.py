"""States of versions and rounds: what may follow on what, and what stays as it was."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from itertools import product

import pytest

from assessment.errors import NoAnswersError, RoundStateError, UnknownRoundError
from assessment.model.answers import Deviation, Whose
from assessment.model.rounds import LEADS_TO, Step, SubmissionState, Version
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.register import Asks, open_round
from assessment.service.round_scores import find_revision, score_round
from assessment.service.rounds import close_round, reopen_round
from assessment.service.versions import adopt, reopen, withdraw
from assessment.settings import HOME
from assessment.store.submissions import add_submissions, load_current
from assessment.store.versions import load_beside, load_events, load_versions
from tests.conftest import NOW, count_submissions, installation_at
from tests.reading import reading, verify_trail, write_form, write_scores, write_trail

ROUND = "2026-najaar"
ALONE = f"{ROUND}.hofduin.huis.1"
VEENRIJK = f"{ROUND}.veenrijk.huis.1"
LATER = NOW + timedelta(hours=1)
VEENRIJK_FILE = HOME / "data" / "demo" / ROUND / f"{ROUND}_veenrijk_huis.xlsx"

Act = Callable[[Installation], object]
STEPS: dict[Step, Act] = {
    Step.ADOPT: lambda where: adopt(where, VEENRIJK, LATER),
    Step.WITHDRAW: lambda where: withdraw(where, VEENRIJK, "Verkeerd bestand", LATER),
    Step.REOPEN: lambda where: reopen(where, VEENRIJK, "Er is iets veranderd", LATER),
    Step.FREEZE: lambda where: close_round(where, ROUND, LATER),
    Step.THAW: lambda where: reopen_round(where, ROUND, "Te vroeg gesloten", LATER),
}
WAY_TO: dict[SubmissionState, list[Step]] = {
    SubmissionState.HANDED_IN: [],
    SubmissionState.ADOPTED: [Step.ADOPT],
    SubmissionState.WITHDRAWN: [Step.WITHDRAW],
    SubmissionState.FROZEN: [Step.ADOPT, Step.FREEZE],
}


def find(where: Installation, submission_id: str = VEENRIJK) -> Version:
    with where.store.reading() as session:
        return next(v for v in load_beside(session, submission_id) if v.submission_id == submission_id)


def hand_in_again(where: Installation, more: bytes = b" ") -> str:
    file = NamedFile("opnieuw.xlsx", VEENRIJK_FILE.read_bytes() + more)
    return hand_in(where, file, LATER).submission_id


@pytest.mark.parametrize(("state", "step"), list(product(WAY_TO, [Step.ADOPT, Step.WITHDRAW, Step.REOPEN])))
def test_each_step_leads_on_or_is_refused_from_each_state(
    demo: Installation, state: SubmissionState, step: Step
) -> None:
    for before in WAY_TO[state]:
        STEPS[before](demo)
    assert find(demo).state is state
    entries = list(write_trail(demo))

    if (step, state) in LEADS_TO:
        STEPS[step](demo)
        assert find(demo).state is LEADS_TO[step, state]
        assert len(list(write_trail(demo))) == len(entries) + 1
    else:
        with pytest.raises(RoundStateError, match=r"kaderscan|Lever opnieuw in") as refusal:
            STEPS[step](demo)
        assert refusal.value.exit_code == 24
        assert find(demo).state is state
        assert list(write_trail(demo)) == entries


def test_every_step_is_kept_with_who_when_and_why(demo: Installation) -> None:
    for step in (Step.ADOPT, Step.REOPEN, Step.WITHDRAW):
        STEPS[step](demo)

    with demo.store.reading() as session:
        events = load_events(session, VEENRIJK)
    assert [(each.number, each.from_state.value, each.to_state.value, each.reason) for each in events] == [
        (1, "handed_in", "adopted", ""),
        (2, "adopted", "handed_in", "Er is iets veranderd"),
        (3, "handed_in", "withdrawn", "Verkeerd bestand"),
    ]
    assert {(each.who, each.moment) for each in events} == {(demo.who, LATER)}


def test_the_trail_tells_the_states_and_not_the_reason(demo: Installation) -> None:
    STEPS[Step.WITHDRAW](demo)

    last = list(write_trail(demo))[-1]
    assert '"action":"inlevering-ingetrokken"' in last
    assert '"old":{"state":"handed_in"}' in last
    assert "Verkeerd bestand" not in last


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501, "Zie 249566758"])
def test_withdrawing_and_reopening_take_a_reason(demo: Installation, reason: str) -> None:
    with pytest.raises(RoundStateError, match="reden"):
        withdraw(demo, VEENRIJK, reason, LATER)
    STEPS[Step.ADOPT](demo)
    with pytest.raises(RoundStateError, match="reden"):
        reopen(demo, VEENRIJK, reason, LATER)

    assert find(demo).state is SubmissionState.ADOPTED


def test_a_version_that_is_not_there_is_told(demo: Installation) -> None:
    with pytest.raises(NoAnswersError, match="kaderscan submission list"):
        adopt(demo, "nergens", LATER)


def test_when_the_newest_is_withdrawn_the_one_before_counts_again(demo: Installation) -> None:
    second = hand_in_again(demo)
    before = find_revision(demo, ROUND, Perspective.HOUSE)

    now_counts = withdraw(demo, second, "Verkeerd bestand", LATER)

    scores = score_round(demo, ROUND, Perspective.HOUSE, NOW.date())
    assert now_counts is not None
    assert scores.submissions["veenrijk"] == now_counts.submission_id == VEENRIJK
    assert find_revision(demo, ROUND, Perspective.HOUSE) != before


def test_a_house_whose_only_version_is_withdrawn_has_not_handed_in(demo: Installation) -> None:
    assert withdraw(demo, VEENRIJK, "Verkeerd bestand", LATER) is None

    scores = score_round(demo, ROUND, Perspective.HOUSE, NOW.date())
    assert "veenrijk" not in scores.submissions
    assert reading(demo).find_submission(VEENRIJK).answers
    with demo.store.reading() as session:
        assert load_current(session, ROUND, "veenrijk", Perspective.HOUSE) is None


def test_the_very_file_that_was_withdrawn_may_be_handed_in_again(demo: Installation) -> None:
    withdraw(demo, VEENRIJK, "Verkeerd huis, dachten wij", LATER)

    again = hand_in_again(demo, b"")

    assert again == f"{ROUND}.veenrijk.huis.2"
    assert hand_in_again(demo, b"") == again


def test_nothing_comes_in_the_place_of_an_adopted_version(demo: Installation) -> None:
    STEPS[Step.ADOPT](demo)
    stored = count_submissions(demo)

    with pytest.raises(RoundStateError, match=f"opnieuw.xlsx: {VEENRIJK} is al vastgesteld.*reopen"):
        hand_in_again(demo)

    assert count_submissions(demo) == stored
    assert hand_in_again(demo, b"") == VEENRIJK
    STEPS[Step.REOPEN](demo)
    assert hand_in_again(demo) == f"{ROUND}.veenrijk.huis.2"


def test_nothing_comes_in_for_a_round_that_is_closed(demo: Installation) -> None:
    close_round(demo, ROUND, LATER)

    with pytest.raises(RoundStateError, match=r"is gesloten op 22 november 2026.*kaderscan round reopen"):
        hand_in_again(demo)
    for step in (Step.ADOPT, Step.WITHDRAW, Step.REOPEN, Step.FREEZE):
        with pytest.raises(RoundStateError, match="is gesloten"):
            STEPS[step](demo)
    assert hand_in_again(demo, b"") == VEENRIJK


def test_an_older_version_is_not_adopted(demo: Installation) -> None:
    newer = hand_in_again(demo)

    with pytest.raises(RoundStateError, match=f"nieuwere versie, {newer}"):
        STEPS[Step.ADOPT](demo)


def test_of_a_house_and_its_police_neither_is_adopted_alone(demo: Installation) -> None:
    with pytest.raises(RoundStateError, match=r"allebei ingeleverd.*submission adopt --house waterwolde"):
        adopt(demo, f"{ROUND}.waterwolde.huis.1", LATER)


def test_closing_freezes_what_is_adopted_and_opening_again_takes_a_reason(demo: Installation) -> None:
    STEPS[Step.ADOPT](demo)

    frozen = close_round(demo, ROUND, LATER)

    assert VEENRIJK in frozen
    assert find(demo).state is SubmissionState.FROZEN
    with pytest.raises(RoundStateError, match="reden"):
        reopen_round(demo, ROUND, " ", LATER)
    assert reopen_round(demo, ROUND, "Een huis was ziek", LATER) == frozen
    assert find(demo).state is SubmissionState.ADOPTED
    with pytest.raises(RoundStateError, match="is open"):
        reopen_round(demo, ROUND, "Nog eens", LATER)
    assert close_round(demo, ROUND, LATER) == frozen
    verify_trail(demo)


def test_a_round_that_is_not_there_is_not_closed(demo: Installation) -> None:
    with pytest.raises(UnknownRoundError):
        close_round(demo, "ooit", LATER)


def write_figures(where: Installation, today: date) -> str:
    scores = score_round(where, ROUND, Perspective.HOUSE, today)
    return write_scores(scores)


def test_the_figures_of_a_closed_round_never_move(demo: Installation) -> None:
    lapses = Deviation(
        criterion_id="POS-2", reason="Klein huis.", agreed_by="Bestuur", until=NOW.date() + timedelta(1)
    )
    newer = reading(demo).find_submission(VEENRIJK).model_copy(update={"version": 2, "deviations": (lapses,)})
    with demo.store.writing() as session:
        add_submissions(session, [(newer, b"")])
    before = write_figures(demo, NOW.date())
    assert write_figures(demo, NOW.date() + timedelta(2)) != before

    close_round(demo, ROUND, LATER)

    years = NOW.date() + timedelta(2000)
    assert write_figures(demo, years) == before
    days = (NOW.date() + timedelta(1500), NOW.date() + timedelta(1590))
    open_round(demo, ("later", "Later"), days, Asks(("politie/1.0",), ("veenrijk",)), LATER)
    assert write_figures(demo, years) == before
    reopen_round(demo, ROUND, "Nog iets", LATER)
    assert write_figures(demo, years) != before


def test_of_two_who_do_the_same_at_once_the_second_is_told(demo: Installation) -> None:
    with closing(installation_at(demo.settings.database_url)) as other, ThreadPoolExecutor(8) as threads:
        for step in (Step.ADOPT, Step.REOPEN, Step.WITHDRAW):
            running = [threads.submit(STEPS[step], where) for where in [demo, other] * 4]
            faults = [each.exception() for each in running]
            assert faults.count(None) == 1
            assert {type(fault) for fault in faults if fault} == {RoundStateError}

    assert find(demo).events == 3
    verify_trail(demo)


def test_handing_in_and_adopting_at_once_never_leave_an_adopted_version_behind(demo: Installation) -> None:
    with closing(installation_at(demo.settings.database_url)) as other, ThreadPoolExecutor(2) as threads:
        adopting = threads.submit(STEPS[Step.ADOPT], demo)
        handing_in = threads.submit(hand_in_again, other)
        faults = [adopting.exception(), handing_in.exception()]

    assert faults.count(None) == 1
    with demo.store.reading() as session:
        versions = [
            v for v in load_versions(session, ROUND, "veenrijk") if v.perspective is Perspective.HOUSE
        ]
    assert [v.state.value for v in versions] in (["adopted"], ["handed_in", "handed_in"])


def test_the_earlier_rounds_of_the_demo_are_closed_and_frozen(demo: Installation) -> None:
    boards = [reading(demo).find_board(asked.round_id) for asked in demo.register().rounds]

    assert [board.closing is not None for board in boards] == [True, True, False]
    assert boards[0].count(SubmissionState.FROZEN) == 30
    assert boards[0].count(SubmissionState.NOT_STARTED) == 30
    assert {board.closing.reckoned_on for board in boards if board.closing} == {
        date(2025, 11, 30),
        date(2026, 5, 31),
    }


def test_the_board_is_by_unit_and_name_and_says_what_is_expected(demo: Installation) -> None:
    STEPS[Step.ADOPT](demo)

    board = reading(demo).find_board(None)

    lines = {line.house.house_id: line for line in board.lines}
    assert [line.house for line in board.lines] == list(demo.register().houses_of(board.round))
    assert board.questions == 120
    assert lines["waterwolde"].expected == ("samen één versie vaststellen",)
    assert lines["veenrijk"].expected == ("antwoorden van de politie",)
    assert lines["klaverlo"].expected == ("antwoorden van de politie", "vaststellen")
    assert lines["veenrijk"].asked[Perspective.HOUSE].answered == 120
    assert {line.house.unit_id for line in reading(demo).find_board(None, "limburg").lines} == {"limburg"}


def test_a_concept_is_on_the_board_and_still_expected(demo: Installation) -> None:
    begin_draft(demo, Whose(ROUND, "veenrijk", Perspective.POLICE), NOW, empty=True)
    begin_draft(demo, Whose(ROUND, "veenrijk", Perspective.HOUSE), NOW)

    line = next(line for line in reading(demo).find_board(None).lines if line.house.house_id == "veenrijk")

    own, theirs = line.asked[Perspective.HOUSE], line.asked[Perspective.POLICE]
    assert (theirs.state, theirs.answered, theirs.concept) == (SubmissionState.DRAFT, 0, 0)
    assert (own.state, own.answered, own.concept) == (SubmissionState.HANDED_IN, 120, 120)
    assert line.expected == ("antwoorden van de politie", "vaststellen")


def test_no_questionnaire_is_made_for_a_joint_version(demo: Installation) -> None:
    with pytest.raises(UnknownRoundError, match="vraagt geen antwoorden van 'gezamenlijk'"):
        write_form(demo, "veenrijk", None, Perspective.JOINT)
