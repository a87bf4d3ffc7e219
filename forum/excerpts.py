"""The few lines of a post around the words that were looked for: people's words escaped first, the marks put in by us."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LENGTH = 280  # characters: three or four lines on a phone
BEFORE = 90  # of them before the first word found

_word = re.compile(r"[^\W_]+(?:[\u0300-\u036f'\u2019][^\W_]*)*")
_parts = re.compile(r"['\u2019]")
_y = re.compile(r"(?<=\w\w)(?:ies|ied)$")
_ending = re.compile(
    r"(?:iveness|fulness|ousness|ations?|ingly|edly|fully|ments?|liness|iness|ness|ings?|ily|ed|ers?|est|ly|es|s|ful|y|e)$"
)
_doubled = re.compile(r"([bdfgmnprt])\1$")


def root(word: str) -> str:
    """Near enough to what the databases make of a word, to show why a post was found: no accents, no English ending."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    plain = "".join(character for character in decomposed if character.isalnum())
    short = _ending.sub("", _y.sub("y", plain))
    return _doubled.sub(r"\1", short) if len(short) >= 3 else _y.sub("y", plain)


def roots_of(text: str) -> frozenset[str]:
    """The roots of every word of a text."""
    return frozenset(root(match[0]) for match in _word.finditer(text))


def draw_excerpt(body: str, wanted: Iterable[str]) -> SafeString:
    """The piece of a text around the first word with one of the wanted roots, and <mark> around each of them in it."""
    text, roots = " ".join(body.split()), frozenset(wanted)
    found = [match.span() for match in _word.finditer(text) if _is_wanted(match[0], roots)]
    start, end = _window(text, found[0][0] if found else 0)
    pieces, at = [], start
    for first, last in found:
        if start <= first and last <= end:
            pieces += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(f"<bdi>{before}{''.join(pieces)}{escape(text[at:end])}{after}</bdi>")  # noqa: S308


def _is_wanted(word: str, roots: frozenset[str]) -> bool:
    """As a whole, or one part of it: l'ami is found by ami."""
    return root(word) in roots or any(root(part) in roots for part in _parts.split(word) if len(part) > 1)


def _window(text: str, found: int) -> tuple[int, int]:
    """Where the piece begins and ends, between words where there is a space near enough."""
    start = max(0, found - BEFORE)
    if start:
        start = text.find(" ", start, found) + 1 or start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + LENGTH // 2, end)
        end = space if space > found else end
    return start, end
