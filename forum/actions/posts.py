"""Everything that happens to words: shared, answered, edited, taken back, and (for moderation) moved to another status."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from forum import access, connections, data_rights, holding
from forum.actions import notices
from forum.actions.asking import waiting_from
from forum.actions.drafts import forget_draft
from forum.actions.taken_down import tell_repliers
from forum.limits import check_posts, locked_member
from forum.live import WALL, noun_of
from forum.models import Draft, Intent, Member, PastWords, Post, Status
from forum.refusals import (
    ChangedMeanwhile,
    KeyUsed,
    NotThere,
    NotYours,
    PostingPaused,
    RepliesLocked,
    RulesChanged,
    SecondStepFirst,
    TooLateToEdit,
    WallClosed,
    WallRests,
)
from forum.signals import post_submitted
from realtime import log
from realtime.log import NewEvent
from realtime.peers import UNKNOWN, Peer


@dataclass(frozen=True, slots=True)
class Published:
    """`repeated` when the same key brought the same words before: nothing was written this time."""

    post: Post
    repeated: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wants to share, cleaned. `parent` makes it a reply."""

    body: str
    intent: str = Intent.SUPPORT
    content_note: str = ""
    parent: Post | None = None

    @property
    def digest(self) -> str:
        parts = [str(self.parent.pk) if self.parent else "", self.intent, self.content_note, self.body]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def publish_post(
    author: Member,
    *,
    body: str,
    key: UUID,
    intent: str = Intent.SUPPORT,
    content_note: str = "",
    parent: Post | None = None,
    draft: Collection[str] = (),
    via: Peer = UNKNOWN,
) -> Published:
    """Puts a post, or with `parent` a reply, on the wall and tells every socket that may see it.

    The same author, key and words give the first answer again, however often and however much at once. Receivers of
    `post_submitted` may open a case in the same transaction. Raises WallClosed, PostingPaused, RulesChanged (they have yet to
    say yes to the new ones), SecondStepFirst, WallRests (nobody posts just now), NotThere (no such post to answer), KeyUsed (the
    same key with other words), and PostedOften or RepliedOften with the time of the next. `draft` names the saves of what was written for
    this: it is a draft no longer. `via` is where it came from, which is kept sealed for thirty days.
    """
    words = Words(body, intent, content_note, parent)
    if author.current_standing not in access.WALL_OPEN:
        raise WallClosed
    if author.role_waits:
        raise SecondStepFirst
    try:
        return _store(author, words, key, draft, via)
    except IntegrityError:
        # The same key at the same moment: its row was not there yet when this one looked.
        if first := _sent_before(author, key, words):
            return first
        raise


def share_for_team(author: Member, *, body: str, key: UUID) -> tuple[Post, list[NewEvent]]:
    """A post of the team's, also while the wall rests, without screening: it speaks for the house. The caller's transaction;
    the caller appends the events.
    """
    digest = Words(body, Intent.HELLO).digest
    post = Post(author=author, body=body, intent=Intent.HELLO, from_team=True, key=key, key_digest=digest)
    post.save(force_insert=True)
    return post, [_told(post, "published", author)]


def edit_post(
    author: Member, post: Post, *, body: str, content_note: str, seen_version: int, draft: Collection[str] = ()
) -> Post:
    """Changes the words within fifteen minutes of sharing them; shown as edited. The same words change nothing.

    What stood before is kept for reports by people who read it. New words that must wait for a moderator take the post off
    the wall until one has looked; held words that need not wait any longer come onto it.

    Raises NotYours, TooLateToEdit, WallRests, RulesChanged, SecondStepFirst, and ChangedMeanwhile when `seen_version` is not what stands.
    """
    viewer = access.facts_of(author)
    with transaction.atomic():
        post = _locked(post)
        if post.author_id != author.pk:
            raise NotYours
        if (until := access.rests_until(viewer)) and access.change_of(post).offered:
            raise WallRests(until)
        if not access.may_edit(viewer, post):
            raise TooLateToEdit
        if viewer.rules_asked:
            raise RulesChanged
        if author.role_waits:
            raise SecondStepFirst
        if post.version != seen_version:
            raise ChangedMeanwhile
        forget_draft(author, f"edit-{post.pk}", seen=draft, body=body)
        if (post.body, post.content_note) == (body, content_note):
            return post
        if post.body != body:
            PastWords.objects.create(post=post, last_version=post.version, body=post.body)
        stands, before = post.status, (post.body, post.content_note)
        post.body, post.content_note, post.edited_at = body, content_note, timezone.now()
        post.version += 1
        post.save(update_fields=["body", "content_note", "edited_at", "version"])
        events = _held_or_told(post, stands, before)  # it may lock what this answers: posts before cases
        events += data_rights.tell_taken_back(author.pk, data_rights.CHANGED)
        log.append(*events, *_submitted(post, author))
    return post


def withdraw_post(author: Member, post: Post) -> Post:
    """Takes the words back, at any time; doing it twice is the same as once. Raises NotYours, or NotThere if taken down."""
    with transaction.atomic():
        post = _locked(post)
        if post.author_id != author.pk:
            raise NotYours
        if post.status == Status.WITHDRAWN:
            return post
        if not access.may_withdraw(access.facts_of(author), post):
            raise NotThere
        events = change_status(post, Status.WITHDRAWN, actor=author)
        log.append(*events, *data_rights.tell_taken_back(author.pk, data_rights.TOOK_BACK))
    return post


def change_status(post: Post, status: str, actor: Member | None = None, *, held_for: str = "") -> list[NewEvent]:
    """Moves a post to another status and returns what sockets must hear, for the outermost action to append.

    Call inside a transaction. Keeps the parent's count of standing replies, and its stone, in step. The same status
    changes nothing. `post` is brought up to date.
    """
    fresh = _locked(post)
    if fresh.status == status:
        return []
    was, stood, stands = fresh.status, fresh.status in access.ON_THE_WALL, status in access.ON_THE_WALL
    if not stood and stands and fresh.status == Status.HELD:
        fresh.placed_at = timezone.now()
    fresh.status, fresh.version, fresh.held_for = status, fresh.version + 1, held_for
    fresh.waiting_since = waiting_from(fresh)
    fresh.save(update_fields=["status", "version", "held_for", "placed_at", "waiting_since"])
    post.status, post.held_for, post.version, post.placed_at = fresh.status, held_for, fresh.version, fresh.placed_at
    events = [_told(fresh, "published" if stands and not stood else "changed" if stands else "removed", actor)]
    if stood != stands and fresh.parent_id:
        events += _count_reply(fresh.parent_id, 1 if stands else -1)
    if was == Status.HELD and stands and fresh.parent and not notices.was_told(fresh):
        events += notices.tell_of_reply(fresh, fresh.parent)
    return events + notices.tell_of_status(fresh) + tell_repliers(fresh, was)


def change_content_note(post: Post, note: str, actor: Member | None = None) -> list[NewEvent]:
    """Folds the words behind a note (or, with "", no longer). Returns what sockets must hear; call inside a transaction."""
    fresh = _locked(post)
    if fresh.content_note == note:
        return []
    fresh.content_note, fresh.version = note, fresh.version + 1
    fresh.save(update_fields=["content_note", "version"])
    post.content_note, post.version = fresh.content_note, fresh.version
    return [_told(fresh, "changed", actor)]


def _held_or_told(post: Post, stood: str, before: tuple[str, str]) -> list[NewEvent]:
    """Words that stood may have to wait after an edit, but not for what they held before; held ones may be free to go."""
    reason = holding.why_held(post.author, post.body, post.content_note)
    if stood == Status.HELD and not reason:
        return change_status(post, Status.VISIBLE, post.author)
    if stood != Status.HELD and reason and holding.why_held(post.author, *before) != reason:
        return change_status(post, Status.HELD, post.author, held_for=reason)
    return [_told(post, "changed", post.author)]


def _sent_before(author: Member, key: UUID, words: Words) -> Published | None:
    first = Post.objects.filter(author=author, key=key).first()
    if first is None:
        return None
    if first.key_digest != words.digest:
        raise KeyUsed(first.pk)
    return Published(first, repeated=True)


def _store(author: Member, words: Words, key: UUID, draft: Collection[str], via: Peer) -> Published:
    with transaction.atomic():
        parent = _locked(words.parent) if words.parent else None
        place = f"reply-{parent.pk}" if parent else "post"
        sender = locked_member(  # so that what they send, or what is decided about them, at this moment is seen
            author,
            sent_before=Exists(Post.objects.filter(author=OuterRef("pk"), key=key)),
            has_draft=Exists(Draft.objects.filter(member=OuterRef("pk"), place=place)),
        )
        if sender.sent_before and (first := _sent_before(author, key, words)):
            return first
        _refuse_unless_open(access.facts_of(sender), parent, until=sender.current_until)
        check_posts(sender, reply=parent is not None)
        post = Post(
            author=author,
            parent=parent,
            body=words.body,
            intent=words.intent,
            content_note=words.content_note,
            from_team=access.has_role(author),
            key=key,
            key_digest=words.digest,
        )
        post.held_for = holding.why_held(sender, words.body, words.content_note)
        post.status = Status.HELD if post.held_for else Status.VISIBLE
        post.waiting_since = waiting_from(post)
        post.save(force_insert=True)
        connections.note_post(post, via)
        if sender.has_draft:
            forget_draft(author, place, seen=draft, body=words.body)
        events = []
        if parent and post.status in access.ON_THE_WALL:
            _count_reply(parent.pk, 1)
            events += notices.tell_of_reply(post, parent)
        events += _submitted(post, author)
        log.append(_told(post, "published", author), *events)
    return Published(post, repeated=False)


def _refuse_unless_open(viewer: access.ViewerFacts, parent: Post | None, *, until: datetime | None) -> None:
    if not viewer.wall_is_open:
        raise WallClosed
    if not access.has_voice(viewer):
        raise PostingPaused(until)
    if viewer.rules_asked:
        raise RulesChanged
    if opens_at := access.rests_until(viewer):
        raise WallRests(opens_at)
    if parent is not None and not access.may_reply(viewer, facts := access.facts_of_post(parent)):
        raise RepliesLocked if facts.locked and access.may_see(viewer, facts) else NotThere


def _submitted(post: Post, actor: Member) -> list[NewEvent]:
    answers: Any = post_submitted.send(sender=Post, post=post, actor=actor)
    return [event for _receiver, events in answers for event in events or []]


def _locked(post: Post) -> Post:
    try:
        return Post.objects.select_for_update(of=("self",)).select_related("parent", "author").get(pk=post.pk)
    except Post.DoesNotExist:
        raise NotThere from None


def _count_reply(parent_id: int, step: int) -> list[NewEvent]:
    """A parent that is a stone comes or goes with its last reply, so sockets hear of it. Two people's replies end a wait."""
    Post.objects.filter(pk=parent_id).update(standing_replies=F("standing_replies") + step)
    parent = Post.objects.get(pk=parent_id)
    if parent.waiting_since != (since := waiting_from(parent)):
        Post.objects.filter(pk=parent_id).update(waiting_since=since)
    if parent.status in access.ON_THE_WALL | {Status.HELD}:
        return []
    parent.version += 1
    parent.save(update_fields=["version"])
    return [_told(parent, "removed", None)]


def _told(post: Post, what: str, actor: Member | None) -> NewEvent:
    return NewEvent(WALL, f"{noun_of(post)}.{what}", post.pk, version=post.version, actor=actor.pk if actor else None)
