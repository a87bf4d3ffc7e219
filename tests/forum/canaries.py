"""Somebody of whom something is kept in every place there is, and where to look for it afterwards."""

import zlib
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test import Client

from forum.actions.care import mute_member, mute_word
from forum.actions.drafts import save_draft
from forum.actions.export import ask_for_copy
from forum.actions.following import set_follow, set_keep
from forum.actions.posts import edit_post, publish_post
from forum.actions.support import set_support
from forum.cards import Card, keep_card
from forum.models import Member, PendingSignup, Post
from moderation.actions.cases import answer_word, claim_case, note_case, send_word
from moderation.actions.decisions import decide_case
from moderation.actions.reports import report_post
from moderation.models import Case, CrisisRecord
from realtime.deliveries import queue_mail
from tests.disk import bytes_of_database

HANDLE = "robin-canary1"
CANARIES = {
    "handle": HANDLE,
    "address": "canary2@harbour.test",
    "about": "canary3 words about me",
    "post": "canary4 in a post",
    "past words": "canary5 before the edit",
    "content note": "canary6 note",
    "reply": "canary7 in a reply",
    "draft": "canary8 in a draft",
    "report": "canary9 in a report",
    "whereabouts": "canary10 where",
    "word to the team": "canary11 to the team",
    "muted word": "canary12 muted",
    "word from the team": "canary13 from the team",
    "statement": "canary14 statement",
    "team's note": "canary15 note of the team",
    "crisis record": "canary16 record",
    "report about them": "canary17 said about me",
    "mail": "canary18 mail",
    "card": "canary19 card",
    "session": "canary20 session",
}
FOREIGN = "foreigner"  # in what others wrote


def live_a_life(member: Member, other: Member, moderator: Member, *, close: bool = True) -> tuple[Post, Case]:
    """Fills every place with the member's canaries. Returns their post, which `other` has answered, and a case about them."""
    own = CANARIES
    Member.objects.filter(pk=member.pk).update(about=own["about"], pronouns="they")
    post = publish_post(member, body=own["past words"], content_note=own["content note"], key=uuid4()).post
    post = edit_post(member, post, body=own["post"], content_note=own["content note"], seen_version=post.version)
    publish_post(other, body=f"{FOREIGN} I hear you.", key=uuid4(), parent=post)
    theirs = publish_post(other, body=f"{FOREIGN} A win.", key=uuid4(), intent="win").post
    publish_post(member, body=own["reply"], key=uuid4(), parent=theirs)
    set_support(member, theirs, "with_you", on=True)
    set_follow(member, theirs, on=True)
    set_keep(member, theirs, on=True)
    mute_member(member, moderator)
    mute_word(member, own["muted word"], "fold")
    save_draft(member, "post", {"body": own["draft"]})
    keep_card(member, Card(phone=own["card"]))
    report_post(member, theirs, "worry", "worried", key=uuid4(), note=own["report"], whereabouts=own["whereabouts"])
    queue_mail("canary", member.email, own["mail"], own["mail"])
    browser = Client()
    browser.force_login(member)
    session = browser.session
    session["address"] = f"{member.email} {own['session']}"
    session.save()
    ask_for_copy(member)
    PendingSignup.objects.create(
        email=member.email, handle="canary1b", handle_key="canary1b", expires_at=member.joined_at, password="-"
    )
    if close:
        Case.objects.filter(subject=other).update(state="closed")
    return post, _be_looked_after(member, other, moderator, post, close=close)


def _be_looked_after(member: Member, other: Member, moderator: Member, post: Post, *, close: bool) -> Case:
    report = report_post(
        other, post, "worry", "worried", key=uuid4(), note=f"{FOREIGN} {CANARIES['report about them']}"
    )
    case = claim_case(report.case, moderator)
    case = note_case(case, moderator, CANARIES["team's note"])
    send_word(case, moderator, CANARIES["word from the team"], uuid4())
    answer_word(Case.objects.get(pk=case.pk), member, CANARIES["word to the team"], uuid4())
    record = dict.fromkeys(("what_they_said", "what_they_want", "what_we_did"), CANARIES["crisis record"])
    CrisisRecord.objects.create(case=case, by=moderator, kind="full", **record)
    case.refresh_from_db()
    if close:
        version = Post.objects.get(pk=post.pk).version
        statement = CANARIES["statement"]
        decide_case(case, moderator, "fold", post=post, seen_post_version=version, rule="safety", statement=statement)
    return Case.objects.get(pk=case.pk)


def found(*, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Each canary that is still somewhere, with the places: tables, the cache, and where they are files the database itself."""
    wanted = {name: words for name, words in CANARIES.items() if name not in but}
    places: dict[str, list[str]] = {}
    for place, text in _places():
        for name, words in wanted.items():
            if words.lower() in text:
                places.setdefault(name, []).append(place)
    return places


def _places() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, _text_of(row)
    yield "cache", repr(vars(cache).get("_cache", "")).lower()


def _text_of(row: tuple[Any, ...]) -> str:
    return " ".join(f"{cell} {_opened(cell)}" for cell in row).lower()


def _opened(cell: Any) -> str:
    """Sessions are compressed: a plain search would find nothing in them, and prove nothing."""
    if not isinstance(cell, str) or not cell.startswith("."):
        return ""
    packed = cell[1:].partition(":")[0]
    try:
        return zlib.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4))).decode(errors="replace")
    except (zlib.error, Error):
        return ""


def in_files() -> list[str]:
    """The canaries that stand in the bytes of the database's files, the write-ahead log's too."""
    content = bytes_of_database().lower()
    return [name for name, words in CANARIES.items() if words.encode().lower() in content]
