"""The wall clock jumps: back by an hour, forward by a day. Nothing twice, nothing lost, what is late stays late."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

from bench.faults.load import Load, post_page
from bench.faults.pages import ask, ask_soon
from bench.faults.results import Bench, Result
from bench.faults.site import Site
from bench.faults.truth import query

HOUR, DAY = 3600, 86400
CLOCK_WELL = 60.0  # seconds
AGE = re.compile(
    r"[\d.]+"
)  # of the clock's last run; none before its first, and below nothing where that is yet to come


async def clock_jumps(bench: Bench) -> list[Result]:
    """The machine's own time cannot be set here: what the site takes for it is moved (bench/faults/nursery.py)."""
    history = bench.history("jump")
    with bench.embedded("jump", members=7) as site:
        await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=3, readers=2, team=False) as load:
            fields = {"category": "please_answer", "note": "Are you there, when somebody has a moment?"}
            await ask_soon(site.port, "/ask/", site.members[-1], fields)
            site.move_clock(2 * HOUR)  # an hour is promised
            await _until(lambda: _states(site) == ["escalated"])
            steps_late = _count(site, "moderation_ladderstep")
            site.move_clock(HOUR)
            ticked = await _until(lambda: _clock_is_well(site))
            stays_late = _states(site) == ["escalated"] and _count(site, "moderation_ladderstep") >= steps_late
            posted = await post_page(history, site.port, site.members[5])
            site.move_clock(DAY + HOUR)
            await _until(lambda: _clock_is_well(site) and _count(site, "moderation_ladderstep") > steps_late)
            await asyncio.sleep(12)  # another look of every task
            healed = await load.settle()
        found = bench.judge(history, site)
        doubled = sum(
            len(query(site, f"SELECT 1 FROM {table} GROUP BY {columns} HAVING count(*) > 1"))  # our own names
            for table, columns in (
                ("moderation_ladderstep", "case_id, episode, step"),
                ("realtime_delivery", "dedupe"),
                ("moderation_case", "subject_id, kind"),
            )
        )
        steps = _count(site, "moderation_ladderstep")
    return [
        Result(
            "R12, clock",
            "The time is put back by an hour and then on by a day, while five members are there and one waits for the team",
            "once each",
            f"clock running again {ticked:.0f} s after the set-back; the late case {'stayed' if stays_late else 'did not stay'} "
            f"late; {steps} steps of the ladder, {doubled} things twice; {found.words()}; level {healed:.1f} s after",
            "nothing twice, nothing lost, late stays late; the clock well within 60 s",
            stays_late and not doubled and ticked < CLOCK_WELL and posted.ok and found.clean,
        )
    ]


def _states(site: Site) -> list[str]:
    return [state for (state,) in query(site, "SELECT state FROM moderation_case")]


def _count(site: Site, table: str) -> int:
    return int(query(site, f"SELECT count(*) FROM {table}")[0][0])


def _clock_is_well(site: Site) -> bool:
    """By its own page, which tells how old its last run is: one in the time to come is no proof that it runs."""
    told: Any = ask(site.port, "/readyz").text
    age = told.partition('"age": ')[2].partition(",")[0]
    return bool(AGE.fullmatch(age)) and float(age) < 15


async def _until(condition: Callable[[], bool], patience: float = 90.0) -> float:
    """Seconds it took; `patience` when it never came to it."""
    began = time.monotonic()
    while not await asyncio.to_thread(condition):
        if time.monotonic() - began > patience:
            return patience
        await asyncio.sleep(0.3)
    return time.monotonic() - began
