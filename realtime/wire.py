"""The wire: what frames look like, what a cursor says, why a socket is closed. docs/realtime.md tells it in full."""

import json
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

Frame = dict[str, Any]

FRAME_MAX = 64 * 1024  # bytes of one frame, either way
BROKEN_CURSOR = -1  # no log ever had it, so it is answered with a reset instead of a silent gap
ESCAPED_MAX = 1.1  # how much longer a frame may become by writing it in ASCII: words in other scripts would double
_DIGITS_MAX = 18  # a number that fits the database's


class Bye(IntEnum):
    """Why the server closes. Private codes, because servers cannot send 1012 and drop the reason's text."""

    SIGN_IN = 4001
    NOT_ALLOWED = 4003
    TOO_SLOW = 4008
    REPLACED = 4009
    RESTART = 4012
    TOO_FAST = 4029


RETRY_AFTER: Mapping[Bye, int] = {Bye.TOO_SLOW: 5, Bye.REPLACED: 300, Bye.RESTART: 1, Bye.TOO_FAST: 60}
"""Seconds; browsers add a random share, so that they do not all come back in the same second."""


def text_message(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The ASGI message that sends a frame; made once and shared by every socket it goes to."""
    text = json.dumps(frame, separators=(",", ":"), ensure_ascii=False)
    if not text.isascii():
        # Servers encode the text anew for each socket, which ASCII makes seven times quicker.
        escaped = json.dumps(frame, separators=(",", ":"))
        text = escaped if len(escaped) <= len(text) * ESCAPED_MAX else text
    return {"type": "websocket.send", "text": text}


def bye_message(code: Bye, retry_after: float | None = None) -> dict[str, Any]:
    """`retry_after`: seconds, where they are not those of the code."""
    seconds = RETRY_AFTER.get(code, 0) if retry_after is None else retry_after
    return text_message({"type": "bye", "code": int(code), "retry_after": seconds})


def parse_after(text: str) -> dict[str, int]:
    """`wall:812,member:7:31` as {"wall": 812, "member:7": 31}. A number that cannot be read becomes BROKEN_CURSOR."""
    cursors = {}
    for piece in text.split(",")[:20]:
        name, colon, number = piece.rpartition(":")
        if colon:
            readable = number.isascii() and number.isdecimal() and len(number) <= _DIGITS_MAX
            cursors[name] = int(number) if readable else BROKEN_CURSOR
    return cursors


def is_key(value: object) -> bool:
    """Whether a sender's key may be repeated back: short and plain ASCII (a lone surrogate could not be sent)."""
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isascii() and value.isprintable()


def is_at(value: object) -> bool:
    """Whether this is what an `ack` carries: numbers by stream."""
    return isinstance(value, dict) and all(type(number) is int for number in value.values())
