"""R4, R6 and R9: the line is dropped, again and again, or for everybody at once."""

import asyncio
import statistics
import time

from bench.faults.load import Load
from bench.faults.proxy import Proxy
from bench.faults.results import Bench, Result
from bench.faults.services_away import level_row, timed
from bench.faults.truth import head_of

LASTING = 300  # seconds
EVERY, GONE = 10.0, 2.0  # seconds
LATE = 0.02  # seconds that the line is late besides


async def dropped_lines(bench: Bench) -> list[Result]:
    """Fifty clients on a bad train line."""
    lasting, history = bench.share(LASTING, least=12), bench.history("dropped")
    levels: list[float] = []
    with bench.embedded("dropped", members=51) as site:
        await asyncio.to_thread(site.serve)
        async with Proxy(site.port) as proxy:
            proxy.delay = LATE
            async with Load(site, history, writers=5, readers=45, team=False, sockets=[proxy.port], pause=2.0) as load:
                until = time.monotonic() + lasting
                while time.monotonic() < until:
                    await asyncio.sleep(EVERY - GONE)
                    await proxy.cut(GONE)
                    head = await asyncio.to_thread(head_of, site)
                    levels.append(await timed(load, lambda cursor: cursor >= head))  # noqa: B023
                await load.settle()
        found = bench.judge(history, site)
    clients = f"50 clients behind a line that is {LATE * 1000:.0f} ms late and gone for 2 s in every 10"
    return [
        Result(
            "R4",
            f"{clients}; five of them post",
            bench.times(lasting, LASTING, "s"),
            found.words(),
            "all delivered, 0 shown twice, in order",
            found.clean and not found.resets,
        ),
        level_row(
            "R6",
            "After each of these drops, until every client is where the database was when the line came back",
            levels,
            5,
        ),
    ]


async def storm(bench: Bench) -> list[Result]:
    """Everybody is dropped in one moment, and comes back."""
    clients, history = bench.share(500, least=25), bench.history("storm")
    counted = bench.folder / "queries"
    with bench.embedded("storm", members=clients, FAULTS_QUERIES=str(counted)) as site:
        serving = await asyncio.to_thread(site.serve)
        async with (
            Proxy(site.port) as proxy,
            Load(site, history, writers=0, readers=clients, team=False, sockets=[proxy.port]) as load,
        ):
            hellos = {browser.name: browser.hellos for browser in load.browsers}
            dropped_at, before = time.monotonic(), counted.stat().st_size
            proxy.drop()
            back: dict[str, float] = {}
            while len(back) < clients and time.monotonic() < dropped_at + 90:
                for browser in load.browsers:
                    if browser.hellos > hellos[browser.name]:
                        back.setdefault(browser.name, time.monotonic() - dropped_at)
                await asyncio.sleep(0.05)
            tried = [next(at for at in browser.tried_at if at > dropped_at) - dropped_at for browser in load.browsers]
            memory, each = serving.memory, (counted.stat().st_size - before) / max(1, len(back))
        found = bench.judge(history, site)
    soon = sum(each <= 60 for each in back.values())
    spread = statistics.quantiles(tried, n=20)
    return [
        Result(
            "R9",
            "All sockets of the embedded mode dropped in one moment",
            bench.times(clients, 500, "clients"),
            f"{soon:,} of {clients:,} back within 60 s, the last after {max(back.values(), default=90):.1f} s; first tries spread over "
            f"{spread[0]:.2f} to {spread[-1]:.2f} s (5th to 95th percentile); {each:.1f} queries each; "
            f"server at {memory / 2**20:.0f} MiB; {found.words()}",
            "at least 99 % within 60 s, at most 3 queries each, jitter visible",
            soon >= 0.99 * clients and each <= 3 and spread[-1] - spread[0] > 0.2 and found.clean,
        )
    ]
