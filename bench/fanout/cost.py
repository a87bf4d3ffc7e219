"""What a machine carries, reckoned from what was measured."""

import math

from bench.fanout.measures import Crowd, Turns
from bench.report import table

BUSY = 0.3  # of a core that fan-out may take: the rest is for pages, and so that nobody waits
EVENTS = 6.0  # an hour, that one open page causes: posts, replies, supports
ONLINE = 0.05  # of all members, in the busiest hour


def sockets_for(frames_a_second: float, cores: int = 1) -> int:
    """How many open pages so many cores feed, when each causes EVENTS an hour and every event goes to every page."""
    return int(math.sqrt(frames_a_second * BUSY * cores / (EVENTS / 3600)))


def cost(turns: Turns, many: Crowd) -> str:
    rows = []
    for name, said in (("harbour-daphne", "daphne"), ("harbour-uvicorn", "uvicorn")):
        for cores in (1, 2, 4, 16):
            open_pages = sockets_for(turns.rate(name), cores)
            memory = open_pages * many.memory / 2**20
            events = open_pages * EVENTS / 3600
            rows.append(
                [
                    f"{cores} × {said}",
                    f"{open_pages:,}",
                    f"{round(open_pages / ONLINE, -2):,.0f}",
                    f"{events:.1f}",
                    f"{memory:,.0f} MB",
                ]
            )
    head = ["hubs, each on a core", "open pages", "members", "events a second", "memory of all sockets"]
    rate = turns.rate("harbour-uvicorn")
    drawn = 1000 * (turns.whole("harbour-uvicorn") - turns.after_first_write("harbour-uvicorn"))
    return f"""
## What it costs

One wall means that every event goes to every open page, so the work grows with the *square* of those who are there: twice as
many people write twice as much, to twice as many. Reckoned from the table above, with these assumptions, which nobody has
measured and a site replaces by its own figures: an open page causes {EVENTS:.0f} events an hour (posts, replies, supports),
{ONLINE:.0%} of all members are there in the busiest hour, and fan-out may take {BUSY:.0%} of a core.

    open pages = √(frames a second × {BUSY} × cores × 3600 / {EVENTS:.0f})
    one core of uvicorn: √({rate:,.0f} × {BUSY} × 3600 / {EVENTS:.0f}) = {sockets_for(rate):,}

{table(head, rows)}

So a small group's one machine is idle nearly always, and what it pays for is the pages, not the sockets.

**Past one machine**, in this order:

1. *A hub per process.* Hubs share nothing but the database: each reads the log once for all its sockets, whose number does
   not change what it asks. k hubs need k reads of each event, and open pages grow with √k. Before its first write a hub
   takes {drawn:.1f} ms to be rung, read the log and draw one post: {1000 / max(drawn, 0.1):.0f} posts a second, so it is not
   the reading that ends first.
2. *One PUBLISH per post* rings all hubs. Redis carries stream names, never frames: at the last row's {rows[-1][3]} events a second with 16
   hubs that is {16 * float(rows[-1][3]):.0f} short messages a second.
3. *Read replicas* for pages, which Harbour does not have yet. A page carries the number it was drawn from, so what a replica
   had not heard of comes over the socket; hubs go on reading the primary.
4. *A partitioned log*, likewise. Writers to one stream wait for one row. When that is too slow, the wall's stream is split in
   n by author: a hub reads n streams, and a cursor has n numbers, which the wire and the browser can carry already.
"""
