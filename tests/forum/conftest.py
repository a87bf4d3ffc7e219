"""What tests of the wall share: a post by somebody, and a count of the steps a function takes."""

import sys
from collections.abc import Callable
from uuid import uuid4

import pytest

from forum.actions.posts import publish_post
from forum.models import Member, Post


@pytest.fixture
def post_by() -> Callable[..., Post]:
    """`post_by(member, "Words.", parent=…)`: a post through the action that members use."""

    def make(author: Member, body: str = "Third night of not sleeping.", **fields) -> Post:
        return publish_post(author, body=body, key=fields.pop("key", uuid4()), **fields).post

    return make


@pytest.fixture
def count_steps() -> Callable[[Callable[[], object]], int]:
    """Counts lines of Python run: grows with the work, and is the same on every machine."""

    def count(function: Callable[[], object]) -> int:
        steps = 0

        def trace(_frame, event, _arg):
            nonlocal steps
            steps += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            function()
        finally:
            sys.settrace(before)
        return steps

    return count
