"""The handshake: from our own pages, by somebody signed in, and from nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from tests.realtime.conftest import Pond
from tests.sockets import Ears

pytestmark = pytest.mark.usefixtures("pond")


@pytest.fixture
def cookie(as_: Any, member: Any) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={as_(member).cookies[settings.SESSION_COOKIE_NAME].value}"


def test_our_own_origin_with_a_session_is_let_in(ears: Ears, cookie: str, origin: str) -> None:
    socket = ears.open(headers={"cookie": cookie, "origin": origin})
    assert socket.accepted and socket.receive()["type"] == "hello"


@pytest.mark.parametrize(
    "wrong",
    [
        "http://evil.example",
        "null",
        "",
        "https://127.0.0.1:8000",
        "http://127.0.0.1",
        "http://127.0.0.1:80000",
        "http://127.0.0.1:8000.evil.example",
        "http://127.0.0.1:8000/",
        "HTTP://127.0.0.1:8000",
        "http://127.0.0.1:8000 http://127.0.0.1:8000",
        None,
    ],
)
def test_any_other_origin_is_refused_and_logged(
    ears: Ears, cookie: str, wrong: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"cookie": cookie} if wrong is None else {"cookie": cookie, "origin": wrong}
    assert not ears.open(headers=headers).accepted
    assert "socket_refused" in caplog.text


def test_a_line_break_in_an_origin_stays_in_one_record(
    ears: Ears, cookie: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert not ears.open(headers={"cookie": cookie, "origin": "http://x\nERROR forged"}).accepted
    assert "\nERROR forged" not in caplog.text


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/other/", "//ws/", "/members/robin/"])
def test_any_other_path_is_refused_and_not_written_down(
    ears: Ears, cookie: str, origin: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert not ears.open(path=path, headers={"cookie": cookie, "origin": origin}).accepted
    assert "socket_refused: another path, origin" in caplog.text
    assert "robin" not in caplog.text and "other/" not in caplog.text


@pytest.mark.parametrize("wrong", ["", "sessionid=nonsense", "sessionid=", "other=1"])
def test_without_a_session_one_is_told_to_sign_in(ears: Ears, origin: str, wrong: str) -> None:
    socket = ears.open(headers={"cookie": wrong, "origin": origin})
    assert socket.receive() == {"type": "bye", "code": 4001, "retry_after": 0}
    assert socket.wait_closed() == 4001


def test_a_session_cookie_sent_twice_counts_as_none(ears: Ears, cookie: str, origin: str) -> None:
    socket = ears.open(headers={"cookie": f"{cookie}; {cookie}", "origin": origin})
    assert socket.receive()["code"] == 4001


def test_a_session_in_the_address_counts_as_none(ears: Ears, cookie: str, origin: str) -> None:
    socket = ears.open(query=f"{cookie}&token={cookie}", headers={"origin": origin})
    assert socket.receive()["code"] == 4001


def test_a_root_path_is_refused(ears: Ears, cookie: str, origin: str) -> None:
    headers = {"cookie": cookie, "origin": origin, "daphne-root-path": "/elsewhere"}
    assert not ears.open(headers=headers).accepted


def test_the_browser_does_not_choose_whose_socket_it_is(
    listen: Callable[..., Any], member: Any, other_member: Any, pond: Pond
) -> None:
    assert listen(member, after=f"pond:0&viewer={other_member.pk}").receive()["viewer"] == member.pk
