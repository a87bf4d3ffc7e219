"""Standing notes: what helps a member, what we do, what we won't. Sealed as the card is; written and agreed in the actions."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from forum.sealing import CannotOpen, is_newest, seal, unseal
from moderation.models import StandingNote


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note."""

    what_helps: str = ""
    what_we_do: str = ""
    what_we_wont: str = ""

    def stripped(self) -> "Note":
        return Note(**{name: words.strip() for name, words in asdict(self).items()})


def waiting_of(member_id: int) -> StandingNote | None:
    """The one that waits for this member's yes."""
    return _notes(member_id).filter(agreed_at=None).first()


def agreed_of(member_id: int) -> StandingNote | None:
    """The one that is in force."""
    return _notes(member_id).filter(agreed_at__isnull=False).first()


def read_note(row: StandingNote) -> Note:
    """Its words. Raises CannotOpen when the key is missing or they were changed or moved."""
    return Note(**{name: unseal(getattr(row, name), _place(row, name)) for name in StandingNote.SEALED})


def write_note(row: StandingNote, note: Note) -> None:
    """Seals these words into the row, for the caller to save."""
    for name, words in asdict(note).items():
        setattr(row, name, seal(words, _place(row, name)))


def rows_of(member_id: int) -> Iterator[dict[str, Any]]:
    """For the member's own copy of their data. What cannot be opened is left out of it rather than the whole copy undone."""
    for row in _notes(member_id).order_by("pk"):
        try:
            words = asdict(read_note(row))
        except CannotOpen:
            words = dict.fromkeys(StandingNote.SEALED, "")
        yield words | {name: getattr(row, name) for name in ("written_at", "changed_at", "agreed_at")}


def reseal() -> tuple[int, int]:
    """Seals with the newest key what an older one sealed. Returns how many were sealed anew, and how many cannot be opened."""
    done = closed = 0
    for row in StandingNote.objects.order_by("pk").iterator():
        before = {name: getattr(row, name) for name in StandingNote.SEALED}
        if all(map(is_newest, before.values())):
            continue
        try:
            write_note(row, read_note(row))
        except CannotOpen:
            closed += 1
            continue
        after = {name: getattr(row, name) for name in StandingNote.SEALED}
        # Only what still stands as it was read: somebody may be putting it differently just now.
        done += StandingNote.objects.filter(pk=row.pk, **before).update(**after)
    return done, closed


def _notes(member_id: int):  # type: ignore[no-untyped-def]  # QuerySet[StandingNote]
    return StandingNote.objects.filter(member=member_id).select_related("written_by")


def _place(row: StandingNote, name: str) -> str:
    return f"standing_note:{row.sealed_for}:{row.member_id}:{name}"
