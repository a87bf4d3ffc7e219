"""Where a delivery goes: it names its receiver ("way:17") and never holds an address or a key.

The app that keeps the address registers how it is opened. So nothing secret stands in the queue, in its copies or its logs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from realtime.models import Delivery


@dataclass(frozen=True, slots=True)
class Receiver:
    """An opened address. `wire` says in which shape the page goes to it: realtime.wires."""

    url: str
    key: str = ""
    wire: str = "signed"
    more: Mapping[str, str] = field(default_factory=dict)


Opener = Callable[[Delivery], Receiver | None]
_openers: dict[str, Opener] = {}


def register_opener(prefix: str, opener: Opener) -> None:
    """`opener(delivery)` answers for every address that is `prefix` or begins with `prefix:`; None when it is gone."""
    _openers[prefix] = opener


def open_receiver(delivery: Delivery) -> Receiver | None:
    """Who this delivery goes to; None when nobody knows them any more."""
    opener = _openers.get(delivery.address.partition(":")[0])
    return opener(delivery) if opener else None
