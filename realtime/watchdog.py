"""The outside dead-man's switch: told each minute that the clock does its work, it calls the operator when it hears nothing.

Nothing within this machine can say that this machine is off.
"""

import http.client
import logging
from functools import partial

from django.core.management.base import CommandError

from realtime import clock, outgoing

logger = logging.getLogger(__name__)

EVERY = 60  # seconds


def begin(url: str) -> None:
    """From now on this clock fetches `url` each minute, once between all clocks. An empty one does nothing.

    Raises CommandError for an address that nothing may be sent to.
    """
    if not url:
        return
    try:
        outgoing.checked(url)
    except outgoing.NotAllowed as refusal:
        raise CommandError(f"The watchdog's address is refused: {refusal}. Write a whole https:// address.") from None
    clock.register_task("watchdog", EVERY, partial(ping, url), lane="watchdog")


def ping(url: str) -> bool:
    """Tell the switch that all is well, if it is. A switch that cannot be reached hurts nothing; its address is a secret."""
    if not clock.is_well():
        logger.error("watchdog_withheld: a task failed, or no clock has run for a minute")
        return False
    try:
        status = outgoing.send("GET", url, {"User-Agent": "Harbour"})
    except (outgoing.NotAllowed, OSError, http.client.HTTPException) as error:
        logger.warning("watchdog_unreachable: %s", type(error).__name__)
        return False
    if not 200 <= status < 300:
        logger.warning("watchdog_refused: %s", status)
    return 200 <= status < 300
