"""What goes when something is taken out of words: phrases that stand in them, found on the server.

A moderator names phrases and nothing else. So whatever is sent, the words can only lose something: nobody can put words in
anybody's mouth.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation import screening
from moderation.refusals import Missing

FIELD = "takes_out"
Span = tuple[int, int]


def phrases_from(text: str) -> list[str]:
    """One phrase on each line."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def spans_to_take_out(body: str, phrases: Iterable[str]) -> tuple[Span, ...]:
    """Where these phrases stand in the words, in order and joined where they touch. Every place of each goes.

    Raises Missing where none was named, where one is not in the words, and where nothing to read would be left.
    """
    phrases = list(phrases)
    if not phrases:
        raise Missing(FIELD, _("Write what goes: each phrase on a line of its own, as it stands in their words."))
    found: list[Span] = []
    for phrase in phrases:
        places = _places(body, phrase)
        if not places:
            raise Missing(
                FIELD, _("“%(phrase)s” is not in their words. Copy it as it stands there.") % {"phrase": phrase}
            )
        found += places
    spans = _joined(body, sorted(found))
    if not re.search(r"\w", _left(body, spans)):
        raise Missing(FIELD, _("Nothing would be left to read. Take it down instead."))
    return spans


def looks_personal(body: str) -> str:
    """What screening takes for a way to reach somebody, to begin from: a person says whether it goes."""
    found = screening.screen_contact(body).reasons
    phrases = [" ".join(body[reason.start : reason.end].split()) for reason in found]
    return "\n".join(dict.fromkeys(phrases))


def struck(body: str, spans: Sequence[Sequence[int]]) -> SafeString:
    """The words as they were, with what was taken out struck through."""
    pieces, at = [], 0
    for start, end in spans:
        if not at <= start < end <= len(body):
            continue  # of other words than these
        pieces += [_plain(body[at:start]), format_html("<del>{}</del>", _plain(body[start:end]))]
        at = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, _plain(body[at:])]))


def _places(body: str, phrase: str) -> list[Span]:
    """Whole words where there are any: taking out "Ann" leaves "Anniversary" alone. Spaces and cases of letters may differ."""
    inner = r"\s+".join(re.escape(part) for part in phrase.split())
    whole = rf"(?<!\w){inner}(?!\w)"
    found = [match.span() for match in re.finditer(whole, body, re.IGNORECASE)]
    return found or [match.span() for match in re.finditer(inner, body, re.IGNORECASE)]


def _joined(body: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans that touch, or have only a space between them, are one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not body[joined[-1][1] : start].strip(" "):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _left(body: str, spans: Sequence[Span]) -> str:
    ends = [0, *(end for _start, end in spans)]
    starts = [*(start for start, _end in spans), len(body)]
    return " ".join(body[end:start] for end, start in zip(ends, starts, strict=True))


def _plain(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))
