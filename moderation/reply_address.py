"""The address at which a member can answer a conversation by mail: one for each, told by a token that only we can make."""

import re
from base64 import b32encode

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from moderation.clocks import REPLY_ADDRESS_FOR
from moderation.models import Case, WordMail

SALT = "moderation.reply_address"
PROVEN = r"(\d{1,18})-([a-z2-7]{26})"  # in any case: mail servers on the way may change that of letters


def address_of(case: Case) -> str:
    """Where an answer to this conversation can be sent, or "" where the operator reads no mail."""
    return settings.REPLY_ADDRESS.replace("{token}", f"{case.pk}-{_proof(case)}")


def case_at(address: str) -> Case | None:
    """The conversation that this address answers; None for any other address, and for one that is no longer read."""
    found = _pattern().fullmatch(address.strip().lower()) if settings.REPLY_ADDRESS else None
    if found is None:
        return None
    case = Case.objects.select_related("subject").filter(pk=int(found[1])).first()
    if case is None or not constant_time_compare(found[2], _proof(case)):
        return None
    lately = WordMail.objects.filter(case=case, queued_at__gt=timezone.now() - REPLY_ADDRESS_FOR)
    return case if lately.exists() else None


def _pattern() -> re.Pattern[str]:
    before, after = settings.REPLY_ADDRESS.lower().split("{token}")
    return re.compile(re.escape(before) + PROVEN + re.escape(after))


def _proof(case: Case) -> str:
    """Of the mailbox it was sent to as well: whoever still reads one that the member has left answers for nobody."""
    whose = f"{case.pk}:{case.subject_id}:{case.subject.email.casefold()}"
    digest = salted_hmac(SALT, whose, algorithm="sha256").digest()
    return b32encode(digest[:16]).decode().rstrip("=").lower()
