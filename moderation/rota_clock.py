"""What the clock does for the rota: once a day it mails the gaps of the next 14 days, and it lets old wishes for swaps lapse."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation import rota
from moderation.actions.rota_swaps import lapse_swaps
from moderation.clocks import ROTA_MAIL_EVERY, ROTA_MAIL_FROM
from moderation.models import Rank, RotaMail
from moderation.rota import Stretch
from moderation.rota_words import span_words
from realtime.clock import register_task
from realtime.deliveries import queue_mail

IN_A_MAIL = 20  # gaps; the page has the rest


def register_tasks() -> None:
    register_task("moderation.rota_gaps", ROTA_MAIL_EVERY, mail_gaps)
    register_task("moderation.rota_swaps", ROTA_MAIL_EVERY, lapse_swaps)


def mail_gaps() -> int:
    """Once a day from the hour that is set, to staff and the emergency contact, when there are gaps. Returns how many mails.

    The row of the day is made once, in one transaction with the mails, so any number of clocks may run. A site that keeps no
    rota, or where nobody responds to a crisis, is not mailed.
    """
    now = timezone.now()
    today = timezone.localtime(now)
    if today.time() < ROTA_MAIL_FROM or not settings.CRISIS_RESPONSE:
        return 0
    if RotaMail.objects.filter(day=today.date()).exists() or not rota.in_use():
        return 0
    found = rota.gaps(now, now + rota.AHEAD, now=now)
    try:
        with transaction.atomic():
            RotaMail.objects.create(day=today.date(), gaps=len(found))
            return _mail(found, f"rota-gaps:{today.date()}") if found else 0
    except IntegrityError:  # another clock was quicker
        return 0


def _mail(found: list[Stretch], dedupe: str) -> int:
    subject, path = _("Nobody can be reached at times in the next 14 days"), reverse("rota")
    body = _body(found, path)
    sent = sum(queue_mail(f"{dedupe}:{person.pk}", person.email, subject, body) for person in rota.staff_to_plan())
    if "@" in settings.EMERGENCY_CONTACT:  # one that is rung would be rung every morning, and learn not to mind it
        sent += queue_mail(f"{dedupe}:contact", settings.EMERGENCY_CONTACT, subject, body)
    return sent


def _body(found: list[Stretch], path: str) -> str:
    lines = "\n".join(f"- {_line(gap)}" for gap in found[:IN_A_MAIL])
    more = len(found) - IN_A_MAIL
    if more > 0:
        lines += "\n" + _("and others: %(n)d") % {"n": more}
    facts = {"gaps": lines, "address": (settings.ORIGINS[0] if settings.ORIGINS else "") + path}
    return (
        _("This is an automatic mail. At these times nobody on call can be reached:\n\n%(gaps)s\n\n%(address)s\n")
        % facts
    )


def _line(gap: Stretch) -> str:
    facts = {"when": span_words(gap.starts_at, gap.ends_at), "rank": Rank(gap.rank).label, "why": gap.reason}
    return _("%(when)s (%(rank)s): %(why)s") % facts
