"""The audit chain: written here, proved here. The key stays outside the database, so that a copy cannot be re-chained."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from forum.models import Member
from moderation.models import AuditHead, Case, CaseEvent, CaseEventWords

HEAD = 1  # the id of the one AuditHead


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold, and why."""

    n: int
    reason: str


def record(
    case: Case | None,
    action: str,
    actor: Member | None,
    from_state: str,
    to_state: str,
    words: str = "",
    about: Member | None = None,
) -> CaseEvent:
    """Adds one event to the chain. Call inside the transaction of what happened, after the case row is written.

    Takes the head's lock, so it comes after post, member and case rows and before the streams. `words` are kept apart,
    where they can be erased. Without a case it is a step `about` somebody's role, and the states are roles.
    """
    AuditHead.objects.get_or_create(pk=HEAD)
    head = AuditHead.objects.select_for_update().get(pk=HEAD)
    salt = secrets.token_hex(16) if words else ""
    event = CaseEvent(
        n=head.n + 1,
        case=case,
        about=about,
        action=action,
        actor=actor,
        from_state=from_state,
        to_state=to_state,
        at=timezone.now(),
    )
    link(event, head.digest, _digest_of_words(salt, words))
    event.save(force_insert=True)
    if words:
        CaseEventWords.objects.create(event=event, salt=salt, words=words)
    AuditHead.objects.filter(pk=HEAD).update(n=event.n, digest=event.digest)
    return event


def link(event: CaseEvent, previous: str, words: str = "") -> None:
    """Binds an event, not yet stored, to the digest of the one before it. `words` is the digest of what was said, if any."""
    event.previous = previous
    event.canonical = _canonical(event, words)
    event.digest = _digest(event.previous, event.canonical)


def verify(since: tuple[int, str] = (0, "")) -> Broken | None:
    """Walks the chain, a row at a time, and returns its first broken link, or None when it holds.

    The whole of it, or what follows the number and digest of `since`, which are taken to be right.
    """
    # The head is read first: rows that are written during the walk may come after it, and none may be missing before it.
    promised = head()
    n, last = since
    row, at_promised = 0, last if n == promised[0] else ""
    for event in CaseEvent.objects.filter(n__gt=n).select_related("said").order_by("n").iterator(chunk_size=500):
        n += 1
        if event.n != n:
            return Broken(n, f"it is missing: the next one there is {event.n}")
        if reason := _fault(event, last, row):
            return Broken(n, reason)
        last, row = event.digest, event.pk
        at_promised = last if n == promised[0] else at_promised
    if n < promised[0] or n > head()[0]:
        return Broken(min(n, promised[0]) + 1, f"the chain ends at {n} and its head says {promised[0]}")
    if at_promised != promised[1]:
        return Broken(promised[0], "its digest is not the one its head names")
    return None


def head() -> tuple[int, str]:
    """Number and digest of the last event. Both stand in the database too: audit_anchor.py keeps them outside."""
    row = AuditHead.objects.filter(pk=HEAD).first()
    return (row.n, row.digest) if row else (0, "")


def seal(text: str) -> str:
    """What only whoever has the key can make of a text, as hex."""
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _fault(event: CaseEvent, last: str, row: int) -> str:
    if event.previous != last:
        return "it does not follow the one before it"
    if event.pk <= row:  # numbers are taken under the head's lock, so the rows' own ids rise with them
        return "its row has another's id"
    if not hmac.compare_digest(event.digest, _digest(event.previous, event.canonical)):
        return "its digest does not match what it says"
    said = getattr(event, "said", None)
    stated = json.loads(event.canonical)["words"]
    if said is not None and _digest_of_words(said.salt, said.words) != stated:
        return "its words were changed"
    if _canonical(event, stated) != event.canonical:
        return "its columns do not match what was sealed"
    return ""


def _canonical(event: CaseEvent, words: str) -> str:
    facts = {
        "n": event.n,
        "case": event.case_id,
        "action": event.action,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor_id,
        "at": _moment(event.at),
        "words": words,
    }
    if event.about_id is not None:  # else as every event was sealed before roles were
        facts["about"] = event.about_id
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(previous: str, canonical: str) -> str:
    return seal(f"{previous}\n{canonical}")


def _digest_of_words(salt: str, words: str) -> str:
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest() if words else ""
