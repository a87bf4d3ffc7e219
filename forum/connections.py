"""Connection facts: the address, source port and time (UTC) of each sign-in and each post. Sealed as the card is; staff open
them in a disclosure alone, and the clock forgets them.

Whether two members use one connection is compared in memory, from what is sealed: a column to look it up by, keyed or not,
would tell whoever holds a copy of the database who lives with whom.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from forum.models import ConnectionFact, Member, Post
from forum.sealing import CannotOpen, is_newest, seal, unseal
from realtime.peers import Peer, network_of

KEPT = timedelta(days=30)
SIGN_INS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Fact:
    """One connection, opened. `port` is "" where it could not be told."""

    address: str
    port: str
    at: datetime


def note_post(post: Post, peer: Peer) -> None:
    """Keeps where a post came from. Call in the transaction that stores it. What cannot be told leaves no row."""
    _note(post.author_id, peer, post)


def note_sign_in(member: Member, peer: Peer) -> None:
    _note(member.pk, peer)


def read_sign_ins(member_id: int) -> list[Fact]:
    """The last ten sign-ins that are kept, the newest first. Raises CannotOpen when their key is missing."""
    rows = ConnectionFact.objects.filter(member=member_id, post=None).order_by("-forget_at", "-pk")
    facts = [_opened(row) for row in rows[:SIGN_INS_SHOWN]]
    return sorted(facts, key=lambda fact: fact.at, reverse=True)


def read_of_post(post_id: int) -> Fact | None:
    """Where a post came from, while it is kept. Raises CannotOpen."""
    row = ConnectionFact.objects.filter(post=post_id).first()
    return _opened(row) if row else None


def read_networks(member_ids: Iterable[int]) -> dict[int, dict[str, date]]:
    """The networks that each of these members used in the last thirty days, each with the newest day. For comparing alone.

    What a hold keeps for longer is not among them. Raises CannotOpen when a key is missing.
    """
    used: dict[int, dict[str, date]] = defaultdict(dict)
    for row in ConnectionFact.objects.filter(member__in=list(member_ids), forget_at__gt=timezone.now()):
        fact = _opened(row)
        network, day = network_of(fact.address), timezone.localdate(fact.at)
        if network:
            used[row.member_id][network] = max(day, used[row.member_id].get(network, day))
    return used


def rows_of(member_id: int) -> Iterator[dict[str, Any]]:
    """For the member's own copy of their data. What cannot be opened is left out of it rather than the whole copy undone."""
    for row in ConnectionFact.objects.filter(member=member_id).order_by("pk"):
        try:
            fact = _opened(row)
        except CannotOpen:
            continue
        yield {"post_id": row.post_id, "address": fact.address, "port": fact.port, "at": fact.at}


def reseal() -> tuple[int, int]:
    """Seals with the newest key what an older one sealed. Returns how many were sealed anew, and how many cannot be opened."""
    done = closed = 0
    for row in ConnectionFact.objects.order_by("pk").iterator():
        before = {name: getattr(row, name) for name in ConnectionFact.SEALED}
        if all(map(is_newest, before.values())):
            continue
        try:
            after = {name: seal(unseal(words, _place(row, name)), _place(row, name)) for name, words in before.items()}
        except CannotOpen:
            closed += 1
            continue
        done += ConnectionFact.objects.filter(pk=row.pk, **before).update(**after)
    return done, closed


def _note(member_id: int, peer: Peer, post: Post | None = None) -> None:
    if not peer.address:
        return
    now = timezone.now()
    row = ConnectionFact(member_id=member_id, post=post)
    row.forget_at = (now + KEPT).replace(minute=0, second=0, microsecond=0)
    words = {"address": peer.address, "port": str(peer.port or ""), "at": now.astimezone(UTC).isoformat()}
    for name, value in words.items():
        setattr(row, name, seal(value, _place(row, name)))
    row.save(force_insert=True)


def _opened(row: ConnectionFact) -> Fact:
    address, port, at = (unseal(getattr(row, name), _place(row, name)) for name in ConnectionFact.SEALED)
    return Fact(address, port, datetime.fromisoformat(at))


def _place(row: ConnectionFact, name: str) -> str:
    return f"connection:{row.sealed_for}:{row.member_id}:{row.post_id or 'sign-in'}:{name}"
