"""What a sender of one kind gives back to the deliveries: who took it, or why not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from realtime.models import Delivery


@dataclass(frozen=True, slots=True)
class Taken:
    """It was handed over. `by` is a service's name, never an address."""

    by: str = ""
    status: int | None = None


class NotTaken(Exception):
    """It was not. `final`: trying again is of no use, because the receiver is gone."""

    def __init__(self, outcome: str, status: int | None = None, *, final: bool = False) -> None:
        super().__init__(outcome)
        self.outcome, self.status, self.final = outcome, status, final


@dataclass(frozen=True, slots=True)
class Sender:
    """How one kind leaves. A claim lasts longer than a try can; `lanes` threads send, so that a slow receiver stops nobody."""

    send: Callable[[Delivery], Taken]
    claim: timedelta
    urgent_claim: timedelta
    lanes: int = 1
    stops_when_away: bool = False  # all of this kind goes to one machine: when that is away, the rest keep their turn
