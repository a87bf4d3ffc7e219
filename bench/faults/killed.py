"""R1 and R3: processes are killed while people write. What was acked is there, once; everybody is told of it."""

import asyncio
import random
import time

from bench.faults.load import Load, post_page
from bench.faults.results import Bench, Result
from bench.faults.site import free_port
from bench.faults.truth import head_of

KILLS = 30


async def kill_embedded(bench: Bench) -> list[Result]:
    """`manage.py serve` is killed mid-write, again and again."""
    kills, history = bench.share(KILLS), bench.history("kill-embedded")
    with bench.embedded("kill-embedded", members=9) as site:
        serving = await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=6, readers=2) as load:
            for _kill in range(kills):
                await asyncio.sleep(0.5 + random.random())
                await asyncio.to_thread(serving.kill)
                serving = await asyncio.to_thread(site.serve)
            healed = await load.settle()
        found = bench.judge(history, site)
    return [
        Result(
            "R1",
            "`manage.py serve` on SQLite killed (SIGKILL) while six members post, one asks for the team and a moderator writes notes",
            bench.times(kills, KILLS, "kills"),
            f"{found.words()}; all clients level {healed:.1f} s after the last start",
            "0 lost, 0 twice",
            found.clean,
        )
    ]


async def kill_scaled(bench: Bench) -> list[Result]:
    """gunicorn, uvicorn, daphne and the clock are killed in turn."""
    kills, history = bench.share(KILLS, least=4), bench.history("kill-scaled")
    with bench.scaled("kill-scaled", members=9) as scaled:
        async with Load(scaled.site, history, writers=6, readers=2, sockets=scaled.sockets) as load:
            for kill in range(kills):
                await asyncio.sleep(0.5 + random.random())
                name = list(scaled.running)[kill % len(scaled.running)]
                await asyncio.to_thread(scaled.running[name].kill)
                await asyncio.to_thread(scaled.start, name)
            healed = await load.settle()
        found = bench.judge(history, scaled.site)
    return [
        Result(
            "R1",
            "gunicorn, uvicorn, daphne and `manage.py clock` on PostgreSQL and Redis killed in turn under the same load",
            bench.times(kills, KILLS, "kills"),
            f"{found.words()}; all clients level {healed:.1f} s after the last start",
            "0 lost, 0 twice",
            found.clean,
        )
    ]


async def crash_before_telling(bench: Bench) -> list[Result]:
    """R3: the process dies between commit and fan-out: what is committed is told after the restart, without new traffic."""
    rounds, history = bench.share(20, least=2), bench.history("crash")
    times: list[float] = []
    with bench.embedded("crash", members=21) as site:
        serving = await asyncio.to_thread(site.serve)
        other_port = free_port()
        await asyncio.to_thread(site.pages, other_port)  # a second process writes to the same database
        async with Load(site, history, writers=0, readers=20, team=False) as load:
            for _round in range(rounds):
                serving.halt()  # before it can look: the commit is there, and nobody has been told
                await post_page(history, other_port, site.members[20])
                head = await asyncio.to_thread(head_of, site)
                serving.kill()
                early = sum(browser.cursor.get("wall", 0) >= head for browser in load.browsers)
                serving = await asyncio.to_thread(site.serve)
                began = time.monotonic()
                async with asyncio.timeout(60):
                    await asyncio.gather(*(browser.reach(head) for browser in load.browsers))
                times.append(time.monotonic() - began if not early else 60.0)
        found = bench.judge(history, site)
    good = sum(each <= 10 for each in times)
    return [
        Result(
            "R3",
            "`manage.py serve` halted, a post committed by another process, then killed before it had told anybody; "
            "20 clients, no traffic after",
            bench.times(rounds, 20, "rounds"),
            f"{good} of {rounds} told to all within 10 s of the restart, slowest {max(times):.1f} s; {found.words()}",
            "all clients within 10 s",
            good == rounds and found.clean,
        )
    ]
