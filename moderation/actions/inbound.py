"""A mail comes in: it becomes an answer in its conversation, or goes back at once with where help is. It never lies unread."""

import hashlib
import logging
from collections.abc import Iterable
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from forum.actions.mail import whole
from forum.models import Member, Standing
from forum.refusals import Refusal
from forum.text import clean_text
from moderation.actions.cases import answer_word
from moderation.inbound import Inbound, read_message
from moderation.models import Case, Word
from moderation.reply_address import case_at
from realtime.deliveries import queue_mail

logger = logging.getLogger(__name__)
LARGEST = 25 * 1024 * 1024  # bytes; with what is attached, which is not kept
PIECES = 4  # words of the greatest length that one mail may become


class Received(StrEnum):
    KEPT = "kept"
    SENT_BACK = "sent back"
    PASSED_OVER = "passed over"


def receive_mail(raw: bytes, recipients: Iterable[str] = (), sender: str | None = None) -> Received:
    """Takes one message from a mail server. The same message twice is one answer.

    It becomes the member's word in the conversation whose address it was sent to, whoever sent it: the token is the proof.
    Everything else is answered at once with a mail that says that nobody has read it, and where help is; but what a machine
    wrote is passed over, so that no two machines write to each other for ever. Database errors are raised: the server keeps
    the message and comes back with it.
    """
    inbound = read_message(raw[:LARGEST], recipients, sender)
    if inbound.by_machine:
        return Received.PASSED_OVER
    case = next((found for each in inbound.recipients if (found := case_at(each))), None)
    if case is None or not _may_write(case.subject):
        return _send_back(inbound, "unknown")
    if len(raw) > LARGEST:
        return _send_back(inbound, "long", case.subject)
    pieces = _pieces(inbound.words)
    if not pieces:
        return _send_back(inbound, "empty", case.subject)
    try:
        _keep(case, inbound, pieces)
    except Refusal as refusal:
        logger.warning("mail_refused: %s", type(refusal).__name__)
        return _send_back(inbound, "unknown", case.subject)
    if inbound.attached:
        _send_back(inbound, "attached", case.subject)
    return Received.KEPT


def _keep(case: Case, inbound: Inbound, pieces: list[str]) -> None:
    for place, piece in enumerate(pieces):
        key = _key(case, inbound, place, piece)
        answer_word(case, case.subject, piece, key, by_mail=True, left_out=inbound.attached and place == 0)


def _may_write(member: Member) -> bool:
    return member.is_active and member.standing != Standing.ERASED


def _pieces(words: str) -> list[str]:
    """All of it, in as many words as it needs; a book is cut off, with a mark where."""
    try:
        clean = clean_text(words).strip()
    except ValidationError:
        clean = clean_text(words.encode(errors="ignore").decode()).strip()
    whole_ones = [clean[start : start + Word.BODY_MAX] for start in range(0, len(clean), Word.BODY_MAX)]
    kept = whole_ones[:PIECES]
    if len(whole_ones) > PIECES:
        kept[-1] = kept[-1][:-3] + " […"
    return [piece for piece in kept if piece.strip()]


def _key(case: Case, inbound: Inbound, place: int, piece: str) -> UUID:
    named = inbound.message_id or hashlib.sha256(piece.encode()).hexdigest()
    return uuid5(NAMESPACE_URL, f"{case.pk}:{named}:{place}:{hashlib.sha256(piece.encode()).hexdigest()}")


def _send_back(inbound: Inbound, reason: str, member: Member | None = None) -> Received:
    """One mail an hour to one address at most: senders can be forged, and nobody is to be flooded through us."""
    if not inbound.sender:
        return Received.PASSED_OVER
    facts = {"reason": reason, "room": whole(reverse("room")), "help": whole(reverse("help"))}
    with translation.override(member.language if member else settings.LANGUAGE_CODE):
        subject, _blank, body = render_to_string("moderation/email/not_read.txt", facts).strip().partition("\n")
    if reason == "attached":
        with translation.override(member.language if member else settings.LANGUAGE_CODE):
            subject = translation.gettext("What was attached was not kept")
    digest = hashlib.sha256(inbound.sender.lower().encode()).hexdigest()[:40]
    hour = timezone.now().strftime("%Y%m%d%H")
    queue_mail(
        f"sent-back:{digest}:{hour}:{reason}",
        inbound.sender,
        subject,
        body.strip() + "\n",
        {
            "Auto-Submitted": "auto-replied",
            **({"In-Reply-To": inbound.message_id} if _plain(inbound.message_id) else {}),
        },
    )
    return Received.SENT_BACK


def _plain(header: str) -> bool:
    return bool(header) and "\n" not in header and "\r" not in header
