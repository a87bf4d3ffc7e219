"""R7 and R8: who does not read hurts nobody else; and how soon the others have it."""

import asyncio
import contextlib
import statistics
import time

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from bench.faults.browser import Browser
from bench.faults.load import Load
from bench.faults.proxy import Proxy
from bench.faults.results import Bench, Result
from bench.faults.site import Person, Site
from bench.faults.truth import head_of

DEAD = 5
PHASE = 20  # seconds
PHASES = 6  # with and without the dead readers in turn, so that the machine's moods fall on both
STALL = 65  # seconds
REAPED = 60  # seconds a dead line may stay open
NO_CODE = 1006  # what a browser calls a line that ended without a word (RFC 6455, 7.1.5)


async def dead_readers(bench: Bench) -> list[Result]:
    """Sockets that are open and never read, beside others that do."""
    phase, history = bench.share(PHASE, least=4), bench.history("slow")
    late: dict[bool, list[float]] = {False: [], True: []}
    codes: list[int | None] = []
    with bench.embedded("slow", members=40 + DEAD) as site:
        serving = await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=8, readers=30, team=False, pause=1.0) as load:
            await asyncio.sleep(2.0)
            before = serving.memory
            for number in range(PHASES):
                dead = [await _deaf(site, person) for person in site.members[-DEAD:] if number % 2]
                began = time.monotonic()
                await asyncio.sleep(phase)
                late[bool(number % 2)] += lateness(load, began)
                if number == PHASES - 1:
                    await _burst(load)
                    codes = [await _code_of(socket) for socket in dead]
                for socket in dead:
                    socket.transport.abort()
            grown = (serving.memory - before) / 2**20
            await load.settle()
        found = bench.judge(history, site)
    beside, alone = p99(late[True]), p99(late[False])
    ended = sum(code is not None for code in codes)
    return [
        Result(
            "R7",
            f"{DEAD} sockets that never read beside 38 that do, {PHASES // 2} phases of {phase} s with and without them in "
            "turn; then a burst",
            f"{len(late[True]) + len(late[False]):,} deliveries",
            f"others' p99 {beside * 1000:.0f} ms beside {alone * 1000:.0f} ms without: {beside / alone:.2f}x; memory {grown:+.1f} MiB; "
            f"{ended} of {len(codes)} ended by the server, {codes.count(4008)} of them with 4008 still to be read; {found.words()}",
            "p99 at most 1.2x, memory at most +20 MiB, ended by the server",
            beside <= 1.2 * alone and grown <= 20 and ended == len(codes) and found.clean,
        )
    ]


async def stalled(bench: Bench) -> list[Result]:
    """One line goes dead without a word; one client sleeps for more than a minute and reads on."""
    history = bench.history("stalled")
    with bench.embedded("stalled", members=8) as site:
        await asyncio.to_thread(site.serve)
        async with Proxy(site.port) as proxy, Load(site, history, writers=3, readers=2, team=False) as load:
            sleeper = Browser(site, site.members[5], history, "sleeper", sockets=proxy.port)
            staying = asyncio.create_task(sleeper.stay())
            await sleeper.joined.wait()
            proxy.deaf, began = True, asyncio.get_running_loop().time()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(proxy.ended_by_site.wait(), STALL + 40)
            reaped = asyncio.get_running_loop().time() - began
            await asyncio.sleep(max(0.0, began + STALL - asyncio.get_running_loop().time()))
            proxy.deaf = False
            proxy.drop()
            head, back = await asyncio.to_thread(head_of, site), time.monotonic()
            async with asyncio.timeout(60):
                await sleeper.reach(head)
            level = time.monotonic() - back
            await load.settle()
            await sleeper.reach(await asyncio.to_thread(head_of, site))
            staying.cancel()
        found = bench.judge(history, site)
    return [
        Result(
            "R7",
            "A line that goes dead and stays open",
            "once",
            f"ended by the server after {reaped:.0f} s",
            f"within {REAPED} s",
            reaped <= REAPED,
        ),
        Result(
            "R7",
            f"A client behind it, deaf for {STALL} s while others post",
            "once",
            f"level again {level:.1f} s after the line was back, {found.resets} resets; {found.words()}",
            "never a deaf socket",
            found.clean and level <= 35,
        ),
    ]


async def live(bench: Bench) -> list[Result]:
    """R8, embedded: 200 sockets, five posts a second."""
    seconds, history = bench.share(60, least=4), bench.history("live")
    with bench.embedded("live", members=200) as site:
        await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=10, readers=190, team=False, pause=2.0) as load:
            await asyncio.sleep(1.0)
            began = time.monotonic()
            await asyncio.sleep(seconds)
            late = lateness(load, began)
            await load.settle()
        found = bench.judge(history, site)
    median = statistics.median(late)
    return [
        Result(
            "R8",
            "Embedded mode, 200 sockets, ten members who share five posts a second, from send to receipt, clients on the same two cores",
            bench.times(seconds, 60, "s"),
            f"p50 {median * 1000:.0f} ms, p99 {p99(late) * 1000:.0f} ms over {len(late):,} deliveries; {found.words()}",
            "p50 at most 150 ms, p99 at most 500 ms",
            median <= 0.150 and p99(late) <= 0.500 and found.clean,
        )
    ]


def lateness(load: Load, since: float) -> list[float]:
    """Seconds from each send since then to each client's receipt of it."""
    sent = {
        record["key"]: record for record in load.history.records() if record["did"] == "send" and record["t"] >= since
    }
    by_words = {record["words"]: record["t"] for record in sent.values()}
    return [
        record["t"] - by_words[record["words"]]
        for record in load.history.records()
        if record["did"] == "event" and record["words"] in by_words
    ]


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)] if values else float("inf")


async def _deaf(site: Site, person: Person) -> ClientConnection:
    """Open, and nobody reads: what the site sends stands in buffers, ours and then its own."""
    return await connect(
        f"ws://127.0.0.1:{site.port}/ws/",
        origin=Origin(site.origin),
        additional_headers={"Cookie": person.cookie},
        max_size=None,
        max_queue=1,
        ping_interval=None,
        compression=None,
        close_timeout=1,
    )


async def _code_of(socket: ClientConnection) -> int | None:
    """Reads to the end, and returns the code it was closed with: NO_CODE when the line had been cut by then, which the server
    does to who does not take its goodbye; None when it stands open still.
    """
    try:
        async with asyncio.timeout(30):
            while True:
                await socket.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else NO_CODE
    except TimeoutError:
        await socket.close()
        return None


async def _burst(load: Load) -> None:
    """So many events that who reads none of them owes more than 200."""
    for _round in range(8):
        for browser in load.writers:
            for _post in range(4):
                browser.post()
        await asyncio.sleep(1.0)
    for browser in load.writers:
        while browser.outbox:
            browser.moved.clear()
            await browser.moved.wait()
