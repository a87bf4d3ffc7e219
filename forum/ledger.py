"""The erasure ledger outside the database: one line per erased account, so that a restored backup forgets them again.

A line holds a member's number, when they joined and when they asked: nothing else. Lines are only ever added. It stands in the
data directory and beside the backups, so that either may be lost. `manage.py restore` and `manage.py replay_erasures` read both.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
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


@dataclass(frozen=True, slots=True)
class Read:
    """What ledgers say together. `whole`: each line once, with the erasure that it tells of, as a row that is not saved.
    `unreadable`: where lines stand that say nothing and are the beginning of no other.
    """

    whole: dict[str, Erasure]
    unreadable: list[str]

    @property
    def erasures(self) -> list[Erasure]:
        return list(self.whole.values())


def read(*files: Path) -> Read:
    """Reads these files as one. A line that a power cut broke off is passed over where any of them has it whole. One that
    nobody can read keeps nobody else from being erased: it is told of, and the others count. Raises OSError.
    """
    stands: dict[str, str] = {}
    for line, where in (each for file in files for each in _lines_of(file)):
        stands.setdefault(line, where)
    broken_off = {line for line, after in pairwise(sorted(stands)) if after.startswith(line)}
    said = {line: _erasure_of(line) for line in stands if line not in broken_off}
    unreadable = [stands[line] for line, erasure in said.items() if erasure is None]
    for where in unreadable:
        logger.error(
            "ledger_line_unreadable: %s says nothing; if it named an account, that one is not erased again", where
        )
    return Read({line: erasure for line, erasure in said.items() if erasure is not None}, unreadable)


def read_everywhere() -> Read:
    """What stands in any of its places."""
    return read(*(place for place in places() if place.exists()))


def whole() -> str:
    """Every line that can be read and stands anywhere, once."""
    return "".join(f"{line}\n" for line in read_everywhere().whole)


def bring_together() -> None:
    """Each place gets what only another has."""
    add()


def add(*files: Path) -> Read:
    """Takes in what other ledgers say, and returns what all say. Raises OSError for one that is not there, ValueError for one
    that is none: before anything is written.
    """
    for file in files:
        refuse_other(file)
    everything = read(*files, *(place for place in places() if place.exists()))
    for place in places():
        _append(place, everything.whole)
    return everything


def refuse_other(file: Path) -> None:
    """Raises ValueError for a file in which not one line is a ledger's, OSError for one that is not there."""
    lines = [line for line, _where in _lines_of(file)]
    if lines and not any(_erasure_of(line) for line in lines):
        raise ValueError(f"{file}: there is no line of a ledger in it")


def _lines_of(file: Path) -> Iterator[tuple[str, str]]:
    """Each line, and where it stands. A file that grew before a power cut, and was not filled, has NULs there."""
    for number, line in enumerate(file.read_bytes().decode(errors="replace").split("\n"), start=1):
        if stripped := line.strip("\0 \r"):
            yield stripped, f"{file}, line {number}"


def _erasure_of(line: str) -> Erasure | None:
    try:
        number, *times = line.split()
        member_id, (joined_at, asked_at) = int(number), (datetime.fromisoformat(each) for each in times)
    except ValueError:
        return None
    if joined_at.tzinfo is None:
        return None
    if asked_at.tzinfo is None:  # broken off within the last word: who it was is whole
        asked_at = asked_at.replace(tzinfo=UTC)
    return Erasure(member_id=member_id, joined_at=joined_at, asked_at=asked_at)


def _append(place: Path, wanted: Iterable[str]) -> None:
    before = place.read_bytes() if place.exists() else b""
    known = {line for line, _where in _lines_of(place)} if before else set()
    missing = "".join(f"{line}\n" for line in wanted if line not in known)
    if not missing:
        return
    torn = before and not before.endswith(b"\n")  # a power cut in the middle of a line: it stays, and the next is whole
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        _write_all(descriptor, f"{chr(10) if torn else ''}{missing}".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if not before:
        _sync_name(place)


def _write_all(descriptor: int, words: bytes) -> None:
    """A disk that is nearly full takes a part and says how much; the next write says that it is full."""
    while words:
        words = words[os.write(descriptor, words) :]


def _sync_name(place: Path) -> None:
    """A new file's name is on disk only once its folder is."""
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
