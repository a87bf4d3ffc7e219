"""A community of any size: the same evening, with more or less of a past behind it.

One post or reply a minute, so that the newest pages are alike at every size; members, cases and all else in proportion: a
million posts have 50,000 members and 100,000 cases. Nothing is drawn by lot, so that every fill of a size is the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from bench.growth import cases, words
from bench.growth.cases import MODERATOR
from bench.growth.loading import Values, load, settle, without_triggers
from forum import search_index
from forum.models import Follow, Member, Notice, Post, Status, Support, SupportKind
from realtime.models import Delivery, Event, Stream

GROUP = 4  # a post and its three replies
MEMBER = 1  # whose pages are measured
MINE = 60  # notices that the measured member has, ten of them unread; others have as many as happened to them


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything, by the number of posts and replies together."""

    posts: int
    now: datetime

    @property
    def members(self) -> int:
        return self.posts // 20

    @property
    def cases(self) -> int:
        return self.posts // 10

    @property
    def groups(self) -> int:
        return self.posts // GROUP

    def author(self, post: int) -> int:
        """Who wrote post number so and so, counted from 1. The moderator writes nothing."""
        group, place = divmod(post - 1, GROUP)
        number = (group + 17 * place) % (self.members - 1)
        return MEMBER if number == 0 else number + MODERATOR

    def at(self, post: int) -> datetime:
        return self.now - timedelta(minutes=self.posts - post + 1)


def fill(posts: int, say: Callable[[str], object] = lambda what: None) -> Size:
    """Fills an empty, migrated database."""
    size = Size(posts, timezone.now())
    say("people")
    load(Member, _members(size))
    load(EmailAddress, ({"user_id": n, "email": _mail(n), "verified": True, "primary": True} for n in _people(size)))
    load(Session, _sessions(size))
    load(UserSession, _user_sessions(size))
    say("posts")
    with without_triggers(Post, "forum_search_words"):
        load(Post, _posts(size))
        say("search index")
        search_index.reindex()
    say("supports and notices")
    load(Support, _supports(size))
    load(Notice, _notices(size))
    load(Follow, ({"member_id": MEMBER, "post_id": post} for post in _followed(size)))
    say("log and deliveries")
    load(Stream, _streams(size))
    load(Event, _events(size))
    load(Delivery, _deliveries(size))
    say("cases")
    cases.fill_cases(size)
    say("figures")
    settle()
    return size


def _people(size: Size) -> range:
    return range(1, size.members + 1)


def _mail(number: int) -> str:
    return f"bird{number}@bench.test"


def _members(size: Size) -> Iterator[Values]:
    for n in _people(size):
        role = "moderator" if n == MODERATOR else "member"
        yield {
            "id": n, "email": _mail(n), "handle": f"bird{n}", "handle_key": f"bird{n}", "password": "!", "role": role,
            "joined_at": size.now - timedelta(days=60), "welcomed_at": size.now,
        }  # fmt: skip


def _sessions(size: Size) -> Iterator[Values]:
    for n in _people(size):
        yield {"session_key": f"k{n}", "session_data": "x" * 200, "expire_date": size.now + timedelta(days=14)}


def _user_sessions(size: Size) -> Iterator[Values]:
    for n in _people(size):
        yield {"user_id": n, "session_key": f"k{n}", "ip": "0.0.0.0", "user_agent": "Firefox Linux"}


def _posts(size: Size) -> Iterator[Values]:
    for n in range(1, size.posts + 1):
        group, place = divmod(n - 1, GROUP)
        at, row = size.at(n), {"id": n, "author_id": size.author(n), "key": UUID(int=n), "key_digest": f"{n:064x}"}
        row |= {
            "body": words.body(size.posts - n, size.posts),
            "created_at": at,
            "placed_at": at,
            "status": _status(size, n),
        }
        if place:
            row["parent_id"] = group * GROUP + 1
        else:
            row["standing_replies"] = sum(_status(size, n + each) == Status.VISIBLE for each in range(1, GROUP))
            row["waiting_since"] = at if (size.groups - group) % 100 == 5 else None
        yield row


def _status(size: Size, post: int) -> Status:
    """Counted from the newest, so that the newest page is the same at every size. About one in a hundred is not there any more."""
    return {50: Status.REMOVED, 120: Status.WITHDRAWN, 170: Status.FOLDED}.get(
        (size.posts - post) % 200, Status.VISIBLE
    )


def _supports(size: Size) -> Iterator[Values]:
    kinds = list(SupportKind)
    for group in range(size.groups):
        for n, kind in enumerate(kinds):
            post = group * GROUP + 1 + n % 2
            giver = (group + 5 * n + 3) % (size.members - MODERATOR) + MODERATOR + 1
            yield {"post_id": post, "member_id": giver, "kind": kind, "given_at": size.at(post)}


def _notices(size: Size) -> Iterator[Values]:
    """One for each reply, to whoever wrote the post, and one for its supports: read, but for ten of the measured member's."""
    for group in range(size.groups):
        post = group * GROUP + 1
        author = size.author(post)
        yield _notice(author, "support", post, size.at(post))
        for reply in range(post + 1, post + GROUP):
            yield _notice(author, "reply", reply, size.at(reply))
    for n, post in enumerate(_followed(size)):
        yield _notice(MEMBER, "followed", post + 1, size.at(post + 1)) | ({"read_at": None} if n < 10 else {})


def _notice(member: int, kind: str, ref: int, at: datetime) -> Values:
    return {"member_id": member, "kind": kind, "ref": ref, "since": at, "told_at": at, "read_at": at}


def _followed(size: Size) -> list[int]:
    """Posts of others, counted from the newest."""
    posts = range(size.posts - GROUP + 1, 0, -GROUP)
    return [post for post in posts if size.author(post) != MEMBER][:MINE]


def _streams(size: Size) -> Iterator[Values]:
    yield {"name": "wall", "last_seq": size.posts}
    yield {"name": "moderation", "last_seq": size.cases}
    for n in _people(size):
        yield {"name": f"member:{n}", "last_seq": size.posts // size.members}


def _events(size: Size) -> Iterator[Values]:
    for n in range(1, size.posts + 1):
        kind = "reply.published" if (n - 1) % GROUP else "post.published"
        yield {"stream": "wall", "seq": n, "kind": kind, "ref": n, "actor": size.author(n), "at": size.at(n)}
        seq, member = divmod(n - 1, size.members)
        told = {"kind": "notice.changed", "ref": n, "at": size.at(n)}
        yield {"stream": f"member:{member + 1}", "seq": seq + 1, **told}
    for n in range(1, size.cases + 1):
        yield {"stream": "moderation", "seq": n, "kind": "case.changed", "ref": n, "at": size.at(n * 10)}


def _deliveries(size: Size) -> Iterator[Values]:
    for n in range(1, size.cases + 1):
        at = size.at(n * 10)
        yield {
            "kind": "mail", "dedupe": f"bench-{n}", "address": _mail(n % size.members + 1), "state": Delivery.State.SENT,
            "tries": 1, "due_at": at, "made_at": at, "done_at": at,
        }  # fmt: skip
