"""What members say of themselves where nobody posts it: a handle, pronouns, a few words. Apps above read it and stop nothing."""

import logging
from collections.abc import Callable

from forum.models import Member

logger = logging.getLogger(__name__)

readers: list[Callable[[Member, str], None]] = []
"""Called once the words stand, outside the transaction that stored them: what a reader locks comes after nothing else."""


def was_said(member: Member, words: str) -> None:
    """Lets whoever asked read the words. A reader that breaks takes nobody's name away."""
    for reader in readers if words.strip() else ():
        try:
            reader(member, words)
        except Exception:
            logger.exception("self_words_failed: what member %s says of themselves was not read", member.pk)
