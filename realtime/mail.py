"""Mail: Django's backend that stores it, and the sender that hands it to the mail server."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME

from realtime.models import Delivery
from realtime.senders import NotTaken, Sender, Taken

SUBJECT_MAX = 200
PERMANENT = 500  # RFC 5321, 4.2.1: trying again is of no use


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


def facts() -> dict[str, Any]:
    """What a plain mail's payload begins with: the sender, and the Message-ID that every try carries."""
    return {"from": settings.DEFAULT_FROM_EMAIL, "headers": {"Message-ID": _message_id()}}


def send(delivery: Delivery) -> Taken:
    """Hand one mail to the mail server. Raises what that says, and NotTaken for an address that it refuses for good."""
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
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as refusal:
        code = max((code for code, _said in refusal.recipients.values()), default=0)
        raise NotTaken("refused", code, final=code >= PERMANENT) from None
    return Taken("mail server")


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


def _message_id() -> str:
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return make_msgid(domain=sender or str(DNS_NAME))


SENDER = Sender(
    send,
    claim=timedelta(minutes=5),  # longer than one mail can take
    urgent_claim=timedelta(seconds=60),  # the server has 10 s for each answer; sooner than that one would leave twice
    stops_when_away=True,
)
