"""Signing on and off."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import has_role
from forum.models import Member, Role
from moderation import ways
from moderation.actions import running
from moderation.actions.moving import _move
from moderation.actions.staying import end_stays_of, stays_in_force
from moderation.actions.uncovered import leave_nobody_waiting, waits_awake
from moderation.models import Case, Duty, DutyKind, State
from moderation.refusals import NotAllowed
from realtime import log
from realtime.log import NewEvent


def sign_on(member: Member) -> Duty:
    """Begins a shift now. Twice is once: the shift that runs is returned. Raises NotAllowed for who is not of the team."""
    if not has_role(member) or member.role == Role.ADMINISTRATOR:
        raise NotAllowed(_("This is for the team."))
    now = timezone.now()
    with transaction.atomic():
        shift = _shift_of(member).first()
        if shift is None:
            return Duty.objects.create(member=member, kind=DutyKind.SHIFT, starts_at=now, last_act_at=now)
        shift.last_act_at, shift.tired_at = now, None
        shift.save(update_fields=["last_act_at", "tired_at"])
    return shift


def sign_off(member: Member, note: str = "") -> int:
    """Ends the shift and gives the cases in review back to the queue, no questions asked. Returns how many went back. Where
    they stayed with somebody, staff hear that nobody is with them now; they hear of what does not wait and has nobody else.

    `note` is for whoever is on shift next. What staff hold stays theirs: its next action is due whether they are on shift
    or not. Raises NotAllowed for a note from somebody who has been on no shift.
    """
    now, events = timezone.now(), list[NewEvent]()
    with transaction.atomic():
        theirs = Q(holder=member, state=State.IN_REVIEW) | Q(pk__in=stays_in_force(member).values("case"))
        locked = list(Case.objects.select_for_update().filter(theirs | waits_awake(now)).order_by("pk"))
        held = [case for case in locked if case.holder_id == member.pk]
        for case in held:
            events += _move(case, "release", member, **running.given_back(case, now))
        events += end_stays_of(member)
        if note.strip():
            _hand_over(member, note.strip(), now)
        _shift_of(member).filter(standing=False).update(ends_at=now)
        log.append(*events, *leave_nobody_waiting(locked, member))
    return len(held)


def end_duties(member: Member, now: datetime) -> None:
    """Ends the shift and being on call, both. Call inside a transaction."""
    _shift_of(member).filter(standing=False).update(ends_at=now)
    end_on_call(member)


def _hand_over(member: Member, note: str, now: datetime) -> None:
    """The words go with the shift that runs, or that was ended a moment ago in another window."""
    begun = Duty.objects.filter(member=member, kind=DutyKind.SHIFT, starts_at__lte=now)
    shift = begun.order_by("-starts_at", "-pk").first()
    if shift is None:
        raise NotAllowed(_("You have been on no shift."))
    shift.note, shift.note_at = note, now
    shift.save(update_fields=["note", "note_at"])


def go_on_call(member: Member) -> Duty:
    """Begins being reachable now, until `end_on_call`. Twice is once.

    Raises NotAllowed for anyone but staff, and for whoever has no way that rings: a mail wakes nobody.
    """
    if member.role != Role.STAFF:
        raise NotAllowed(_("On call is for staff."))
    if not ways.has_ringing_way(member, timezone.now()):
        raise NotAllowed(_("Nothing of yours rings yet. Add a way that does, and test it: then you can go on call."))
    with transaction.atomic():
        return Duty.objects.get_or_create(member=member, kind=DutyKind.ON_CALL, ends_at=None)[0]


def end_on_call(member: Member) -> None:
    """Ends it; who is rung next is whoever went on call before or after."""
    Duty.objects.filter(member=member, kind=DutyKind.ON_CALL, ends_at=None, standing=False).update(
        ends_at=timezone.now()
    )


def _shift_of(member: Member):  # type: ignore[no-untyped-def]  # QuerySet[Duty]: the one that runs now
    now = timezone.now()
    running_now = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    return Duty.objects.filter(running_now, member=member, kind=DutyKind.SHIFT, starts_at__lte=now)
