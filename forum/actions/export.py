"""A member's copy of their data: asked for, made by the clock, taken once within a day, and gone."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.mail import mail_member
from forum.copying import make_copy
from forum.models import DataExport, Member
from forum.refusals import NotYet, Refusal
from forum.sealing import seal_bytes, unseal_bytes

logger = logging.getLogger(__name__)

KEPT = timedelta(hours=24)
CLAIM = timedelta(minutes=10)  # longer than the largest copy takes; after it the next clock may try
A_DAY = 3  # copies: each is a minute's work for the machine


class TooManyCopies(NotYet):
    def _sentence(self) -> str:
        return _("You have had three copies within a day. You can ask for the next one at %(time)s.")


class CopyTaken(Refusal):
    @property
    def message(self) -> str:
        return _("This copy has been taken; each works once. If it is not where you saved it, ask for another.")


class CopyOver(Refusal):
    @property
    def message(self) -> str:
        return _("This copy was kept for 24 hours and is gone. You can ask for another.")


def ask_for_copy(member: Member) -> DataExport:
    """Asks for a copy. While one is being made, or waits to be taken, it is that one. Raises TooManyCopies."""
    now = timezone.now()
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)  # two presses at once ask for one
        if live := live_copy(member):
            return live
        lately = DataExport.objects.filter(member=member, asked_at__gt=now - KEPT).order_by("-asked_at")
        recent = list(lately.values_list("asked_at", flat=True)[:A_DAY])
        if len(recent) == A_DAY:
            raise TooManyCopies(recent[-1] + KEPT)
        return DataExport.objects.create(member=member, asked_at=now)


def live_copy(member: Member) -> DataExport | None:
    """The copy that is being made or waits to be taken."""
    waits = Q(ready_at=None) | Q(taken_at=None, expires_at__gt=timezone.now())
    return DataExport.objects.filter(waits, member=member).defer("archive").order_by("-asked_at").first()


def take_copy(member: Member, export_id: UUID) -> bytes | None:
    """The zip, once; None where this member has no such copy. Raises CopyTaken, CopyOver, and CannotOpen without its key."""
    with transaction.atomic():
        mine = DataExport.objects.select_for_update().filter(pk=export_id, member=member)
        export = mine.exclude(ready_at=None).first()
        if export is None:
            return None
        if export.taken_at:
            raise CopyTaken
        if export.archive is None or not export.expires_at or export.expires_at <= timezone.now():
            raise CopyOver
        archive = unseal_bytes(bytes(export.archive), _place(export.pk))
        mine.update(taken_at=timezone.now(), archive=None)
    return archive


def make_copies() -> None:
    """For the clock: makes what was asked for and tells by mail, without a personal word. Two clocks make it once."""
    now = timezone.now()
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=now)
    for export in DataExport.objects.filter(unclaimed, ready_at=None, member__is_active=True).order_by("asked_at"):
        seen = DataExport.objects.filter(pk=export.pk, ready_at=None, claimed_until=export.claimed_until)
        if seen.update(claimed_until=now + CLAIM):
            try:
                _make(export)
            except Exception:
                logger.exception("copy_failed: it is tried again in ten minutes")


def _make(export: DataExport) -> None:
    member = export.member
    archive = seal_bytes(make_copy(member), _place(export.pk))
    now = timezone.now()
    with transaction.atomic():
        waiting = DataExport.objects.filter(pk=export.pk, ready_at=None)
        if waiting.update(archive=archive, ready_at=now, expires_at=now + KEPT):
            mail_member(member, f"copy:{export.pk}", "forum/email/copy_ready.txt", {"until": now + KEPT})


def _place(export_id: UUID) -> str:
    return f"data_export:{export_id}"
