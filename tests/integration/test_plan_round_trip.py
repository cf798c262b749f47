"""The workbook of a plan comes back changed: every change is shown, and taken over line by line."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from assessment.errors import (
    ConflictError,
    NotAWorkbookError,
    OtherVersionError,
    PlanError,
    UnknownHouseError,
    UserError,
)
from assessment.model.decisions import PlanLine, find_line
from assessment.model.scale import Perspective
from assessment.model.sheets import BASE_SHEET, HEADINGS, PROGRESS_SHEET
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.decisions import Edit, change_lines
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.workbook import LoadedPlan, open_plan, take_over
from assessment.service.round_scores import RoundScores, Which, score_round
from tests.conftest import NOW
from tests.reading import reading, write_house_plan

HOUSE, TAKES, STOPS = "veenrijk", "LOS-2.M1", "LOS-2.M2"
TODAY = NOW.date()
Fill = Callable[[Workbook], None]


def stand(demo: Installation) -> RoundScores:
    return score_round(demo, None, Perspective.HOUSE, TODAY)


def plan(demo: Installation) -> Roadmap:
    return reading(demo).find_roadmap(Which(None, Perspective.HOUSE, HOUSE))


def export(demo: Installation) -> bytes:
    return write_house_plan(demo, plan(demo), HOUSE)


def put(book: Workbook, measure_id: str, **texts: str | datetime | None) -> None:
    """Fill in cells of the row of a measure, by the beginning of their headings."""
    sheet = book[PROGRESS_SHEET]
    row = next(row for row in sheet.iter_rows(min_row=5) if row[0].value == measure_id)
    for heading, value in texts.items():
        place = next(n for n, each in enumerate(HEADINGS) if each.replace(" ", "_").startswith(heading))
        row[place].value = value


def fill(content: bytes, measure_id: str, **texts: str | datetime | None) -> NamedFile:
    return change(content, lambda book: put(book, measure_id, **texts))


def change(content: bytes, edit: Fill) -> NamedFile:
    book = load_workbook(BytesIO(content))
    edit(book)
    stream = BytesIO()
    book.save(stream)
    return NamedFile("plan.xlsx", stream.getvalue())


def load(demo: Installation, file: NamedFile, house_id: str | None = HOUSE) -> LoadedPlan:
    return open_plan(demo, file, house_id, TODAY)


def find(demo: Installation, measure_id: str) -> PlanLine:
    return find_line(reading(demo).find_decisions(stand(demo), [HOUSE]), HOUSE, measure_id)


def decide(demo: Installation, measure_id: str, **changes: object) -> None:
    change_lines(demo, stand(demo), [Edit(HOUSE, measure_id, changes)], NOW)


@pytest.mark.sqlite
def test_a_file_that_was_not_changed_changes_nothing(demo: Installation) -> None:
    decide(demo, TAKES, owner="Anna", due=date(2028, 3, 1), remark="Twee  spaties")
    decide(demo, STOPS, dropped="De politie blijft dit doen.")

    loaded = load(demo, NamedFile("plan.xlsx", export(demo)))

    assert (loaded.proposals, loaded.faults, loaded.notes) == ((), (), ())


def test_every_kind_of_change_comes_over(demo: Installation) -> None:
    planned = plan(demo)
    other = next(key for key in planned.measures["measure_id"] if key not in {TAKES, STOPS})

    def edit(book: Workbook) -> None:
        put(book, TAKES, Begin="2029-K1", Eind="2029-K4", Wie="Anna", Afspraak=datetime(2029, 12, 1))  # noqa: DTZ001
        put(book, STOPS, Status="Vervallen", Reden="De politie blijft dit doen.")
        put(book, other, Status="gereed", Begonnen="1-9-2026", Gereed="15/11/2026", Opmerking="Klaar")

    loaded = load(demo, change(export(demo), edit))
    take_over(demo, loaded, [TAKES, STOPS, other], NOW)

    taken, stopped, done = (find(demo, key) for key in (TAKES, STOPS, other))
    assert loaded.faults == ()
    assert (str(taken.pinned), taken.quarters, taken.owner) == ("2029-K1", 4, "Anna")
    assert taken.due == date(2029, 12, 1)
    assert stopped.dropped == "De politie blijft dit doen."
    assert (done.started, done.done, done.remark) == (date(2026, 9, 1), date(2026, 11, 15), "Klaar")


@pytest.mark.sqlite
def test_only_what_was_accepted_is_stored(demo: Installation) -> None:
    def edit(book: Workbook) -> None:
        put(book, TAKES, Wie="Anna")
        put(book, STOPS, Wie="Bert")

    loaded = load(demo, change(export(demo), edit))
    take_over(demo, loaded, [STOPS], NOW)

    assert (find(demo, TAKES).owner, find(demo, STOPS).owner) == ("", "Bert")


@pytest.mark.sqlite
def test_a_begin_that_is_emptied_lets_the_planner_choose_again(demo: Installation) -> None:
    decide(demo, TAKES, pinned="2029-K1", quarters=4)

    loaded = load(demo, fill(export(demo), TAKES, Begin=None, Eind=None))
    take_over(demo, loaded, [TAKES], NOW)

    assert (find(demo, TAKES).pinned, find(demo, TAKES).quarters) == (None, None)


@pytest.mark.sqlite
def test_what_may_be_about_a_citizen_is_asked_about_and_stored_when_that_line_is_accepted(
    demo: Installation,
) -> None:
    (proposal,) = (loaded := load(demo, fill(export(demo), TAKES, Opmerking="Bel 06-12345678"))).proposals

    take_over(demo, loaded, [TAKES], NOW)

    assert not proposal.is_calm
    assert len(proposal.personal) == 1
    assert proposal.personal[0].startswith(f"{TAKES}, opmerking: '06-…' lijkt een telefoonnummer.")
    assert find(demo, TAKES).remark == "Bel 06-12345678"


def test_a_line_that_somebody_changed_meanwhile_is_shown_with_both_values(demo: Installation) -> None:
    file = fill(export(demo), TAKES, Wie="Anna")
    decide(demo, TAKES, owner="Bert", remark="Van Bert")

    (proposal,) = load(demo, file).proposals

    assert proposal.conflict
    assert (proposal.stored.owner, proposal.wanted.owner) == ("Bert", "Anna")
    assert proposal.wanted.remark == "Van Bert"


def test_a_line_that_changes_between_looking_and_accepting_is_not_overwritten(demo: Installation) -> None:
    loaded = load(demo, fill(export(demo), TAKES, Wie="Anna"))
    decide(demo, TAKES, owner="Bert")

    with pytest.raises(ConflictError, match="wie: nu 'Bert', van u 'Anna'"):
        take_over(demo, loaded, [TAKES], NOW)

    assert find(demo, TAKES).owner == "Bert"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"Status": "klaar"}, "'klaar' is geen status. Kies uit: gepland, bezig, gereed, vervallen."),
        ({"Status": "gereed"}, "gereed vraagt de datum. Vul 'Gereed op' in."),
        ({"Status": "bezig"}, "bezig vraagt de datum. Vul 'Begonnen op' in."),
        ({"Status": "vervallen"}, "vervallen vraagt de reden. Vul 'Reden van vervallen' in."),
        ({"Gereed": "1-11-2026"}, "de status is gepland, maar 'Gereed op' is ingevuld. Kies gereed"),
        ({"Afspraak": "volgende week"}, "'volgende week' is geen datum. Schrijf de datum als 31-12-2027."),
        ({"Begin": "ooit"}, "'ooit' is geen kwartaal"),
        ({"Eind": "2026-K1"}, "is geen duur van 1 tot 12 kwartalen"),
        ({"Begin": None, "Eind": "2031-K1"}, "vul ook een begin in"),
        ({"Wie": "=1/0"}, "hier staat een formule of een foutmelding"),
        ({"Nr": "XYZ-9.M9"}, "'XYZ-9.M9' is geen maatregel uit dit plan"),
    ],
)
def test_what_is_not_understood_is_told_with_its_cell_and_not_taken_over(
    demo: Installation, texts: dict[str, str | None], told: str
) -> None:
    loaded = load(demo, fill(export(demo), TAKES, **texts))

    (fault,) = loaded.faults
    assert told in fault
    assert fault.startswith("Blad Voortgang, cel ")
    assert loaded.proposals == ()


@pytest.mark.sqlite
def test_a_change_that_no_plan_can_hold_is_refused_whole(demo: Installation) -> None:
    def edit(book: Workbook) -> None:
        put(book, TAKES, Wie="Anna")
        put(book, STOPS, Begin="2027-K1")

    loaded = load(demo, change(export(demo), edit))

    with pytest.raises(PlanError, match="De politie stopt pas"):
        take_over(demo, loaded, [TAKES, STOPS], NOW)
    assert find(demo, TAKES).version == 0


@pytest.mark.sqlite
def test_own_notes_beside_the_columns_are_told(demo: Installation) -> None:
    def edit(book: Workbook) -> None:
        book[PROGRESS_SHEET].cell(6, len(HEADINGS) + 2).value = "Bellen!"

    assert load(demo, change(export(demo), edit)).notes == (
        "Blad Voortgang, cel N6: een eigen aantekening; die is niet overgenomen.",
    )


def set_identity(book: Workbook, name: str, value: str) -> None:
    cell = next(row for row in book[BASE_SHEET].iter_rows() if row[0].value == name)
    cell[1].value = value


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("edit", "error", "told"),
    [
        (lambda book: set_identity(book, "format", "0"), OtherVersionError, "andere versie van Kaderscan"),
        (lambda book: book.remove(book[BASE_SHEET]), OtherVersionError, "andere versie van Kaderscan"),
        (
            lambda book: set_identity(book, "house_id", "hofduin"),
            UnknownHouseError,
            "Veiligheidshuis Hofduin",
        ),
        (lambda book: set_identity(book, "frameworks", "politie/0.9"), OtherVersionError, "politie/0.9"),
        (lambda book: set_identity(book, "sha256", "1"), OtherVersionError, "niet voor"),
        (lambda book: set_identity(book, "round_id", "2025-najaar"), OtherVersionError, "dit plan rust op"),
        (lambda book: set_identity(book, "baseline", "7"), OtherVersionError, "te oud"),
        (lambda book: book.remove(book[PROGRESS_SHEET]), NotAWorkbookError, "geen plan van Kaderscan"),
    ],
)
def test_a_file_of_another_plan_is_refused_with_what_to_do(
    demo: Installation, edit: Fill, error: type[UserError], told: str
) -> None:
    with pytest.raises(error, match=r"plan\.xlsx: ") as refused:
        load(demo, change(export(demo), edit))

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.sqlite
def test_a_file_from_before_a_plan_was_adopted_is_too_old(demo: Installation) -> None:
    content = export(demo)
    adopt_plan(demo, plan(demo), [HOUSE], NOW)

    with pytest.raises(OtherVersionError, match="te oud, want sinds dit bestand is gemaakt is plan 1"):
        load(demo, NamedFile("plan.xlsx", content))


@pytest.mark.sqlite
def test_a_file_that_is_no_workbook_is_refused(demo: Installation) -> None:
    with pytest.raises(NotAWorkbookError):
        load(demo, NamedFile("plan.xlsx", b"geen werkmap"))


@pytest.mark.sqlite
def test_no_text_in_a_plan_becomes_a_formula(demo: Installation) -> None:
    decide(demo, TAKES, owner="=1+1")

    with ZipFile(BytesIO(export(demo))) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "sheet" in name)
