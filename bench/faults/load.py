"""Members who post, one who asks for the team, a moderator who writes notes: all of them while something breaks."""

import asyncio
import contextlib
import random
import time
import uuid
from collections.abc import Callable, Sequence
from types import TracebackType

from bench.faults.browser import Browser
from bench.faults.history import History
from bench.faults.pages import Answer, ask_soon
from bench.faults.site import Person, Site
from bench.faults.truth import head_of, query
from bench.faults.words import body_of, new_token

PAUSE = 0.3  # seconds between two things one person does, about


class Load:
    """`async with Load(...)`: begins when everybody is joined. `settle` ends the writing and waits until all is told."""

    def __init__(
        self, site: Site, history: History, *, writers: int, readers: int = 0, team: bool = True,
        sockets: Sequence[int] = (), pages: int = 0, pause: float = PAUSE,
    ) -> None:  # fmt: skip
        self.site, self.history, self.pages, self.pause = site, history, pages or site.port, pause
        doors = sockets or (site.port,)
        self.browsers = [
            Browser(site, person, history, f"{person.handle}", sockets=doors[n % len(doors)], pages=self.pages)
            for n, person in enumerate(site.members[: writers + readers])
        ]
        self.writers = self.browsers[:writers]
        self.team = team
        self.answers: list[Answer] = []  # to what was sent as forms
        self.writing = True
        self._tasks: list[asyncio.Task[None]] = []
        self._writing: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Load":
        self._tasks = [asyncio.create_task(browser.stay()) for browser in self.browsers]
        async with asyncio.timeout(120):
            for browser in self.browsers:
                await browser.joined.wait()
        self._writing = [asyncio.create_task(self._write(browser)) for browser in self.writers]
        if self.team:
            asker, moderator = self.site.members[-1], self.site.person("heron")
            self._writing += [asyncio.create_task(self._ask(asker)), asyncio.create_task(self._note(moderator))]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in [*self._tasks, *self._writing]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._writing, return_exceptions=True)

    def join(self, browsers: list[Browser], staying: list["asyncio.Task[None]"]) -> None:
        """Others are here as well, and are waited for in the end."""
        self.browsers += browsers
        self._tasks += staying

    async def settle(self, patience: float = 30.0) -> float:
        """No more new words; returns the seconds until every client is where the database is, `patience` if they never are."""
        self.writing = False
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await asyncio.gather(*self._writing)
                await self.converge()
                return time.monotonic() - began
        return patience

    async def converge(self) -> None:
        for browser in self.writers:
            while browser.outbox:
                browser.moved.clear()
                await browser.moved.wait()
        head = await asyncio.to_thread(head_of, self.site)
        await asyncio.gather(*(browser.reach(head) for browser in self.browsers))

    async def _write(self, browser: Browser) -> None:
        while self.writing:
            if len(browser.outbox) < 5:  # a person with five unanswered posts waits
                browser.post()
            await asyncio.sleep(self.pause * (0.5 + random.random()))

    async def _ask(self, asker: Person) -> None:
        """Asks for the team, again and again under one key until it is answered: as somebody in need would."""
        while self.writing:
            key, token = uuid.uuid4().hex, new_token()
            self.history.note("asker", "send", kind="report", key=key, words=token)
            fields = {"key": key, "category": "when_you_can", "note": body_of(token)}
            await self._until_taken("asker", lambda: ask_soon(self.pages, "/ask/", asker, fields), key)  # noqa: B023
            await asyncio.sleep(self.pause)

    async def _note(self, moderator: Person) -> None:
        """Claims a case and writes notes into it, each sent once: a note has no key, so its sender looks before sending again."""
        while not (
            cases := await asyncio.to_thread(query, self.site, "SELECT id FROM moderation_case ORDER BY id LIMIT 1")
        ):
            await asyncio.sleep(0.2)
            if not self.writing:
                return
        path = f"/moderation/cases/{cases[0][0]}/"
        while self.writing:
            key, token = uuid.uuid4().hex, new_token()
            self.history.note("heron", "send", kind="note", key=key, words=token)
            answer = await ask_soon(self.pages, path, moderator, {"do": "note", "note": body_of(token)})
            self.answers.append(answer)
            if answer.ok:
                self.history.note("heron", "ack", key=key)
            elif answer.status:
                self.answers.append(await ask_soon(self.pages, path, moderator, {"do": "claim"}))
            await asyncio.sleep(self.pause if answer.ok else 1.0)

    async def _until_taken(self, who: str, send: Callable[[], object], key: str) -> None:
        while True:
            answer = await send()  # type: ignore[misc]
            self.answers.append(answer)
            if answer.ok:
                self.history.note(who, "ack", key=key)
                return
            await asyncio.sleep(0.5)


async def post_page(history: History, port: int, person: Person, *, key: str = "", token: str = "") -> Answer:
    """Shares words by the form, as a page without a socket does."""
    key, token = key or uuid.uuid4().hex, token or new_token()
    history.note(person.handle, "send", kind="post", key=key, words=token)
    answer = await ask_soon(port, "/posts/", person, {"key": key, "body": body_of(token), "intent": "hello"})
    if answer.ok:
        history.note(person.handle, "ack", key=key, id=id_in(answer))
    return answer


def id_in(answer: Answer) -> int | None:
    """The post that the answer leads to."""
    number = answer.headers.get("location", "").rpartition("#post-")[2]
    return int(number) if number.isdecimal() else None
