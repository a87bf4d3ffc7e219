"""Sends that begin at once. Servers take most frames without waiting, and a task for each would cost more than the frame."""

import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any


def begin(sending: Awaitable[None]) -> Awaitable[None] | None:
    """Run it up to where it has to wait. None when it came to its end, else what is left, to be awaited in a task.

    Raises what it raises. (Python 3.12 has this as `asyncio.eager_task_factory`.)
    """
    if not isinstance(sending, Coroutine):
        return sending
    try:
        waited_for = sending.send(None)
    except StopIteration:
        return None
    return _rest_of(sending, waited_for)


@types.coroutine
def _rest_of(begun: Coroutine[Any, Any, None], waited_for: Any) -> Generator[Any, Any, None]:
    """Hands what a begun coroutine waits for to the task that awaits this, and what becomes of it back."""
    go_on: Callable[[Any], Any]
    with_what: Any
    while True:
        try:
            value = yield waited_for
        except BaseException as error:
            go_on, with_what = begun.throw, error
        else:
            go_on, with_what = begun.send, value
        try:
            waited_for = go_on(with_what)
        except StopIteration:
            return
