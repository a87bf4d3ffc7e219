"""What must leave: mail, webhooks and pushes are rows first, in the transaction that causes them, and the clock sends them.

A sender claims a row by a guarded UPDATE, so that two clocks never send it twice. A sender that dies after it was handed
over leaves it to the next, which sends it again under the same Message-ID or Idempotency-Key. Words are wiped from the row
once it has left; what came of each try is kept, without an address or a word.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from realtime import mail, web_push, webhooks
from realtime.clock import register_task
from realtime.mail import SUBJECT_MAX, QueuedMail
from realtime.models import Delivery, DeliveryTry
from realtime.senders import NotTaken, Sender, Taken

__all__ = ["Outcome", "QueuedMail", "on_outcome", "queue", "queue_mail", "send_due", "still_wanted"]

logger = logging.getLogger(__name__)

GIVE_UP = timedelta(days=1)
BACK_OFF = [timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900, 3600)]  # then hourly
URGENT_GIVE_UP = timedelta(hours=1)
URGENT_BACK_OFF = [timedelta(seconds=seconds) for seconds in (5, 10, 20, 30, 30, 60)]  # then each minute
URGENT_TRIES = 5  # at least: a page that waited for hours for a clock is not given up at its first refusal
BATCH = 20
KEPT = ("case_id", "member_id", "way_id")  # of the payload, when the words are wiped: numbers that say whose it was


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. `words` are ours and say no address: "handed over", "refused", "no answer", "not needed" …"""

    state: str  # of the delivery, from now on
    words: str
    status: int | None = None
    taken_by: str = ""


Hook = Callable[[Delivery, Outcome], object]
Guard = Callable[[Delivery], bool | datetime]
_senders: dict[str, Sender] = {"mail": mail.SENDER, "webhook": webhooks.SENDER, "push": web_push.SENDER}
_hooks: dict[str, list[Hook]] = {}
_guards: list[Guard] = []


def on_outcome(kind: str, function: Hook) -> None:
    """`function(delivery, outcome)` is called after each try of this kind, in the transaction that writes its outcome.

    It must not raise: whatever it does wrong is logged and undone, and the outcome stands.
    """
    if function not in _hooks.setdefault(kind, []):
        _hooks[kind].append(function)


def still_wanted(function: Guard) -> None:
    """`function(delivery)` is asked just before a try. Once one says False, the delivery is stopped and never leaves; where one
    names a moment, it waits until then and is asked about again.
    """
    if function not in _guards:
        _guards.append(function)


def queue(
    kind: str, dedupe: str, address: str, *, subject: str, body: str = "", urgent: bool = False, **payload: Any
) -> bool:
    """Queue one delivery. The same `dedupe` never makes a second one: returns False when it was there before."""
    more = mail.facts() | payload if kind == "mail" else payload
    defaults = {
        "kind": kind,
        "address": address,
        "subject": subject[:SUBJECT_MAX],
        "body": body,
        "urgent": urgent,
        "payload": more,
    }
    _row, made = Delivery.objects.get_or_create(dedupe=_short(dedupe), defaults=defaults)
    return made


def queue_mail(dedupe: str, to: str, subject: str, body: str, headers: Mapping[str, str] | None = None) -> bool:
    """Queue one plain mail, with further headers of its own; as `queue`."""
    carried = mail.facts()
    carried["headers"] = {**(headers or {}), **carried["headers"]}
    return queue("mail", dedupe, to, subject=subject, body=body, **carried)


def send_due(kind: str = "", *, urgent_only: bool = False) -> int:
    """Send what is due of one kind or of all, at most 20 of each, and return how many left. Run by the clock every second.

    What calls somebody goes first. What fails is tried again after 10 s, 30 s, 1, 5, 15 min and then hourly, and given up
    after a day; what calls somebody after 5, 10, 20, 30 s and then each minute, and given up after an hour. Giving up is
    logged as an error, with the delivery's number and without anything personal.
    """
    return sum(_send_kind(name, urgent_only) for name in ([kind] if kind else _senders))


def register_tasks() -> None:
    """A lane for each thread that sends. Mail that calls somebody has one of its own, past whatever else is in the post."""
    register_task("deliveries.mail", 1, partial(send_due, "mail"), lane="mail")
    register_task("deliveries.mail.urgent", 1, partial(send_due, "mail", urgent_only=True), lane="mail-urgent")
    for kind in ("webhook", "push"):
        for n in range(1, _senders[kind].lanes + 1):
            register_task(f"deliveries.{kind}.{n}", 1, partial(send_due, kind), lane=f"{kind}-{n}")


def _send_kind(kind: str, urgent_only: bool) -> int:
    sender, sent = _senders[kind], 0
    for _turn in range(BATCH):
        delivery = _next(kind, urgent_only)
        if delivery is None:
            break
        if not _claim(delivery, sender):
            continue
        outcome, away = _attempt(delivery, sender)
        sent += outcome.state == Delivery.State.SENT
        if away and sender.stops_when_away:
            break  # nobody answers: the rest keep their turn, and the next look is soon enough
    return sent


def _next(kind: str, urgent_only: bool) -> Delivery | None:
    """What is due first, read anew each time: somebody may be called while the rest of the post goes out."""
    now = timezone.now()
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=now)
    due = Delivery.objects.filter(unclaimed, kind=kind, state=Delivery.State.WAITING, due_at__lte=now)
    if urgent_only:
        due = due.filter(urgent=True)
    return due.order_by("-urgent", "due_at", "pk").first()


def _claim(delivery: Delivery, sender: Sender) -> bool:
    """The number of tries is the guard: of two senders that read the same row, one finds it as it was."""
    until = timezone.now() + (sender.urgent_claim if delivery.urgent else sender.claim)
    claimed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, tries=delivery.tries).update(
        tries=F("tries") + 1, claimed_until=until
    )
    delivery.tries += claimed
    return bool(claimed)


def _attempt(delivery: Delivery, sender: Sender) -> tuple[Outcome, bool]:
    """One try, written down; and whether nobody was there to take it."""
    away, wanted = False, _is_wanted(delivery)
    if isinstance(wanted, datetime):
        return _put_off(delivery, wanted), False
    if not wanted:
        outcome = Outcome(Delivery.State.STOPPED, "not needed")
    else:
        try:
            outcome = _handed_over(sender.send(delivery))
        except NotTaken as refusal:
            outcome = _not_taken(delivery, refusal.outcome, refusal.status, final=refusal.final)
        except Exception as error:
            away = isinstance(error, OSError)
            outcome = _not_taken(delivery, type(error).__name__)
    _write(delivery, outcome)
    return outcome, away


def _is_wanted(delivery: Delivery) -> bool | datetime:
    """Whether it leaves now, or the latest moment that a guard names for it."""
    try:
        said = [guard(delivery) for guard in _guards]
    except Exception:
        logger.exception("delivery_guard_failed: number %s leaves all the same", delivery.pk)
        return True  # called once too often is mended by a person; not called at all is not
    if not all(said):
        return False
    return max((each for each in said if isinstance(each, datetime)), default=True)


def _put_off(delivery: Delivery, until: datetime) -> Outcome:
    """It waits, and this was no try: nothing is written among them, and its patience is as long as before."""
    mine = Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries, state=Delivery.State.WAITING)
    mine.update(tries=F("tries") - 1, claimed_until=None, due_at=until)
    return Outcome(Delivery.State.WAITING, delivery.outcome)


def _handed_over(taken: Taken) -> Outcome:
    return Outcome(Delivery.State.SENT, "handed over", taken.status, taken.by)


def _not_taken(delivery: Delivery, words: str, status: int | None = None, *, final: bool = False) -> Outcome:
    if final or _is_given_up(delivery):
        logger.error("delivery_given_up: number %s, %s tries (%s)", delivery.pk, delivery.tries, words)
        return Outcome(Delivery.State.FAILED, words, status)
    return Outcome(Delivery.State.WAITING, words, status)


def _is_given_up(delivery: Delivery) -> bool:
    if delivery.urgent:
        return timezone.now() >= delivery.made_at + URGENT_GIVE_UP and delivery.tries >= URGENT_TRIES
    return timezone.now() >= delivery.made_at + GIVE_UP


def _write(delivery: Delivery, outcome: Outcome) -> None:
    """The outcome, its line among the tries, and whoever wants to hear of it, in one transaction."""
    with transaction.atomic():
        # Nothing is written by a sender that was taken for dead, so that the next one claimed the row meanwhile.
        mine = Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries, state=Delivery.State.WAITING)
        if not mine.update(claimed_until=None, outcome=outcome.words, **_changes(delivery, outcome)):
            return
        DeliveryTry.objects.create(
            delivery=delivery,
            n=delivery.tries,
            outcome=outcome.words,
            status=outcome.status,
            taken_by=outcome.taken_by,
        )
        for hook in _hooks.get(delivery.kind, ()):
            _tell(hook, delivery, outcome)


def _changes(delivery: Delivery, outcome: Outcome) -> dict[str, Any]:
    if outcome.state == Delivery.State.WAITING:
        steps = URGENT_BACK_OFF if delivery.urgent else BACK_OFF
        return {"due_at": timezone.now() + steps[min(delivery.tries, len(steps)) - 1]}
    kept = {name: delivery.payload[name] for name in KEPT if name in delivery.payload}
    return {"state": outcome.state, "done_at": timezone.now(), "subject": "", "body": "", "payload": kept}


def _tell(hook: Hook, delivery: Delivery, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            hook(delivery, outcome)
    except Exception:
        logger.exception("delivery_hook_failed: number %s", delivery.pk)


def _short(dedupe: str) -> str:
    return dedupe if len(dedupe) <= 120 else hashlib.sha256(dedupe.encode()).hexdigest()
