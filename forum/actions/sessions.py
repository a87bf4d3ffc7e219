"""Signing out elsewhere. The sockets of ended sessions close at once: the hub hears and looks whose session is gone."""

from datetime import timedelta

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from forum.actions.membership import RIGHTS_CHANGED
from forum.live import tell_member
from forum.models import Member
from realtime import log

LONGEST_SESSION = timedelta(days=30)  # since somebody signed in (NIST SP 800-63B, 4.1.3)


def end_session(member: Member, session_id: int) -> bool:
    """Ends one of a member's own sessions. Returns whether there was one: it may have ended by itself."""
    return _end(UserSession.objects.filter(user=member, pk=session_id), member)


def end_other_sessions(member: Member, keep: str | None) -> bool:
    """Ends every session of a member but the one with this key. Returns whether there was another."""
    return _end(UserSession.objects.filter(user=member).exclude(session_key=keep or ""), member)


def end_all_sessions(member: Member | None = None) -> int:
    """For whoever runs the site: ends every session of one member, or everybody's. Returns how many there were.

    Also those that are written down nowhere. Sockets hear it as if their owner had signed out.
    """
    with transaction.atomic():
        ending = [(row, owner) for row in Session.objects.iterator() if (owner := _owner(row))]
        ended = {row.pk: owner for row, owner in ending if member is None or owner == member.pk}
        for key in ended:
            Session.objects.filter(pk=key).delete()
            UserSession.objects.filter(session_key=key).delete()
        if ended:
            log.append(*(tell_member(owner, RIGHTS_CHANGED) for owner in sorted(set(ended.values()))))
    return len(ended)


def end_old_sessions() -> None:
    """For the clock: nobody stays signed in for ever, however often they come by."""
    old = UserSession.objects.filter(created_at__lte=timezone.now() - LONGEST_SESSION)
    for member in Member.objects.filter(pk__in=old.values("user")):
        _end(old.filter(user=member), member)


def _owner(row: Session) -> int:
    """Whose session it is, also where the second step is still waited for; 0 for somebody who is nobody yet."""
    data = row.get_decoded()
    waiting = data.get(LOGIN_SESSION_KEY) or {}
    return int(data.get(SESSION_KEY) or waiting.get("user_pk") or 0)


def _end(sessions, member: Member) -> bool:  # type: ignore[no-untyped-def]  # QuerySet[UserSession]
    with transaction.atomic():
        keys = list(sessions.values_list("session_key", flat=True))
        ended, _each = Session.objects.filter(session_key__in=keys).delete()
        sessions.filter(session_key__in=keys).delete()
        if ended:
            log.append(tell_member(member.pk, RIGHTS_CHANGED))
    return bool(ended)
