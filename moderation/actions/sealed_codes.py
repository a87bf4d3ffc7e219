"""The one code on paper: made after a fresh sign-in, used once in place of the second step, and never in silence."""

import logging
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation.models import SealedCode
from moderation.refusals import NotAllowed
from moderation.vocabulary import DESK
from realtime.deliveries import queue_mail

logger = logging.getLogger(__name__)
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that reads like another on paper at night
LENGTH, GROUP = 20, 4  # 98 bits


def make_code(member: Member) -> str:
    """Makes a new code and returns it, for this once; the one before it works no more. Its owner hears of it by mail.

    Raises NotAllowed for who is not of those that are called at night.
    """
    if member.role not in (Role.STAFF, Role.INDEPENDENT):
        raise NotAllowed(_("This is for those who are called at night."))
    letters = "".join(secrets.choice(LETTERS) for _each in range(LENGTH))
    now = timezone.now()
    with transaction.atomic():
        Member.objects.select_for_update().get(
            pk=member.pk
        )  # two presses at once: the later code is the one that works
        live_of(member).update(ended_at=now)
        code = SealedCode.objects.create(member=member, hashed=make_password(letters), made_at=now)
        with translation.override(member.language):
            _mail(f"sealed-made:{code.pk}", member, _("A code on paper was made for you"), _made())
    logger.info("sealed_code_made: member %s, code %s", member.pk, code.pk)
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def use_code(member: Member, typed: str) -> bool:
    """Whether this is their code, which is used up by it. The person and all staff hear of it by mail at once."""
    letters = as_typed(typed)
    code = live_of(member).first() if len(letters) == LENGTH and member.role in DESK else None
    if code is None or not check_password(letters, code.hashed):
        return False
    with transaction.atomic():
        if not live_of(member).filter(pk=code.pk).update(used_at=timezone.now()):
            return False
        for person in _who_hears(member):
            with translation.override(person.language):
                _mail(
                    f"sealed-used:{code.pk}:{person.pk}",
                    person,
                    _("A code on paper was used to sign in"),
                    _used(member),
                )
    logger.warning("sealed_code_used: member %s, code %s", member.pk, code.pk)
    return True


def end_codes(member: Member) -> None:
    """Whoever finds the paper opens nothing with it any more."""
    live_of(member).update(ended_at=timezone.now())


def live_of(member: Member) -> QuerySet[SealedCode]:
    return SealedCode.objects.filter(member=member, used_at=None, ended_at=None)


def as_typed(typed: str) -> str:
    """As it was made: capitals, and nothing between them."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _who_hears(member: Member) -> list[Member]:
    staff = Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True).order_by("pk")
    return list(dict.fromkeys([member, *staff]))


def _made() -> str:
    return _(
        "A new code on paper was made for your account. If that was not you, end your sessions and change your password:"
    )


def _used(member: Member) -> str:
    return _(
        "The code on paper of %(handle)s was used in place of the second step. It works no more. If nobody knows why, speak "
        "to %(handle)s and end their sessions:"
    ) % {"handle": member.handle}


def _mail(dedupe: str, to: Member, subject: str, words: str) -> None:
    page = (settings.ORIGINS[0] if settings.ORIGINS else "") + reverse("me_sessions")
    queue_mail(dedupe, to.email, subject, f"{words}\n\n{page}\n")
