"""Use cases: everything into one file while others go on working, and back again, whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.engine.validation.audit_chain import find_breaks
from assessment.errors import AccountError, BackupError, NewerBackupError
from assessment.model.access import Task
from assessment.model.audit import Action, AuditHead, Change, Json, Signature
from assessment.model.records import Maker, Manifest
from assessment.model.register import Register
from assessment.readers.backup import BackupFile, compute_checksum, open_backup
from assessment.service.access import require
from assessment.service.accounts import refuse_unknown_place
from assessment.service.installation import Installation
from assessment.store import audit
from assessment.store.accounts import end_logins, load_accounts
from assessment.store.audit import append_changes, load_entries, load_head
from assessment.store.drafts import list_drafts, load_draft
from assessment.store.engine import Store
from assessment.store.plans import load_baselines, load_capacities, load_lines
from assessment.store.records import count_rows, dump_files, dump_tables, fill_scratch, replace_contents
from assessment.store.register import load_register, load_round_events
from assessment.store.submissions import list_submissions, load_submission
from assessment.store.upgrade import list_migrations
from assessment.store.versions import load_events
from assessment.writers.backup import write_backup

_ALWAYS_THERE = "audit_head"
"""A table that holds one row in an empty database too."""


class Restored(NamedTuple):
    """What a restore left behind: the end of the trail, and a copy of what was there (None: nothing was)."""

    head: AuditHead
    copy: Path | None


@dataclass(frozen=True)
class Replacement:
    """A backup that was checked whole and may replace what there is."""

    installation: Installation
    path: Path
    manifest: Manifest
    scratch: Store
    now: dict[str, int]
    in_file: dict[str, int]
    rights: tuple[str, ...]
    """Each account whose rights change, with what they are now and what they become."""
    breaks: int
    """Of the audit trail in the backup: how many faults; it was broken before the backup was made."""


def make_backup(installation: Installation, path: Path, now: datetime) -> Manifest:
    """Write everything to one file, as it is at one moment; others go on reading and writing.

    Raises:
        NotAllowedError: the visitor may not.
        FileAccessError: there is such a file already, or it cannot be written.
        StoreError: the database cannot be read.
    """
    require(installation, Task.BACK_UP)
    with installation.store.reading() as session:
        return _write(session, path, now)


def find_last_restore(installation: Installation) -> str:
    """A text that changes with every restore: what is remembered by id holds no longer than this."""
    with installation.store.reading() as session:
        return audit.find_last_restore(session)


@contextmanager
def prepare_restore(installation: Installation, path: Path) -> Iterator[Replacement]:
    """Read a backup whole into a database for the time being, and count what it would replace.

    Raises:
        NotAllowedError: the visitor may not.
        FileAccessError: the file cannot be read.
        BackupError: it is no backup of Kaderscan, or it is damaged.
        NewerBackupError: it was made by a newer version.
    """
    require(installation, Task.RESTORE)
    with open_backup(path) as backup:
        manifest = backup.manifest
        _refuse_newer(path, manifest.maker)
        tables = ((name, backup.read_rows(name)) for name in manifest.tables)
        with fill_scratch(manifest.maker.migration, tables, backup.read_file) as scratch:
            yield _compare(installation, backup, scratch)


def restore(replacement: Replacement, now: datetime) -> Restored:
    """Put a backup in the place of everything there is, in one transaction, and write that in the trail.

    What was there is first written to a backup beside the file; that copy stays, also when this fails.

    Raises:
        NotAllowedError: the visitor may not.
        FileAccessError: the copy cannot be written; nothing was replaced.
        StoreError: the database refused; nothing was replaced.
    """
    installation, path = replacement.installation, replacement.path
    require(installation, Task.RESTORE)
    checksum = compute_checksum(path)
    with installation.store.writing() as session, replacement.scratch.reading() as source:
        copy = _keep_copy(session, path, now)
        old: Json = {"rows": {**count_rows(session)}, "head": str(load_head(session))}
        replace_contents(session, source)
        end_logins(session, now)
        new: Json = {
            "rows": {**replacement.in_file},
            "head": str(load_head(session)),
            "file_sha256": checksum,
        }
        change = Change(action=Action.RESTORED, subject="database", old=old, new=new)
        append_changes(session, Signature(installation.who, now), [change])
        head = load_head(session) or AuditHead()
    return Restored(head, copy)


def _write(session: Session, path: Path, now: datetime) -> Manifest:
    maker = Maker(program=version("kaderscan"), migration=list_migrations()[-1], made=now)
    head = load_head(session) or AuditHead()
    return write_backup(path, maker, head, dump_tables(session), dump_files(session))


def _refuse_newer(path: Path, maker: Maker) -> None:
    own = Maker(program=version("kaderscan"), migration="", made=maker.made)
    if maker.migration not in list_migrations() or maker.release > own.release:
        raise NewerBackupError(
            f"{path}: gemaakt met een nieuwere versie van Kaderscan ({maker.program}; hier {own.program}). "
            "Werk dit programma bij. Er is niets vervangen."
        )


def _compare(installation: Installation, backup: BackupFile, scratch: Store) -> Replacement:
    with scratch.reading() as session:
        _refuse_unsound(session, backup.path)
        in_file, later = count_rows(session), _list_rights(session)
        breaks = find_breaks(load_entries(session), load_head(session))
    with installation.store.reading() as session:
        now, rights = count_rows(session), _compare_rights(_list_rights(session), later)
    return Replacement(installation, backup.path, backup.manifest, scratch, now, in_file, rights, len(breaks))


def _list_rights(session: Session) -> dict[str, str]:
    """What each account may, and by which number it signs in: the first part of its checksum."""
    return {
        each.account_id: f"{', '.join(map(str, each.grants)) or 'geen rechten'}"
        f" ({f'nummer {each.identity.sha256[:8]}' if each.identity else 'geen nummer'})"
        for each in load_accounts(session)
    }


def _compare_rights(now: Mapping[str, str], later: Mapping[str, str]) -> tuple[str, ...]:
    nobody = "geen account"
    return tuple(
        f"{account_id}: {now.get(account_id, nobody)} wordt {later.get(account_id, nobody)}"
        for account_id in sorted(now.keys() | later.keys())
        if now.get(account_id) != later.get(account_id)
    )


def _refuse_unsound(session: Session, path: Path) -> None:
    """Refuse what no Kaderscan would have stored: every model is made once."""
    try:
        register = load_register(session)
        _load_submissions(session, register)
        _load_plans(session, [house.house_id for house in register.houses])
        _load_accounts(session, register)
    except (ValueError, AccountError) as error:
        raise BackupError(
            f"{path}: in deze reservekopie staat iets dat niet kan. Er is niets vervangen. Neem een andere "
            "kopie."
        ) from error


def _load_submissions(session: Session, register: Register) -> None:
    for submission_id in list_submissions(session):
        load_submission(session, submission_id)
        load_events(session, submission_id)
    for round_ in register.rounds:
        load_round_events(session, round_.round_id)
    for draft in list_drafts(session):
        load_draft(session, draft.whose)


def _load_plans(session: Session, house_ids: Sequence[str]) -> None:
    load_lines(session, house_ids)
    load_capacities(session, house_ids)
    for house_id in house_ids:
        load_baselines(session, house_id)


def _load_accounts(session: Session, register: Register) -> None:
    for account in load_accounts(session):
        for grant in account.grants:
            refuse_unknown_place(register, grant)


def _keep_copy(session: Session, path: Path, now: datetime) -> Path | None:
    if not any(rows for name, rows in count_rows(session).items() if name != _ALWAYS_THERE):
        return None
    copy = path.with_name(f"voor-terugzetten_{now:%Y-%m-%d_%H%M%S}.zip")
    _write(session, copy, now)
    return copy
