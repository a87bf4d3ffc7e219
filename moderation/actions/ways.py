"""Adding, testing, confirming and taking away the ways by which one is reached. Each person does it for themselves alone."""

import hmac
import secrets

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import ways
from moderation.clocks import WAY_CODE_FOR, WAY_CODE_TRIES, WAY_TEST_AGAIN
from moderation.models import ContactWay, WayKind
from moderation.refusals import Missing, NotAllowed
from realtime.receivers import Receiver

KEY_BYTES = 32


def add_way(member: Member, kind: str, preset: str, name: str, receiver: Receiver) -> ContactWay:
    """Keeps a new way, sealed and not confirmed yet. Raises Missing for a name they have given to another."""
    way = ContactWay(member=member, kind=kind, preset=preset, name=name.strip(), rings=kind != WayKind.MAIL)
    ways.close_way(way, receiver)
    try:
        with transaction.atomic():
            way.save(force_insert=True)
    except IntegrityError:
        raise Missing("name", _("You have a way with this name already. Give this one another.")) from None
    return way


def new_key() -> str:
    """What signs the pages of one way."""
    return secrets.token_urlsafe(KEY_BYTES)


def try_way(way: ContactWay) -> ContactWay:
    """Sends a page with a short code and a link, each good for 15 minutes and once. An earlier test's are void.

    Raises NotAllowed within 30 seconds of the last test.
    """
    code, token, now = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(KEY_BYTES), timezone.now()
    with transaction.atomic():
        fresh = ContactWay.objects.select_for_update().get(pk=way.pk)
        if fresh.test_sent_at and now < fresh.test_sent_at + WAY_TEST_AGAIN:
            raise NotAllowed(_("A test is on its way. You can send another in half a minute."))
        fresh.code_digest, fresh.link_digest = _digest(fresh, code), _link_digest(token)
        fresh.code_until, fresh.code_tries, fresh.test_sent_at = now + WAY_CODE_FOR, 0, now
        fresh.save(update_fields=["code_digest", "link_digest", "code_until", "code_tries", "test_sent_at"])
        _send_test(fresh, code, token)
    return fresh


def confirm_by_code(way: ContactWay, code: str) -> ContactWay:
    """It reached them: they typed its code. Raises Missing for a wrong one, for one that is over, and after five tries."""
    with transaction.atomic():
        fresh = ContactWay.objects.select_for_update().get(pk=way.pk)
        right = _is_open(fresh) and hmac.compare_digest(fresh.code_digest, _digest(fresh, "".join(code.split())))
        if right:
            return _reached(fresh)
        fresh.code_tries += 1
        fresh.save(update_fields=["code_tries"])
    # The count is kept, so the refusal comes after the transaction.
    if not _is_open(fresh):
        raise Missing("code", _("This test is over. Send another and type the code it brings."))
    raise Missing("code", _("That is not the code of the last test. Look at the newest message again."))


def confirm_by_link(token: str) -> ContactWay | None:
    """It reached them: they pressed the link in it. None for one that is over, used or never was."""
    with transaction.atomic():
        way = ContactWay.objects.select_for_update().filter(link_digest=_link_digest(token)).first()
        return _reached(way) if way and _is_open(way) else None


def remove_way(way: ContactWay) -> None:
    """Takes it away for good; what was on its way by it does not leave."""
    way.delete()


def _send_test(way: ContactWay, code: str, token: str) -> None:
    link = ways.whole(reverse("way_reached", args=[token]))
    with translation.override(way.member.language):
        subject = _("This is a test. Your code is %(code)s") % {"code": " ".join(code)}
        body = _(
            "This is a test of how you are reached. Your code is %(code)s.\n\n"
            "Type it on the page where you sent the test, or open this link within 15 minutes:\n\n%(link)s\n"
        ) % {"code": code, "link": link}
        dedupe = f"way-test:{way.pk}:{way.link_digest[:16]}"
        facts = {"member_id": way.member_id, "link": link, "severity": "test"}
        ways.queue_by(way, dedupe, subject, facts, body)


def _reached(way: ContactWay) -> ContactWay:
    now = timezone.now()
    way.confirmed_at, way.tested_at, way.failing = way.confirmed_at or now, now, ""
    way.code_digest = way.link_digest = ""
    way.code_until, way.code_tries = None, 0
    way.save()
    return way


def _is_open(way: ContactWay) -> bool:
    until = way.code_until
    return until is not None and timezone.now() < until and way.code_tries < WAY_CODE_TRIES


def _digest(way: ContactWay, code: str) -> str:
    """Keyed: six digits could be tried out against a plain digest in a copied database."""
    return salted_hmac(f"way-code:{way.pk}:{way.sealed_for}", code, algorithm="sha256").hexdigest()


def _link_digest(token: str) -> str:
    return salted_hmac("way-link", token, algorithm="sha256").hexdigest()
