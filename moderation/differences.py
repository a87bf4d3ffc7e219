"""What changed between two versions of somebody's words, word by word. Pure: words in, pieces or safe html out."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

How = Literal["same", "out", "in"]
Side = Literal["then", "now"]
Span = tuple[int, int]

STEPS_A_TOKEN = 80  # of the search for what two versions share: enough for a text in which every tenth word is another

_TOKEN = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that stayed, went or came; `then` and `now` say where it stands, or would, in the old and the new."""

    how: How
    text: str
    then: int
    now: int


def differences(then: str, now: str) -> list[Piece]:
    """The pieces in reading order. Those that stayed and went make up `then`; those that stayed and came make up `now`.

    What lies between two changed words is a space and no common ground, so it changes with them: a sentence that was
    written anew reads as one that went and one that came.
    """
    old, new = _TOKEN.findall(then), _TOKEN.findall(now)
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    middle = _changed(old[first : len(old) - last], new[first : len(new) - last])
    runs = [(old[:first], old[:first]), *middle, (old[len(old) - last :], old[len(old) - last :])]
    return list(_pieces(_without_islands(runs)))


def drawn(pieces: Sequence[Piece], side: Side, marks: Sequence[Span] = ()) -> SafeString:
    """One side of a difference as html: the old words with what went in <del>, or the new ones with what came in <ins>.

    Each change is said in words too. `marks` are spans of that side's words that are marked besides, in order and apart.
    Everything is escaped first.
    """
    shown = ("same", "out") if side == "then" else ("same", "in")
    return format_html_join("", "{}", ((_drawn(piece, side, marks),) for piece in pieces if piece.how in shown))


def _drawn(piece: Piece, side: Side, marks: Sequence[Span]) -> SafeString:
    at = piece.then if side == "then" else piece.now
    words = with_marks(piece.text, [(start - at, end - at) for start, end in marks])
    if piece.how == "same":
        return words
    if piece.how == "in":
        frame = '<ins><span class="sr-only">{} </span>{}<span class="sr-only"> {}</span></ins>'
        return format_html(frame, _("[added:"), words, _("end of what was added]"))
    frame = '<del><span class="sr-only">{} </span>{}<span class="sr-only"> {}</span></del>'
    return format_html(frame, _("[taken out:"), words, _("end of what was taken out]"))


def with_marks(text: str, marks: Sequence[Span]) -> SafeString:
    """The words with these spans marked, each clipped to the words; the spans are in order and apart."""
    parts, at = [], 0
    for span in marks:
        start, end = max(at, span[0]), min(len(text), span[1])
        if start < end:
            parts += [plain(text[at:start]), format_html("<mark>{}</mark>", plain(text[start:end]))]
            at = end
    return format_html_join("", "{}", ((part,) for part in [*parts, plain(text[at:])]))


def plain(text: str) -> SafeString:
    """Somebody's words and nothing but: escaped, with their own line breaks."""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))


_Run = tuple[list[str], list[str]]  # tokens of the old words, and what stands in their place


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens both begin with."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _changed(old: list[str], new: list[str]) -> list[_Run]:
    """The runs in order, as many as can be told apart in STEPS_A_TOKEN; what is left then counts as written anew.

    difflib's own loop takes the square of the length where every other word was changed: two versions that a member wrote
    for it would hold up whoever reads their case.
    """
    runs: list[_Run] = []
    at_old = at_new = 0
    for a, b, size in [*sorted(_matches(old, new)), (len(old), len(new), 0)]:
        runs += [(old[at_old:a], new[at_new:b]), (old[a : a + size], new[b : b + size])]
        at_old, at_new = a + size, b + size
    return runs


def _matches(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """Where both have the same tokens: place in the old, place in the new, number. Wide gaps come before what lies inside of them."""
    matcher = SequenceMatcher(None, old, new)  # its rule of thumb for frequent words keeps long texts quick
    places: Mapping[str, Sequence[int]] = matcher.b2j  # type: ignore[attr-defined]  # documented, and unknown to typeshed
    cost = list(accumulate((1 + len(places.get(token, ())) for token in old), initial=0))
    left = STEPS_A_TOKEN * (len(old) + len(new))
    gaps = deque([(0, len(old), 0, len(new))])
    while gaps and left > 0:
        a, b, c, d = gaps.popleft()
        if a == b or c == d:
            continue
        left -= cost[b] - cost[a]
        i, j, size = matcher.find_longest_match(a, b, c, d)
        if size:
            yield i, j, size
            gaps += [(a, i, c, j), (i + size, b, j + size, d)]


def _without_islands(runs: Sequence[_Run]) -> list[_Run]:
    """Runs with what is next to one of its kind joined, and a space that stayed between two changes taken into them."""
    full = [run for run in runs if run[0] or run[1]]
    joined: list[_Run] = []
    for place, (old, new) in enumerate(full):
        stayed = old == new
        inside = 0 < place < len(full) - 1 and full[place - 1][0] != full[place - 1][1]
        island = stayed and inside and not "".join(old).strip() and full[place + 1][0] != full[place + 1][1]
        same = stayed and not island
        if joined and same == (joined[-1][0] == joined[-1][1]):
            joined[-1] = (joined[-1][0] + old, joined[-1][1] + new)
        else:
            joined.append((old, new))
    return joined


def _pieces(runs: Sequence[_Run]) -> Iterator[Piece]:
    at_old = at_new = 0
    for old, new in runs:
        went, came = "".join(old), "".join(new)
        if old == new:
            yield Piece("same", went, at_old, at_new)
        else:
            if went:
                yield Piece("out", went, at_old, at_new)
            if came:
                yield Piece("in", came, at_old + len(went), at_new)
        at_old, at_new = at_old + len(went), at_new + len(came)
