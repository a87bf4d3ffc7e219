"""Where the audit chain stood, kept outside the database: a tail that was cut, or a database that was put back, shows.

Whoever can write to the database can cut rows off the end of the chain and put its head back, and what is left holds. The
clock notes number and digest in the data directory each minute, sealed with the key of the chain.
"""

import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from moderation import audit
from moderation.audit import Broken
from moderation.models import CaseEvent


class Unreadable(Exception):
    """The file is not one that this key has sealed."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain had this number and digest at a moment (ISO 8601, UTC)."""

    n: int
    digest: str
    at: str

    @property
    def line(self) -> str:
        words = f"{self.n} {self.digest or '-'} {self.at}"
        return f"{words} {audit.seal(f'anchor {words}')}"


def path() -> Path:
    return Path(settings.DATA_DIR) / "audit-head.txt"


def read() -> Anchor | None:
    """The last one that was noted; None where none ever was. Raises Unreadable."""
    if not path().exists():
        return None
    line = path().read_text().strip()
    try:
        n, digest, at, _seal = line.split()
        anchor = Anchor(int(n), digest.strip("-"), at)
    except ValueError:
        raise Unreadable from None
    if not hmac.compare_digest(anchor.line, line):
        raise Unreadable
    return anchor


def find_fault() -> Broken | None:
    """Why the chain is not the one that stood here when it was last noted; None when it is, or goes on from it."""
    try:
        anchor = read()
    except Unreadable:
        return Broken(0, f"{path().name} was changed, or the key of the chain was")
    if anchor is None or anchor.n == 0:
        return None
    digest = CaseEvent.objects.filter(n=anchor.n).values_list("digest", flat=True).first()
    if digest is None:
        return Broken(
            anchor.n, f"it is gone, and stood here at {anchor.at}: the end was cut, or an older database put back"
        )
    if digest != anchor.digest:
        return Broken(anchor.n, f"it is not the one that stood here at {anchor.at}")
    return None


def move() -> Broken | None:
    """Proves what was added since the chain was last noted, and notes where it stands now. What does not hold is not noted."""
    if broken := find_fault():
        return broken
    anchor, head = read(), audit.head()
    since = (anchor.n, anchor.digest) if anchor else (0, "")
    if broken := audit.verify(since):
        return broken
    if head != since:
        _write(head)
    return None


def accept() -> None:
    """Notes the chain as it stands, whatever stood here before: after a backup was put back on purpose."""
    _write(audit.head())


def _write(head: tuple[int, str]) -> None:
    new = path().with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, (Anchor(*head, timezone.now().isoformat()).line + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path())
