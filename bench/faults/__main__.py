"""`python -m bench.faults`: every fault, then the table of results in docs/reliability.md.

`--size 0.05` runs a twentieth of the marks' own numbers. `--only line storm` runs some; with `--keep file` a whole run can be made
in pieces, and the page is written from all of them. Each row ends in PASS or SHORT; the command ends with 1 when one is SHORT.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from bench.faults.again import sent_again
from bench.faults.full import disk_full
from bench.faults.gone import asleep
from bench.faults.joining import joined_while_writing
from bench.faults.jump import clock_jumps
from bench.faults.killed import crash_before_telling, kill_embedded, kill_scaled
from bench.faults.line import dropped_lines, storm
from bench.faults.power import power_cut
from bench.faults.report import Kept, line_of, machine
from bench.faults.results import Bench, Fault, Result
from bench.faults.services_away import postgresql_away, redis_away
from bench.faults.slow import dead_readers, live, stalled

FAULTS: dict[str, Fault] = {
    "kill": kill_embedded,
    "kill-scaled": kill_scaled,
    "again": sent_again,
    "crash": crash_before_telling,
    "line": dropped_lines,
    "asleep": asleep,
    "joining": joined_while_writing,
    "slow": dead_readers,
    "stalled": stalled,
    "live": live,
    "storm": storm,
    "redis": redis_away,
    "postgresql": postgresql_away,
    "full": disk_full,
    "jump": clock_jumps,
    "power": power_cut,
}


def main() -> int:
    words = argparse.ArgumentParser(prog="bench.faults", description=__doc__)
    words.add_argument("--size", type=float, default=1.0, help="part of the marks' own numbers; 1 is all of it")
    words.add_argument("--only", nargs="*", default=[], choices=FAULTS, metavar="FAULT", help=", ".join(FAULTS))
    words.add_argument("--keep", type=Path, help="a file that gathers the results of several runs")
    words.add_argument("--write", action="store_true", help="write docs/reliability.md; always done by a whole run")
    chosen = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whatever was started and mounted is ended all the same
    kept, names = Kept(chosen.keep), chosen.only or list(FAULTS)
    passed = True
    with (
        tempfile.TemporaryDirectory(prefix="harbour-faults-") as folder,
        closing(Bench(Path(folder), chosen.size)) as bench,
    ):
        for number, name in enumerate(names, 1):
            print(f"[{number}/{len(names)}] {name}", file=sys.stderr, flush=True)
            results = asyncio.run(run(FAULTS[name], bench))
            kept.put(name, results, machine(*bench.servers))
            passed &= all(result.passed for result in results)
            print(*map(line_of, results), sep="\n", flush=True)
    if chosen.write or not chosen.only:
        kept.write()
    return 0 if passed else 1


async def run(fault: Fault, bench: Bench) -> list[Result]:
    """With threads enough for everybody who asks for a page at once."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))
    return await fault(bench)


if __name__ == "__main__":
    sys.exit(main())
