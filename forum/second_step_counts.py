"""How often a wrong code counts at the second step, and against whom, so that whoever has only the password keeps nobody out.

A browser in which its owner has taken the second step before is counted by itself, as at the password (forum/known_browsers.py);
whoever says once more that it is still they is counted apart from whoever is signing in: they are in already, and the other is
not. Several wrong codes after a right password are told to the owner, for the password is known to somebody then.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.mfa import signals
from allauth.mfa.base.internal.flows import check_rate_limit
from django.core.cache import cache
from django.http import HttpRequest

from forum.account_limits import APP
from forum.known_browsers import GUESSES, known_as
from forum.models import Member

TELL_AFTER = 5  # wrong codes: as many as a stranger has in five minutes
TOLD_FOR = 24 * 3600  # seconds in which the owner hears of it once
AGAIN = "5/5m/key"  # as many as allauth lets through at the door itself


def count_code(request: HttpRequest, member: Member) -> Callable[[], None]:
    """Counts one try at signing in; what is returned takes that back. Raises ValidationError where it was tried too often."""
    known = known_as(request, member.email, stepped=True)
    return _count(request, "second_step_known", GUESSES, known) if known else check_rate_limit(member)


def count_code_again(request: HttpRequest, member: Member) -> Callable[[], None]:
    """The same for somebody who is signed in."""
    return _count(request, "second_step_again", AGAIN, str(member.pk))


def register() -> None:
    signals.authentication_failed.connect(_tell_owner, dispatch_uid="forum.second_step_counts")


def _count(request: HttpRequest, action: str, rate: str, key: str) -> Callable[[], None]:
    counted: dict[str, Any] = {"app": APP, "action": action, "config": {action: rate}, "key": key}
    if not ratelimit.consume(request, **counted):
        raise get_adapter().validation_error("too_many_login_attempts")
    return partial(ratelimit.clear, request, **counted)


def _tell_owner(sender: Any, user: Member, reauthentication: bool, **_more: Any) -> None:
    key = f"second_step_wrong:{user.pk}"
    cache.add(key, 0, TOLD_FOR)
    if not reauthentication and cache.incr(key) == TELL_AFTER:
        get_adapter().send_mail("mfa/email/wrong_codes", user.email, {})
