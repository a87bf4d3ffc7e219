"""What must leave: mail is a row first, in the transaction that causes it, and the clock sends it.

A sender claims a row by a guarded UPDATE, so that two clocks never send it twice. A sender that dies after the mail was
handed over sends it again with the same Message-ID. Words are wiped from the row once it has left.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db.models import F, Q
from django.utils import timezone

from realtime.clock import register_task
from realtime.models import Delivery

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)  # longer than one mail can take; after it the next sender may try
GIVE_UP = timedelta(days=1)
BACK_OFF = [timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900, 3600)]  # then hourly
BATCH = 20
SUBJECT_MAX = 200


class QueuedMail(BaseEmailBackend):
    """Django's e-mail backend here: stores each mail as one Delivery per recipient, in the current transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns how many messages were stored. Raises ValueError for attachments, which no mail of ours has."""
        for message in email_messages:
            if message.attachments:
                raise ValueError("mail with attachments is not queued")
            message.message()  # refuses a line break in a header now, before anything is stored
            for address in message.recipients():
                _store(message, address)
        return len(email_messages)


def queue_mail(dedupe: str, to: str, subject: str, body: str) -> bool:
    """Queue one plain mail. The same `dedupe` never makes a second one: returns False when it was there before."""
    _row, made = Delivery.objects.get_or_create(
        dedupe=_short(dedupe),
        defaults={
            "kind": "mail",
            "address": to,
            "subject": subject[:SUBJECT_MAX],
            "body": body,
            "payload": {"from": settings.DEFAULT_FROM_EMAIL, "headers": {"Message-ID": _message_id()}},
        },
    )
    return made


def send_due() -> int:
    """Send what is due, at most 20 at a time, and return how many left. Run by the clock every second.

    A mail that fails is tried again after 10 s, 30 s, 1, 5, 15 min and then hourly; after a day it is given up and an error
    is logged, with its number and without anything personal.
    """
    now = timezone.now()
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=now)
    due = Delivery.objects.filter(unclaimed, state=Delivery.State.WAITING, due_at__lte=now)
    sent = 0
    for delivery in due.order_by("due_at", "pk")[:BATCH]:
        if not _claim(delivery):
            continue
        try:
            _send(delivery)
        except Exception as error:
            _put_off(delivery, error)
            if isinstance(error, OSError):
                break  # nobody answers: the rest keep their turn, and the next look is soon enough
        else:
            _finish(delivery, Delivery.State.SENT, "handed over")
            sent += 1
    return sent


def register_tasks() -> None:
    register_task("deliveries", 1, send_due, lane="mail")


def _store(message: EmailMessage, address: str) -> None:
    headers = {name: str(value) for name, value in message.extra_headers.items() if name.lower() != "message-id"}
    headers["Message-ID"] = _message_id()
    if message.reply_to:
        headers["Reply-To"] = ", ".join(message.reply_to)
    alternatives = getattr(message, "alternatives", None) or []
    Delivery.objects.create(
        kind="mail",
        dedupe=headers["Message-ID"][:120],
        address=address,
        subject=str(message.subject)[:SUBJECT_MAX],
        body=str(message.body),
        payload={
            "from": message.from_email,
            "headers": headers,
            "alternatives": [[str(content), str(mimetype)] for content, mimetype in alternatives],
        },
    )


def _claim(delivery: Delivery) -> bool:
    """The number of tries is the guard: of two senders that read the same row, one finds it as it was."""
    claimed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, tries=delivery.tries).update(
        tries=F("tries") + 1, claimed_until=timezone.now() + CLAIM
    )
    delivery.tries += claimed
    return bool(claimed)


def _send(delivery: Delivery) -> None:
    message = EmailMultiAlternatives(
        delivery.subject,
        delivery.body,
        delivery.payload.get("from"),
        [delivery.address],
        headers=delivery.payload.get("headers"),
    )
    for content, mimetype in delivery.payload.get("alternatives", []):
        message.attach_alternative(content, mimetype)
    connection: Any = get_connection(**settings.MAIL_TRANSPORT)
    connection.send_messages([message])


def _put_off(delivery: Delivery, error: Exception) -> None:
    if timezone.now() >= delivery.made_at + GIVE_UP:
        _finish(delivery, Delivery.State.FAILED, type(error).__name__)
        logger.error("delivery_given_up: number %s, %s tries (%s)", delivery.pk, delivery.tries, type(error).__name__)
        return
    wait = BACK_OFF[min(delivery.tries, len(BACK_OFF)) - 1]
    Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries).update(
        due_at=timezone.now() + wait, claimed_until=None, outcome=type(error).__name__
    )


def _finish(delivery: Delivery, state: str, outcome: str) -> None:
    Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries).update(
        state=state, outcome=outcome, done_at=timezone.now(), claimed_until=None, subject="", body="", payload={}
    )


def _message_id() -> str:
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return make_msgid(domain=sender or str(DNS_NAME))


def _short(dedupe: str) -> str:
    return dedupe if len(dedupe) <= 120 else hashlib.sha256(dedupe.encode()).hexdigest()
