"""Pages a second of one pinned core, beside a bare view under the same server: `python -m bench.pages [--write] [--seconds 4]`.

Signed in, 20 posts with 3 replies each, as production sends it. Page and bare view take turns, so that whatever else the
machine does falls on both.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.pages.harbour import OTHER_CORE, SERVERS, fill, scale, served
from bench.report import ROOT, table, write_section

ROUNDS = 3
AT_ONCE = 4
MARK = 0.7  # of the bare view
Measured = dict[str, float]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--seconds", type=float, default=4.0)
    asked.add_argument("--server", choices=SERVERS, action="append")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, scale(Path(folder)) as env:
        cookies = fill(env)
        rows = [_row(server, env, cookies, chosen.seconds) for server in chosen.server or SERVERS]
    head = ["server", "bare view /s", "wall /s", "wall p50 ms", "wall p99 ms", "of the bare view", f"mark {MARK}"]
    words = table(head, rows)
    print(words)
    if chosen.write:
        write_section("pages", words)
    sys.exit(any(row[-1] == "SHORT" for row in rows))


def _row(server: str, env: dict[str, str], cookies: list[str], seconds: float) -> list[str]:
    with served(server, env) as wall, served(server, env, bare=True) as bare:
        for port in (wall, bare):
            _load(port, 1.0, cookies)
        turns = [(_load(bare, seconds, cookies), _load(wall, seconds, cookies)) for _round in range(ROUNDS)]
    ratio = statistics.median(of_wall["a_second"] / of_bare["a_second"] for of_bare, of_wall in turns)
    walls = [of_wall for _bare, of_wall in turns]
    return [
        server,
        f"{_median([of_bare for of_bare, _wall in turns], 'a_second'):.0f}",
        *(f"{_median(walls, what):.{places}f}" for what, places in (("a_second", 0), ("p50", 1), ("p99", 1))),
        f"{ratio:.2f}",
        "PASS" if ratio >= MARK else "SHORT",
    ]


def _load(port: int, seconds: float, cookies: list[str]) -> Measured:
    """From a process of its own, on the core that the server does not use."""
    command = ["taskset", "-c", str(OTHER_CORE), sys.executable, "-m", "bench.pages.load"]
    done = subprocess.run(
        [*command, str(port), str(seconds), str(AT_ONCE)],
        input="\n".join(cookies).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    measured: Measured = json.loads(done.stdout)
    return measured


def _median(runs: list[Measured], what: str) -> float:
    return statistics.median(run[what] for run in runs)


if __name__ == "__main__":
    main()
