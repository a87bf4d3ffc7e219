"""How a member could be reached before they changed it. While somebody from the team looks after them and for three days after,
a card that is emptied and an address that is changed stay to be opened in a disclosure; then the clock deletes them."""

from collections.abc import Iterator
from typing import Any

from forum import data_rights
from forum.models import KeptContact
from forum.sealing import CannotOpen, is_newest, seal, unseal
from realtime.log import NewEvent

CARD, MAIL = KeptContact.What.CARD, KeptContact.What.MAIL


def keep_before(member_id: int, what: KeptContact.What, words: str) -> list[NewEvent]:
    """Keeps what is about to be changed, if it has to be kept, and tells the team. Call in the transaction of the change, which
    appends the events."""
    if not words or not data_rights.keeps_contact(member_id):
        return []
    row = KeptContact(member_id=member_id, what=what)
    row.sealed = seal(words, _place(row))
    row.save(force_insert=True)
    return data_rights.tell_taken_back(member_id, data_rights.CHANGED_CONTACT)


def read_before(member_id: int, what: KeptContact.What) -> list[str]:
    """What is kept of this sort, the newest first. Raises CannotOpen when its key is missing."""
    rows = KeptContact.objects.filter(member=member_id, what=what)
    return [unseal(row.sealed, _place(row)) for row in rows]


def has_before(member_id: int, what: KeptContact.What) -> bool:
    return KeptContact.objects.filter(member=member_id, what=what).exists()


def rows_of(member_id: int) -> Iterator[dict[str, Any]]:
    """For the member's own copy of their data. What cannot be opened is left out of it rather than the whole copy undone."""
    for row in KeptContact.objects.filter(member=member_id):
        try:
            yield {"what": row.what, "sealed": unseal(row.sealed, _place(row)), "kept_at": row.kept_at}
        except CannotOpen:
            continue


def reseal() -> tuple[int, int]:
    """Seals with the newest key what an older one sealed. Returns how many were sealed anew, and how many cannot be opened."""
    done = closed = 0
    for row in KeptContact.objects.order_by("pk").iterator():
        before = row.sealed
        if is_newest(before):
            continue
        try:
            after = seal(unseal(before, _place(row)), _place(row))
        except CannotOpen:
            closed += 1
            continue
        done += KeptContact.objects.filter(pk=row.pk, sealed=before).update(sealed=after)
    return done, closed


def _place(row: KeptContact) -> str:
    return f"contact_before:{row.sealed_for}:{row.member_id}:{row.what}"
