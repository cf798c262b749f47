"""What a process of its own does with one file: for whom it is, every row checked, and the receipt of that.

Such a process has little memory, so this module and what it imports load neither frames nor the database.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from assessment.engine.validation import Checked, check_rows, describe_attached
from assessment.engine.validation.check import classify_option, find_in_text
from assessment.engine.validation.formulas import check_formula_rows
from assessment.errors import NotAllowedError, OtherVersionError, UnknownHouseError, UnknownRoundError
from assessment.model.answers import Answer, Deviation
from assessment.model.effort import PartyCapacity
from assessment.model.formula import Formula, FormulaSet
from assessment.model.issue import PERSONAL, Issue, IssueCode, Weight
from assessment.model.questionnaire import Questionnaire
from assessment.model.receipt import ReadRow, RowClass, RowOutcome
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective
from assessment.model.sheets import Attached, FileIdentity, Part
from assessment.readers.contents import Fact, Meant, find_lost, read_contents
from assessment.readers.framework import Library
from assessment.readers.package import put_back
from assessment.readers.workbook import read_workbook
from assessment.service.lookup import find_round
from assessment.writers.receipt import WOULD_LOSE, ReceiptFile, ReceiptSheet, make_separate_receipt, mark_file

# What is lost, in words, by the kind of the fact.
_LOST = {
    "part": "plaatjes, grafieken of andere onderdelen",
    "sheet": "bladen",
    "cell": "uitkomsten van formules",
    "looks": "opmaak van cellen",
    "row": "opmaak van rijen",
    "column": "opmaak van kolommen",
    "remark": "opmaak van opmerkingen",
    "link": "koppelingen",
    "shape": "knoppen of vakjes",
}
_OTHER_LOST = "instellingen van het bestand of van een blad"


def complete_identity(identity: FileIdentity, given: FileIdentity, file_name: str) -> FileIdentity:
    """Take from the user what the file does not say; where both say something they must agree.

    Raises:
        UnknownHouseError: they do not agree, or neither says it.
    """
    said = identity._asdict()
    for name, word in (("house_id", "huis"), ("round_id", "ronde"), ("perspective", "antwoorden van")):
        if said[name] and getattr(given, name) and said[name] != getattr(given, name):
            raise UnknownHouseError(
                f"{file_name}: gemaakt voor {word} '{said[name]}', niet voor '{getattr(given, name)}'. "
                "Kies wat in het bestand staat, of lever een ander bestand in."
            )
        said[name] = said[name] or getattr(given, name)
        if not said[name]:
            raise UnknownHouseError(
                f"{file_name}: het bestand zegt niet voor welk huis, welke ronde en van wie het is. Geef dat "
                "erbij (--house, --round, --perspective), of neem uw antwoorden over in een nieuwe lijst."
            )
    return FileIdentity(**said)


@contextmanager
def naming(file_name: str) -> Iterator[None]:
    """Let a message about a house or a round begin with the file that names it."""
    try:
        yield
    except (NotAllowedError, UnknownHouseError, UnknownRoundError) as error:
        raise type(error)(f"{file_name}: {error}") from error


def find_round_of(register: Register, identity: FileIdentity, file_name: str) -> Round:
    """Find the round that a file is for.

    Raises:
        UnknownRoundError: there is no such round.
    """
    with naming(file_name):
        return find_round(register, identity.round_id)


def find_perspective(round_: Round, identity: FileIdentity, file_name: str) -> Perspective:
    """Find whose answers a file holds.

    Raises:
        UnknownRoundError: the round does not ask them.
    """
    allowed = {perspective.value: perspective for perspective in round_.perspectives}
    if identity.perspective not in allowed:
        raise UnknownRoundError(
            f"{file_name}: ronde '{round_.round_id}' vraagt geen antwoorden van '{identity.perspective}'. "
            f"Wel van: {', '.join(allowed)}."
        )
    return allowed[identity.perspective]


def find_made_for(
    library: Library, round_: Round, identity: FileIdentity, file_name: str
) -> Questionnaire | None:
    """The questionnaire that a file was made for, where that is another than the round asks.

    Raises:
        OtherVersionError: it was never published here.
    """
    if identity.frameworks in {(), round_.frameworks}:
        return None
    made_for = library.find_questionnaire(identity.frameworks)
    if made_for is None:
        raise OtherVersionError(
            f"{file_name}: gemaakt voor {', '.join(identity.frameworks)}, maar ronde '{round_.round_id}' "
            f"vraagt {', '.join(round_.frameworks)}. Download de vragenlijst van deze ronde en neem uw "
            "antwoorden over."
        )
    return made_for


def find_changed(made_for: Questionnaire | None, asked: Questionnaire) -> frozenset[str]:
    """The questions that both ask, but not with the same words: their answers cannot be taken over."""
    if made_for is None:
        return frozenset()
    return frozenset(asked.question.keys() & made_for.question.keys()) - asked.find_same(made_for)


def describe_version(
    identity: FileIdentity, made_for: Questionnaire | None, asked: Questionnaire
) -> Iterator[Issue]:
    """Tell that a file was made for other versions than the round asks, and how much can be taken over.

    The same version may be another edition: a published file that was edited all the same.
    """
    if made_for is None and identity.sha256 not in {"", asked.sha256}:
        yield Issue(IssueCode.OTHER_EDITION, "", "", {})
    if made_for is not None:
        same = len(asked.find_same(made_for))
        facts = {"made_for": made_for.name, "wanted": asked.name, "same": str(same)}
        yield Issue(IssueCode.OTHER_VERSION, "", "", facts)


class CheckedAgainst(NamedTuple):
    """What a file is checked against; it goes to another process with every file, so the houses stay out."""

    library: Library
    rounds: Register
    given: FileIdentity
    today: date


class CheckedFile(NamedTuple):
    """All that is known of a file once it is read: it is shown, handed in and marked from this.

    `asked` is how many questions with options the round asks, `open` how many without.
    """

    identity: FileIdentity
    asked: int
    open: int
    answers: tuple[Answer, ...]
    deviations: tuple[Deviation, ...]
    issues: tuple[Issue, ...]
    rows: tuple[ReadRow, ...]
    formulas: tuple[Formula, ...] = ()
    capacities: tuple[PartyCapacity, ...] = ()

    @property
    def formula_set(self) -> FormulaSet | None:
        """What the sheet of formulas says; None where it says nothing that can be stored."""
        if not self.formulas and not self.capacities:
            return None
        return FormulaSet(house_id=self.identity.house_id, formulas=self.formulas, capacities=self.capacities)


def leave_houses_out(register: Register) -> Register:
    """Keep of a register only what the rounds ask."""
    return Register(rounds=tuple(each.model_copy(update={"house_ids": ()}) for each in register.rounds))


def read_file(content: bytes, file_name: str, against: CheckedAgainst) -> CheckedFile:
    """Read a filled questionnaire and check every row against what its round asks.

    Raises:
        NotAWorkbookError, UnsafeFileError: the file cannot be read.
        UnknownHouseError, UnknownRoundError: it does not say for whom, or the round is not there.
        OtherVersionError: it was made for versions that are not known here.
    """
    filled = read_workbook(content, file_name)
    identity = complete_identity(filled.identity, against.given, file_name)
    round_ = find_round_of(against.rounds, identity, file_name)
    find_perspective(round_, identity, file_name)
    questionnaire = against.library.questionnaire_of(round_)
    made_for = find_made_for(against.library, round_, identity, file_name)
    changed = find_changed(made_for, questionnaire)
    on_sheet = [row for row in filled.rows if row.part is Part.FORMULAS]
    formulas = check_formula_rows(on_sheet, identity.house_id, filled.formula_base)
    checked = check_rows(
        [row for row in filled.rows if row.part is not Part.FORMULAS],
        questionnaire,
        find_other_ids=against.library.published_ids,
        changed=changed,
        today=against.today,
    )
    versions = describe_version(identity, made_for, questionnaire)
    attached = (*describe_attached(filled.attached), *_find_persons(filled.attached))
    issues = (*filled.notices, *versions, *checked.issues, *formulas.issues, *attached)
    outcomes = (*checked.outcomes, *formulas.outcomes)
    read = _sum_up(identity, questionnaire, checked._replace(outcomes=outcomes, issues=issues))
    return read._replace(formulas=formulas.formulas, capacities=formulas.capacities)


class ReadFormulas(NamedTuple):
    """What the sheet of formulas of a file says, with every remark as a line.

    `faults` have to be repaired first; `notes` tell what else there was, and what was not taken.
    """

    house_id: str
    formulas: tuple[Formula, ...]
    capacities: tuple[PartyCapacity, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def read_formulas(content: bytes, file_name: str, house_id: str) -> ReadFormulas:
    """Read the sheet of formulas of a workbook, alone or in a questionnaire.

    Args:
        content: the bytes of an .xlsx, .xlsm or .ods file.
        file_name: what to call it in a message.
        house_id: of which house it is where the file does not say.

    Raises:
        NotAWorkbookError, UnsafeFileError: the file cannot be read, or is none of ours.
    """
    filled = read_workbook(content, file_name)
    whose = filled.identity.house_id or house_id
    on_sheet = [row for row in filled.rows if row.part is Part.FORMULAS]
    checked = check_formula_rows(on_sheet, whose, filled.formula_base)
    issues = (*filled.notices, *checked.issues, *describe_attached(filled.attached))
    faults = tuple(each.message for each in issues if each.code.weight is Weight.FAULT)
    notes = [each.message for each in issues if each.code.weight is not Weight.FAULT]
    beside = [each.row for each in checked.outcomes if each.row_class is RowClass.NOTE]
    notes += [f"Blad {each.sheet}, regel {each.number}: {_OWN_NOTE}" for each in beside]
    if any(row.part in _ANSWERS and any(row.texts.values()) for row in filled.rows):
        notes.append(_ONLY_FORMULAS)
    return ReadFormulas(whose, checked.formulas, checked.capacities, faults, tuple(notes))


_ANSWERS = {Part.QUESTIONS, Part.DEVIATIONS}
_OWN_NOTE = "een eigen aantekening; die is niet overgenomen."
_ONLY_FORMULAS = "Alleen het blad Formules is gelezen. Antwoorden levert u in op Zelfscan."


def _find_persons(attached: Iterable[Attached]) -> Iterator[Issue]:
    """Point out what may be about a citizen in what is attached to cells."""
    for each in attached:
        yield from (issue._replace(sheet=each.sheet, cell=each.cell) for issue in find_in_text(each.text))


def accept_meant(checked: CheckedFile, keys: Collection[str], asked: Questionnaire) -> CheckedFile:
    """Read what was almost an option as the option that was suggested, where the house said it meant that.

    Args:
        checked: the file as it was read.
        keys: the questions at which the house said so; another question is left as it is.
        asked: what the round asks.
    """
    meant = {
        issue.facts["key"]: issue
        for issue in checked.issues
        if issue.facts.get("meant") and issue.facts["key"] in keys
    }
    answers = {each.question_id: each for each in checked.answers}
    for key, issue in meant.items():
        answers[key] = answers.get(key, Answer(key))._replace(option_id=issue.facts["meant"])
    issues = tuple(_accept(each) if each in meant.values() else each for each in checked.issues)
    faulty = {(each.sheet, each.row) for each in issues if each.code.weight is Weight.FAULT}
    rows = tuple(
        _accept_row(row, meant[row.key], asked, faulty)
        if row.key in meant and row.part is Part.QUESTIONS
        else row
        for row in checked.rows
    )
    return checked._replace(answers=tuple(answers.values()), issues=issues, rows=rows)


def _accept(issue: Issue) -> Issue:
    """The remark as it stands once the house said what it meant."""
    return issue._replace(code=IssueCode.MEANT, facts={**issue.facts, "meant": ""})


def _accept_row(
    row: ReadRow, issue: Issue, asked: Questionnaire, faulty: Collection[tuple[str, str]]
) -> ReadRow:
    """The row of an answer that was meant; with another fault in it, it stays not understood."""
    told = {issue.sentence: _accept(issue).sentence}
    remarks = tuple(told.get(remark, remark) for remark in row.remarks)
    if (row.sheet, str(row.number)) in faulty:
        return row._replace(remarks=remarks)
    row_class = classify_option(row.key, issue.facts["meant"], asked)
    return row._replace(row_class=row_class, remarks=remarks)


def _sum_up(identity: FileIdentity, questionnaire: Questionnaire, checked: Checked) -> CheckedFile:
    asked = len(questionnaire.choices)
    return CheckedFile(
        identity,
        asked,
        len(questionnaire.questions) - asked,
        tuple(answer for answer in checked.answers if answer.says_something),
        checked.deviations,
        checked.issues,
        tuple(_set_open_apart(_list_rows(checked), questionnaire)),
    )


def _set_open_apart(rows: Iterable[ReadRow], questionnaire: Questionnaire) -> Iterator[ReadRow]:
    """Only who knows what is asked can tell which rows of questions are open."""
    open_keys = {each.question_id for each in questionnaire.questions if each.is_open}
    for row in rows:
        is_open = row.part is Part.QUESTIONS and row.key in open_keys
        yield row._replace(part=Part.OPEN_QUESTIONS) if is_open else row


def _list_rows(checked: Checked) -> Iterator[ReadRow]:
    """Every row as a receipt lists it."""
    remarks: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in checked.issues:
        if issue.cell:
            remarks[issue.sheet, issue.row].append(issue)
    for each in checked.outcomes:
        yield _list_row(each, remarks.get((each.row.sheet, str(each.row.number)), ()))


def _list_row(outcome: RowOutcome, issues: Iterable[Issue]) -> ReadRow:
    row = outcome.row
    said = " · ".join(filter(None, [*row.texts.values(), row.aside]))
    if any(issue.code in PERSONAL for issue in issues):
        said = "(niet herhaald; zie de cel)"
    remarks = tuple(issue.sentence for issue in issues)
    return ReadRow(row.sheet, row.number, row.part, row.key, said, outcome.row_class, remarks)


def make_marked_receipt(content: bytes, receipt: ReceiptSheet) -> ReceiptFile:
    """Mark an .xlsx and add its receipt; where that would lose anything the file had, make a separate one."""
    marked = mark_file(content, receipt)
    whole = put_back(content, marked.content)
    meant = Meant(marked.cells, marked.gone, receipt.own_sheets)
    lost = find_lost(read_contents(content), read_contents(whole), meant)
    if lost:
        named = ", ".join(sorted({_describe_lost(fact) for fact in lost}))
        return make_separate_receipt(receipt, f"{WOULD_LOSE}: {named}")
    return ReceiptFile(whole, marked=True)


def _describe_lost(fact: Fact) -> str:
    return _LOST.get(fact.thing.partition(" ")[0], _OTHER_LOST)
