"""Use cases: everything into one file while others go on working, and back again, whole or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.engine.validation.audit_chain import find_breaks
from assessment.errors import AccountError, BackupError, FrameworkError, NewerBackupError
from assessment.model.access import Task
from assessment.model.audit import Action, AuditHead, Change, Json, Signature
from assessment.model.records import Maker, Manifest
from assessment.readers.backup import BackupFile, compute_checksum, open_backup
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.soundness import UnsoundError, refuse_unsound
from assessment.store import audit
from assessment.store.accounts import end_logins, load_accounts
from assessment.store.audit import append_changes, load_entries, load_head
from assessment.store.engine import Store
from assessment.store.records import count_rows, dump_files, dump_tables, fill_scratch, replace_contents
from assessment.store.upgrade import list_migrations
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

    The audit trail tells of it after that, so not in the file itself.

    Raises:
        NotAllowedError: the visitor may not.
        FileAccessError: there is such a file already, or it cannot be written.
        StoreError: the database cannot be read.
    """
    require(installation, Task.BACK_UP)
    with installation.store.reading() as session:
        manifest = _write(session, path, now)
    with _keeping(path), installation.store.writing() as session:
        change = Change(Action.BACKED_UP, subject="database", new={"file_sha256": compute_checksum(path)})
        append_changes(session, Signature(installation.who, now), [change])
    return manifest


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

    What was there is first written to a backup beside the file; that copy goes when nothing is replaced.

    Raises:
        NotAllowedError: the visitor may not.
        FileAccessError: the copy cannot be written; nothing was replaced.
        StoreError: the database refused; nothing was replaced.
    """
    installation, path = replacement.installation, replacement.path
    require(installation, Task.RESTORE)
    checksum = compute_checksum(path)
    with (
        installation.store.writing() as session,
        replacement.scratch.reading() as source,
        _keeping_copy(session, path, now) as copy,
    ):
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
        _refuse_unsound(session, installation, backup.path)
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


def _refuse_unsound(session: Session, installation: Installation, path: Path) -> None:
    """Refuse what no Kaderscan would have stored."""
    try:
        refuse_unsound(session, installation.library)
    except FrameworkError as error:
        raise BackupError(f"{path}: {error} Er is niets vervangen.") from error
    except (ValueError, AccountError) as error:
        where = f" ({error})" if isinstance(error, UnsoundError) else ""
        raise BackupError(
            f"{path}: in deze reservekopie staat iets dat niet kan{where}. Er is niets vervangen. Neem een "
            "andere kopie."
        ) from error


@contextmanager
def _keeping_copy(session: Session, path: Path, now: datetime) -> Iterator[Path | None]:
    """What there is, in a backup beside the file, unless there is nothing; gone when nothing is replaced."""
    copy = _keep_copy(session, path, now)
    with _keeping(copy):
        yield copy


@contextmanager
def _keeping(path: Path | None) -> Iterator[None]:
    """Remove a file again where what goes with it does not come to an end."""
    try:
        yield
    except BaseException:
        if path is not None:
            path.unlink()
        raise


def _keep_copy(session: Session, path: Path, now: datetime) -> Path | None:
    if not any(rows for name, rows in count_rows(session).items() if name != _ALWAYS_THERE):
        return None
    copy = path.with_name(f"voor-terugzetten_{now:%Y-%m-%d_%H%M%S}.zip")
    _write(session, copy, now)
    return copy
