"""R13: the disk is full. The wall can be read, words are kept by whoever wrote them, nobody sees how the site is built."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults.browser import Browser
from bench.faults.load import Load, post_page
from bench.faults.pages import Answer, ask_soon
from bench.faults.results import Bench, Result

DISK = 24  # MiB
HOUR_AND_MORE = 3700  # seconds after which a visit is noted again, which is a write
READ = ("/", "/posts/1/", "/search/?q=quiet", "/help/", "/me/", "/notices/", "/members/bird0/")


async def disk_full(bench: Bench) -> list[Result]:
    """A small disk is filled to its last byte, and emptied again."""
    history = bench.history("full")
    with small_disk() as folder, bench.embedded("full", members=6, folder=folder) as site:
        await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=2, readers=1, team=False) as load:
            await asyncio.sleep(2.0)
            load.writing = False
            await load.converge()
            site.move_clock(HOUR_AND_MORE)
            ballast = await asyncio.to_thread(fill, folder)
            reader = site.members[4]
            read = [await ask_soon(site.port, path, reader) for path in READ * 2]
            sent = [await post_page(history, site.port, reader) for _time in range(3)]
            kept = [(browser, browser.post()) for browser in load.writers for _time in range(2)]
            await asyncio.sleep(3.0)
            waiting = sum(key in browser.outbox for browser, key in kept)
            alive = sum(browser.joined.is_set() for browser in load.browsers)
            await asyncio.to_thread(ballast.unlink)
            healed = await load.settle()
            again = await post_page(history, site.port, reader)
            await load.settle()
        found = bench.judge(history, site)
        traces = sum(answer.traces for answer in [*read, *sent])
    return _rows(read, sent, kept, waiting, alive, healed, again, traces, found.words(), clean=found.clean)


def _rows(
    read: list[Answer],
    sent: list[Answer],
    kept: list[tuple[Browser, str]],
    waiting: int,
    alive: int,
    healed: float,
    again: Answer,
    traces: int,
    words: str,
    *,
    clean: bool,
) -> list[Result]:
    good, told = sum(answer.status == 200 for answer in read), sum(answer.status == 503 for answer in sent)
    timely = all(answer.headers.get("retry-after") for answer in sent)
    return [
        Result(
            "R13",
            "SQLite's disk full to the last byte: pages read, more than an hour after the last visit",
            f"{len(read)} pages",
            f"{good} of {len(read)} shown, {traces} traces, {alive} of 3 sockets open",
            "reads work, 0 traces",
            good == len(read) and not traces and alive == 3,
        ),
        Result(
            "R13",
            "Words sent meanwhile by form and by socket, then room is made",
            f"{len(sent)} forms, {len(kept)} frames",
            f"{told} forms told 503 and when to try again; {waiting} of {len(kept)} frames kept by the page until there was "
            f"room, stored {healed:.1f} s after; {words}",
            "text kept, nothing lost, nothing twice",
            told == len(sent) and timely and waiting == len(kept) and again.ok and clean,
        ),
    ]


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own, in memory. Needs root; raises PermissionError for anybody else."""
    if os.geteuid() != 0:
        raise PermissionError("only root can mount a small disk")
    folder = Path(tempfile.mkdtemp(prefix="harbour-small-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=700", "tmpfs", folder]
    try:
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
        folder.rmdir()


def may_mount() -> bool:
    try:
        with small_disk():
            return True
    except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
        return False


def fill(folder: Path) -> Path:
    """Writes until nothing more goes in."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return ballast
