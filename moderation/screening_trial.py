"""A change of the rules, tried on words that people have shared already: how many it would have flagged. Counts alone, no words."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from forum.models import Post, Status
from moderation.screening import Own, Screening, screen
from moderation.screening.result import ORDER

LAST: Final = 1000  # posts and replies
LONGEST: Final = 3.0  # seconds: where posts are very long, fewer are read, and the page says how many
RANK: Final = {None: -1} | {severity: rank for rank, severity in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class Trial:
    """Of `tried` posts. `emergencies` are among those that would have been raised: they wake people."""

    tried: int = 0
    flagged: int = 0  # that pass today and would have been flagged
    raised: int = 0  # that would have been more serious than today
    lowered: int = 0  # that would have been less serious
    passed: int = 0  # that are flagged today and would have passed
    emergencies: int = 0


def with_words(own: Own, family: str, phrase: str) -> Own:
    return replace(own, words=(*own.words, (family, phrase)))


def without_rule(own: Own, rule: str) -> Own:
    return replace(own, off=own.off | {rule})


def try_on_old_posts(now: Own, then: Own) -> Trial:
    """What the last posts and replies on the wall would have come to with `then` in place of `now`. One query."""
    counts = dict.fromkeys(("tried", "flagged", "raised", "lowered", "passed", "emergencies"), 0)
    began = time.monotonic()
    for text in _last_words():
        if time.monotonic() - began > LONGEST:
            break
        counts["tried"] += 1
        for name in _differences(screen(text, now), screen(text, then)):
            counts[name] += 1
    return Trial(**counts)


def _last_words() -> Iterator[str]:
    posts = Post.objects.filter(status__in=(Status.VISIBLE, Status.FOLDED)).order_by("-pk")
    for body, note in posts.values_list("body", "content_note")[:LAST]:
        yield f"{body}\n{note}"


def _differences(before: Screening, after: Screening) -> Iterator[str]:
    was, is_now = RANK[before.severity], RANK[after.severity]
    if was == is_now:
        return
    if was < 0:
        yield "flagged"
    elif is_now < 0:
        yield "passed"
    else:
        yield "raised" if is_now > was else "lowered"
    if after.severity == "emergency":
        yield "emergencies"
