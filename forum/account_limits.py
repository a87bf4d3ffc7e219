"""When somebody who tried too often at the doors of an account can go on: read from allauth's own counters, which tell nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime

from allauth.account import app_settings
from allauth.core.internal.ratelimit import Rate, get_cache_key, parse_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

APP = "allauth.account"
NAMED_IN = ("email", "login")  # the fields of a form by which allauth counts for one address


def free_again(request: HttpRequest) -> datetime | None:
    """When the last of the counters that are full for this request has room again; None when none is."""
    now = timezone.now().timestamp()
    ends = [end for action, rate in _rates() for end in _ends(request, action, rate) if end > now]
    return datetime.fromtimestamp(max(ends), UTC) if ends else None


def _rates() -> Iterator[tuple[str, Rate]]:
    for action, rates in app_settings.RATE_LIMITS.items():
        for rate in parse_rates(rates):
            yield action, rate


def _ends(request: HttpRequest, action: str, rate: Rate) -> Iterator[float]:
    """The newest come first, so the place `amount - 1` holds the one that must grow old before there is room."""
    if rate.per == "user" and not request.user.is_authenticated:
        return
    keys = [request.POST.get(name, "").lower() for name in NAMED_IN] if rate.per == "key" else [None]
    for key in keys:
        if key != "":
            history = cache.get(get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
            if len(history) >= rate.amount:
                yield history[rate.amount - 1] + rate.duration
