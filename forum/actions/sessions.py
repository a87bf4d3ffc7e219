"""Signing out elsewhere. The sockets of ended sessions close at once: the hub hears and looks whose session is gone."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from forum.actions.membership import RIGHTS_CHANGED
from forum.live import tell_member
from forum.models import Member
from realtime import log


def end_session(member: Member, session_id: int) -> bool:
    """Ends one of a member's own sessions. Returns whether there was one: it may have ended by itself."""
    return _end(UserSession.objects.filter(user=member, pk=session_id), member)


def end_other_sessions(member: Member, keep: str | None) -> bool:
    """Ends every session of a member but the one with this key. Returns whether there was another."""
    return _end(UserSession.objects.filter(user=member).exclude(session_key=keep or ""), member)


def _end(sessions, member: Member) -> bool:  # type: ignore[no-untyped-def]  # QuerySet[UserSession]
    with transaction.atomic():
        keys = list(sessions.values_list("session_key", flat=True))
        ended, _each = Session.objects.filter(session_key__in=keys).delete()
        sessions.filter(session_key__in=keys).delete()
        if ended:
            log.append(tell_member(member.pk, RIGHTS_CHANGED))
    return bool(ended)
