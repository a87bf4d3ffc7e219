"""R13, R6 and R1: Redis and PostgreSQL go away and come back while people write."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from bench.faults.load import Load, post_page
from bench.faults.pages import Answer, ask_soon
from bench.faults.results import Bench, Result, Scaled
from bench.faults.truth import head_of

ROUNDS = 10
DOWN = 2.0  # seconds
SOON = 3.0  # seconds in which a page says that it cannot
SAID_WHILE_AWAY = ("/", "/posts/1/", "/me/", "/search/?q=quiet")


async def redis_away(bench: Bench) -> list[Result]:
    """Redis is killed, and comes back empty; every third time it is only emptied."""
    rounds, history = bench.share(ROUNDS, least=2), bench.history("redis")
    answers: list[Answer] = []
    levels: list[float] = []
    with bench.scaled("redis", members=12) as scaled:
        async with Load(scaled.site, history, writers=4, readers=4, sockets=scaled.sockets) as load:
            for number in range(rounds):
                if number % 3 == 2:
                    await asyncio.to_thread(scaled.cache.empty)
                else:
                    await asyncio.to_thread(scaled.cache.cut)
                answers += await _use(scaled, load, DOWN)
                if number % 3 != 2:
                    await asyncio.to_thread(scaled.cache.start)
                levels.append(await level_again(scaled, load))
            await load.settle()
        found = bench.judge(history, scaled.site)
    refused = [f"{answer.status} after {answer.seconds:.1f} s" for answer in answers if not answer.ok]
    slowest = max(answer.seconds for answer in answers)
    traces = sum(answer.traces for answer in answers)
    times = bench.times(rounds, ROUNDS, "times")
    done = (
        "Redis killed for 2 s and started empty (each third time: emptied) under load on gunicorn, uvicorn and daphne"
    )
    return [
        Result("R1", done, times, found.words(), "0 lost, 0 twice", found.clean),
        Result(
            "R13",
            "Posting by form, reading, searching and the sign-in page while Redis is away",
            f"{len(answers):,} requests",
            f"{len(refused)} refused{': ' + refused[0] if refused else ''}, {traces} traces, slowest {slowest:.1f} s",
            "posting works, 0 traces",
            not refused and not traces,
        ),
        level_row(
            "R6",
            "After Redis is back, until every client is where the database is, while others go on writing",
            levels,
            10,
        ),
    ]


async def _use(scaled: Scaled, load: Load, seconds: float) -> list[Answer]:
    """What people do with the site meanwhile."""
    until, port = time.monotonic() + seconds, scaled.site.port
    author, answers = scaled.site.members[-2], []
    while time.monotonic() < until:
        answers.append(await post_page(load.history, port, author))
        answers += [await ask_soon(port, path, author) for path in ("/", "/search/?q=quiet")]
        answers.append(await ask_soon(port, "/accounts/login/"))
        fields = {"login": "nobody@harbour.test", "password": "not-the-words"}
        answer = await ask_soon(port, "/accounts/login/", None, fields)
        answers.append(replace(answer, status=200) if answer.status == 422 else answer)  # the wrong words, and told so
    return answers


async def postgresql_away(bench: Bench) -> list[Result]:
    """PostgreSQL crashes, is away, and recovers."""
    rounds, history = bench.share(ROUNDS, least=2), bench.history("postgresql")
    answers: list[Answer] = []
    levels: list[float] = []
    with bench.scaled("postgresql", members=12) as scaled:
        async with Load(scaled.site, history, writers=4, readers=4, sockets=scaled.sockets) as load:
            for _round in range(rounds):
                await asyncio.sleep(1.0)
                await asyncio.to_thread(scaled.postgresql.cut)
                asked = [ask_soon(scaled.site.port, path, scaled.site.members[-2]) for path in SAID_WHILE_AWAY * 2]
                answers += await asyncio.gather(*asked, post_page(history, scaled.site.port, scaled.site.members[-2]))
                await asyncio.to_thread(scaled.postgresql.start)
                levels.append(await level_again(scaled, load))
            await load.settle()
        found = bench.judge(history, scaled.site)
    good = [each for each in answers if each.status == 503 and 0 < int(each.headers.get("retry-after", "0")) <= 3]
    slowest, traces = max(each.seconds for each in answers), sum(each.traces for each in answers)
    other = sorted({each.status for each in answers if each not in good})
    done = "PostgreSQL ended at once (SIGQUIT) and started again under the same load"
    return [
        Result("R1", done, bench.times(rounds, ROUNDS, "restarts"), found.words(), "0 lost, 0 twice", found.clean),
        Result(
            "R13",
            "Pages asked for and a post sent while PostgreSQL is away, nine at once",
            f"{len(answers):,} requests",
            f"{len(good):,} answered 503 with Retry-After of at most 3 s{f'; others {other}' if other else ''}; "
            f"slowest {slowest:.1f} s, {traces} traces",
            "503 + Retry-After, all within 3 s, 0 traces",
            len(good) == len(answers) and slowest <= SOON and not traces,
        ),
        level_row(
            "R6",
            "After PostgreSQL is back, until every client is where the database is, while others go on writing",
            levels,
            5,
        ),
    ]


async def level_again(scaled: Scaled, load: Load) -> float:
    """Seconds until every client has what stands in the database now."""
    head = await asyncio.to_thread(head_of, scaled.site)
    return await timed(load, lambda cursor: cursor >= head)


async def timed(load: Load, enough: Callable[[int], bool], patience: float = 60.0) -> float:
    began = time.monotonic()
    while not all(enough(browser.cursor.get("wall", 0)) for browser in load.browsers):
        if time.monotonic() - began > patience:
            return patience
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def level_row(mark: str, done: str, levels: list[float], limit: float) -> Result:
    return Result(
        mark,
        done,
        f"{len(levels)} times",
        f"slowest {max(levels):.1f} s, median {sorted(levels)[len(levels) // 2]:.1f} s",
        f"at most {limit:g} s",
        max(levels) <= limit,
    )
