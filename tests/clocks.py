"""Real clocks in processes of their own."""

import os
import signal
from pathlib import Path

from tests import nursery
from tests.nursery import ROOT, Child

__all__ = ["ROOT", "Nursery"]


class Nursery:
    """`born()` starts `manage.py clock` in a process of its own and returns its number. They end with the nursery."""

    def __init__(self, **environment: str) -> None:
        from django.conf import settings

        from tests.harbour import Harbour

        self._nursery = nursery.Nursery(Harbour(Path(settings.DATA_DIR)).environment | environment)
        self._clocks: dict[int, Child] = {}

    def born(self) -> int:
        clock = self._nursery.born("clock")
        self._clocks[clock.pid] = clock
        return clock.pid

    def kill(self, number: int) -> None:
        """As a power cut does: nothing of its own is done any more."""
        os.kill(number, signal.SIGKILL)
        self._clocks.pop(number).wait(10)

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *args: object) -> None:
        for number in list(self._clocks):
            self.kill(number)
        self._nursery.close()
