"""A site on which everything has happened to somebody: a post and a reply in each state, by and beside people in each standing."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from forum.actions.care import block_member, mute_member
from forum.actions.erasing import erase_member
from forum.actions.following import set_follow
from forum.actions.leaving import close_for_good, leave
from forum.actions.membership import change_standing, take_break
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.actions.support import set_support
from forum.models import Erasure, Member, Post
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case
from moderation.actions.reports import report_post
from moderation.models import Duty
from realtime import log
from tests.visibility.people import GONE, LOOKING, MUTED, REPORTER, SHUNNED, SHUNNER, SHUT_OUT, make_person
from tests.visibility.words import SOUGHT, word

DECIDED = {"folded": "fold", "removed": "remove"}


@dataclass
class Life:
    """Who is here, and who wrote which canary under whose words."""

    people: dict[str, Member] = field(default_factory=dict)
    written_by: dict[str, frozenset[str]] = field(default_factory=dict)
    """The handles of whoever wrote a post's canary, and of whoever wrote what it answers."""
    authors: dict[str, str] = field(default_factory=dict)

    def person(self, handle: str, **fields: Any) -> Member:
        if handle not in self.people:
            self.people[handle] = make_person(handle, **fields)
        return self.people[handle]

    def says(self, handle: str, name: str, parent: Post | None = None, **more: Any) -> Post:
        """Somebody shares the canary of this name."""
        body = more.pop("body", f"A {SOUGHT} for {word(name)}.")
        post = publish_post(self.person(handle), body=body, parent=parent, key=uuid4(), **more).post
        self.note(name, handle, parent)
        return post

    def note(self, name: str, handle: str, parent: Post | None = None) -> None:
        self.authors[name] = handle
        self.written_by[name] = frozenset({handle} | ({parent.author.handle} if parent else set()))

    def decides(self, post: Post, kind: str, **more: Any) -> None:
        """Somebody reports a post for a rule, and heron decides."""
        reported = report_post(self.people[REPORTER], post, "rule", "abuse", key=uuid4())
        case = claim_case(reported.case, self.people["heron"])
        fresh = Post.objects.get(pk=post.pk)
        more = {"rule": "kindness", "seen_post_version": fresh.version, **more}
        decide_case(case, self.people["heron"], kind, **more)


def begin_life(settings: Any) -> Life:
    """Everybody, and every state of words."""
    life = Life()
    for handle, fields in LOOKING.items():
        life.person(handle, **fields)
    for handle in (REPORTER, "wren", "root-one"):
        life.person(handle)
    Duty.objects.create(member=life.people["heron"], kind="shift", standing=True, starts_at=timezone.now())
    _plain_states(life)
    _states(life)
    _held(life, settings)
    _around_blocks(life)
    _standings(life)
    _gone(life)
    return life


def _plain_states(life: Life) -> None:
    post = life.says("a-visible", "visible")
    life.says("wren", "under visible", post)
    set_support(life.people["wren"], post, "with_you", on=True)
    set_follow(life.people["robin"], post, on=True)
    noted = life.says("a-noted", "noted", content_note=word("content note"))
    life.note("content note", "a-noted")
    assert noted.content_note
    edited = life.says("a-edited", "before edit")
    report = report_post(life.people[REPORTER], edited, "rule", "abuse", key=uuid4(), seen_version=edited.version)
    assert report.case
    body = f"A {SOUGHT} for {word('edited')}."
    edit_post(life.people["a-edited"], edited, body=body, content_note="", seen_version=edited.version)
    life.note("edited", "a-edited")
    quiet = life.says("a-changed", "before change")
    edit_post(life.people["a-changed"], quiet, body="A lantern.", content_note="", seen_version=quiet.version)
    body = f"A {SOUGHT} for {word('left in')} and {word('taken out')}."
    cut = life.says("a-cut", "left in", body=body)
    life.note("taken out", "a-cut")
    life.decides(cut, "redact", takes_out=[word("taken out")])


def _states(life: Life) -> None:
    """Folded, removed and taken back: a post with a reply, a post alone, and a reply."""
    root = life.says("root-one", "root")
    for state, kind in DECIDED.items():
        post, alone = life.says(f"a-{state}", state), life.says(f"a-{state}", f"{state} alone")
        life.says("wren", f"under {state}", post)
        reply = life.says(f"a-{state}", f"{state} reply", root)
        for each in (post, alone, reply):
            life.decides(each, kind, statement=f"We read it. {word('statement ' + state)}")
        life.note(f"statement {state}", f"a-{state}")
    taken = life.person("a-taken")
    post, alone = life.says("a-taken", "withdrawn"), life.says("a-taken", "withdrawn alone")
    life.says("wren", "under withdrawn", post)
    reply, reported = life.says("a-taken", "withdrawn reply", root), life.says("a-taken", "withdrawn reported")
    report_post(life.people[REPORTER], reported, "rule", "abuse", key=uuid4())
    for each in (post, alone, reply, reported):
        withdraw_post(taken, each)


def _held(life: Life, settings: Any) -> None:
    """Words with a link, by somebody new."""
    before, settings.HOLD = settings.HOLD, frozenset({"links"})
    life.person("a-held", joined_at=timezone.now())
    post = life.says("a-held", "held", body=f"A {SOUGHT} for {word('held')}: https://example.org/")
    root = Post.objects.get(author=life.people["root-one"], parent=None)
    reply = life.says("a-held", "held reply", root, body=f"A {SOUGHT} for {word('held reply')}: www.example.org")
    assert {post.status, reply.status} == {"held"}
    settings.HOLD = before


def _around_blocks(life: Life) -> None:
    """Crake has blocked one, was blocked by another and has muted a third, after all of them had answered one another."""
    crake = life.people["crake"]
    own = life.says("crake", "crakes own")
    root = Post.objects.get(author=life.people["root-one"], parent=None)
    for handle, name in ((SHUNNER, "by shunner"), (SHUNNED, "by shunned"), (MUTED, "by muted")):
        post = life.says(handle, name)
        life.says("wren", f"under {name}", post)
        life.says(handle, f"{name} under root", root)
        life.says(handle, f"{name} to crake", own)
        set_follow(crake, post, on=True)
        set_support(life.people[handle], own, "hear_you", on=True)
    block_member(life.people[SHUNNER], crake)
    block_member(crake, life.people[SHUNNED])
    mute_member(crake, life.people[MUTED])
    for handle in ("a-removed", "a-folded"):
        block_member(life.people["merlin"], life.person(handle))


def _standings(life: Life) -> None:
    """People who wrote before the wall was closed to them; and somebody who has died."""
    for handle, standing in SHUT_OUT.items():
        who = life.people[handle]
        life.says(handle, f"by {handle}")
        if standing == "on_break":
            take_break(who, timezone.now() + timedelta(days=2))
        elif standing == "deactivated":
            leave(who)
        else:
            _stands(who, standing)
    life.says("a-remembered", "by remembered")
    _stands(life.people["a-remembered"], "remembered")


def _stands(who: Member, standing: str) -> None:
    with transaction.atomic():
        log.append(*change_standing(who, standing))


def _gone(life: Life) -> None:
    gone = life.person(GONE)
    post = life.says(GONE, "erased")
    life.says("wren", "under erased", post)
    life.says(GONE, "erased reply", Post.objects.get(author=life.people["root-one"], parent=None))
    Member.objects.filter(pk=gone.pk).update(about=word("about gone"))
    close_for_good(gone.pk, timezone.now())
    assert erase_member(Erasure.objects.get(member_id=gone.pk))
