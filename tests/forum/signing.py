"""Signing up and in, as tests do it: what a person types, the mail that waits for them, and an answer made comparable."""

import re
from typing import Any

from django.contrib.auth.hashers import get_hasher
from django.test import Client

from realtime.models import Delivery

PASSWORD = "seven quiet boats"
TICKS = {"adult": "on", "rules": "on", "privacy": "on", "health": "on"}


def details(**changes: Any) -> dict[str, Any]:
    typed = {"email": "linnet@example.org", "handle": "linnet", "password1": PASSWORD, **TICKS, **changes}
    return {name: value for name, value in typed.items() if value is not None}


def sign_up(client: Client, **changes: Any) -> Any:
    return client.post("/accounts/signup/", details(**changes))


def confirm(client: Client, code: str) -> Any:
    return client.post("/accounts/confirm/", {"code": code})


def mail_to(email: str) -> Delivery:
    """The newest mail that waits to leave for this address."""
    return Delivery.objects.filter(address=email).latest("pk")


def code_for(email: str) -> str:
    found = re.search(r"^(\d{6})$", mail_to(email).body, re.MULTILINE)
    assert found, mail_to(email).body
    return found[1]


def wrong_code_for(email: str) -> str:
    return f"{(int(code_for(email)) + 1) % 10**6:06}"


def comparable(response: Any, *private: str) -> tuple[int, str, str]:
    """What somebody from outside gets: status, location and body, without tokens and without what they typed themselves."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "token", response.text)
    for words in private:
        body = body.replace(words, "typed")
    return response.status_code, response.get("Location", ""), body


class CountedHashes:
    """Counts every password hash computed while it is entered, by whichever call."""

    def __init__(self, monkeypatch: Any) -> None:
        self.count = 0
        for hasher in {type(get_hasher(name)) for name in ("default", "argon2")}:
            monkeypatch.setattr(hasher, "encode", self._counting(hasher.encode))

    def _counting(self, encode: Any) -> Any:
        def counted(hasher: Any, *args: Any, **kwargs: Any) -> Any:
            self.count += 1
            return encode(hasher, *args, **kwargs)

        return counted
