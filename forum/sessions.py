"""Where somebody is signed in: a row per session with the browser in two words and roughly when it was used. No address is kept."""

import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.models import Member

logger = logging.getLogger(__name__)

NOWHERE = "0.0.0.0"  # noqa: S104  (allauth's column wants an address; knowing where somebody was would help nobody here)
SEEN_AGAIN = timedelta(hours=1)  # a visit is noted at most this often, so that reading costs no writing
SEEN_AT = "seen_at"  # in the session itself: whether it is time is known without asking the database

BROWSERS = {  # what a browser calls itself, the more particular first, since most say they are several
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def keep_little(instance: UserSession, **_more: Any) -> None:
    """Before any session's row is stored, whoever stores it: no address, and of the browser's long name two words."""
    instance.ip = NOWHERE
    instance.user_agent = " ".join(_named(instance.user_agent))


def is_visit_due(session: SessionBase) -> bool:
    """Whether somebody signed in has used this session and it is time to note it. A session nobody opened is not read for it."""
    if not session.accessed or SESSION_KEY not in session:
        return False
    return timezone.now().timestamp() - session.get(SEEN_AT, 0) >= SEEN_AGAIN.total_seconds()


def note_visit(request: HttpRequest) -> None:
    """Notes that the session of somebody signed in is in use. A disk that is full, or a lock, costs nobody the page they read."""
    now = timezone.now()
    browser = request.META.get("HTTP_USER_AGENT", "")
    seen = {"user_id": int(request.session[SESSION_KEY]), "user_agent": browser, "last_seen_at": now}
    try:
        UserSession.objects.update_or_create(
            session_key=request.session.session_key, defaults=seen, create_defaults={**seen, "ip": NOWHERE}
        )
    except OperationalError:
        logger.warning("visit_not_noted: the database took no writing")
        return  # nor is the session changed, which the middleware would go on to store
    request.session[SEEN_AT] = now.timestamp()


def sessions_of(member: Member) -> QuerySet[UserSession]:
    """A member's sessions that still stand, the one used last first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=member, session_key__in=alive).order_by("-last_seen_at", "pk")


def last_used(member: Member) -> datetime | None:
    """When this member was last here, as nearly as it is noted; None when that is too long ago to be known."""
    seen = UserSession.objects.filter(user=member).aggregate(last=Max("last_seen_at"))["last"]
    return max(filter(None, (seen, member.last_login)), default=None)


def device_words(user_agent: str) -> str:
    """The browser in plain words."""
    browser = next((BROWSERS[token] for token in _named(user_agent) if token in BROWSERS), "")
    system = next((SYSTEMS[token] for token in _named(user_agent) if token in SYSTEMS), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say what it is")


def roughly(when: datetime) -> str:
    """When a session was last used, no nearer than it is known."""
    now, day = timezone.localtime(), timezone.localtime(when)
    if now - day < SEEN_AGAIN:
        return _("used within the last hour")
    if day.date() == now.date():
        return _("used today")
    if day.date() == now.date() - timedelta(days=1):
        return _("used yesterday")
    return _("last used on %(day)s") % {"day": date_format(day, "j F")}


def _named(user_agent: str) -> list[str]:
    """At most one browser's and one system's own word. What this made of a name, it makes of it again."""
    return [word for words in (BROWSERS, SYSTEMS) if (word := next((each for each in words if each in user_agent), ""))]
