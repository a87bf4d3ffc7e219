"""The erasure ledger outside the database: one line per erased account, so that a restored backup forgets them again.

A line holds a member's number, when they joined and when they asked: nothing else. Lines are only ever added. It stands in the
data directory and beside the backups, so that either may be lost. `manage.py restore` and `manage.py replay_erasures` read both.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from forum.models import Erasure

logger = logging.getLogger(__name__)
NAME = "erasures.txt"


def path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def places() -> list[Path]:
    """Where it stands: in the data directory and, once there are backups, beside them."""
    beside = Path(settings.BACKUP_DIR) / NAME
    return [path(), beside] if beside.parent.is_dir() and beside != path() else [path()]


def note(erasure: Erasure) -> None:
    """Writes the line, on disk when this returns, unless it is there already. Beside the backups it follows with the next of
    them where it cannot be written now: an erasure waits for no other disk.
    """
    line = f"{erasure.member_id} {erasure.joined_at.isoformat()} {erasure.asked_at.isoformat()}"
    own, *others = places()
    _append(own, [line])
    for other in others:
        try:
            _append(other, [line])
        except OSError:
            logger.warning("ledger_not_beside_backups: it is brought there with the next backup")


def whole() -> str:
    """Every line that stands anywhere, once."""
    lines = dict.fromkeys(line for place in places() if place.exists() for line in place.read_text().splitlines())
    return "".join(f"{line}\n" for line in lines)


def bring_together() -> None:
    """Each place gets what only another has."""
    everything = whole().splitlines()
    for place in places():
        _append(place, everything)


def add(*files: Path) -> None:
    """Takes in what other ledgers say. Raises OSError for one that is not there, ValueError for one that is none."""
    for file in files:
        list(lines(file))
        _append(path(), file.read_text().splitlines())
    bring_together()


def lines(file: Path) -> Iterator[Erasure]:
    """What a ledger file says, as rows that are not saved. Raises ValueError for a line that cannot be read, unless it is one
    that a power cut broke off and that was then written anew.
    """
    written = file.read_text().splitlines()
    for number, line in enumerate(written, start=1):
        if not any(line != other and other.startswith(line) for other in written[number:]):
            yield _read(line, f"{file}, line {number}")


def _read(line: str, where: str) -> Erasure:
    try:
        member_id, joined_at, asked_at = line.split()
        return Erasure(
            member_id=int(member_id),
            joined_at=datetime.fromisoformat(joined_at),
            asked_at=datetime.fromisoformat(asked_at),
        )
    except ValueError:
        raise ValueError(f"{where}: this is no line of the ledger") from None


def _append(place: Path, wanted: Iterable[str]) -> None:
    before = place.read_text() if place.exists() else ""
    known = set(before.splitlines())
    missing = "".join(f"{line}\n" for line in wanted if line not in known)
    if not missing:
        return
    torn = before and not before.endswith("\n")  # a power cut in the middle of a line: it stays, and the next is whole
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{chr(10) if torn else ''}{missing}".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if not before:
        _sync_name(place)


def _sync_name(place: Path) -> None:
    """A new file's name is on disk only once its folder is."""
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
