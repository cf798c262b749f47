"""What people decide about a plan: kept, told in the audit trail, and never overwritten in silence."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assessment.errors import ConflictError, NotAllowedError, PlanError
from assessment.model.access import Grant, Role, Visitor
from assessment.model.audit import Action, AuditEntry
from assessment.model.decisions import PlanLine, Progress, find_line
from assessment.model.scale import Actor, Perspective
from assessment.service.access import note_handed_out
from assessment.service.backup import make_backup, prepare_restore, restore
from assessment.service.installation import Installation
from assessment.service.plans import decisions
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.decisions import Edit, change_lines
from assessment.service.plans.planning import Basis, Roadmap, plan_houses, prepare_plan
from assessment.service.round_scores import RoundScores, score_round
from assessment.store.audit import load_entries
from tests.conftest import NOW, installation_at
from tests.reading import reading

HOUSE = "veenrijk"
WRITERS = 8
TODAY = NOW.date()


def stand(installation: Installation, today: date = TODAY) -> RoundScores:
    return score_round(installation, None, Perspective.HOUSE, today)


def change(installation: Installation, measure_id: str, **changes: object) -> None:
    seen = changes.pop("seen", None)
    assert seen is None or isinstance(seen, int)
    change_lines(installation, stand(installation), [Edit(HOUSE, measure_id, changes, seen)], NOW)


def find(installation: Installation, measure_id: str) -> PlanLine:
    decided = reading(installation).find_decisions(stand(installation), [HOUSE])
    return find_line(decided, HOUSE, measure_id)


def plan(installation: Installation, today: date = TODAY, **capacity: int) -> Roadmap:
    scores = stand(installation, today)
    moment = datetime.combine(today, NOW.time())
    decided = reading(installation, moment).find_decisions(scores, [HOUSE])
    wanted = {Actor[name]: number for name, number in capacity.items()}
    return plan_houses(scores, [HOUSE], wanted, decided)


def first(planned: Roadmap, measure_id: str) -> str:
    row = planned.measures[planned.measures["measure_id"] == measure_id]
    return str(planned.begin + int(row["first"].item()))


def list_entries(installation: Installation, action: Action) -> list[AuditEntry]:
    """What was told of the house; the demo decided about others."""
    with installation.store.reading() as session:
        entries = [entry for entry in load_entries(session) if entry.action == action.value]
    return [entry for entry in entries if entry.subject.startswith(HOUSE)]


@pytest.fixture
def stops(demo: Installation) -> str:
    """A measure by which the police stops, in the plan of the house."""
    asked = stand(demo).questionnaire
    planned = plan(demo).measures
    return next(str(key) for key in planned["measure_id"] if asked.measure[key].lets_go_after)


@pytest.fixture
def takes(demo: Installation, stops: str) -> str:
    """The measure by which the house takes over."""
    return str(stand(demo).questionnaire.measure[stops].lets_go_after)


def test_a_decision_is_kept_and_the_plan_follows_it(demo: Installation, takes: str) -> None:
    change(demo, takes, pinned="2028-K3", owner="Coördinator", remark="Na de zomer")

    stored = find(demo, takes)
    assert (stored.version, str(stored.pinned), stored.owner) == (1, "2028-K3", "Coördinator")
    assert first(plan(demo), takes) == "2028-K3"


def test_a_change_of_one_field_leaves_the_others(demo: Installation, takes: str) -> None:
    change(demo, takes, owner="Coördinator")
    change(demo, takes, quarters=4)

    stored = find(demo, takes)
    assert (stored.version, stored.owner, stored.quarters) == (2, "Coördinator", 4)


def test_what_changes_nothing_makes_no_version(demo: Installation, takes: str) -> None:
    change(demo, takes, owner="Coördinator")
    change(demo, takes, owner=" Coördinator ", seen=0)

    assert find(demo, takes).version == 1


def test_the_trail_says_what_was_decided_but_no_free_text(demo: Installation, takes: str) -> None:
    change(demo, takes, quarters=3, owner="Mevrouw De Wit")
    change(demo, takes, quarters=None, dropped="")

    told = [(each.old, each.new) for each in list_entries(demo, Action.PLAN_CHANGED)]
    assert told == [
        ("null", '{"owner":true,"quarters":3,"version":1}'),
        ('{"quarters":3,"version":1}', '{"quarters":null,"version":2}'),
    ]


def test_who_changes_what_another_changed_meanwhile_sees_both(demo: Installation, takes: str) -> None:
    change(demo, takes, pinned="2028-K4", seen=0)

    with pytest.raises(ConflictError, match="vastgezet op: nu '2028-K4', van u '2029-K1'"):
        change(demo, takes, pinned="2029-K1", seen=0)

    assert str(find(demo, takes).pinned) == "2028-K4"
    change(demo, takes, pinned="2029-K1", seen=1)
    assert str(find(demo, takes).pinned) == "2029-K1"


def test_of_many_who_change_one_line_at_once_one_is_heard_and_the_others_are_told(
    demo: Installation, takes: str
) -> None:
    def attempt(number: int) -> str:
        where = demo if number % 2 else other
        try:
            change(where, takes, remark=f"Van {number}", seen=0)
        except ConflictError:
            return ""
        return f"Van {number}"

    with (
        closing(installation_at(demo.settings.database_url)) as other,
        ThreadPoolExecutor(WRITERS) as threads,
    ):
        heard = list(filter(None, threads.map(attempt, range(WRITERS))))

    assert heard == [find(demo, takes).remark]
    assert find(demo, takes).version == len(list_entries(demo, Action.PLAN_CHANGED)) == 1


def test_while_it_is_found_out_whether_a_plan_can_hold_it_others_take_their_turn(
    demo: Installation, takes: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    def meanwhile(*given: Any, **named: Any) -> Basis:  # noqa: ANN401 - as it is called
        note_handed_out(demo, "plan/zandmark", NOW)
        return prepare_plan(*given, **named)

    monkeypatch.setattr(decisions, "prepare_plan", meanwhile)

    change(demo, takes, remark="Na de zomer")

    assert find(demo, takes).remark == "Na de zomer"


def test_what_others_decide_meanwhile_is_weighed_too(
    demo: Installation, takes: str, stops: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = iter([{"pinned": "2029-K4"}])

    def meanwhile(*given: Any, **named: Any) -> Basis:  # noqa: ANN401 - as it is called
        for changes in others:
            change(demo, takes, **changes)
        return prepare_plan(*given, **named)

    monkeypatch.setattr(decisions, "prepare_plan", meanwhile)

    with pytest.raises(PlanError):
        change(demo, stops, pinned="2028-K4")

    assert find(demo, stops).pinned is None
    assert str(find(demo, takes).pinned) == "2029-K4"


def test_many_who_look_again_before_they_change_lose_nothing(demo: Installation, takes: str) -> None:
    def add(number: int) -> None:
        while True:
            seen = find(demo, takes)
            try:
                change(demo, takes, remark=f"{seen.remark} {number}".strip(), seen=seen.version)
            except ConflictError:
                continue
            return

    with ThreadPoolExecutor(WRITERS // 2) as threads:
        list(threads.map(add, range(WRITERS)))

    assert sorted(find(demo, takes).remark.split()) == sorted(map(str, range(WRITERS)))
    assert find(demo, takes).version == WRITERS


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("measure_id", "changes", "told"),
    [
        ("XYZ-1.M1", {"owner": "x"}, "Maatregel 'XYZ-1.M1' staat niet in"),
        (
            None,
            {"pinned": "2024-K1"},
            "vastzetten op 2024-K1 kan niet: dat is voorbij. Kies 2027-K1 of later.",
        ),
        (None, {"pinned": "volgend jaar"}, "'volgend jaar' is geen kwartaal; schrijf het als 2027-K1"),
        (None, {"quarters": 0}, "duur in kwartalen moet ten minste 1 zijn"),
        (None, {"quarters": 13}, "duur in kwartalen mag hoogstens 12 zijn"),
        (None, {"done": NOW.date() + timedelta(days=1)}, "die dag komt nog"),
        (None, {"started": date(2026, 9, 1), "done": date(2026, 8, 1)}, "gereed op een dag voor die waarop"),
        (None, {"done": date(2026, 8, 1), "dropped": "Hoeft niet."}, "gereed en vervallen gaan niet samen"),
        (None, {"started": date(2026, 9, 1), "pinned": "2028-K1"}, "is bezig en kan niet worden vastgezet"),
        (None, {"remark": "Zie dossier 123456782"}, "burgerservicenummer"),
        (None, {"owner": "Bel 06-12345678"}, "'06-…' lijkt een telefoonnummer"),
        (None, {"remark": "Zie jan@voorbeeld.nl"}, "'jan…' is een e-mailadres"),
    ],
)
def test_what_cannot_be_decided_is_told_in_one_line_and_nothing_changes(
    demo: Installation, takes: str, measure_id: str | None, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(PlanError) as refused:
        change(demo, measure_id or takes, **changes)

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert find(demo, takes).version == 0


@pytest.mark.sqlite
def test_what_only_looks_like_a_citizen_is_stored_when_somebody_says_so(
    demo: Installation, takes: str
) -> None:
    edit = Edit(HOUSE, takes, {"remark": "Dossier 123456782", "owner": "jan@voorbeeld.nl"}, accepted=True)

    change_lines(demo, stand(demo), [edit], NOW)
    change(demo, takes, quarters=2)

    assert (find(demo, takes).remark, find(demo, takes).quarters) == ("Dossier 123456782", 2)
    assert all("123456782" not in str(entry) for entry in list_entries(demo, Action.PLAN_CHANGED))


@pytest.mark.sqlite
def test_a_measure_that_only_other_houses_need_is_refused(demo: Installation) -> None:
    scores = stand(demo)
    mine = set(plan(demo).measures["measure_id"])
    foreign = next(key for key in scores.questionnaire.measure if key not in mine)

    with pytest.raises(PlanError, match="hoort niet bij het plan van Veiligheidshuis Veenrijk"):
        change(demo, foreign, owner="x")


@pytest.mark.sqlite
def test_the_police_is_never_let_stop_before_the_house_has_taken_over(
    demo: Installation, stops: str, takes: str
) -> None:
    edits: list[tuple[str, dict[str, object]]] = [
        (takes, {"dropped": "Geen geld."}),
        (stops, {"pinned": "2027-K1"}),
        (stops, {"started": date(2026, 11, 1)}),
        (stops, {"done": date(2026, 11, 1)}),
    ]
    for measure_id, changes in edits:
        with pytest.raises(PlanError, match="politie stopt pas"):
            change(demo, measure_id, **changes)

    assert not list_entries(demo, Action.PLAN_CHANGED)


@pytest.mark.sqlite
def test_a_duration_that_would_let_the_police_stop_too_early_is_refused(
    demo: Installation, stops: str, takes: str
) -> None:
    change(demo, stops, pinned=first(plan(demo), stops))

    with pytest.raises(PlanError, match="Deze wensen gaan niet samen") as refused:
        change(demo, takes, quarters=12)

    assert {stops, takes} <= set(str(refused.value).split())
    assert find(demo, takes).version == 0


def test_an_adopted_plan_is_a_dated_record_that_stays(demo: Installation, takes: str) -> None:
    planned = plan(demo)

    (adopted,) = adopt_plan(demo, planned, [HOUSE], NOW)
    change(demo, takes, pinned="2028-K4")

    house = demo.register().house[HOUSE]
    (kept,) = reading(demo).list_baselines(house, Perspective.HOUSE)
    assert kept == adopted
    assert (kept.number, kept.adopted, kept.submission_id) == (1, NOW, "2026-najaar.veenrijk.huis.1")
    assert len(kept.measures) == len(planned.measures)
    assert [entry.subject for entry in list_entries(demo, Action.PLAN_ADOPTED)] == ["veenrijk.1"]


def test_a_plan_adopted_progressed_and_replanned_keeps_what_is_done(demo: Installation, takes: str) -> None:
    adopt_plan(demo, plan(demo), [HOUSE], NOW)
    change(demo, takes, started=date(2026, 10, 1), done=date(2026, 11, 20))

    again = plan(demo, HOUSE=1)

    row = again.measures[again.measures["measure_id"] == takes].to_dict("records")[0]
    assert (row["status"], row["last"], row["why"]) == (Progress.DONE.value, -1, "begun")
    assert again.conformity["low"].iloc[0] == plan(demo).scores.totals["low"].item()


@pytest.mark.sqlite
def test_replanning_moves_as_little_as_it_can_of_what_was_adopted(demo: Installation) -> None:
    planned = plan(demo)
    adopt_plan(demo, planned, [HOUSE], NOW)

    assert plan(demo).measures["first"].tolist() == planned.measures["first"].tolist()


def test_nobody_adopts_a_plan_that_is_no_longer_what_was_seen(demo: Installation, takes: str) -> None:
    seen = plan(demo)
    change(demo, takes, quarters=4)

    with pytest.raises(ConflictError, match="intussen gewijzigd"):
        adopt_plan(demo, seen, [HOUSE], NOW)

    assert not list_entries(demo, Action.PLAN_ADOPTED)


@pytest.mark.sqlite
def test_who_may_not_read_texts_sees_the_plan_without_them(
    demo: Installation, takes: str, stops: str
) -> None:
    change_lines(
        demo,
        stand(demo),
        [
            Edit(HOUSE, takes, {"owner": "Mevrouw De Wit", "dropped": "Geen geld."}),
            Edit(HOUSE, stops, {"dropped": "Geen geld."}),
        ],
        NOW,
    )
    country = Visitor(who="land", name="Land", grants=(Grant(role=Role.COUNTRY),))

    seen = find(replace(demo, visitor=country), takes)

    assert (seen.owner, seen.dropped) == ("", "reden niet gedeeld")


@pytest.mark.sqlite
def test_who_may_not_change_a_plan_is_refused(demo: Installation, takes: str) -> None:
    police = Visitor(who="x", name="x", grants=(Grant(role=Role.POLICE, unit_id="noord-nederland"),))

    with pytest.raises(NotAllowedError):
        change(replace(demo, visitor=police), takes, owner="x")


def test_decisions_and_adopted_plans_come_back_from_a_backup(
    demo: Installation, takes: str, tmp_path: Path
) -> None:
    change(demo, takes, pinned="2028-K4", owner="Anna")
    (adopted,) = adopt_plan(demo, plan(demo), [HOUSE], NOW)
    make_backup(demo, tmp_path / "alles.zip", NOW)
    change(demo, takes, owner="Bert")

    with prepare_restore(demo, tmp_path / "alles.zip") as replacement:
        restore(replacement, NOW)

    assert (find(demo, takes).owner, find(demo, takes).version) == ("Anna", 1)
    assert reading(demo).list_baselines(demo.register().house[HOUSE], Perspective.HOUSE) == (adopted,)
