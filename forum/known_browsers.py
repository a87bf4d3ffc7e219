"""Browsers that somebody has signed in from before, so that a stranger who guesses at their password cannot lock them out.

Wrong passwords are counted for an address; whoever goes on guessing keeps that count full. A browser in which its owner has
signed in brings a signed cookie, and is counted by itself (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
The other way past a full count is a new password by mail, after which that browser is known as well. The cookie names nobody.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "__Host-known" if settings.SECURE else "known"
SALT = "forum.known_browsers"
KNOWN_FOR = 180 * 24 * 3600  # seconds
STEPPED = "stepped"
GUESSES = "10/5m/key"  # wrong passwords from one known browser


def remember_browser(response: HttpResponse, email: str, *, for_now: bool = False, stepped: bool = False) -> None:
    """From here on this browser is known for this address; `for_now`: until it is closed; `stepped`: the second step was
    taken in it as well, which nobody does who has only the password.
    """
    value = signing.dumps([_digest_of(email), secrets.token_urlsafe(9), *([STEPPED] if stepped else [])], salt=SALT)
    age = None if for_now else KNOWN_FOR
    response.set_cookie(COOKIE, value, max_age=age, secure=settings.SECURE, httponly=True, samesite="Lax")


def known_as(request: HttpRequest, email: str, *, stepped: bool = False) -> str:
    """What this browser is counted by, where it is known for this address; else "". `stepped`: known by a second step."""
    try:
        whose, nonce, *more = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    if stepped and more != [STEPPED]:
        return ""
    return f"{whose}:{nonce}" if constant_time_compare(str(whose), _digest_of(email)) else ""


def _digest_of(email: Any) -> str:
    return salted_hmac(SALT, str(email).casefold(), algorithm="sha256").hexdigest()
