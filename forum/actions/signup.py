"""Joining: details, a code by mail, and only then an account.

An address that has an account and one that has none meet the same steps, the same queries, one password hash and one mail,
so that nobody can ask this site whether somebody is here. What differs is the mail, which its owner alone can read.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from forum.actions.handles import HandleTaken, was_lately
from forum.handles import handle_key, lookalike_keys, spoken
from forum.models import Consent, Member, PendingSignup
from forum.rules import version_in_force
from forum.self_words import was_said

CODE_LIFE = timedelta(minutes=15)
TRIES_PER_CODE = 3
MAILS_PER_HOUR = 10  # to one address, so that nobody can fill a stranger's inbox from here


class SignupEnded(Exception):
    """There is no such sign-up any more: its time is over, it was confirmed elsewhere, or no more codes may be asked for."""


class CodeWrong(Exception):
    """Not the code. After the last try the code is used up and a new one can be asked for."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


def begin_signup(
    *, email: str, handle: str, password: str, consents: Mapping[str, str], replaces: int | None = None
) -> PendingSignup:
    """Reserves the handle for the code's life and sends a mail. Raises HandleTaken.

    `consents` maps each kind agreed to onto the version of its text. `replaces` is this browser's earlier sign-up, whose
    handle becomes free again. The password is hashed before anything is looked up.
    """
    pending = PendingSignup(email=email.lower(), handle=handle, handle_key=handle_key(handle))
    pending.password = make_password(password)
    pending.consents = dict(consents)
    code = _renew(pending)
    try:
        with transaction.atomic():
            _reserve(pending, replaces)
            _send_mail(pending.email, code)
    except IntegrityError:
        raise HandleTaken from None
    return pending


def live_signup(pending_id: int | None) -> PendingSignup | None:
    """The sign-up with this number, while its code is alive."""
    return PendingSignup.objects.filter(pk=pending_id or 0, expires_at__gt=timezone.now()).first()


def send_new_code(pending: PendingSignup) -> None:
    """Sends a new code, or to a known address the same mail as before. Raises SignupEnded when none is left."""
    code = _renew(pending)
    fresh = {"code_digest": pending.code_digest, "expires_at": pending.expires_at, "tries_left": TRIES_PER_CODE}
    alive = PendingSignup.objects.filter(pk=pending.pk, expires_at__gt=timezone.now(), codes_left__gt=0)
    with transaction.atomic():
        if not alive.update(codes_left=F("codes_left") - 1, **fresh):
            raise SignupEnded
        _send_mail(pending.email, code)


def confirm_signup(pending_id: int, code: str) -> Member:
    """Makes the account when the code is right. Raises CodeWrong or SignupEnded.

    A try is taken before the code is looked at, so that guesses sent at once are counted one by one.
    """
    alive = PendingSignup.objects.filter(pk=pending_id, expires_at__gt=timezone.now())
    taken = alive.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    pending = alive.first()
    if pending is None:
        raise SignupEnded
    if not taken or not constant_time_compare(pending.code_digest, _digest(pending.email, code)):
        raise CodeWrong(pending.tries_left)
    try:
        member = _admit(pending)
    except (IntegrityError, PendingSignup.DoesNotExist):
        raise SignupEnded from None
    was_said(member, spoken(member.handle))
    return member


def _reserve(pending: PendingSignup, replaces: int | None) -> None:
    """The row first, then the look at who has the handle: so a member made meanwhile is seen, and two cannot both reserve."""
    keys = lookalike_keys(pending.handle)
    over = Q(handle_key__in=keys, expires_at__lte=timezone.now())
    PendingSignup.objects.filter(over | Q(pk=replaces)).delete()
    pending.save()
    others = PendingSignup.objects.filter(handle_key__in=keys).exclude(pk=pending.pk)
    if Member.objects.filter(handle_key__in=keys).exists() or others.exists() or was_lately(keys):
        raise HandleTaken


def _admit(pending: PendingSignup) -> Member:
    with transaction.atomic():
        pending = PendingSignup.objects.select_for_update().get(pk=pending.pk)
        member = Member(email=pending.email, handle=pending.handle, handle_key=pending.handle_key)
        member.password = pending.password
        agreed = pending.consents.get(Consent.Kind.RULES, "")
        member.rules_asked = (
            "" if agreed == (now := version_in_force()) else now
        )  # they changed while the mail travelled
        member.language = get_language() or settings.LANGUAGE_CODE  # the pages they joined through
        member.save()
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        Consent.objects.bulk_create(
            Consent(member=member, kind=kind, version=version, given_at=pending.created_at)
            for kind, version in pending.consents.items()
        )
        pending.delete()
    return member


def _renew(pending: PendingSignup) -> str:
    """A code of six digits. Only its digest is kept; for a known address it is never sent to anyone."""
    code = f"{secrets.randbelow(10**6):06}"
    pending.code_digest = _digest(pending.email, code)
    pending.expires_at = timezone.now() + CODE_LIFE
    return code


def _digest(email: str, code: str) -> str:
    digits = "".join(character for character in code if character.isdigit())
    return salted_hmac("forum.signup", f"{email}:{digits}", algorithm="sha256").hexdigest()


def _send_mail(email: str, code: str) -> None:
    known = Member.objects.filter(Q(email=email) | Q(emailaddress__email=email, emailaddress__verified=True)).exists()
    if not _may_mail(email):
        return
    template = "account/email/account_already_exists" if known else "account/email/signup_code"
    get_adapter().send_mail(template, email, {"code": code, "minutes": int(CODE_LIFE.total_seconds() // 60)})


def _may_mail(email: str) -> bool:
    digest = salted_hmac("forum.signup.mails", email, algorithm="sha256").hexdigest()
    cache.add(f"signup-mails:{digest}", 0, timeout=3600)
    return cache.incr(f"signup-mails:{digest}") <= getattr(settings, "SIGNUP_MAILS_PER_HOUR", MAILS_PER_HOUR)
