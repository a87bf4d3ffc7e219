"""How much may come from outside: from one address, and from everywhere. Full is never a reason to refuse a worry, and what
does not rouse is counted apart: however much of it comes, it takes no room from what does. Counters live in the cache, under
a digest: no address is kept.
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from forum.limits import counted
from moderation import letters
from moderation.models import Letter
from realtime.peers import network_of

HOUR = timedelta(hours=1)
STAMP = "moderation.outside"
TOO_QUICK = timedelta(seconds=3)  # nobody reads a page about 999 and fills in a form sooner
LIES_OPEN = timedelta(hours=24)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as sign-in counts it; "" where that cannot be told: then only the whole is counted."""
    try:
        return network_of(get_adapter().get_client_ip(request))
    except (ValueError, ImproperlyConfigured, PermissionDenied):
        return ""


def count_from(address: str, *, rousing: bool) -> datetime | None:
    """Counts one more from this address, and says when the next may wake somebody at once; None: this one may. Counting comes first,
    so that of several at the same moment, in whichever process, no more than the limit get through.
    """
    if not address:
        return None
    now = timezone.now()
    number = counted(_key(address, now, rousing=rousing), HOUR)
    return _hour_of(now) + HOUR if number > settings.OUTSIDE_REPORTS_PER_ADDRESS else None


def next_from_anywhere(*, rousing: bool) -> datetime | None:
    """The same for all addresses together, but for what was gathered or waits to ring: that has woken nobody, and of it one
    address could send as much as fills the door for everybody. One query.
    """
    lately = _came_lately(rousing=rousing).filter(Q(rings_from=None) | Q(rang_at__isnull=False))
    most = settings.OUTSIDE_REPORTS_PER_HOUR
    newest = list(lately.order_by("-made_at").values_list("made_at", flat=True)[:most])
    return newest[-1] + HOUR if len(newest) == most else None


def came_within_the_hour() -> int:
    """All that came from outside, also what was gathered, where one of the two kinds is full; else 0."""
    most = settings.OUTSIDE_REPORTS_PER_HOUR
    if not any(_came_lately(rousing=each)[:most].count() == most for each in (True, False)):
        return 0
    return Letter.objects.filter(sender=None, by_hand=None, made_at__gt=timezone.now() - HOUR).count()


def _came_lately(*, rousing: bool) -> QuerySet[Letter]:
    since = timezone.now() - HOUR
    lately = Letter.objects.filter(sender=None, by_hand=None, gathered=False, made_at__gt=since)
    return lately.filter(letters.rouses()) if rousing else lately.exclude(letters.rouses())


def stamp() -> str:
    """When a form was drawn, for it to bring back."""
    return signing.dumps(timezone.now().timestamp(), salt=STAMP)


def is_trapped(trap: str) -> bool:
    """Whether it holds what nobody sees. That alone keeps a worry from its clock: people in danger write fast, or come back
    to a form that they opened yesterday."""
    return bool(trap)


def is_like_a_machine(brought: str, trap: str, site: str) -> bool:
    """A form that is not ours, came back at once or after a day, holds what nobody sees, or was sent by another site."""
    if trap or site == "cross-site":
        return True
    try:
        drawn = float(signing.loads(brought, salt=STAMP))
    except (signing.BadSignature, TypeError, ValueError):
        return True
    return not TOO_QUICK.total_seconds() <= timezone.now().timestamp() - drawn <= LIES_OPEN.total_seconds()


def digest_of(address: str) -> str:
    """What stands for an address in the cache, for an hour at most."""
    return salted_hmac("moderation.flood", address, algorithm="sha256").hexdigest()


def _key(address: str, now: datetime, *, rousing: bool) -> str:
    return f"outside:{'rousing' if rousing else 'quiet'}:{int(_hour_of(now).timestamp())}:{digest_of(address)}"


def _hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
