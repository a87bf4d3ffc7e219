"""What clients sent, were answered and received: a line of JSON each, with the time of a clock that nobody sets.

| `did` | with |
| --- | --- |
| `send` | `kind` (post, reply, report, note …), `key`, `words` |
| `ack`, `refused` | `key`, and `id` or `code` |
| `page` | `wall`: the cursor it was drawn from; `rows`: [noun, id, version, words] of what it shows |
| `open`, `hello`, `closed` | `after`; `at`; `code` |
| `event` | `seq`, `kind`, `id`, `version`, `words` (None: the frame had no html) |
| `reset` | `at` |
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class History:
    """One file for all clients of a run; written by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def note(self, who: str, did: str, **facts: Any) -> float:
        """Writes a line, and returns its time in seconds."""
        at = time.monotonic()
        self._file.write(json.dumps({"t": round(at, 6), "who": who, "did": did, **facts}) + "\n")
        return at

    def records(self) -> list[Record]:
        """Everything so far, in the order in which it was written."""
        self._file.flush()
        return list(self._lines())

    def _lines(self) -> Iterator[Record]:
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
