"""The erasure ledger outside the database: one line per erased account, so that a restored backup forgets them again.

A line holds a member's number, when they joined and when they asked: nothing else. The file stays out of the backups it
is there to put right; `manage.py replay_erasures` reads it.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from forum.models import Erasure


def path() -> Path:
    return Path(settings.DATA_DIR) / "erasures.txt"


def note(erasure: Erasure) -> None:
    """Writes the line, on disk when this returns, unless it is there already."""
    line = f"{erasure.member_id} {erasure.joined_at.isoformat()} {erasure.asked_at.isoformat()}\n"
    known = path().read_text() if path().exists() else ""
    if line in known:
        return
    descriptor = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines(file: Path) -> Iterator[Erasure]:
    """What a ledger file says, as rows that are not saved. Raises ValueError for a line that cannot be read."""
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        try:
            member_id, joined_at, asked_at = line.split()
            yield Erasure(
                member_id=int(member_id),
                joined_at=datetime.fromisoformat(joined_at),
                asked_at=datetime.fromisoformat(asked_at),
            )
        except ValueError:
            raise ValueError(f"{file}, line {number}: this is no line of the ledger") from None
