"""The card "If you are worried about me": written by its member, read by them, and by staff while somebody worries."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from forum import kept_contact
from forum.models import CareCard, Member
from forum.sealing import CannotOpen, is_newest, seal, unseal
from realtime import log
from realtime.log import NewEvent

CONTACT = ("phone", "town", "to_ring")  # how to reach them; the rest says what helps


@dataclass(frozen=True, slots=True)
class Card:
    """An opened card."""

    phone: str = ""
    town: str = ""
    to_ring: str = ""
    helps: str = ""
    worse: str = ""
    ask_first: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it; the tick alone says nothing to anybody."""
        return not any((self.phone, self.town, self.to_ring, self.helps, self.worse))


def has_card(member_id: int) -> bool:
    """Whether there is anything on this member's card, without opening it."""
    return CareCard.objects.filter(member=member_id).exists()


def read_card(member_id: int) -> Card:
    """A member's card as they wrote it; an empty one where there is none. Raises CannotOpen when its key is missing."""
    row = CareCard.objects.filter(member=member_id).first()
    return _opened(row) if row else Card()


def open_card(member_id: int) -> Card:
    """As `read_card`, for staff: whoever calls this has judged that they may, and records it. The member can see when."""
    card = read_card(member_id)
    CareCard.objects.filter(member=member_id).update(opened_at=timezone.now())
    return card


def keep_card(member: Member, card: Card) -> None:
    """Keeps a card in place of the one before. An empty one leaves no row. Nobody else is told, unless somebody looks after
    this member now: then how to reach them as it stood before stays for a while, and the team hears that it was changed.
    """
    with transaction.atomic():
        events = _keep_what_stood(member.pk, card)
        if card.is_empty:
            CareCard.objects.filter(member=member).delete()
        else:
            _write(member, card)
        log.append(*events)


def _write(member: Member, card: Card) -> None:
    words = {name: getattr(card, name) for name in CareCard.SEALED} | {"ask_first": "yes" if card.ask_first else ""}
    sealed = {name: seal(words[name], _place(member.pk, name)) for name in CareCard.SEALED}
    CareCard.objects.update_or_create(member=member, defaults={**sealed, "changed_at": timezone.now()})


def read_cards_before(member_id: int) -> list[Card]:
    """How to reach them as it stood before they changed it, the newest first, while that is kept. Raises CannotOpen."""
    return [Card(**json.loads(words)) for words in kept_contact.read_before(member_id, kept_contact.CARD)]


def has_contact(member_id: int) -> bool:
    """Whether there is, or was until somebody began to look after them, a card with how to reach them."""
    return has_card(member_id) or kept_contact.has_before(member_id, kept_contact.CARD)


def _keep_what_stood(member_id: int, card: Card) -> list[NewEvent]:
    """What nobody can open with the keys there are is nothing that could be kept."""
    try:
        before = read_card(member_id)
    except CannotOpen:
        return []
    stood = {name: getattr(before, name) for name in CONTACT}
    if not any(stood.values()) or stood == {name: getattr(card, name) for name in CONTACT}:
        return []
    return kept_contact.keep_before(member_id, kept_contact.CARD, json.dumps(stood))


def rows_of(member_id: int) -> list[dict[str, Any]]:
    """For the member's own copy of their data. What cannot be opened is left out of it rather than the whole copy undone."""
    row = CareCard.objects.filter(member=member_id).first()
    if row is None:
        return []
    times = {"changed_at": row.changed_at, "opened_at": row.opened_at}
    try:
        return [asdict(_opened(row)) | times]
    except CannotOpen:
        return [dict.fromkeys(CareCard.SEALED, "") | times]


def reseal() -> tuple[int, int]:
    """Seals with the newest key what an older one sealed. Returns how many cards were sealed anew, and how many cannot be opened."""
    done = closed = 0
    for row in CareCard.objects.order_by("pk").iterator():
        before = {name: getattr(row, name) for name in CareCard.SEALED}
        if all(map(is_newest, before.values())):
            continue
        try:
            after = {name: _again(row.member_id, name, sealed) for name, sealed in before.items()}
        except CannotOpen:
            closed += 1
            continue
        # Only what still stands as it was read: a member may be writing a new card just now.
        done += CareCard.objects.filter(pk=row.pk, **before).update(**after)
    return done, closed


def _opened(row: CareCard) -> Card:
    def read(name: str) -> str:
        return unseal(getattr(row, name), _place(row.member_id, name))

    return Card(
        phone=read("phone"),
        town=read("town"),
        to_ring=read("to_ring"),
        helps=read("helps"),
        worse=read("worse"),
        ask_first=bool(read("ask_first")),
    )


def _again(member_id: int, name: str, sealed: str) -> str:
    place = _place(member_id, name)
    return seal(unseal(sealed, place), place)


def _place(member_id: int, name: str) -> str:
    return f"care_card:{member_id}:{name}"
