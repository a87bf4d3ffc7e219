"""What others try against sanitisers (tests/data/payloads), and a canary in place of what theirs would do."""

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data/payloads"
COLLECTIONS = ("dompurify", "bleach", "html5lib", "naughty")
WANTED = 498  # promise S3
ACTS = re.compile(r"\bon\w+\s*=|<script|script:|srcdoc|data:|@import|<base|<meta|<iframe", re.IGNORECASE)


def read_payloads() -> list[str]:
    """Every payload, no string twice."""
    return list(
        dict.fromkeys(each for name in COLLECTIONS for each in json.loads((FOLDER / f"{name}.json").read_text()))
    )


def hostile_first(payloads: list[str]) -> list[str]:
    """Those that would do something first, short before long."""
    return sorted(payloads, key=lambda each: (not ACTS.search(each), len(each)))


def deal(payloads: list[str], most: int) -> Iterator[str]:
    """One after another for ever, as many at once as fit into `most` characters; a longer one is left out."""
    fitting = [each for each in payloads if len(each) <= most]
    place = count()
    while True:
        lines, room = [fitting[next(place) % len(fitting)]], most
        room -= len(lines[0])
        while (following := fitting[next(place) % len(fitting)]) and len(following) + 1 <= room:
            lines.append(following)
            room -= len(following) + 1
        yield "\n".join(lines)
