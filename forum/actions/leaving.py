"""Going away: 21 days to come back in, or at once. The clock does the rest."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import access, data_rights
from forum.actions.erasing import erase_member
from forum.actions.mail import mail_member
from forum.actions.membership import change_standing, let_back
from forum.models import Erasure, Leaving, Member, Role, Standing
from forum.refusals import Refusal
from realtime import log
from realtime.log import NewEvent

logger = logging.getLogger(__name__)

WAY_BACK = timedelta(days=21)


class CannotLeave(Refusal):
    """Somebody relies on this account: what to do first, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    @property
    def message(self) -> str:
        return " ".join(self.reasons)


def why_not_leave(member: Member) -> list[str]:
    """What has to be done before this account can go; empty when it can."""
    reasons = [reason for gate in data_rights.leaving_gates if (reason := gate(member))]
    if member.role_held == Role.ADMINISTRATOR and not _other_administrators(member):
        reasons.append(_("You are the only administrator. Give the role to somebody else first."))
    elif access.has_role(member):
        reasons.append(_("You work for the team from this account. Ask an administrator to take the role back first."))
    return reasons


def leave(member: Member) -> Leaving:
    """Closes the account at once, to be erased after 21 days. Asking again changes nothing. Raises CannotLeave.

    The member's sockets leave the wall, and a mail says until when there is a way back, unless they want no mail.
    """
    if reasons := why_not_leave(member):
        raise CannotLeave(reasons)
    with transaction.atomic():
        fresh = Member.objects.select_for_update().get(pk=member.pk)
        now = timezone.now()
        leaving, made = Leaving.objects.get_or_create(
            member=fresh,
            defaults={
                "asked_at": now,
                "due_at": now + WAY_BACK,
            },
        )
        if made:
            mail_member(fresh, f"leaving:{leaving.pk}", "forum/email/leaving.txt", {"due": leaving.due_at})
            told = data_rights.tell_taken_back(fresh.pk, data_rights.LEFT)
            log.append(*change_standing(fresh, Standing.DEACTIVATED), *told)
    return leaving


def come_back(member: Member) -> bool:
    """Opens the account again, in the standing it had. Returns whether there was anything to undo. Their sockets hear it."""
    with transaction.atomic():
        fresh = Member.objects.select_for_update().get(pk=member.pk)
        leaving = Leaving.objects.filter(member=fresh).first()
        if leaving is None:
            return False
        leaving.delete()
        log.append(*let_back(fresh))
    return True


def delete_now(member: Member) -> Erasure:
    """Closes the account for good; the clock erases it within minutes. Raises CannotLeave. Their sockets are closed."""
    if reasons := why_not_leave(member):
        raise CannotLeave(reasons)
    return close_for_good(member.pk, timezone.now())


def close_for_good(member_id: int, asked_at: datetime) -> Erasure:
    """Nobody signs in to this account any more, and it stands in the ledger. Again, it is the same erasure."""
    with transaction.atomic():
        erasure, events = _close(Member.objects.select_for_update().get(pk=member_id), asked_at)
        log.append(*events)
    return erasure


def erase_due() -> None:
    """For the clock: closes what is due, and erases what is closed. One that fails is tried again, and holds up no other. What
    somebody who has died left behind stays: it is for people to decide about.
    """
    asked = Leaving.objects.filter(due_at__lte=timezone.now()).exclude(member__standing=Standing.REMEMBERED)
    for member_id in list(asked.values_list("member_id", flat=True)):
        _close_if_due(member_id)
    due = Q(again_at=None) | Q(again_at__lte=timezone.now())
    for erasure in Erasure.objects.filter(due, finished_at=None).order_by("pk"):
        try:
            erase_member(erasure)
        except Exception:
            logger.exception("erasure_failed: number %s is tried again", erasure.pk)


def _close_if_due(member_id: int) -> None:
    """Looked at again under the member's lock: they may be coming back this moment, or the team may have let them in."""
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member_id)
        leaving = Leaving.objects.filter(member=member, due_at__lte=timezone.now()).first()
        if member.standing == Standing.REMEMBERED:
            return
        if leaving and member.current_standing in access.WALL_OPEN:
            leaving.delete()
        elif leaving:
            log.append(*_close(member, leaving.asked_at)[1])


def _close(member: Member, asked_at: datetime) -> tuple[Erasure, list[NewEvent]]:
    erasure, made = Erasure.objects.get_or_create(
        member_id=member.pk, defaults={"joined_at": member.joined_at, "asked_at": asked_at}
    )
    Leaving.objects.filter(member=member).delete()
    told = data_rights.tell_taken_back(member.pk, data_rights.ERASES) if made else []
    return erasure, change_standing(member, Standing.ERASED) + told


def _other_administrators(member: Member) -> bool:
    return Member.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=member.pk).exists()
