"""That the audit chain holds: what was added is proved each minute, all of it each day. Staff hear when it does not."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models.expressions import Combinable
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum import panels
from forum.access import WALL_OPEN, ViewerFacts
from forum.models import Member
from forum.onlooker import Onlooker, first_of
from moderation import audit, audit_anchor
from moderation.audit import Broken
from moderation.clocks import AUDIT_LOG_EVERY, AUDIT_NOTED_EVERY
from moderation.vocabulary import Role
from realtime import triggers
from realtime.clock import register_task
from realtime.deliveries import queue_mail
from realtime.models import Tick

logger = logging.getLogger(__name__)
FACT = "audit_broken_at"
SINCE = "audit.broken"  # the Tick that stands while it does not hold: when that was first seen
WHO_READ_IT = frozenset({Role.STAFF, Role.ADMINISTRATOR})


def register() -> None:
    panels.member_facts[FACT] = broken_at
    if banner not in panels.banners:
        panels.banners.append(banner)


def register_tasks() -> None:
    """In a lane of its own: a long chain takes a while to walk, and nobody in danger waits for it."""
    register_task("moderation.audit_end", AUDIT_NOTED_EVERY, look_at_end, lane="audit")
    register_task("moderation.audit", AUDIT_LOG_EVERY, look_at_all, lane="audit")


def look_at_end() -> None:
    if broken := audit_anchor.move():
        _tell(broken)


def look_at_all() -> None:
    """Logs number and digest too, for whoever keeps logs elsewhere: a third witness beside the database and its folder."""
    n, digest = audit.head()
    logger.info("audit_head: %s events, %s", n, digest or "none yet")
    if broken := find_fault():
        _tell(broken)
    elif Tick.objects.filter(name=SINCE).delete()[0]:
        logger.warning("audit_holds: the audit chain holds again")


def find_fault() -> Broken | None:
    """The first thing that is wrong with the chain, with where it stood, or with what keeps it from being changed."""
    if broken := audit_anchor.find_fault() or audit.verify():
        return broken
    off = [difference for difference in triggers.differences(connection) if "audit_refuses" in difference]
    return Broken(0, f"nothing keeps it from being changed: {off[0]}") if off else None


def _tell(broken: Broken) -> None:
    """Loudly: an error in the log, a line above every page of staff's, and a mail a day to each of them and to who is responsible."""
    logger.error("audit_broken: link %s of the audit chain: %s", broken.n, broken.reason)
    now = timezone.now()
    Tick.objects.get_or_create(name=SINCE, defaults={"last_run_at": now})
    day = timezone.localdate(now)
    for person in Member.objects.filter(role__in=WHO_READ_IT, standing__in=WALL_OPEN, is_active=True).order_by("pk"):
        with translation.override(person.language):
            _mail(f"audit-broken:{day}:{person.pk}", person.email, broken)
    for place, address in (("lead", settings.PRIVACY_LEAD), ("contact", settings.EMERGENCY_CONTACT)):
        if "@" in address and "://" not in address:
            with translation.override(settings.LANGUAGE_CODE):
                _mail(f"audit-broken:{day}:{place}", address, broken)


def _mail(dedupe: str, address: str, broken: Broken) -> None:
    body = _(
        "This is an automatic mail. The record of who did what in cases does not hold: something in it was changed or cut, or "
        "an older database was put back (event number %(n)s).\n\nPlease see that whoever runs this site knows today. What they "
        "can do is in docs/cases.md, under “When the chain does not hold”. Until then, write down what you do in cases "
        "elsewhere too.\n"
    ) % {"n": broken.n}
    queue_mail(dedupe, address, _("The record of who did what does not hold"), body)


def broken_at(viewer: ViewerFacts) -> Combinable | None:
    return first_of(Tick.objects.filter(name=SINCE), "last_run_at") if viewer.role in WHO_READ_IT else None


def banner(onlooker: Onlooker) -> str:
    """For staff and administrators, on every page: what they rely on afterwards may not be what happened."""
    since = onlooker.facts[FACT] if onlooker.member.role in WHO_READ_IT else None
    return render_to_string("moderation/_audit.html", {"since": _since(since)}) if since else ""


def _since(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F, H:i")
