"""This site's own rules of screening, as an argument for the pure part: what was added, what is off, whose contacts are public."""

import logging
import time

from django.db import Error as DatabaseError
from django.db import transaction

from forum import helplines
from moderation.models import RuleSwitch, RuleWords
from moderation.screening import Own

logger = logging.getLogger(__name__)

FRESH = 30.0  # seconds until a change is in every process
_kept: tuple[float, Own] | None = None


def current() -> Own:
    """As last read, half a minute old at most. While the database is away, what was read before, or the built-in rules."""
    global _kept
    if _kept and time.monotonic() - _kept[0] < FRESH:
        return _kept[1]
    try:
        with transaction.atomic():
            own = read()
    except DatabaseError:
        logger.exception("screening_rules: this site's own rules could not be read")
        own = _kept[1] if _kept else Own()
    _kept = (time.monotonic(), own)
    return own


def read() -> Own:
    """As they stand in the database now. Two queries."""
    words = RuleWords.objects.filter(ended_at=None).order_by("pk").values_list("family", "phrase")
    off = RuleSwitch.objects.filter(ended_at=None, off_since__isnull=False).values_list("rule", flat=True)
    return Own(tuple(words), frozenset(off), helplines.contacts_at_hand())


def forget() -> None:
    """This process reads the rows afresh; others do within half a minute."""
    global _kept
    _kept = None
