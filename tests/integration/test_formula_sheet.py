"""The sheet of formulas in a questionnaire: written, changed, read back, every row of it accounted for."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import pairwise

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessment.errors import AnswersRefusedError, ConflictError, FormulaError, NotAWorkbookError
from assessment.model.effort import Amount, TimeUnit
from assessment.model.formula import Formula, FormulaSet
from assessment.model.formula_sheet import (
    FORMULA_KEY_HEADING,
    FORMULA_SHEET,
    PARTY_KEY_HEADING,
    FormulaTable,
    list_options,
)
from assessment.model.receipt import RowClass
from assessment.model.scale import Perspective
from assessment.model.sheets import Part
from assessment.service.drafts import take_draft
from assessment.service.formula_files import propose_formulas, read_formula_file, take_formulas
from assessment.service.formulas import (
    FormulaEdit,
    PartyCapacityEdit,
    change_formulas,
    set_party_capacities,
)
from assessment.service.installation import Installation
from assessment.service.intake import FileOutcome, NamedFile, check_file, hand_in
from assessment.service.receipts import make_receipt
from tests.conftest import NOW
from tests.integration.test_formulas import WHOLE
from tests.reading import reading, write_form

pytestmark = pytest.mark.sqlite

HOUSE = "veenrijk"
Change = Callable[[Worksheet], None]


@pytest.fixture
def form(demo: Installation) -> bytes:
    """The questionnaire of a house with two formulas, one whole and one half, and what a party has."""
    more = {"outcomes": [*WHOLE["outcomes"], {"what": "Rust"}], "shared": True}
    edits = [FormulaEdit(HOUSE, "buurt", WHOLE | more), FormulaEdit(HOUSE, "half", {"title": "Half"})]
    change_formulas(demo, edits, NOW)
    amount = Amount(number=1.5, unit=TimeUnit.FTE)
    set_party_capacities(demo, [PartyCapacityEdit(HOUSE, "Politie", 2027, amount)], NOW)
    return write_form(demo, HOUSE, None, Perspective.HOUSE)


def rewrite(form: bytes, change: Change) -> NamedFile:
    book = load_workbook(BytesIO(form))
    change(book[FORMULA_SHEET])
    stream = BytesIO()
    book.save(stream)
    return NamedFile("formules.xlsx", stream.getvalue())


def find_cell(sheet: Worksheet, table: str, row: int, heading: str) -> tuple[int, int]:
    """Where a field stands: by the title of its table, its row from 1, and its heading."""
    texts = [str(cell.value or "") for (cell,) in sheet.iter_rows(max_col=1)]
    headings = next(
        number
        for number, (title, below) in enumerate(pairwise(texts), 2)
        if title.startswith(table) and below in {FORMULA_KEY_HEADING, PARTY_KEY_HEADING}
    )
    column = next(place for place, cell in enumerate(sheet[headings], 1) if cell.value == heading)
    return headings + row, column


def put(table: str, row: int, **fields: str | float | None) -> Change:
    """Type something in fields of a row; a space in a heading is an underscore."""

    def change(sheet: Worksheet) -> None:
        for heading, value in fields.items():
            sheet.cell(*find_cell(sheet, table, row, heading.replace("_", " "))).value = value

    return change


def add(table: str, row: int, key: str | None, **fields: str | float | None) -> Change:
    """The same in a row of which the number of the formula is typed too."""

    def change(sheet: Worksheet) -> None:
        sheet.cell(*find_cell(sheet, table, row, FORMULA_KEY_HEADING)).value = key
        put(table, row, **fields)(sheet)

    return change


def hand_in_changed(demo: Installation, form: bytes, *changes: Change, reason: str = "") -> FileOutcome:
    return hand_in(demo, change_all(form, *changes), NOW, reason)


def change_all(form: bytes, *changes: Change) -> NamedFile:
    def change(sheet: Worksheet) -> None:
        for each in changes:
            each(sheet)

    return rewrite(form, change)


def find(demo: Installation, formula_id: str = "buurt") -> Formula:
    return reading(demo).find_formula(HOUSE, formula_id).formula


def test_what_was_written_is_read_back_as_the_same(demo: Installation, form: bytes) -> None:
    stored = reading(demo).find_formulas(HOUSE)

    handed_in = hand_in(demo, NamedFile("leeg.xlsx", form), NOW)

    assert handed_in.receipt is not None
    assert handed_in.receipt.blocking == ()
    assert handed_in.formulas == 0
    assert reading(demo).find_formulas(HOUSE) == stored
    assert handed_in.receipt.count(RowClass.READ, parts=[Part.FORMULAS]) == 9


def test_what_somebody_changed_becomes_the_next_version(demo: Installation, form: bytes) -> None:
    handed_in = hand_in_changed(
        demo,
        form,
        put("Formules", 1, Vraagstuk="jeugd", Niveau="Regionaal", Bijstellen_op="1-12-2026", Te_delen="nee"),
        put("Wie wat inzet", 1, Hoeveel="1,5", Eenheid="fte"),
        add("Wie wat inzet", 2, "BUURT", Partij="Scholen", Soort="onderwijs", Rol="meldt verzuim"),
        put("Wat partijen", 1, Hoeveel="2.000", Eenheid="uur per jaar"),
        add("Formules", 3, "Nieuw vraagstuk", Naam="Nieuw"),
    )

    changed = find(demo)
    assert handed_in.formulas == 2
    assert (changed.version, changed.theme, changed.level, changed.shared) == (2, "jeugd", "regionaal", False)
    assert changed.review == date(2026, 12, 1)
    assert [(each.name, each.hours) for each in changed.parties] == [("Politie", 2808), ("Scholen", 0)]
    assert changed.outcomes == find_version(demo, 1).outcomes
    assert find(demo, "nieuw-vraagstuk").version == 1
    assert find(demo, "half").version == 1
    (capacity,) = reading(demo).find_formulas(HOUSE).capacities
    assert (capacity.version, capacity.amount) == (2, Amount(number=2000, unit=TimeUnit.HOURS_A_YEAR))


def find_version(demo: Installation, version: int) -> Formula:
    versions = reading(demo).list_formula_versions(HOUSE, "buurt")
    return next(each.formula for each in versions if each.formula.version == version)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put("Formules", 1, Niveau="europees"), "'europees' is geen keuze onder Niveau. Kies uit: lokaal"),
        (put("Formules", 1, Start="ooit"), "'ooit' onder Start is geen datum"),
        (put("Formules", 1, Start="1-1-2027"), "ligt voor de start op 2027-01-01: bijstellen"),
        (put("Formules", 1, Naam=None), "vul hier iets in"),
        (put("Wie wat inzet", 1, Hoeveel="veel"), "'veel' onder Hoeveel is geen getal"),
        (put("Wie wat inzet", 1, Hoeveel=-3), "-3 uur per week is minder dan niets"),
        (put("Wie wat inzet", 1, Hoeveel=99999), "is meer dan duizend mensen"),
        (put("Wie wat inzet", 1, Eenheid=None), "bij 8 staat niet waarin u telt"),
        (add("Wie wat inzet", 2, "buurt", Partij="POLITIE"), "partijen komen dubbel voor: Politie"),
        (add("Wie wat inzet", 2, "weg", Partij="OM"), "formule 'weg' staat niet in de bovenste tabel"),
        (put("Wie wat inzet", 2, Partij="OM"), "deze regel zegt niet waar zij bij hoort"),
        (add("Formules", 3, "buurt", Naam="Ander"), "buurt staat er vaker in"),
        (put("Effecten", 1, Eenheid=None), "zonder eenheid"),
        (put("Effecten", 1, Streefdatum="1-1-2020"), "streefdatum van Diefstallen"),
        (put("Metingen", 1, Cijfer="Onbekend"), "cijfer 'Onbekend' staat niet bij de effecten"),
        (put("Wat partijen", 1, Jaar="volgend jaar"), "'volgend jaar' onder Jaar is geen getal"),
        (put("Wat partijen", 1, Jaar="1066"), "dit kan niet lager zijn dan 2000"),
    ],
)
def test_what_is_not_understood_is_told_at_its_row_and_nothing_is_stored(
    demo: Installation, form: bytes, change: Change, told: str
) -> None:
    stored = reading(demo).find_formulas(HOUSE)
    file = change_all(form, change)

    receipt = check_file(demo, file, NOW.date())
    with pytest.raises(AnswersRefusedError):
        hand_in(demo, file, NOW)

    assert any(
        told in each.message and each.message.startswith("Blad Formules, cel") for each in receipt.blocking
    )
    assert receipt.count(RowClass.NOT_UNDERSTOOD, parts=[Part.FORMULAS]) >= 1
    assert sum(receipt.counts.values()) == len(receipt.rows)
    assert reading(demo).find_formulas(HOUSE) == stored


def test_who_goes_on_keeps_what_was_and_stores_the_rest(demo: Installation, form: bytes) -> None:
    handed_in = hand_in_changed(
        demo,
        form,
        put("Wie wat inzet", 1, Hoeveel="veel"),
        put("Formules", 2, Vraagstuk="jeugd"),
        reason="Zoeken wij uit.",
    )

    assert handed_in.formulas == 1
    assert find(demo).version == 1
    assert find(demo, "half").theme == "jeugd"
    assert handed_in.receipt is not None
    left_out = [
        row for row in handed_in.receipt.rows if "wordt zij niet overgenomen" in " ".join(row.remarks)
    ]
    assert [row.key for row in left_out] == ["buurt"] * 6


def test_what_may_be_about_a_citizen_is_asked_about(demo: Installation, form: bytes) -> None:
    change = put("Formules", 2, Doelgroep="bel 06-12345678")

    with pytest.raises(AnswersRefusedError, match="telefoonnummer"):
        hand_in_changed(demo, form, change)
    hand_in_changed(demo, form, change, reason="Het nummer van het huis.")

    assert find(demo, "half").target_group == "bel 06-12345678"


def test_a_file_of_before_somebody_elses_change_is_a_conflict_only_where_it_changes_that(
    demo: Installation, form: bytes
) -> None:
    change_formulas(demo, [FormulaEdit(HOUSE, "buurt", {"theme": "van een ander"})], NOW)
    versions = len(reading(demo).list_versions(None).versions)

    with pytest.raises(ConflictError, match=r"formules\.xlsx: .*nu 'van een ander', van u 'van ons'"):
        hand_in_changed(demo, form, put("Formules", 1, Vraagstuk="van ons"))
    assert len(reading(demo).list_versions(None).versions) == versions
    hand_in_changed(demo, form, put("Formules", 2, Vraagstuk="half van ons"))

    assert (find(demo).theme, find(demo, "half").theme) == ("van een ander", "half van ons")


def test_a_formula_that_lacks_something_is_not_adopted_by_a_file(demo: Installation, form: bytes) -> None:
    with pytest.raises(FormulaError, match="half: nog niet vast te stellen"):
        hand_in_changed(demo, form, put("Formules", 2, Status="vastgesteld"))

    assert find(demo, "half").version == 1


def test_a_formula_that_is_gone_stays_and_that_is_told(demo: Installation, form: bytes) -> None:
    file = change_all(
        form, put("Formules", 2, Naam=None, Status=None, Te_delen=None), add("Formules", 2, None)
    )

    handed_in = hand_in(demo, file, NOW)

    assert handed_in.receipt is not None
    assert any(
        "formule half staat niet meer in het bestand" in each.sentence for each in handed_in.receipt.issues
    )
    assert find(demo, "half").version == 1


def test_a_number_alone_and_a_note_beside_the_tables_change_nothing(demo: Installation, form: bytes) -> None:
    def note(sheet: Worksheet) -> None:
        number, _ = find_cell(sheet, "Metingen", 2, FORMULA_KEY_HEADING)
        sheet.cell(number, 20).value = "navragen"

    handed_in = hand_in_changed(demo, form, add("Wie wat inzet", 2, "buurt"), note)

    assert handed_in.receipt is not None
    assert handed_in.formulas == 0
    assert handed_in.receipt.count(RowClass.EMPTY, parts=[Part.FORMULAS]) == 1
    assert handed_in.receipt.count(RowClass.NOTE, parts=[Part.FORMULAS]) == 1


def test_a_draft_that_begins_with_a_file_keeps_its_formulas(demo: Installation, form: bytes) -> None:
    take_draft(demo, change_all(form, put("Formules", 2, Vraagstuk="jeugd")), NOW)

    assert find(demo, "half").theme == "jeugd"


def test_a_receipt_marks_what_was_not_understood(demo: Installation, form: bytes) -> None:
    file = change_all(form, put("Wie wat inzet", 1, Hoeveel="veel"))

    receipt = make_receipt(demo, FileOutcome(file, check_file(demo, file, NOW.date())))

    assert receipt.marked
    book = load_workbook(BytesIO(receipt.content))
    cell = book[FORMULA_SHEET].cell(*find_cell(book[FORMULA_SHEET], "Wie wat inzet", 1, "Hoeveel"))
    assert cell.comment is not None
    assert "is geen getal" in cell.comment.text
    told = [row[0].value for row in book["Ontvangst"].iter_rows(max_col=1)]
    assert "Elke rij van de formules geteld" in told


def test_the_sheet_alone_goes_out_is_changed_and_comes_back(demo: Installation, form: bytes) -> None:
    alone = reading(demo).export_formula_sheet(HOUSE)
    changed = rewrite(alone, put("Formules", 1, Vraagstuk="inbraak"))

    same = propose_formulas(demo, read_formula_file(demo, alone, "formules.xlsx", HOUSE).given)
    read = read_formula_file(demo, changed.content, changed.name, None)
    given = propose_formulas(demo, read.given, HOUSE)
    take_formulas(demo, given, NOW)

    assert not any(each.fields for each in same.formulas)
    assert read.notes == ()
    assert [each.fields for each in given.formulas] == [("theme",), ()]
    assert reading(demo).find_formula(HOUSE, "buurt").formula.theme == "inbraak"
    of_form = read_formula_file(demo, form, "vragenlijst.xlsx", HOUSE)
    assert [each.formula_id for each in of_form.given.formulas] == ["buurt", "half"]


def test_a_sheet_alone_with_a_fault_is_refused_with_its_place_and_says_what_it_leaves(
    demo: Installation, form: bytes
) -> None:
    alone = reading(demo).export_formula_sheet(HOUSE)
    wrong = rewrite(alone, put("Formules", 1, Niveau="provinciaal"))
    noted = rewrite(alone, lambda sheet: sheet.__setitem__("A3", "Navragen"))
    answered = load_workbook(BytesIO(form))
    answered["POS"]["E5"] = "Eens per maand"
    stream = BytesIO()
    answered.save(stream)

    with pytest.raises(FormulaError, match=r"formules.xlsx: Blad Formules, cel E6: .*Er is niets bewaard."):
        read_formula_file(demo, wrong.content, wrong.name, HOUSE)
    with pytest.raises(NotAWorkbookError):
        read_formula_file(demo, b"geen werkmap", "formules.xlsx", HOUSE)
    assert read_formula_file(demo, noted.content, noted.name, HOUSE).notes == ()
    (left,) = read_formula_file(demo, stream.getvalue(), "vragenlijst.xlsx", HOUSE).notes
    assert left == "Alleen het blad Formules is gelezen. Antwoorden levert u in op Zelfscan."


def test_only_the_questionnaire_of_the_house_has_the_sheet(demo: Installation) -> None:
    police = load_workbook(BytesIO(write_form(demo, HOUSE, None, Perspective.POLICE)))
    house: Workbook = load_workbook(BytesIO(write_form(demo, HOUSE, None, Perspective.HOUSE)))

    assert FORMULA_SHEET not in police.sheetnames
    assert FORMULA_SHEET in house.sheetnames


def test_every_choice_is_in_the_words_that_a_user_reads() -> None:
    assert list_options(FormulaTable.PARTIES, "unit") == ("uur per jaar", "uur per week", "fte")
    assert list_options(FormulaTable.FIGURES, "unit") == ()
    assert FormulaSet(house_id=HOUSE).formulas == ()
