"""What accounts do when Django or allauth says that somebody signed out or has a new password."""

from typing import Any

from allauth.account import signals
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from forum.actions.membership import end_sessions, lift_ended_standings
from forum.actions.signup import clear_ended_signups
from forum.models import Member
from realtime import clock


def register() -> None:
    user_logged_out.connect(signed_out, dispatch_uid="forum.signed_out")
    for signal in (signals.password_changed, signals.password_set, signals.password_reset):
        signal.connect(password_renewed, dispatch_uid="forum.password_renewed")
    clock.register_task("lift_ended_standings", 60, lift_ended_standings)
    clock.register_task("clear_ended_signups", 60, clear_ended_signups)


def signed_out(request: HttpRequest, user: Member | None, **_more: Any) -> None:
    """The session goes first: a hub that looked between the event and the flush would still find it."""
    if user is not None:
        request.session.flush()
        end_sessions(user.pk)


def password_renewed(user: Member, **_more: Any) -> None:
    """A new password ends every other session; their sockets go with them."""
    end_sessions(user.pk)
