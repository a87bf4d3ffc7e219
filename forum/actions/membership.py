"""What changes who somebody is here: standing, role, and the end of their sessions. Live sockets hear each of them."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.live import tell_member
from forum.models import Member, Role, Standing
from forum.models.member import ENDLESS_STANDINGS
from realtime import log
from realtime.log import NewEvent

RIGHTS_CHANGED = "rights.changed"


class LastAdministrator(Exception):
    """Nobody would be left to run the site."""

    @property
    def message(self) -> str:
        return _("This is the only administrator. Give the role to somebody else first.")


def change_standing(member: Member, standing: str, until: datetime | None = None) -> list[NewEvent]:
    """Sets a member's standing until a time, or without end. The caller's transaction; the caller appends the events.

    Raises ValueError for a standing nobody knows. The member's sockets are narrowed or widened when they hear it. Who is
    remembered or erased cannot sign in; everyone else can, and comes to the small room when the wall is closed.
    """
    chosen = Standing(standing)
    fresh = Member.objects.select_for_update().get(pk=member.pk)
    fresh.standing = chosen
    fresh.standing_until = None if chosen is Standing.ACTIVE or chosen in ENDLESS_STANDINGS else until
    fresh.is_active = chosen not in ENDLESS_STANDINGS
    fresh.save(update_fields=["standing", "standing_until", "is_active"])
    member.standing, member.standing_until, member.is_active = fresh.standing, fresh.standing_until, fresh.is_active
    return [tell_member(member.pk, RIGHTS_CHANGED)]


def give_role(member: Member, role: str, actor: Member) -> None:
    """Gives an account its one role, with Django's admin flags to match.

    Raises LastAdministrator, or ValueError for a role nobody knows. The member's sockets are narrowed or widened.
    """
    chosen = Role(role)
    with transaction.atomic():
        concerned = Member.objects.filter(Q(role=Role.ADMINISTRATOR, is_active=True) | Q(pk=member.pk))
        rows = {row.pk: row for row in concerned.order_by("pk").select_for_update()}
        fresh = rows[member.pk]
        if chosen is not Role.ADMINISTRATOR and fresh.role == Role.ADMINISTRATOR and len(rows) == 1:
            raise LastAdministrator
        fresh.role = chosen
        fresh.is_staff = fresh.is_superuser = chosen is Role.ADMINISTRATOR
        fresh.save(update_fields=["role", "is_staff", "is_superuser"])
        log.append(replace(tell_member(fresh.pk, RIGHTS_CHANGED), actor=actor.pk))
    member.role, member.is_staff, member.is_superuser = fresh.role, fresh.is_staff, fresh.is_superuser


def end_sessions(member_id: int) -> None:
    """After a sign-out or a new password: the hub looks whose session is gone and closes those sockets."""
    with transaction.atomic():
        log.append(tell_member(member_id, RIGHTS_CHANGED))


def lift_ended_standings() -> None:
    """For the clock: writes down that a standing's time is over. Two clocks lift it once: the UPDATE names what it saw."""
    over = Member.objects.filter(standing_until__lte=timezone.now()).exclude(standing__in=ENDLESS_STANDINGS)
    for member_id, until in list(over.values_list("pk", "standing_until")):
        with transaction.atomic():
            seen = Member.objects.filter(pk=member_id, standing_until=until)
            if seen.update(standing=Standing.ACTIVE, standing_until=None):
                log.append(tell_member(member_id, RIGHTS_CHANGED))
