"""Words that nobody is worried by, each with a token that is found again in rows, frames and pages."""

import itertools
import re

LETTERS = "bcdfghjkmnpqrtvwxz"  # no vowel: a token never spells a word that screening knows
TOKEN = re.compile(r"\bz([bcdfghjkmnpqrtvwxz]{6})z\b")

_numbers = itertools.count()


def new_token() -> str:
    number, letters = next(_numbers), ""
    for _place in range(6):
        number, rest = divmod(number, len(LETTERS))
        letters = LETTERS[rest] + letters
    return f"z{letters}z"


def body_of(token: str) -> str:
    return f"A quiet evening by the water, {token}."


def token_in(text: str) -> str:
    """The token in these words, "" when there is none."""
    found = TOKEN.search(text)
    return found[0] if found else ""
