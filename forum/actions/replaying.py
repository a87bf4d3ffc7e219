"""After a backup is put back: erasing again what was erased since it was made."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum import ledger
from forum.actions.erasing import erase_member
from forum.actions.leaving import close_for_good
from forum.models import Erasure, Member, Standing


@dataclass(frozen=True, slots=True)
class Replayed:
    back: int  # accounts that had come back
    waiting: int  # of all that are to go, those that an open case or a hold keeps: the clock goes on with them
    unreadable: Sequence[str] = ()  # where lines of the ledger stand that say nothing

    @property
    def said(self) -> str:
        told = f"{self.back} accounts were back and are erased again; {self.waiting} wait for an open case or a legal hold."
        lost = (
            f" NOT READ, and whoever they name is not erased: {'; '.join(self.unreadable)}." if self.unreadable else ""
        )
        return told + lost


def replay_erasures(known: ledger.Read) -> Replayed:
    """Erases anew every account that these ledgers and the database name. Nothing is read here that could refuse half-way."""
    back = sum([_close(erasure) for erasure in (*known.erasures, *Erasure.objects.all())])
    waiting = [erasure for erasure in Erasure.objects.filter(finished_at=None) if not erase_member(erasure)]
    return Replayed(back, len(waiting), known.unreadable)


def _close(erasure: Erasure) -> bool:
    """Whether the account was back. A later one with its number is somebody else: they joined at another time."""
    back = Member.objects.filter(pk=erasure.member_id, joined_at=erasure.joined_at).exclude(standing=Standing.ERASED)
    if not back.exists():
        return False
    Erasure.objects.filter(member_id=erasure.member_id).delete()
    close_for_good(erasure.member_id, erasure.asked_at)
    return True
