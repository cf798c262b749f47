"""Use case: fill a database with the demo, thirty houses that do not exist."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time
from hashlib import sha256
from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from assessment.errors import RegisterError
from assessment.model.access import Task
from assessment.model.answers import HOUSE, POLICE, Answer, Submission, Whose
from assessment.model.audit import Action, Change, Signature
from assessment.model.register import Register, Round
from assessment.model.rounds import Step
from assessment.model.scale import ASKED, Perspective
from assessment.readers.files import read_bytes
from assessment.readers.tables import read_districts, read_houses, read_rounds, read_table, read_units
from assessment.service.access import require
from assessment.service.audit_entries import (
    audit_districts,
    audit_houses,
    audit_round,
    audit_submission,
    audit_units,
)
from assessment.service.drafts import Beginning, begin_with
from assessment.service.formula_files import propose_formulas, read_formula_set, take_formulas
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in_files
from assessment.service.joint_versions import adopt_for_house
from assessment.service.plans.decisions import Edit, change_lines
from assessment.service.round_scores import score_round
from assessment.service.rounds import audit_closing, freeze_round
from assessment.service.versions import Taken, audit_events, make_events, reopen
from assessment.store.audit import append_changes
from assessment.store.drafts import list_drafts
from assessment.store.formulas import load_formulas
from assessment.store.plans import load_lines
from assessment.store.register import add_houses, add_round, add_units, put_districts
from assessment.store.submissions import add_submissions, load_current, load_newest
from assessment.store.versions import append_events, load_versions

_EARLIER = "answers.csv"
# What was agreed in the demo ends some day, and is then asked about.
_LATER = "Verzonnen voorbeeld; afspraken kunnen intussen voorbij zijn."
_EARLIER_COLUMNS = ("round_id", "house_id", "perspective", "question_id", "option_id")


def fill_demo(installation: Installation, now: datetime) -> Iterator[str]:
    """Add what of the demo is not there yet; the newest round comes in as files, through the door of a user.

    Yields:
        The name of each file or round, after it was added.

    Raises:
        NotAllowedError: the visitor may not.
        RegisterError: the database holds houses that are not invented; demo and real data never mix.
    """
    require(installation, Task.FILL_DEMO)
    register = installation.register()
    if any(not house.invented for house in register.houses):
        raise RegisterError(
            "Deze database bevat echte huizen; de demo komt daar niet bij. "
            "Kies een andere met KADERSCAN_DATABASE_URL, bijvoorbeeld sqlite:///demo.sqlite."
        )
    folder = installation.settings.data / "demo"
    signature = Signature(installation.who, now)
    rounds = _add_register(installation, register, folder, signature)
    for asked in rounds[:-1]:
        yield from _add_earlier_round(installation, asked, folder, signature)
    yield from _hand_in_newest_round(installation, rounds[-1], folder, now)


def _add_register(
    installation: Installation, register: Register, folder: Path, signature: Signature
) -> tuple[Round, ...]:
    houses = read_houses(folder / "houses.csv")
    rounds = read_rounds(folder / "rounds.csv", tuple(house.house_id for house in houses))
    units = read_units(folder.parent / "units.csv")
    districts = read_districts(folder / "districts.csv")
    missing = [asked for asked in rounds if asked.round_id not in register.round]
    changes = [
        *audit_units(register, units),
        *audit_districts(register, districts),
        *audit_houses(register, houses),
        *map(audit_round, missing),
    ]
    with installation.store.writing() as session:
        add_units(session, units)
        put_districts(session, districts)
        add_houses(session, houses)
        for asked in missing:
            add_round(session, asked)
        filled = Change(action=Action.DEMO_FILLED, subject="demo", new={"changes": len(changes)})
        append_changes(session, signature, [*changes, filled] if changes else [])
    return rounds


def _add_earlier_round(
    installation: Installation, round_: Round, folder: Path, signature: Signature
) -> Iterator[str]:
    """Add a round that is kept as a table, all its houses at once."""
    with installation.store.reading() as session:
        if load_newest(session, round_.round_id, Perspective.HOUSE):
            return
    table = read_table(folder / _EARLIER, _EARLIER_COLUMNS)
    rows = table[table["round_id"] == round_.round_id]
    handed_in = [
        _as_submission(round_, str(house_id), Perspective(str(perspective)), answers)
        for (house_id, perspective), answers in rows.groupby(["house_id", "perspective"])
    ]
    with installation.store.writing() as session:
        add_submissions(session, handed_in)
        told = [audit_submission(None, submission) for submission, _ in handed_in]
        append_changes(session, signature, [*told, *freeze_earlier_round(session, round_, signature)])
    yield round_.title


def freeze_earlier_round(session: Session, round_: Round, signature: Signature) -> list[Change]:
    """Adopt all that was handed in, and close the round, on its last day."""
    ended = Signature(signature.who, datetime.combine(round_.closes, time(17)))
    adopting = [Taken(version, Step.ADOPT) for version in load_versions(session, round_.round_id)]
    adopted = make_events(adopting, ended)
    append_events(session, adopted)
    frozen = freeze_round(session, round_.round_id, ended, round_.closes)
    return [*audit_events(adopted), audit_closing(round_.round_id, frozen, round_.closes)]


def _as_submission(
    round_: Round, house_id: str, perspective: Perspective, rows: pd.DataFrame
) -> tuple[Submission, bytes]:
    content = rows.to_csv(index=False, columns=list(_EARLIER_COLUMNS)).encode()
    answers = zip(rows["question_id"], rows["option_id"], strict=True)
    submission = Submission(
        house_id=house_id,
        round_id=round_.round_id,
        perspective=perspective,
        answers=tuple(
            Answer(question_id=question_id, option_id=option_id) for question_id, option_id in answers
        ),
        handed_in=datetime.combine(round_.closes, time(12)),
        file_name=_EARLIER,
        file_sha256=sha256(content).hexdigest(),
    )
    return submission, content


def _hand_in_newest_round(
    installation: Installation, round_: Round, folder: Path, now: datetime
) -> Iterator[str]:
    with installation.store.reading() as session:
        there = {(p, house_id) for p in ASKED for house_id in load_newest(session, round_.round_id, p)}
    files = (
        NamedFile(file.name, read_bytes(file))
        for file in sorted((folder / round_.round_id).glob("*.xlsx"))
        if _whose(file) not in there
    )
    as_everybody = installation.visitor.model_copy(update={"operator": True})
    operating = replace(installation, visitor=as_everybody)
    for handed_in in hand_in_files(operating, files, now, _LATER):
        if handed_in.error is not None:
            raise handed_in.error
        yield handed_in.file.name
    adopt_some(operating, round_, folder, now)
    begin_drafts(operating, round_, folder, now)
    decide_some(operating, round_, folder, now)
    make_formulas(operating, folder, now)


def _whose(file: Path) -> tuple[Perspective, str]:
    _, house_id, perspective = file.stem.split("_")
    return Perspective(perspective), house_id


_ADOPTED = "adopted.csv"
_ADOPTED_COLUMNS = ("house_id", "police_is_right", "reopened_because")
_DECIDED = "decided.csv"
_DECIDED_COLUMNS = ("house_id", "measure_id", "started", "done", "dropped", "remark")
_FORMULAS = "formulas"
_DRAFTS = "drafts.csv"
_DRAFT_COLUMNS = ("house_id", "perspective", "answered")


def adopt_some(installation: Installation, round_: Round, folder: Path, now: datetime) -> None:
    """Adopt what some houses handed in, and reopen some of that; what was done before is left as it is.

    Where house and police differ, they agreed on what the house says, but for the questions in
    `police_is_right`.
    """
    with installation.store.reading() as session:
        taken = {each.house_id for each in load_versions(session, round_.round_id) if each.events}
    table = read_table(folder / _ADOPTED, _ADOPTED_COLUMNS)
    columns = (table[name] for name in _ADOPTED_COLUMNS)
    for house_id, police_is_right, because in zip(*columns, strict=True):
        if house_id not in taken:
            choices = dict.fromkeys(police_is_right.split(), POLICE)
            adopted = adopt_for_house(installation, (round_.round_id, house_id), choices, HOUSE, now)
            if because:
                reopen(installation, adopted, because, now)


def decide_some(installation: Installation, round_: Round, folder: Path, now: datetime) -> None:
    """Decide about measures of some houses; where a house decided anything before, it is left as it is."""
    table = read_table(folder / _DECIDED, _DECIDED_COLUMNS)
    with installation.store.reading() as session:
        decided = {line.house_id for line in load_lines(session, list(table["house_id"].unique()))}
    edits = [_as_edit(row) for row in table[~table["house_id"].isin(decided)].to_dict("records")]
    if edits:
        scores = score_round(installation, round_.round_id, Perspective.HOUSE, now.date())
        change_lines(installation, scores, edits, now)


def _as_edit(row: Mapping[Hashable, str]) -> Edit:
    changes = {field: row[field] for field in _DECIDED_COLUMNS[2:] if row[field]}
    return Edit(row["house_id"], row["measure_id"], changes)


def make_formulas(installation: Installation, folder: Path, now: datetime) -> None:
    """Store the safety formulas of some houses; where a house has any, it is left as it is."""
    files = sorted((folder / _FORMULAS).glob("*.json"))
    for given in (read_formula_set(read_bytes(file), file.name) for file in files):
        with installation.store.reading() as session:
            there = load_formulas(session, [given.house_id])
        if not there:
            take_formulas(installation, propose_formulas(installation, given), now)


def begin_drafts(installation: Installation, round_: Round, folder: Path, now: datetime) -> None:
    """Begin a draft for some who have not handed in, with the first answers of their house."""
    with installation.store.reading() as session:
        begun = {each.whose for each in list_drafts(session, round_.round_id)}
    table = read_table(folder / _DRAFTS, _DRAFT_COLUMNS)
    columns = (table[name] for name in _DRAFT_COLUMNS)
    for house_id, perspective, answered in zip(*columns, strict=True):
        whose = Whose(round_.round_id, house_id, Perspective(perspective))
        if whose not in begun:
            begin_with(installation, whose, _find_first(installation, round_, whose, int(answered)), now)


def _find_first(installation: Installation, round_: Round, whose: Whose, count: int) -> Beginning:
    """The answers of the house to the first questions."""
    with installation.store.reading() as session:
        known = load_current(session, whose.round_id, whose.house_id, Perspective.HOUSE)
    first = set(list(installation.questionnaire_of(round_).question)[:count])
    answers = known.answers if known else ()
    chosen = (each for each in answers if each.question_id in first)
    return Beginning(tuple(each._replace(explanation="", evidence="") for each in chosen))
