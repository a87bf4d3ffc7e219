"""Which words wait for a moderator before they stand on the wall. The apps above say so; nothing waits without being told."""

import logging
from collections.abc import Callable

from django.utils.functional import Promise

from forum.models import Member

logger = logging.getLogger(__name__)

Rule = Callable[[Member, str], str]
"""The author (their row is locked) and the words with their content note in; a key of `reasons` out, or "" for go ahead."""

rules: list[Rule] = []
reasons: dict[str, str | Promise] = {}
"""What the author reads beside "a moderator looks first": the middle of a sentence that begins with because."""


def why_held(author: Member, body: str, content_note: str = "") -> str:
    """The first reason for which these words wait, or "". A rule that breaks holds nothing."""
    for rule in rules:
        try:
            if reason := rule(author, f"{body}\n{content_note}"):
                return reason
        except Exception:
            logger.exception("holding_failed: the words are shared")
    return ""
