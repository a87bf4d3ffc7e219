"""Whether others use the device somebody signed in on. Kept in the session alone: it says nothing about the person."""

from django.conf import settings
from django.http import HttpRequest

SHARED = "shared_device"  # in the session; nobody has said so of a session without it


def is_shared(request: HttpRequest) -> bool:
    """Asks no database for somebody who has no session."""
    session = getattr(request, "session", None)  # a request refused before its session was opened has none
    return session is not None and bool(session.get(SHARED, False))


def mark_device(request: HttpRequest, *, shared: bool) -> None:
    """A session on a shared device ends with the browser, when its owner leaves quickly, and takes drafts with it."""
    request.session[SHARED] = shared
    request.session.set_expiry(0 if shared else settings.SESSION_COOKIE_AGE)
