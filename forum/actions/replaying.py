"""After a backup is put back: erasing again what was erased since it was made."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from forum import ledger
from forum.actions.erasing import erase_member
from forum.actions.leaving import close_for_good
from forum.models import Erasure, Member, Standing


@dataclass(frozen=True, slots=True)
class Replayed:
    back: int  # accounts that had come back
    waiting: int  # of all that are to go, those that an open case or a hold keeps: the clock goes on with them

    @property
    def said(self) -> str:
        return f"{self.back} accounts were back and are erased again; {self.waiting} wait for an open case or a legal hold."


def replay_erasures(file: Path | None = None) -> Replayed:
    """Erases anew every account that the ledger names, or this one file and the database. Raises OSError and ValueError."""
    known = [*_in_ledger(file), *Erasure.objects.all()]
    back = sum([_close(erasure) for erasure in known])
    waiting = [erasure for erasure in Erasure.objects.filter(finished_at=None) if not erase_member(erasure)]
    return Replayed(back, len(waiting))


def _in_ledger(file: Path | None) -> Iterable[Erasure]:
    files = [file] if file else [place for place in ledger.places() if place.exists()]
    return [erasure for each in files for erasure in ledger.lines(each)]


def _close(erasure: Erasure) -> bool:
    """Whether the account was back. A later one with its number is somebody else: they joined at another time."""
    back = Member.objects.filter(pk=erasure.member_id, joined_at=erasure.joined_at).exclude(standing=Standing.ERASED)
    if not back.exists():
        return False
    Erasure.objects.filter(member_id=erasure.member_id).delete()
    close_for_good(erasure.member_id, erasure.asked_at)
    return True
