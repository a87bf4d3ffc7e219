"""Which passwords are refused because thieves try them first. Asked offline: no password, nor a part of one, leaves the machine."""

import hashlib
import re
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FILE = (
    Path(__file__).resolve().parent / "data" / "known_passwords.bin"
)  # where it is from: data/NOTICE.md; tools/passwords.py
LEAST = 10  # characters of a password here; MinimumLengthValidator asks for as many
WIDTH = 5  # bytes of a digest that are kept
PADDING = re.compile(r"[\W\d_]+")


class KnownPasswordValidator:
    """Refuses what stands in public lists of stolen passwords, in any case, and the name of this place with a number behind it."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_known(password):
            raise ValidationError(
                _(
                    "This password is on lists that thieves try first. A few words in a row that only you would put together "
                    "are easy to keep in mind and hard to guess."
                ),
                code="password_known",
            )
        if PADDING.sub("", password.casefold()) in own_words():
            raise ValidationError(
                _(
                    "This is the name of this place, which thieves try first. Choose words that only you would think of."
                ),
                code="password_of_this_place",
            )

    def get_help_text(self) -> str:
        return _("Not one that is on public lists of stolen passwords.")


def is_known(password: str) -> bool:
    digest, known = digest_of(password), _known()
    place = bisect_left(range(len(known) // WIDTH), digest, key=lambda n: known[n * WIDTH : (n + 1) * WIDTH])
    return known[place * WIDTH : (place + 1) * WIDTH] == digest


def digest_of(password: str) -> bytes:
    """What is kept of a password: in small letters, since a thief's program tries the capitals by itself."""
    return hashlib.sha256(password.strip().casefold().encode(errors="replace")).digest()[:WIDTH]


def own_words() -> set[str]:
    """What somebody writes who thinks of nothing better on this site, without what was put around it."""
    names = {"harbour", settings.PRODUCT_NAME.casefold()}
    return {
        PADDING.sub("", word) for name in names for word in (name, f"my{name}", f"{name}password", f"password{name}")
    }


@cache
def _known() -> bytes:
    return FILE.read_bytes()
