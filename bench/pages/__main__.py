"""Pages a second of one pinned core beside a bare view under the same server, and how long a post takes to be stored.

`python -m bench.pages [--write] [--seconds 4] [--server gunicorn]`. Signed in, 20 posts with 3 replies each, as production sends
it. Page and bare view take turns, so that whatever else the machine does falls on both.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench.pages.harbour import OTHER_CORE, SERVER_CORE, SERVERS, embedded, environment, fill, scale, served
from bench.report import ROOT, table, write_section

ROUNDS = 3
AT_ONCE = 4
MARK = 0.7  # of the bare view
ALONE, BESIDE = 12, 250  # milliseconds: the median of a post alone, and the 99th of a hundred at RATE beside READERS
READERS, RATE, POSTS = 200, 20, 200
Measured = dict[str, float]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--seconds", type=float, default=4.0)
    asked.add_argument("--server", choices=SERVERS, action="append")
    chosen = asked.parse_args()
    posts = _posting()
    print(posts, flush=True)
    pages, profile = _pages(chosen.server or list(SERVERS), chosen.seconds)
    words = "\n\n".join(
        [
            "## Pages and posting",
            f"{_machine()} Written by `python -m bench.pages --write`.",
            (
                "The wall, signed in, 20 posts with 3 replies each, not packed, on PostgreSQL and Redis; beside it the least that "
                "Django can do for somebody signed in (session, member, one line) under the same server. The server has one core, "
                "everything else the other. The peers that fan-out is measured against draw no page for anybody in particular: "
                "each has one file that is the same for all, so the bare view stands for them."
            ),
            table(
                ["server", "bare view /s", "wall /s", "p50 ms", "p99 ms", "of the bare view", f"at least {MARK}"], pages
            ),
            "### Where a page's time goes",
            (
                "One process under cProfile, without a server: what each package takes for itself of one wall. The bare view does "
                "two queries and renders nothing, so what is to be saved for a page that costs no more than 1.4 of it would have to "
                "be nearly all of this."
            ),
            profile,
            (
                "From sending a post over the socket until its ack, one process on SQLite (`manage.py serve`), with all that "
                f"happens around a post; then at {RATE} posts a second beside {READERS} other sockets."
            ),
            table(["posting", "p50 ms", "p99 ms", "mark"], posts),
        ]
    )
    print(words)
    if chosen.write:
        write_section("pages", words)
    sys.exit(any(row[-1].endswith("SHORT") for row in (*pages, *posts)))


def _machine() -> str:
    named = ", ".join(f"{name} {version(name)}" for name in ("django", "gunicorn", "uvicorn", "daphne", "psycopg"))
    return f"2 cores, Python {platform.python_version()}, {named}."


def _pages(servers: list[str], seconds: float) -> tuple[list[list[str]], str]:
    with tempfile.TemporaryDirectory() as folder, scale(Path(folder)) as env:
        cookies = fill(env)
        rows = []
        for server in servers:
            rows.append(_row(server, env, cookies, seconds))
            print(rows[-1], flush=True)
        return rows, _profile(env, cookies)


def _profile(env: dict[str, str], cookies: list[str]) -> str:
    command = ["taskset", "-c", str(SERVER_CORE), sys.executable, "-m", "bench.pages.profiled"]
    bare, wall = (
        json.loads(
            subprocess.run(
                command,
                input="\n".join(cookies).encode(),
                stdout=subprocess.PIPE,
                cwd=ROOT,
                env={**os.environ, **env, "BENCH_BARE": which},
                check=True,
            ).stdout
        )
        for which in ("yes", "")
    )
    counts = [
        [what, f"{of['queries']}", f"{of['calls']:,.0f}", f"{of['ms']:.1f}"]
        for what, of in (("bare view", bare), ("wall", wall))
    ]
    parts = [[name, f"{part:.0%}"] for name, part in wall["parts"].items()]
    return table(["page", "queries", "Python calls", "ms"], counts) + "\n\n" + table(["of the wall", "part"], parts)


def _posting() -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        cookies = fill(env)
        with embedded(env) as port:
            alone = _measure("bench.pages.posting", [port, 0, 0, POSTS], cookies)
            beside = _measure("bench.pages.posting", [port, READERS, RATE, 2 * POSTS], cookies)
    return [
        ["alone", *_times(alone), f"p50 {ALONE} ms: {_judged(alone['p50'] <= ALONE)}"],
        [f"{RATE} a second", *_times(beside), f"p99 {BESIDE} ms: {_judged(beside['p99'] <= BESIDE)}"],
    ]


def _times(measured: Measured) -> list[str]:
    return [f"{measured[what]:.1f}" for what in ("p50", "p99")]


def _judged(good: bool) -> str:
    return "PASS" if good else "SHORT"


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
        _judged(ratio >= MARK),
    ]


def _load(port: int, seconds: float, cookies: list[str]) -> Measured:
    return _measure("bench.pages.load", [port, seconds, AT_ONCE], cookies)


def _measure(module: str, words: list[float], cookies: list[str]) -> Measured:
    """From a process of its own, on the core that the server does not use."""
    command = ["taskset", "-c", str(OTHER_CORE), sys.executable, "-m", module, *map(str, words)]
    sent = "\n".join(cookies).encode()
    measured: Measured = json.loads(
        subprocess.run(command, input=sent, stdout=subprocess.PIPE, cwd=ROOT, check=True).stdout
    )
    return measured


def _median(runs: list[Measured], what: str) -> float:
    return statistics.median(run[what] for run in runs)


if __name__ == "__main__":
    main()
