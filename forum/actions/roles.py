"""Roles: one administrator asks, another agrees. Taking one back takes a single person, for that can be in a hurry."""

from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import roles
from forum.access import WALL_OPEN
from forum.actions.membership import RIGHTS_CHANGED
from forum.live import tell_member
from forum.models import Member, Role, RoleAsk
from forum.refusals import Refusal
from forum.roles import RoleStep
from forum.second_step import factors_of
from realtime import log

Rows = dict[int, Member]


class LastAdministrator(Refusal):
    """Nobody would be left to run the site."""

    @property
    def message(self) -> str:
        return _("This is the only administrator. Give the role to somebody else first.")


class NoAdministrator(Refusal):
    @property
    def message(self) -> str:
        return _("Only an administrator can do this.")


class TakesTwo(Refusal):
    @property
    def message(self) -> str:
        return _("A role takes two people: somebody other than who asked, and than whom it is for, has to agree.")


class NoSecondStep(Refusal):
    """Else whoever has their password alone could set one up and read cases."""

    @property
    def message(self) -> str:
        return _("They have not set up a second step of signing in yet. Ask them to, and agree then.")


class AskOver(Refusal):
    """It was answered, ran out, or no longer fits: the role changed, or who asked is no administrator any more."""

    @property
    def message(self) -> str:
        return _("This is no longer asked for as it stands. If it is still wanted, ask anew.")


def ask_for_role(member: Member, role: str, actor: Member) -> RoleAsk | None:
    """Asks for a role on somebody's behalf; what was asked for them before is over. Taking a role back asks nobody: it is done
    at once, and None is returned.

    Raises NoAdministrator, LastAdministrator, or ValueError for a role nobody knows.
    """
    chosen = Role(role)
    with transaction.atomic():
        rows = _locked(member.pk)
        fresh = rows[member.pk]
        _check(rows, fresh, chosen, actor)
        RoleAsk.objects.filter(member=fresh, ended_at=None).update(ended_at=timezone.now())
        if chosen is Role.MEMBER:
            _set(fresh, chosen, actor, "role_take")
            ask = None
        else:
            ask = RoleAsk.objects.create(member=fresh, before=fresh.role, role=chosen, asked_by=actor)
            roles.tell(RoleStep("role_ask", fresh, actor, fresh.role, chosen))
    member.role, member.is_staff, member.is_superuser = fresh.role, fresh.is_staff, fresh.is_superuser
    return ask


def agree_to_role(ask: RoleAsk, actor: Member) -> None:
    """Gives the role, with Django's admin flags to match. The member's sockets are narrowed or widened.

    Raises NoAdministrator, TakesTwo, LastAdministrator, AskOver, and where roles take a second step NoSecondStep.
    """
    with transaction.atomic():
        rows = _locked(ask.member_id)
        fresh, live = rows[ask.member_id], RoleAsk.objects.select_for_update().get(pk=ask.pk)
        _check(rows, fresh, Role(live.role), actor)
        if actor.pk in (live.asked_by_id, live.member_id):
            raise TakesTwo
        asker = rows.get(live.asked_by_id)
        late = live.ended_at is not None or timezone.now() > live.asked_at + RoleAsk.WAITS
        if late or live.before != fresh.role or asker is None or not _runs_the_site(asker):
            raise AskOver
        if settings.SECOND_STEP and not factors_of(fresh.pk).exists():
            raise NoSecondStep
        live.agreed_by, live.ended_at = actor, timezone.now()
        live.save(update_fields=["agreed_by", "ended_at"])
        _set(fresh, Role(live.role), actor, "role_give")


def turn_role_down(ask: RoleAsk, actor: Member) -> None:
    """Whoever asked may take it back so as well. Raises NoAdministrator and AskOver."""
    with transaction.atomic():
        rows = _locked(ask.member_id)
        live = RoleAsk.objects.select_for_update().get(pk=ask.pk)
        if not _runs_the_site(rows.get(actor.pk)):
            raise NoAdministrator
        if live.ended_at is not None:
            raise AskOver
        live.ended_at = timezone.now()
        live.save(update_fields=["ended_at"])
        roles.tell(RoleStep("role_turn_down", rows[live.member_id], actor, live.before, live.role))


def _locked(member_id: int) -> Rows:
    """This member's row and every administrator's, so that of two who leave at once one stays."""
    concerned = Member.objects.filter(Q(role=Role.ADMINISTRATOR, is_active=True) | Q(pk=member_id))
    return {row.pk: row for row in concerned.order_by("pk").select_for_update()}


def _check(rows: Rows, fresh: Member, chosen: Role, actor: Member) -> None:
    if not _runs_the_site(rows.get(actor.pk)):
        raise NoAdministrator
    if chosen is not Role.ADMINISTRATOR and fresh.role == Role.ADMINISTRATOR and len(rows) == 1:
        raise LastAdministrator


def _runs_the_site(person: Member | None) -> bool:
    if person is None:
        return False
    return person.role == Role.ADMINISTRATOR and person.is_active and person.current_standing in WALL_OPEN


def _set(fresh: Member, chosen: Role, actor: Member, action: str) -> None:
    before, fresh.role = fresh.role, chosen
    fresh.is_staff = fresh.is_superuser = chosen is Role.ADMINISTRATOR
    fresh.save(update_fields=["role", "is_staff", "is_superuser"])
    roles.tell(RoleStep(action, fresh, actor, before, chosen))
    log.append(replace(tell_member(fresh.pk, RIGHTS_CHANGED), actor=actor.pk))
