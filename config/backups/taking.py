"""Making a backup, trying it, and letting the old ones go."""

import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from config.backups import CannotBackUp, archive, databases, sealing
from config.backups.archive import LEDGER, Manifest
from config.backups.workplace import work_folder
from forum import ledger
from moderation import audit

NAME = re.compile(r"harbour-(\d{8}T\d{6}Z)\.tar\.gz(?:\.age|\.gpg)?")
MADE = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Taken:
    file: Path
    size: int  # bytes
    sealed_for: str
    gone: list[str]  # names of older ones that were past their days


def take_backup() -> Taken:
    """Writes one whole, tried backup, and then lets those go that are older than BACKUP_DAYS. Raises CannotBackUp."""
    recipient, folder = settings.BACKUP_TO, Path(settings.BACKUP_DIR)
    sealing.refuse_without_program(recipient)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _new_in(folder, sealing.suffix_for(recipient))
    with work_folder("backup-") as inside:
        _write(file, inside, recipient)
    ledger.bring_together()
    return Taken(file, file.stat().st_size, recipient, _let_old_go(folder))


def _new_in(folder: Path, suffix: str) -> Path:
    """Named after this second, or after the next one that no other backup is named after: none takes another's place."""
    at = timezone.now()
    while (file := folder / f"harbour-{at.strftime(MADE)}.tar.gz{suffix}").exists():
        at += timedelta(seconds=1)
    return file


def _write(file: Path, inside: Path, recipient: str) -> None:
    """Under another name until it is whole and on the disk, so that nobody takes half a backup for one."""
    events, _digest = audit.head()  # before the copy, which then has at least as many
    parts = {part.name: part for part in (databases.dump(inside), _ledger(inside))}
    digests = {name: archive.digest_of(part) for name, part in parts.items()}
    manifest = Manifest(timezone.now().isoformat(), connection.vendor, newest_migrations(), events, digests)
    half = file.with_name(f".{file.name}.part")
    half.touch(mode=0o600)
    try:
        with sealing.sealed(half, recipient) as out:
            archive.pack(out, manifest, parts)
        _sync(half)
        _try(half, recipient, inside)
        (file.with_name(f"{file.name}.sha256")).write_text(f"{archive.digest_of(half)}  {file.name}\n")
        half.replace(file)
        _sync(file.parent)
    finally:
        half.unlink(missing_ok=True)


def _try(half: Path, recipient: str, inside: Path) -> None:
    """What is not sealed is read back part by part. What is sealed nobody here can open: its parts were tried before."""
    if not recipient:
        again = inside / "again"
        again.mkdir()
        with half.open("rb") as read:
            archive.unpack(read, again)
    elif not half.stat().st_size:
        raise CannotBackUp("What was sealed is empty.")


def newest_migrations() -> dict[str, str]:
    """The newest migration of each app that this database has had."""
    return dict(sorted(MigrationLoader(connection).applied_migrations))  # of each app the last one counts


def _ledger(inside: Path) -> Path:
    """As the ledger is when the copy of the database has been made: whoever is erased in it stands there."""
    copy = inside / LEDGER
    copy.write_text(ledger.whole())
    return copy


def _let_old_go(folder: Path) -> list[str]:
    """By when they were made, as their names say: a copy has another time in its folder."""
    before = (timezone.now() - timedelta(days=settings.BACKUP_DAYS)).strftime(MADE)
    old = [file for file in folder.iterdir() if (named := NAME.fullmatch(file.name)) and named[1] < before]
    for file in old:
        file.unlink()
        file.with_name(f"{file.name}.sha256").unlink(missing_ok=True)
    return sorted(file.name for file in old)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
