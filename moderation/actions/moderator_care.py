"""How those of the team look after themselves and each other."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN
from forum.actions.notices import give_notice, read_notices
from forum.models import Member, Role
from moderation import duty, hard
from moderation.clocks import CALM_FOR, HELLO_FOR
from moderation.models import Case, CheckIn, DeclinedCategory, ModeratorCare
from moderation.notices_team import HELLO
from moderation.own_care import declinable
from moderation.refusals import NotAllowed
from moderation.vocabulary import DESK
from realtime import log
from realtime.log import NewEvent

PASSED_ON = frozenset({"decide", "settle", "close", "escalate", "hand_over", "return"})
"""What is done on a case's page after which somebody is asked to say hello. Giving one back is nobody's to ask about."""


def set_own_care(member: Member, *, hard_limit: int | None, check_in: bool, declined: Iterable[str]) -> ModeratorCare:
    """What somebody sets for themselves. No reason is asked for, and there is no place to keep one."""
    _need_team(member)
    known = {key for _group, offered in declinable() for key, _words in offered}
    wanted = {tuple(key.split(".", 1)) for key in declined if key in known}
    with transaction.atomic():
        kept = {"hard_limit": hard_limit, "check_in": check_in} | ({} if check_in else {"came_out_at": None})
        care, _made = ModeratorCare.objects.update_or_create(member=member, defaults=kept)
        DeclinedCategory.objects.filter(member=member).delete()
        DeclinedCategory.objects.bulk_create(
            [DeclinedCategory(member=member, door=door, category=key) for door, key in sorted(wanted)]
        )
    return care


def set_team_care(
    actor: Member, person: Member, *, induction_on: date | None, buddy: Member | None, supervision_on: date | None
) -> ModeratorCare:
    """What staff set for one of the team. Raises NotAllowed for anyone else, and for a buddy who is not of the team."""
    if actor.role != Role.STAFF:
        raise NotAllowed(_("This is for staff."))
    _need_team(person)
    if buddy is not None:
        _need_team(buddy)
        if buddy.pk == person.pk:
            raise NotAllowed(_("A buddy is somebody else."))
    kept = {"induction_on": induction_on, "buddy": buddy, "next_supervision_on": supervision_on}
    return ModeratorCare.objects.update_or_create(member=person, defaults=kept)[0]


def take_ten(member: Member) -> ModeratorCare:
    """Ten minutes for oneself: on shift still, and offered nothing. Pressing again begins no second ten while these last."""
    _need_team(member)
    now = timezone.now()
    with transaction.atomic():
        care, _made = ModeratorCare.objects.get_or_create(member=member)
        if care.calm_until is None or care.calm_until <= now:
            care.calm_until, care.came_out_at = now + CALM_FOR, None
            care.save(update_fields=["calm_until", "came_out_at"])
            duty.note_act(member)
    return care


def end_ten(member: Member) -> None:
    """Back before they are over, or no need for them: either way nothing is offered any more."""
    with transaction.atomic():
        ModeratorCare.objects.filter(member=member).update(calm_until=None, came_out_at=None)
        duty.note_act(member)


def come_out_of(case: Case, member: Member, *, tell: bool) -> None:
    """They held or passed on a case, and may be out of it now: if it was a hard one they are offered ten minutes, and with
    `tell` somebody is asked to say hello. Nothing of it where they do not want that. Which case it was is not kept.
    """
    now = timezone.now()
    with transaction.atomic():
        if Case.objects.get(pk=case.pk).holder_id == member.pk or not hard.is_hard(case):
            return
        care, _made = ModeratorCare.objects.get_or_create(member=member)
        if not care.check_in:
            return
        care.came_out_at = now
        care.save(update_fields=["came_out_at"])
        if tell:
            log.append(*_ask_for_hello(member, care))


def say_hello(check_in: CheckIn, by: Member) -> None:
    """Somebody has said hello. Twice is once; whoever else was asked is asked no more."""
    with transaction.atomic():
        said = CheckIn.objects.filter(pk=check_in.pk, said_at=None)
        if said.update(said_by=by, said_at=timezone.now()):
            for person in _asked(check_in.member, check_in.buddy):
                read_notices(person, kind=HELLO, ref=check_in.pk)


def _ask_for_hello(member: Member, care: ModeratorCare) -> list[NewEvent]:
    """The buddy who is on shift, else staff. One that waits already is enough."""
    CheckIn.objects.filter(member=member, said_at=None, asked_at__lte=timezone.now() - HELLO_FOR).delete()
    if CheckIn.objects.filter(member=member, said_at=None).exists():
        return []
    here = {person.pk for person in duty.on_shift()}
    buddy = care.buddy if care.buddy_id in here else None
    people = _asked(member, buddy)
    if not people:
        return []
    asked = CheckIn.objects.create(member=member, buddy=buddy)
    events: list[NewEvent] = []
    for person in people:
        events += give_notice(person.pk, HELLO, asked.pk)
    return events


def _asked(member: Member, buddy: Member | None) -> list[Member]:
    if buddy is not None:
        return [buddy]
    staff = Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True).exclude(pk=member.pk)
    return list(staff.order_by("pk"))


def _need_team(member: Member) -> None:
    if member.role not in DESK:
        raise NotAllowed(_("This is for the team."))
