"""Every change of what somebody may hear reaches their open sockets within five seconds, on a real server (S2).

Each is done in another process than the one that holds the sockets, as on a site with several.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from forum.actions.care import block_member
from forum.actions.leaving import close_for_good, leave
from forum.actions.membership import change_standing
from forum.actions.posts import publish_post
from forum.actions.roles import ask_for_role
from realtime import log
from tests.conftest import PASSWORD
from tests.forum.test_sign_in import reset_code
from tests.harbour import Harbour

EACH = 2  # people for each cause: twenty sockets in all
WITHIN = 5.0  # seconds: the promise
NEW = "nine slow herons"
GONE = "closed"

Frame = dict[str, Any]


class Ear:
    """One person's socket, and a client that holds the session it was opened with."""

    def __init__(self, daphne: Harbour, person: Any, stack: ExitStack) -> None:
        self.person, self.client = person, Client()
        self.client.force_login(person)
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.client.cookies[settings.SESSION_COOKIE_NAME].value}"
        line = connect(
            f"ws://127.0.0.1:{daphne.port}/ws/", origin=Origin(daphne.url), additional_headers={"Cookie": cookie}
        )
        self.socket = stack.enter_context(line)
        self.hello = json.loads(self.socket.recv(timeout=10))

    def wait(self, over: Callable[[Frame], bool]) -> tuple[str, float]:
        """What ended it, and when: the frame's type, or that the socket was closed as signed out."""
        deadline = time.monotonic() + 4 * WITHIN
        try:
            while time.monotonic() < deadline:
                frame = json.loads(self.socket.recv(timeout=4 * WITHIN))
                if over(frame):
                    return frame["type"], time.monotonic()
        except ConnectionClosed as closed:
            return (GONE if closed.rcvd and closed.rcvd.code == 4001 else repr(closed)), time.monotonic()
        except TimeoutError:
            pass
        return "nothing", time.monotonic()


def sign_out(ear: Ear) -> None:
    ear.client.post("/accounts/logout/")


def sign_out_elsewhere(ear: Ear) -> None:
    other = Client()
    other.force_login(ear.person)
    assert other.post("/me/sessions/", {"end": "others"}).status_code == 303


def change_password(ear: Ear) -> None:
    other = Client()
    other.force_login(ear.person)
    answer = other.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer.status_code == 302


def reset_password(ear: Ear) -> None:
    other = Client()
    other.post("/accounts/password/reset/", {"email": ear.person.email})
    other.post("/accounts/password/reset/confirm/", {"code": reset_code(ear.person.email)})
    assert other.post("/accounts/password/reset/complete/", {"password1": NEW}).status_code == 302


def stand(standing: str) -> Callable[[Ear], None]:
    def decide(ear: Ear) -> None:
        with transaction.atomic():
            log.append(*change_standing(ear.person, standing))

    return decide


def close_wall(ear: Ear) -> None:
    leave(ear.person)


def erase(ear: Ear) -> None:
    close_for_good(ear.person.pk, timezone.now())


def never(_frame: Frame) -> bool:
    return False


def lost(stream: str) -> Callable[[Frame], bool]:
    return lambda frame: frame["type"] == "at" and stream not in frame["at"]


def rights_changed(frame: Frame) -> bool:
    return frame["type"] == "event" and frame["kind"] == "rights.changed"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What closes every socket again."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def causes(
    administrator: Any, other_member: Any
) -> dict[str, tuple[Callable[[Ear], None], Callable[[Frame], bool], str]]:
    """What is done, what a narrowed socket hears of it, and how the waiting must end."""
    return {
        "sign-out": (sign_out, never, GONE),
        "sign-out elsewhere": (sign_out_elsewhere, never, GONE),
        "password change": (change_password, never, GONE),
        "reset": (reset_password, never, GONE),
        "suspension": (stand("suspended"), lost("wall"), "at"),
        "ban": (stand("banned"), lost("wall"), "at"),
        "role change": (
            lambda ear: ask_for_role(ear.person, "member", administrator) and None,
            lost("moderation"),
            "at",
        ),
        "block": (lambda ear: block_member(other_member, ear.person), rights_changed, "event"),
        "deactivation": (close_wall, lost("wall"), "at"),
        "erasure": (erase, never, GONE),
    }


def test_every_change_of_rights_reaches_the_socket_within_five_seconds(
    daphne: Harbour,
    stack: ExitStack,
    make_member: Callable[..., Any],
    member: Any,
    other_member: Any,
    causes: Any,
) -> None:
    people = [
        (cause, make_member(f"bird-{number}-{each}", role="moderator" if cause == "role change" else "member"))
        for number, cause in enumerate(causes)
        for each in range(EACH)
    ]
    ears = [(cause, Ear(daphne, person, stack)) for cause, person in people]
    witness = Ear(daphne, member, stack)
    assert all("wall" in ear.hello["at"] for _cause, ear in ears)  # the premise
    with ThreadPoolExecutor(len(ears)) as pool:
        waits: list[Future[tuple[str, float]]] = [pool.submit(ear.wait, causes[cause][1]) for cause, ear in ears]
        done = []
        for cause, ear in ears:
            causes[cause][0](ear)
            done.append(time.monotonic())
        took = [(cause, *wait.result(), at) for (cause, _ear), wait, at in zip(ears, waits, done, strict=True)]
    assert [cause for cause, ended, _when, _at in took if ended != causes[cause][2]] == []
    assert [(cause, when - at) for cause, _ended, when, at in took if when - at > WITHIN] == []
    theirs = publish_post(other_member, body="For others.", key=uuid4()).post
    mine = publish_post(member, body="For everybody.", key=uuid4()).post
    assert [theirs.pk, mine.pk] == posts_heard(witness, mine.pk)
    assert [posts_heard(ear, mine.pk) for cause, ear in ears if cause == "block"] == [[mine.pk]] * EACH


def posts_heard(ear: Ear, last: int) -> list[int]:
    heard: list[int] = []
    while last not in heard:
        frame = json.loads(ear.socket.recv(timeout=10))
        if frame["type"] == "event" and frame["kind"] == "post.published":
            heard.append(frame["id"])
    return heard
