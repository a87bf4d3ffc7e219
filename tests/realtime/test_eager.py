"""Sends that begin at once, and go on in a task where the server makes them wait."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from realtime.eager import begin


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


def test_what_waits_for_nothing_is_done_at_once():
    done = []

    async def send() -> None:
        done.append("sent")

    async def work() -> None:
        assert begin(send()) is None
        assert done == ["sent"]

    run(work)


def test_what_waits_goes_on_where_it_stood_each_time():
    steps = []

    async def work() -> None:
        first, second = asyncio.Event(), asyncio.Event()

        async def send() -> None:
            steps.append("begun")
            await first.wait()
            steps.append("first")
            await second.wait()
            steps.append("second")

        rest = begin(send())
        assert rest is not None
        assert steps == ["begun"]
        going_on = asyncio.ensure_future(rest)
        first.set()
        await asyncio.sleep(0)
        second.set()
        await going_on

    run(work)
    assert steps == ["begun", "first", "second"]


def test_what_it_waited_for_may_be_done_before_a_task_takes_over():
    async def work() -> None:
        answer = asyncio.get_running_loop().create_future()
        found = []

        async def send() -> None:
            found.append(await answer)

        rest = begin(send())
        answer.set_result("yes")
        assert rest is not None
        await rest
        assert found == ["yes"]

    run(work)


def test_a_failure_before_and_after_waiting_reaches_whoever_sends():
    async def broken() -> None:
        raise ConnectionError("gone")

    async def work() -> None:
        with pytest.raises(ConnectionError):
            begin(broken())
        answer = asyncio.get_running_loop().create_future()
        caught = []

        async def send() -> None:
            try:
                await answer
            except TimeoutError as late:
                caught.append(late)
            raise ConnectionError("gone")

        rest = begin(send())
        answer.set_exception(TimeoutError())
        assert rest is not None
        with pytest.raises(ConnectionError):
            await rest
        assert len(caught) == 1

    run(work)


def test_a_task_that_is_given_up_ends_the_send():
    ended = []

    async def work() -> None:
        async def send() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        rest = begin(send())
        assert rest is not None
        going_on = asyncio.ensure_future(rest)
        await asyncio.sleep(0)
        going_on.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going_on

    run(work)
    assert ended == [True]


def test_what_is_no_coroutine_is_awaited_as_it_is():
    async def work() -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        assert begin(future) is future

    run(work)
