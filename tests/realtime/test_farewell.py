"""When a process stops, nobody comes back at the same moment as everybody else."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from realtime import farewell
from realtime.hub import Hub
from tests.sockets import Ears, LocalSocket


def test_everybody_is_told_a_time_of_their_own(
    listen: Callable[..., LocalSocket], ears: Ears, member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farewell, "SLICE", 4)
    monkeypatch.setattr(farewell, "BACK_A_SECOND", 0.1)
    sockets = [listen(member) for _each in range(10)]
    for socket in sockets:
        socket.until("hello")
    hub = Hub.running()
    assert hub is not None
    asyncio.run_coroutine_threadsafe(hub.farewell(), ears.loop).result(10)
    heard = [socket.until("bye") for socket in sockets]
    assert {frame["code"] for frame in heard} == {4012}
    seconds = {frame["retry_after"] for frame in heard}
    assert len(seconds) > 5
    assert all(1 <= second <= farewell.BACK_WITHIN for second in seconds)


def test_a_handful_comes_back_after_a_second_and_ten_thousand_within_half_a_minute() -> None:
    assert farewell.retry_after(1) == 1.0
    many = [farewell.retry_after(10_000) for _each in range(2_000)]
    in_each_second = [sum(second <= one < second + 1 for one in many) for second in range(1, 26)]
    assert max(many) <= farewell.BACK_WITHIN
    assert min(in_each_second) > 0, "spread over the whole time"
