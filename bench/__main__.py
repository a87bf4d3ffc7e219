"""Every benchmark, one after another: `python -m bench [--write]`. One that falls short keeps none of the others from being run.

Each prints a table whose rows end in PASS or SHORT; this ends with 1 when one of them fell short. `--write` is handed on to those
that write docs/performance.md.
"""

import subprocess
import sys
import time

from bench.report import ROOT

PARTS = ("queue", "screening", "fanout", "pages", "growth")
WRITERS = frozenset({"fanout", "pages", "growth"})


def main() -> int:
    write = sys.argv[1:] == ["--write"]
    if sys.argv[1:] and not write:
        print(__doc__)
        return 2
    short, began = [], time.monotonic()
    for number, part in enumerate(PARTS):
        bar = f"{'#' * (6 * number):.<{6 * len(PARTS)}}"
        print(f"[{bar}] {part}, after {(time.monotonic() - began) / 60:.0f} min", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", f"bench.{part}", *(["--write"] if write and part in WRITERS else [])]
        print(f"\n{part}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            short.append(part)
    print(f"\n{len(PARTS) - len(short)} of {len(PARTS)} kept all their marks.", *short and ["Not:", ", ".join(short)])
    return bool(short)


if __name__ == "__main__":
    sys.exit(main())
