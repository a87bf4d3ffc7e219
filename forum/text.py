"""Plain text in, safe HTML out. What makes a link of an address is in linking.py."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from forum import linking

LONGEST_LINK = 2000  # characters; a linkifier over longer words takes more than linear time
BRACKETS_MAX = 20  # in one address; the linkifier begins anew at each opening bracket
LINKS_MAX = 50  # in one text: linking is the slowest part of drawing it, and it is drawn for every page
MARKS_KEPT = 4  # combining marks in a row: what Vietnamese, Hebrew and Tibetan need, and not a tower
MARKS_STORED = 30  # in a row (UAX 15, stream-safe text): putting n of them in order takes Python n * n steps

_marks = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
    f"{{{MARKS_KEPT}}})[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_controls = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_blank_lines = re.compile(r"\n[^\S\n]*\n\s*")
_words = re.compile(r"(\s+)")
_address = re.compile(r"https?://\w", re.IGNORECASE)


def clean_text(raw: str) -> str:
    """Text as it is stored: one kind of line end, no control characters, NFC, trimmed. Forms and sockets share it.

    Raises ValidationError for lone surrogates, which no database stores. NUL is dropped: PostgreSQL refuses it.
    """
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(
            _("Some of these characters are broken and cannot be kept. Please type that part again."), code="surrogates"
        ) from error
    lines = _controls.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", _without_towers(lines)).strip()


def _without_towers(text: str) -> str:
    """60,000 marks on one letter would hold up the whole process for seconds: what no language writes goes first."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MARKS_STORED:
            kept.append(character)
    return "".join(kept)


def has_words(text: str) -> bool:
    """Whether anything can be read in it: not only spaces, marks and characters without width."""
    return any(unicodedata.category(character)[0] not in "CZM" for character in text)


def render_body(text: str) -> SafeString:
    """Paragraphs, line breaks and the first fifty links, from text that people wrote. All else comes out as they typed it.

    The output holds p, br, a and bdi alone. Each paragraph is a bdi, so that characters that turn the direction of writing
    end where it ends.
    """
    paragraphs = [part for part in _blank_lines.split(_marks.sub(r"\1", text.strip())) if part.strip()]
    links_left = iter(range(LINKS_MAX))
    return mark_safe("".join(f"<p><bdi>{_render_lines(part, links_left)}</bdi></p>" for part in paragraphs))  # noqa: S308


def _render_lines(paragraph: str, links_left: Iterator[int]) -> str:
    lines = (_words.split(line) for line in paragraph.split("\n"))
    return "<br>".join("".join(_render_word(word, links_left) for word in words) for words in lines)


def _render_word(word: str, links_left: Iterator[int]) -> str:
    if _may_be_link(word) and next(links_left, None) is not None:
        return linking.link_word(word)
    return escape(word)


def _may_be_link(word: str) -> bool:
    """What is handed to a linkifier: bleach's time grows with the square of some words' length."""
    return bool(_address.match(word)) and len(word) <= LONGEST_LINK and word.count("(") <= BRACKETS_MAX
