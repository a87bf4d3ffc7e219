"""Every frame of the wire and every field in it, with every payload and with what no browser sends: an answer, never an error."""

import contextlib
import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from forum.actions.posts import publish_post
from forum.drafts import fields_of
from forum.forms import PostForm, ReplyForm, SupportForm
from forum.models import Member, Post
from forum.text import clean_text, has_words
from realtime import commands, consumers, wire
from realtime.commands import Refused
from tests.hostile.payloads import read_payloads

PAYLOADS = read_payloads()
FRAMES: dict[str, tuple[str, ...]] = {  # every command, and every field that is read of it
    "post": tuple(PostForm.base_fields),
    "reply": (*ReplyForm.base_fields, "to"),
    "support": (*SupportForm.base_fields, "to"),
    "follow": ("to", "on"),
    "keep": ("to", "on"),
}
STRANGE: list[Any] = [
    "\x00", "a\x00b", "\ud800", "\x1b[31m", "", " ", "9" * 300, 2**63, -(2**63) - 1, 10**300, -1, 0, 1.5, True, None, [], {}, [[]],
    {"a": "b"}, "null", "\u202e", "<script>alert(1)</script>", "x" * 60_000, "é" * 20_000,
]  # fmt: skip


@pytest.fixture
def post(member: Member) -> Post:
    return publish_post(member, body="Third night.", key=uuid4()).post


def answer_to(member: Member, frame: dict[str, Any]) -> dict[str, Any]:
    handler = commands.handler_for(frame["type"])
    assert handler is not None
    try:
        return handler(member.pk, frame)
    except Refused as refused:
        return refused.frame(str(frame.get("key", "")))


def frame_of(type_: str, post: Post, **fields: Any) -> dict[str, Any]:
    usual = {
        "body": "Still up.",
        "intent": "support",
        "to": post.pk,
        "kind": "with_you",
        "on": True,
        "key": str(uuid4()),
    }
    return {**usual, **fields, "type": type_}


def test_every_command_is_tried_here() -> None:
    assert set(commands._handlers) == set(FRAMES)


@pytest.mark.django_db
@pytest.mark.parametrize("type_", FRAMES)
def test_no_field_of_a_frame_is_an_error(type_: str, other_member: Member, post: Post) -> None:
    for field in FRAMES[type_]:
        for value in STRANGE:
            said = answer_to(other_member, frame_of(type_, post, **{field: value}))
            assert said["type"] in ("ack", "refused"), (field, ascii(value))
            wire.text_message(said)["text"].encode()


@pytest.mark.django_db
def test_every_payload_is_kept_as_a_page_would_keep_it(other_member: Member) -> None:
    for words in PAYLOADS[::8]:
        if not has_words(clean_text(words)):
            continue
        said = answer_to(
            other_member, {"type": "post", "key": str(uuid4()), "body": words, "intent": "support", "noticed": "all"}
        )
        if said["type"] == "ack":
            assert Post.objects.get(pk=said["id"]).body == clean_text(words)
        else:
            assert said["code"] in ("look_again", "invalid")
    assert Post.objects.count() > 60


@given(st.one_of(st.text(max_size=200), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "key", "at", "body"]), inner, max_size=4),
).map(json.dumps)))  # fmt: skip
def test_no_frame_is_an_error_to_read(text: str) -> None:
    with contextlib.suppress(Refused):
        frame = consumers._parsed({"type": "websocket.receive", "text": text})
        assert isinstance(frame["type"], str)
        assert wire.is_key(frame.get("key")) in (True, False)
        assert wire.is_at(frame.get("at")) in (True, False)


@pytest.mark.parametrize(
    "text", ["[" * 60_000, '{"a":' * 20_000, "9" * 60_000, "é" * 40_000, "x" * 70_000, '"\\ud800"', "\x00", "nan"]
)
def test_nor_is_one_that_is_made_to_be(text: str) -> None:
    with pytest.raises(Refused):
        consumers._parsed({"type": "websocket.receive", "text": text})


def test_a_draft_keeps_no_more_than_words() -> None:
    for words in [*PAYLOADS[::4], "a\x00b", "\x1b[31m", "\u202e"]:
        sent = QueryDict(mutable=True)
        sent.update({"body": words, "<script>": words, "__proto__": words, "key": words})
        kept = fields_of(sent, "post")
        assert set(kept) <= {"body", "__proto__"}
        assert all(value == clean_text(value) for value in kept.values())
