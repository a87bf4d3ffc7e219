"""What came of one mark, and what every fault has at hand."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.faults.checking import Findings, check
from bench.faults.history import History
from bench.faults.services import PostgreSQL, Redis, services
from bench.faults.site import Process, Site, free_port
from bench.faults.truth import read_truth
from tests.migrated import copy_migrated, keep_migrated


@dataclass(frozen=True)
class Result:
    """One row of the table. `times` says how often, and of how many when the mark asks for more."""

    mark: str
    done: str
    times: str
    result: str
    limit: str
    passed: bool


class Bench:
    """`size` is the part of the marks' own numbers that is run: 1.0 is all of it."""

    def __init__(self, folder: Path, size: float, template: Path | None = None) -> None:
        self.folder, self.size = folder, size
        self._template = template
        self._services: tuple[PostgreSQL, Redis] | None = None
        self._migrated = False
        self._stack = ExitStack()

    @property
    def servers(self) -> list[str]:
        """The names and versions of those that were started."""
        return [server.version for server in self._services or ()]

    def close(self) -> None:
        self._stack.close()

    def share(self, whole: int, least: int = 1) -> int:
        return min(whole, max(least, round(whole * self.size)))

    def times(self, done: int, whole: int, noun: str) -> str:
        return f"{done:,} {noun}" if done >= whole else f"{done:,} of {whole:,} {noun}"

    def history(self, name: str) -> History:
        return History(self.folder / f"{name}.jsonl")

    @contextmanager
    def embedded(self, name: str, members: int, folder: Path | None = None, **environment: str) -> Iterator[Site]:
        """A site on SQLite, nothing of it started yet."""
        with Site(folder or self.folder / name, members=members, template=self.template(), **environment) as site:
            yield site
        if folder is None:
            shutil.rmtree(site.folder)

    @contextmanager
    def scaled(self, name: str, members: int) -> Iterator["Scaled"]:
        """The scale mode, running: gunicorn for pages, uvicorn and daphne for sockets, a clock; PostgreSQL and Redis."""
        if self._services is None:
            self._services = self._stack.enter_context(services())
        postgresql, cache = self._services
        if not self._migrated:
            database = postgresql.database("migrated")
            with Site(self.folder / "scaled", members=0, database=database, HARBOUR_REDIS_URL=cache.url):
                self._migrated = True
        cache.empty()
        database = postgresql.database(name, template="migrated")
        with Site(
            self.folder / name,
            members=members,
            template=self.template(),
            database=database,
            HARBOUR_REDIS_URL=cache.url,
        ) as site:
            yield Scaled(site, postgresql, cache)
        shutil.rmtree(site.folder)

    def template(self) -> Path:
        """A migrated, empty folder, made once."""
        if self._template is None:
            database = self.folder / "template" / "harbour.sqlite3"
            database.parent.mkdir()
            there = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}
            known = copy_migrated(there)
            with Site(database.parent, members=0) as site:
                self._template = site.folder
            if not known:
                keep_migrated(there)
            for left in ("said.log", "cast.json"):
                (site.folder / left).unlink(missing_ok=True)
        return self._template

    def judge(self, history: History, site: Site) -> Findings:
        return check(history.records(), read_truth(site))


class Scaled:
    """The processes of a scaled site by name, each of which can be killed and started again at its own port."""

    def __init__(self, site: Site, postgresql: PostgreSQL, cache: Redis) -> None:
        self.site, self.postgresql, self.cache = site, postgresql, cache
        self.ports = {"gunicorn": site.port, "uvicorn": free_port(), "daphne": free_port(), "clock": 0}
        self.running: dict[str, Process] = {}
        for name in self.ports:
            self.start(name)

    @property
    def sockets(self) -> list[int]:
        return [self.ports["uvicorn"], self.ports["daphne"]]

    def start(self, name: str) -> None:
        port = self.ports[name]
        if name == "gunicorn":
            self.running[name] = self.site.pages(port)
        elif name == "clock":
            self.running[name] = self.site.start("clock")
        else:
            self.running[name] = self.site.sockets(port, name)


Fault = Callable[[Bench], Awaitable[list[Result]]]
