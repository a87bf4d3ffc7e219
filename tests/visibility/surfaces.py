"""What a viewer gets by each cheap way out of the site: the hub's replay, pages' parts, search, notices, and whole pages."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.test import Client

from forum import access, live, notices, search, threads
from forum.models import Member, Post
from realtime import log, streams
from realtime.reader import Reader
from realtime.ring import Entry, each_row_once
from realtime.roster import Roster
from realtime.seat import Seat
from realtime.telling import Telling
from tests.visibility.words import SOUGHT, words_in


def facts(pk: int) -> Any:
    return access.facts_of(Member.objects.get(pk=pk))


def replayed(viewers: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every frame that each of these people's sockets is sent when it comes back after everything, as one hub tells them."""
    roster, reader = Roster(), Reader()
    seats = {handle: Seat(_nobody_reads, "") for handle in viewers}
    for handle, viewer in viewers.items():
        roster.introduce(seats[handle], viewer)
    frames: dict[str, list[dict[str, Any]]] = {handle: [] for handle in viewers}
    for name in sorted({name for viewer in viewers.values() for name in live.streams_of(viewer)}):
        events = log.read_after({name: 0}, 2000)
        entries = each_row_once(Entry(each.seq, each.kind, each.ref, each.version) for each in events)
        languages = sorted(roster.languages)
        pieces: Any = {}
        for language in languages:
            pieces |= reader._draw(streams.kind_of(name), [entry.row for entry in entries], language)
        hearing = [handle for handle, viewer in viewers.items() if name in live.streams_of(viewer)]
        for entry in entries:
            telling = Telling(name, entry, pieces, languages)
            for handle in hearing:
                if (message := telling.frame_for(seats[handle])) is not None:
                    frames[handle].append(json.loads(message["text"]))
    reader.close()
    return frames


async def _nobody_reads(message: Any) -> None:
    """Frames are read before they are sent."""


def words_of(frames: list[dict[str, Any]]) -> set[str]:
    return words_in(json.dumps(frames).encode())


def on_wall(viewer: Any) -> set[str]:
    """The wall's pages to the last, with the newest replies."""
    found, before = set(), ""
    while True:
        page = threads.read_wall(viewer, before)
        found |= words_in("".join(thread.html for thread in page.threads).encode())
        if not (before := page.older):
            return found


def in_threads(viewer: Any) -> set[str]:
    tops = Post.objects.filter(parent=None).values_list("pk", flat=True)
    whole = (threads.read_thread(viewer, pk) for pk in tops)
    return words_in("".join(thread.whole for thread in whole if thread).encode())


def again(viewer: Any) -> set[str]:
    """What an open page is given when its rights have changed."""
    drawn = threads.read_again(viewer, Post.objects.values_list("pk", flat=True))
    return words_in("".join(drawn.values()).encode())


def searched(viewer: Any) -> tuple[set[str], set[int]]:
    """The words in what is found, and the numbers of the posts."""
    words, posts, before = set(), set(), ""
    while True:
        page = search.search_posts(viewer, SOUGHT, before=before)
        words |= words_in("".join(hit.excerpt for hit in page.hits).encode())
        posts |= {hit.post.pk for hit in page.hits}
        if not (before := page.older):
            return words, posts


def noticed(viewer: Any) -> tuple[set[str], int, int]:
    """The words in their notices, how many of those are unread, and how many the header counts."""
    entries = notices.read_page(viewer).entries
    said = " ".join(
        f"{line.words} {line.about} {line.url} {line.who.handle if line.who else ''}" for _n, line in entries
    )
    unread = sum(notice.read_at is None for notice, _line in entries)
    return words_in(said.encode()), unread, notices.unread(viewer).count()


def browser_of(member: Member) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser
