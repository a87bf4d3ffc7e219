"""R4: who comes back after a day, or after more than the log can tell, is either brought up to date or told to load the page."""

import asyncio
from datetime import UTC, datetime, timedelta

from bench.faults.browser import Browser
from bench.faults.load import Load
from bench.faults.results import Bench, Result
from bench.faults.site import Site
from bench.faults.truth import change, head_of

AWAY = timedelta(hours=25)
CLIENTS = 20
RING = 500  # events that can be told again
BEHIND = RING + 20


async def asleep(bench: Bench) -> list[Result]:
    """Pages that were open before the machine slept: a little behind, far behind, and past what is kept."""
    clients, history = bench.share(CLIENTS, least=4), bench.history("asleep")
    with bench.embedded("asleep", members=clients + 10) as site:
        await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=10, team=False) as load:
            near = await _sleep(site, load, clients, "near", events=60)
            far = await _sleep(site, load, clients, "far", events=BEHIND)
            pruned = await _sleep(site, load, clients, "pruned", events=60, prune=True)
            await load.settle()
        found = bench.judge(history, site)
    expected = {"near": (near, 0), "far": (far, clients), "pruned": (pruned, clients)}
    words = {
        "near": "replayed",
        "far": "over 500 behind, told to load the page afresh",
        "pruned": "cursor no longer in the log, told to load the page afresh",
    }
    return [
        Result(
            "R4",
            f"Clients that come back after 25 hours: {words[name]}",
            bench.times(clients, CLIENTS, "clients"),
            f"{resets} resets; all level with the database; {found.words()}",
            "no gap in silence; explicit reset where it cannot be told",
            resets == wanted and found.clean,
        )
        for name, (resets, wanted) in expected.items()
    ]


async def _sleep(site: Site, load: Load, clients: int, name: str, *, events: int, prune: bool = False) -> int:
    """Opens pages, lets them sleep while so much happens, a day later wakes them; returns how many were told to reset."""
    people = site.members[10 : 10 + clients]
    sleepers = [Browser(site, person, load.history, f"{name}-{person.handle}") for person in people]
    staying = await _awake(sleepers)
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    for sleeper in sleepers:
        sleeper.joined.clear()
    begun = await asyncio.to_thread(head_of, site)
    if events > RING:
        await asyncio.to_thread(_crowd, site, events)
    while await asyncio.to_thread(head_of, site) < begun + events:  # noqa: ASYNC110  the database rings nobody here
        await asyncio.sleep(0.2)
    if prune:
        await asyncio.to_thread(_prune, site, begun + events // 2)
        await asyncio.to_thread(
            site.processes[-1].kill
        )  # a server that ran on would still know what the log has forgotten
        await asyncio.to_thread(site.serve)
    else:
        await asyncio.to_thread(_age, site)
    told = _resets(load, name)
    staying = await _awake(sleepers)
    load.join(sleepers, staying)
    head = await asyncio.to_thread(head_of, site)
    async with asyncio.timeout(60):
        await asyncio.gather(*(sleeper.reach(head) for sleeper in sleepers))
    return _resets(load, name) - told


async def _awake(sleepers: list[Browser]) -> list["asyncio.Task[None]"]:
    staying = [asyncio.create_task(sleeper.stay()) for sleeper in sleepers]
    async with asyncio.timeout(60):
        for sleeper in sleepers:
            await sleeper.joined.wait()
    return staying


def _resets(load: Load, name: str) -> int:
    return sum(record["did"] == "reset" and record["who"].startswith(f"{name}-") for record in load.history.records())


def _age(site: Site) -> None:
    """What happened so far was yesterday."""
    then = (datetime.now(UTC) - AWAY).strftime("%Y-%m-%d %H:%M:%S")
    change(site, ("UPDATE realtime_event SET at = ?", (then,)))


def _crowd(site: Site, events: int) -> None:
    """So much happened in one go: supports of the newest post, straight into the log."""
    taken = "UPDATE realtime_stream SET last_seq = last_seq + ? WHERE name = 'wall'"
    told = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO realtime_event (stream, seq, kind, ref, version, at) "
        "SELECT 'wall', last_seq - ? + i, 'support.changed', (SELECT max(id) FROM forum_post), 1, datetime('now') "
        "FROM n, realtime_stream WHERE name = 'wall'"
    )
    change(site, (taken, (events,)), (told, (events, events)))


def _prune(site: Site, upto: int) -> None:
    """As the clock does with what is older than it keeps."""
    change(site, ("DELETE FROM realtime_event WHERE stream = 'wall' AND seq <= ?", (upto,)))
