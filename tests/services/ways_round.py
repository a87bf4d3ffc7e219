"""Eighteen and more ways in which somebody might try to send more than a limit lets them (S6). Each tries once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.test import Client

from forum.actions.posts import publish_post, withdraw_post
from forum.models import Member, Post
from forum.refusals import NotYet
from realtime import commands

INVISIBLE = "\u200b\u2060\u200d"


def by_page(member: Member, path: str = "/posts/", headers: dict[str, str] | None = None, **fields: Any) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(member)
    words = {"body": "One more thing.", "intent": "support", "key": str(uuid4())} | fields
    browser.post(path, words, headers=headers or {})


def _with(**headers: str) -> Callable[[Member], None]:
    return lambda member: by_page(member, headers={name.replace("_", "-"): value for name, value in headers.items()})


def _fields(**fields: str) -> Callable[[Member], None]:
    return lambda member: by_page(member, **fields)


def _paths(*paths: str) -> Callable[[Member], None]:
    def act(member: Member) -> None:
        for path in paths:
            by_page(member, path)

    return act


def by_socket(member: Member) -> None:
    handler = commands.handler_for("post")
    assert handler is not None
    try:
        handler(member.pk, {"type": "post", "key": str(uuid4()), "body": "One more thing.", "intent": "support"})
    except commands.Refused:
        return


def by_both_doors(member: Member) -> None:
    by_socket(member)
    by_page(member)


def taken_back_at_once(member: Member) -> None:
    try:
        post = publish_post(member, body="One more thing.", key=uuid4()).post
    except NotYet:
        return
    withdraw_post(member, post)


def by_a_stale_copy(member: Member) -> None:
    """With what a process knew of them a while ago."""
    stale = Member.objects.get(pk=member.pk)
    stale.joined_at = stale.joined_at.replace(year=2001)
    try:
        publish_post(stale, body="One more thing.", key=uuid4())
    except NotYet:
        return


def as_json(member: Member) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(member)
    browser.post("/posts/", '{"body": "One more thing."}', content_type="application/json")


def under_another_name(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(handle=f"robin{uuid4().hex[:8]}")
    by_page(member)


def with_a_key_in_other_shapes(member: Member) -> None:
    key = str(uuid4())
    for shape in (key, key.upper(), f"urn:uuid:{key}"):
        by_page(member, key=shape)


WAYS: dict[str, Callable[[Member], None]] = {
    "again and again": by_page,
    "by the socket": by_socket,
    "by both doors in turn": by_both_doors,
    "with the same key in other shapes": with_a_key_in_other_shapes,
    "with no key": _fields(key=""),
    "as another kind of post": _fields(intent="win"),
    "with a note on it": _fields(content_note="sleep"),
    "with what nobody sees": _fields(body=f"One more thing.{INVISIBLE}"),
    "with what is held back": _fields(body="One more thing: https://a.example/"),
    "taken back at once": taken_back_at_once,
    "as if from elsewhere": _with(x_forwarded_for="203.0.113.5"),
    "as if through many hands": _with(x_forwarded_for="203.0.113.5, 198.51.100.7", forwarded="for=192.0.2.1"),
    "as if from other headers": _with(x_real_ip="203.0.113.9", client_ip="203.0.113.9", true_client_ip="203.0.113.9"),
    "from another browser": _with(user_agent="Something else/1.0", accept_language="cy"),
    "by another method": _with(x_http_method_override="PUT", x_method_override="GET"),
    "as a part of a page": _with(hx_request="true", x_requested_with="XMLHttpRequest"),
    "by other spellings of the address": _paths("/posts/?again=1", "//posts/", "/POSTS/"),
    "as JSON": as_json,
    "under another name": under_another_name,
    "with what a process knew before": by_a_stale_copy,
}


def posts_of(member: Member) -> int:
    """Those that are held back or were taken back too."""
    return Post.objects.filter(author=member).count()
