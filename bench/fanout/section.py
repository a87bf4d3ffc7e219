"""The sections `fanout` and `cost` of docs/performance.md, in words and numbers."""

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

from bench.fanout import pictures
from bench.fanout.cost import cost
from bench.fanout.judging import marks
from bench.fanout.measures import MISSED, Crowd, Return, Turns
from bench.report import table, write_section

NAMES = {
    "harbour-uvicorn": "Harbour, uvicorn",
    "harbour-daphne": "Harbour, daphne",
    "bare": "bare `websockets.broadcast`",
    "socketio-uvicorn": "python-socketio, uvicorn",
    "group-uvicorn": "Channels' tutorial, uvicorn",
    "group-daphne": "Channels' tutorial, daphne",
}
PACKAGES = ("Django", "channels", "daphne", "uvicorn", "websockets", "python-socketio", "autobahn", "Twisted")


def write(turns: Turns, back: Return, few: Crowd, many: Crowd, asked: argparse.Namespace) -> None:
    pictures.draw(turns, many, {name: said.replace("`", "") for name, said in NAMES.items()})
    write_section("fanout", fanout(turns, back, few, many, asked))
    write_section("cost", cost(turns, many))


def fanout(turns: Turns, back: Return, few: Crowd, many: Crowd, asked: argparse.Namespace) -> str:
    rows = [
        [NAMES[name], f"{turns.rate(name):,.0f}", f"{1000 * turns.seconds(name):.1f}", f"{_first(turns, name):.1f}"]
        for name in turns.heard
    ]
    judged = [
        [mark.what, mark.found, mark.asked, "kept" if mark.is_kept else "not kept"]
        for mark in marks(turns, back, few, many)
    ]
    return f"""
## Fan-out

From one person's words to everyone's screens: `python -m bench.fanout --write` measures this and writes this section.

{machine(asked.database)} Each server has core 0 to itself and all its readers are one process on core 1, a plain loop over epoll. All sides
are open at once with {turns.sockets:,} sockets each and take turns, {asked.rounds} rounds; these are medians. Every frame
of a round has as many bytes as Harbour's ({turns.frame:,}: a post drawn from its template).
One member in ten has blocks, mutes and muted words of their own.

{table(["told to " + f"{turns.sockets:,}" + " sockets", "frames a second", "all have read it, ms", "since the first write, ms"], rows)}

*All have read it* counts from the hub's first write for Harbour, which before that has read the log and drawn the post, and from
the call that tells everyone for the others, which have neither. From a post that is accepted (committed, with screening) to the last
read Harbour takes {1000 * turns.whole("harbour-uvicorn"):.0f} ms on uvicorn and {1000 * turns.whole("harbour-daphne"):.0f} ms on daphne.

![How many of the sockets have read a message, by time, for each side. Harbour on uvicorn runs beside the bare broadcast; the
groups of Channels' tutorial come last.](pictures/fanout-turns.svg)

With {many.sockets:,} sockets on one uvicorn, each another member's with blocks, mutes and muted words, and a post a
second: half of all reads came within {1000 * many.at(50):.0f} ms of the post being accepted, 99 of 100 within
{1000 * many.at(99):.0f} ms, all within {1000 * max(many.waits):.0f} ms. An idle socket takes {many.memory / 1024:.1f} KB on
uvicorn and {few.memory / 1024:.1f} KB on daphne ({few.sockets:,} sockets), its viewer's facts included.

![The share of reads by time since a post was accepted, {many.sockets:,} sockets.](pictures/fanout-crowd.svg)

{back.sockets:,} members whose connection broke come back at once and have missed {MISSED} posts: the last has read them all after
{back.seconds:.1f} s. Letting one in takes {back.joining:.1f} queries; what was missed takes {back.queries:.3f} for each of
them, because a row is drawn once for all.

{table(["mark", "measured", "asked", ""], judged)}

### Beside peers that pip installs

python-socketio is its documentation's own AsyncServer with one `emit`; the chat of Channels is its tutorial's consumer, word for word
(`bench/fanout/tutorial.py`), on the in-memory layer: channels_redis is not among what Harbour installs, so its layer was not
measured. Neither stores a message, asks who may see it, or can say later what was missed.
"""


def machine(database: str) -> str:
    """One line on what this was measured with."""
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.machine()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    store = "PostgreSQL" if database else "SQLite"
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {store}; {packages}."


def _first(turns: Turns, name: str) -> float:
    return 1000 * turns.after_first_write(name)
