"""What a workbook of a plan that came back changes, and what is said of what is not understood."""

from datetime import date

import pytest

from assessment.engine.validation.edits import ReadChanges, find_changes
from assessment.model.decisions import LONGEST
from assessment.model.plan import Quarter
from assessment.model.sheets import FIELD_HEADINGS, BaseRow, CellFault, FilledPlan, PlanIdentity, PlanRow

WRITTEN = dict.fromkeys(FIELD_HEADINGS, "") | {"status": "gepland", "begin": "2027-K1", "end": "2027-K2"}
"""What stood in a row when the workbook was written."""

COLUMNS = {"key": "A"} | dict(zip(FIELD_HEADINGS, "DEFGHIJKL", strict=True))
VERSION = 4


def row(measure_id: str = "POS-1.M1", /, **texts: str) -> PlanRow:
    """A row as it came back; what is not named stands as it was written."""
    return PlanRow("Voortgang", 5, measure_id, WRITTEN | texts, COLUMNS)


def read(*rows: PlanRow, **written: str) -> ReadChanges:
    """Read rows of a workbook in which two measures were written, both with these texts."""
    base = {key: BaseRow(VERSION, WRITTEN | written) for key in ("POS-1.M1", "POS-2.M1")}
    return find_changes(FilledPlan(PlanIdentity(), base, rows, ()))


def read_change(came_back: PlanRow, **written: str) -> dict[str, object]:
    """The fields that the one row changes, in which everything was understood."""
    changes, faults = read(came_back, **written)
    assert faults == ()
    (change,) = changes
    assert (change.measure_id, change.version) == (came_back.measure_id, VERSION)
    return dict(change.changes)


def read_fault(came_back: PlanRow, **written: str) -> str:
    """What is said of the one row, which changes nothing."""
    changes, faults = read(came_back, **written)
    assert changes == ()
    (fault,) = faults
    return fault


def test_a_row_that_came_back_as_it_was_written_changes_nothing() -> None:
    assert read(row(), row("POS-2.M1")) == ReadChanges((), ())


def test_an_empty_workbook_changes_nothing() -> None:
    assert read() == ReadChanges((), ())


@pytest.mark.parametrize("written", ["2027-12-31", "31-12-2027", "31/12/2027", "31.12.2027"])
def test_a_day_is_read_however_it_was_written(written: str) -> None:
    assert read_change(row(due=written)) == {"due": date(2027, 12, 31)}


def test_an_emptied_day_is_no_day_any_more() -> None:
    assert read_change(row(), due="2027-12-31") == {"due": None}


def test_what_is_no_day_is_told_with_its_cell_and_how_to_write_it() -> None:
    told = read_fault(row(due="eind dit jaar"))

    assert told == ("Blad Voortgang, cel H5: 'eind dit jaar' is geen datum. Schrijf de datum als 31-12-2027.")


def test_words_are_taken_over_and_may_be_emptied() -> None:
    changed = read_change(row(owner="Projectleider", remark=""), remark="Eerst overleggen")

    assert changed == {"owner": "Projectleider", "remark": ""}


def test_another_begin_pins_the_measure_and_keeps_its_duration() -> None:
    assert read_change(row(begin="2027-k3")) == {"pinned": Quarter(2027, 3)}


def test_an_emptied_begin_leaves_it_to_the_planner() -> None:
    assert read_change(row(begin="")) == {"pinned": None}


def test_another_end_is_another_duration_counted_from_the_begin() -> None:
    assert read_change(row(end="2028-K1")) == {"quarters": 5}


def test_another_begin_and_end_pin_the_measure_for_that_long() -> None:
    changed = read_change(row(begin="2027-K2", end="2027-K4"))

    assert changed == {"pinned": Quarter(2027, 2), "quarters": 3}


def test_an_emptied_end_leaves_the_duration_to_the_planner() -> None:
    assert read_change(row(end="")) == {"quarters": None}


@pytest.mark.parametrize("field", ["begin", "end"])
def test_what_is_no_quarter_is_told_with_its_cell_and_how_to_write_it(field: str) -> None:
    told = read_fault(row(**{field: "voorjaar"}))

    assert told == (
        f"Blad Voortgang, cel {COLUMNS[field]}5: 'voorjaar' is geen kwartaal; schrijf het als 2027-K1."
    )


def test_an_end_asks_for_a_begin() -> None:
    told = read_fault(row(begin="", end="2028-K1"))

    assert told == "Blad Voortgang, cel E5: vul ook een begin in, want er staat een eind."


@pytest.mark.parametrize("end", ["2026-K4", "2030-K1"])
def test_a_duration_is_at_least_one_quarter_and_at_most_the_longest(end: str) -> None:
    told = read_fault(row(end=end))

    assert told == (
        f"Blad Voortgang, cel F5: van 2027-K1 tot en met {end} is geen duur van 1 tot {LONGEST} kwartalen."
    )


def test_the_longest_duration_can_be_written() -> None:
    assert read_change(row(end="2029-K4")) == {"quarters": LONGEST}


@pytest.mark.parametrize(
    ("status", "field", "text", "value"),
    [
        ("bezig", "started", "01-02-2027", date(2027, 2, 1)),
        ("gereed", "done", "01-02-2027", date(2027, 2, 1)),
        ("Vervallen", "dropped", "Doen wij al", "Doen wij al"),
    ],
)
def test_a_status_is_taken_over_through_what_proves_it(
    status: str, field: str, text: str, value: object
) -> None:
    assert read_change(row(status=status, **{field: text})) == {field: value}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("bezig", "cel I5: bezig vraagt de datum. Vul 'Begonnen op' in."),
        ("gereed", "cel J5: gereed vraagt de datum. Vul 'Gereed op' in."),
        ("vervallen", "cel K5: vervallen vraagt de reden. Vul 'Reden van vervallen' in."),
    ],
)
def test_a_status_without_its_day_or_reason_asks_for_it(status: str, told: str) -> None:
    assert read_fault(row(status=status)) == f"Blad Voortgang, {told}"


def test_a_day_that_the_status_contradicts_is_told() -> None:
    told = read_fault(row(started="01-02-2027"))

    assert told == (
        "Blad Voortgang, cel D5: de status is gepland, maar 'Begonnen op' is ingevuld. "
        "Kies bezig, of maak dat leeg."
    )


def test_the_strongest_proof_decides_which_status_fits() -> None:
    both = {"started": "01-02-2027", "done": "01-05-2027"}

    assert set(read_change(row(status="gereed", **both))) == {"started", "done"}
    assert "Kies gereed" in read_fault(row(status="bezig", **both))


def test_who_empties_the_proof_has_to_change_the_status_too() -> None:
    begun = {"status": "bezig", "started": "2027-02-01"}

    assert "bezig vraagt de datum" in read_fault(row(status="bezig", started=""), **begun)
    assert read_change(row(status="gepland", started=""), **begun) == {"started": None}


def test_a_status_that_does_not_exist_is_told_with_those_that_do() -> None:
    told = read_fault(row(status="loopt"))

    assert told == (
        "Blad Voortgang, cel D5: 'loopt' is geen status. Kies uit: gepland, bezig, gereed, vervallen."
    )


def test_a_status_that_stood_there_holds_up_no_other_change() -> None:
    assert read_change(row(status="loopt", owner="Wijk"), status="loopt") == {"owner": "Wijk"}


def test_a_changed_cell_that_cannot_be_read_is_told() -> None:
    told = read_fault(row(owner="=A1")._replace(faults={"owner": CellFault.ERROR}))

    assert told == (
        "Blad Voortgang, cel G5: hier staat een formule of een foutmelding. Vul de cel gewoon in."
    )


def test_a_cell_that_cannot_be_read_and_did_not_change_is_left_alone() -> None:
    changed = read_change(
        row(remark="Nieuw", owner="=A1")._replace(faults={"owner": CellFault.ERROR}), owner="=A1"
    )

    assert changed == {"remark": "Nieuw"}


def test_a_row_of_a_measure_outside_the_plan_is_told() -> None:
    told = read_fault(row("POS-9.M1"))

    assert told == (
        "Blad Voortgang, cel A5: 'POS-9.M1' is geen maatregel uit dit plan. "
        "Haal de regel weg of herstel het nr."
    )


def test_a_measure_that_stands_there_twice_changes_nothing_and_each_row_is_told() -> None:
    changes, faults = read(row(owner="Wijk"), row(owner="Zorg")._replace(number=9))

    assert changes == ()
    assert faults == tuple(
        f"Blad Voortgang, cel A{number}: POS-1.M1 staat er vaker in. Houd één regel over."
        for number in (5, 9)
    )


def test_a_row_with_a_fault_loses_nothing_of_the_other_rows() -> None:
    changes, faults = read(row(due="ooit"), row("POS-2.M1", owner="Wijk"))

    assert [(each.measure_id, dict(each.changes)) for each in changes] == [("POS-2.M1", {"owner": "Wijk"})]
    assert [fault.split(":")[0] for fault in faults] == ["Blad Voortgang, cel H5"]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    told = read(row(begin="ooit", end="2027-K3", due="morgen", status="loopt")).faults

    assert [fault.split(": ")[0].split(" ")[-1] for fault in told] == ["H5", "D5", "E5"]
    assert "'morgen' is geen datum" in told[0]


def test_a_heading_that_stands_there_twice_is_told_with_both_cells() -> None:
    twice = row(owner="'wijk' in G5 en 'stad' in M5")._replace(faults={"owner": CellFault.TWICE})

    assert "tweemaal iets anders: 'wijk' in G5 en 'stad' in M5" in read_fault(twice)
