"""Putting a backup back: tried first, then all of it or nothing, then every erasure since is done anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from config.backups import CannotBackUp, archive, databases, sealing
from config.backups.archive import LEDGER, Manifest
from config.backups.rights import Changed, Rights
from config.backups.workplace import not_to_be_ended, work_folder
from forum import ledger
from forum.actions.replaying import Replayed, replay_erasures
from forum.models import Member
from moderation import audit, audit_anchor
from realtime import clock, grants
from realtime.models import Epoch


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    replayed: Replayed
    signed_out: int  # sessions that came back with the backup
    broken: str  # what is wrong with the audit chain, or ""
    changed: Changed | None  # None where there was nothing to compare with
    granted: bool  # whether another role than the owner's serves people, and was given its rights again


@contextmanager
def opened(file: Path, identity: Path | None) -> Iterator[tuple[Manifest, Path]]:
    """The parts of a backup in a folder that goes afterwards, each as it was when it was made. Raises CannotBackUp."""
    if not file.is_file():
        raise CannotBackUp(f"{file} is not there.")
    _hold_against_sum(file)
    with work_folder("restore-") as folder:
        with sealing.unsealed(file, identity) as packed:
            manifest = archive.unpack(packed, folder)
        _refuse_strange(manifest)
        databases.check(folder / databases.NAMES[manifest.vendor])
        yield manifest, folder


def restore(
    file: Path,
    *,
    identity: Path | None = None,
    ledger_file: Path | None = None,
    over: bool = False,
    while_running: bool = False,
    serves: str = grants.SERVES,
) -> Restored:
    """Replaces the database by the backup's. `over`: also one that has members. `while_running`: also where a clock has run
    within the minute. Raises CannotBackUp, OSError and ValueError, and then nothing was changed.

    Sessions that come back are ended: somebody may have signed out since, or been signed out. Open pages fetch themselves
    afresh. What the ledgers name is erased again before this returns, but for what an open case needs. Where PostgreSQL has two
    roles, only the owner of the tables can do this, and `serves` is given its rights again.
    """
    _refuse_over(over, while_running)
    with opened(file, identity) as (manifest, folder):
        known = ledger.add(folder / LEDGER, *([ledger_file] if ledger_file else []))
        before = Rights.now()
        with not_to_be_ended():  # once the old database is back, so is whoever was erased since
            databases.load(folder / databases.NAMES[manifest.vendor])
            return _settle(manifest, known, before, serves)


def _settle(manifest: Manifest, known: ledger.Read, before: Rights | None, serves: str) -> Restored:
    """What has to be done with a database that was just put back."""
    call_command("migrate", interactive=False, verbosity=0)
    granted = _grant(serves)
    Epoch.objects.all().delete()
    ended, _each = Session.objects.all().delete()
    UserSession.objects.all().delete()
    replayed = replay_erasures(known)
    audit_anchor.accept()  # the chain stands where the backup has it, and is told of below if it does not hold
    after = Rights.now()
    changed = before.against(after) if before and after else None
    return Restored(manifest, replayed, ended, _broken(manifest), changed, granted)


def _grant(serves: str) -> bool:
    """Every table was made anew, and belongs to whoever restored it: who serves people could read none of them."""
    try:
        grants.grant(connection, serves)
    except grants.NotGranted:
        return False  # one role does both, or this is SQLite
    return True


def _refuse_over(over: bool, while_running: bool) -> None:
    if not over and (members := _members()):
        raise CannotBackUp(
            f"This database has {members} members, and a restore replaces all of it. Say --yes if that is what you want. "
            "Nothing was changed."
        )
    if not while_running and (age := _clock_ran()) is not None and age < clock.LATE_AFTER:
        raise CannotBackUp(
            f"A clock of Harbour ran {max(0, int(age.total_seconds()))} seconds ago: stop every process, wait for a minute, "
            "and restore then. Say --yes-while-running if you know that none runs. Nothing was changed."
        )


def _clock_ran() -> timedelta | None:
    """How long ago any clock last ran; None where none ever did."""
    try:
        ran_at = clock.last_run_at()
    except DatabaseError:
        return None  # nothing was ever made here
    return timezone.now() - ran_at if ran_at else None


def _broken(manifest: Manifest) -> str:
    if broken := audit.verify():
        return f"link {broken.n}: {broken.reason}"
    there, _digest = audit.head()
    return f"{manifest.audit} events were promised, and {there} are there" if there < manifest.audit else ""


def _hold_against_sum(file: Path) -> None:
    summed = file.with_name(f"{file.name}.sha256")
    if summed.exists() and summed.read_text().split()[:1] != [archive.digest_of(file)]:
        raise CannotBackUp(f"{file.name} is not the file that was written: its digest is another. Nothing was changed.")


def _refuse_strange(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise CannotBackUp(f"The backup is of {manifest.vendor}, and this database is {connection.vendor}.")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if strange := [f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known]:
        raise CannotBackUp(f"The backup is of a newer Harbour, with {strange[0]}. Install that one, and then restore.")


def _members() -> int:
    try:
        return Member.objects.count()
    except DatabaseError:
        return 0  # nothing was ever made here
