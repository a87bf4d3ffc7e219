"""The page of attacks names tests that are there, and leaves out no item."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
REVIEW = ROOT / "docs" / "security-review.md"


def test_each_attack_has_a_test_that_is_there() -> None:
    rows = [line for line in REVIEW.read_text().splitlines() if re.match(r"\| \d", line)]
    named = [re.findall(r"`(tests/[\w/]+\.py)`", row) for row in rows]
    assert all(named) and {path for paths in named for path in paths if not (ROOT / path).exists()} == set()
    assert {row.split("|")[1].strip() for row in rows} == set("123456789")
