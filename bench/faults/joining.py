"""R5: whoever joins while others write sees, in the end, what a fresh page would show."""

import asyncio
import random
from collections import Counter

from bench.faults.browser import Browser
from bench.faults.checking import Findings, check
from bench.faults.history import History
from bench.faults.pages import ask_soon
from bench.faults.results import Bench, Result
from bench.faults.site import Site
from bench.faults.truth import head_of, query, read_truth
from bench.faults.words import body_of, new_token

RUNS, TOGETHER = 1000, 20
WRITERS = 6
LASTING = 2.0  # seconds of one round


async def joined_while_writing(bench: Bench) -> list[Result]:
    """A page and then its socket, at a random moment of what six members post, answer, support, edit and take back."""
    runs = bench.share(RUNS, least=TOGETHER)
    rounds, kinds, wrong = -(-runs // TOGETHER), Counter[str](), list[str]()
    events = 0
    with bench.embedded("joining", members=WRITERS + TOGETHER) as site:
        await asyncio.to_thread(site.serve)
        writing = bench.history("joining-writers")
        writers = [Browser(site, person, writing, person.handle) for person in site.members[:WRITERS]]
        staying = [asyncio.create_task(writer.stay()) for writer in writers]
        for writer in writers:
            await writer.joined.wait()
        for number in range(rounds):
            found = await _round(site, writers, bench.history(f"joining-{number}"), kinds)
            events += found.received
            wrong += [each for faults in found.faults.values() for each in faults]
        for task in staying:
            task.cancel()
    told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
    return [
        Result(
            "R5",
            "Page and socket joined at a random moment while six members post, reply, support, edit and take back",
            bench.times(rounds * TOGETHER, RUNS, "runs"),
            f"{len(wrong)} differences{': ' + wrong[0] if wrong else ''}; {events:,} events applied ({told})",
            "0 differences, every type of event",
            not wrong and len(kinds) >= 5,
        )
    ]


async def _round(site: Site, writers: list[Browser], history: History, kinds: Counter[str]) -> Findings:
    joiners = [
        Browser(site, person, history, f"joiner-{person.handle}")
        for person in site.members[WRITERS : WRITERS + TOGETHER]
    ]
    busy = [asyncio.create_task(_write(site, writer)) for writer in writers]
    staying = [asyncio.create_task(_come(joiner)) for joiner in joiners]
    await asyncio.gather(*busy)
    async with asyncio.timeout(90):
        for writer in writers:
            while writer.outbox:
                writer.moved.clear()
                await writer.moved.wait()
        for joiner in joiners:
            await joiner.joined.wait()
        head = await asyncio.to_thread(head_of, site)
        await asyncio.gather(*(joiner.reach(head) for joiner in joiners))
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    records = history.records()
    kinds.update(record["kind"] for record in records if record["did"] == "event")
    return check(records, read_truth(site))


async def _come(joiner: Browser) -> None:
    await asyncio.sleep(random.random() * LASTING)
    await joiner.stay()


async def _write(site: Site, writer: Browser) -> None:
    """One member's doings for the length of a round."""
    until = asyncio.get_running_loop().time() + LASTING
    while asyncio.get_running_loop().time() < until:
        await _act(site, writer)
        await asyncio.sleep(random.random() * 0.4)


async def _act(site: Site, writer: Browser) -> None:
    posts = await asyncio.to_thread(
        query,
        site,
        "SELECT id, author_id, version, parent_id FROM forum_post WHERE status = 'visible' ORDER BY id DESC LIMIT 30",
    )
    own = [post for post in posts if post[1] == writer.person.id]
    others = [post for post in posts if post[1] != writer.person.id]
    dice = random.random()
    if dice < 0.3 or not others:
        writer.post()
    elif dice < 0.5:
        id, _author, _version, parent = random.choice(posts)
        writer.post(to=parent or id)
    elif dice < 0.75:
        writer.support(random.choice(others)[0], on=random.random() < 0.7)
    elif own and dice < 0.9:
        id, _author, version, _parent = random.choice(own)
        fields = {"body": body_of(new_token()), "seen_version": version, "content_note": ""}
        await ask_soon(site.port, f"/posts/{id}/edit/", writer.person, fields)
    elif own:
        await ask_soon(site.port, f"/posts/{random.choice(own)[0]}/withdraw/", writer.person, {})
