"""R2: what is sent again, or ten times at once, is there once."""

import asyncio
import uuid
from collections import Counter

from bench.faults.history import History
from bench.faults.load import id_in, post_page
from bench.faults.pages import Answer, ask_soon
from bench.faults.results import Bench, Result
from bench.faults.site import Person, Site
from bench.faults.truth import query
from bench.faults.words import body_of, new_token

SENDS, RACES, AT_ONCE = 10_000, 100, 10
DOORS = 8  # that send at the same time


async def sent_again(bench: Bench) -> list[Result]:
    """Every send is sent a second time under its key, every other one before the first was answered."""
    sends, races, history = bench.share(SENDS, least=40), bench.share(RACES, least=4), bench.history("again")
    with bench.embedded("again", members=DOORS) as site:
        await asyncio.to_thread(site.serve)
        numbers = iter(range(sends))
        unlike = sum(await asyncio.gather(*(_send_twice(site, history, person, numbers) for person in site.members)))
        split = sum([await _race(site, history, site.members[n % DOORS]) for n in range(races)])
        shared = await _share_key(site)
        found = bench.judge(history, site)
        rows = query(site, "SELECT count(*) FROM forum_post")[0][0]
    expected = sends + races + 2
    return [
        Result(
            "R2",
            "Posts sent by form and sent again under their key, every other one at the same moment",
            bench.times(sends, SENDS, "sends"),
            f"{rows - expected} rows too many, {unlike} answered with another post; {found.words()}",
            "0 duplicates",
            found.clean and rows == expected and not unlike,
        ),
        Result(
            "R2",
            "Ten requests at once with one key",
            bench.times(races, RACES, "races"),
            f"{split} races with more than one post or answer",
            "0 duplicates",
            not split,
        ),
        Result(
            "R2",
            "Two members send the same key",
            "once",
            f"{shared} posts",
            "key scoped per member: 2 posts",
            shared == 2,
        ),
    ]


async def _send_twice(site: Site, history: History, person: Person, numbers: "object") -> int:
    """Returns how many sends were answered with two different posts, or not at all."""
    unlike = 0
    for number in numbers:  # type: ignore[attr-defined]
        key, token = uuid.uuid4().hex, new_token()
        if number % 2:
            answers = [await post_page(history, site.port, person, key=key, token=token) for _time in range(2)]
        else:
            answers = await asyncio.gather(
                *(post_page(history, site.port, person, key=key, token=token) for _time in range(2))
            )
        unlike += not _one_post(answers)
    return unlike


async def _race(site: Site, history: History, person: Person) -> bool:
    key, token = uuid.uuid4().hex, new_token()
    answers = await asyncio.gather(
        *(post_page(history, site.port, person, key=key, token=token) for _time in range(AT_ONCE))
    )
    return not _one_post(answers)


async def _share_key(site: Site) -> int:
    key, token = uuid.uuid4().hex, new_token()
    fields = {"key": key, "body": body_of(token), "intent": "hello"}
    answers = [await ask_soon(site.port, "/posts/", person, fields) for person in site.members[:2]]
    return len(Counter(id_in(answer) for answer in answers if answer.ok))


def _one_post(answers: list[Answer]) -> bool:
    return all(answer.ok for answer in answers) and len({id_in(answer) for answer in answers}) == 1
