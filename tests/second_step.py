"""The app on somebody's telephone that shows six figures."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD = 30  # seconds a code is shown (RFC 6238)
SPARE = 5  # seconds a test needs to send it


def code_from_app(secret: str) -> str:
    """What the app shows now. Near the end of a period, what it shows next: nobody types figures that are about to go."""
    if PERIOD - time.time() % PERIOD < SPARE:
        time.sleep(PERIOD - time.time() % PERIOD)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))
