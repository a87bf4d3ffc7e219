"""What an app above is told of each step of a role, so that it can write down who asked and who agreed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RoleStep:
    """`action` is role_ask, role_give, role_turn_down or role_take. `actor` None: whoever has the machine."""

    action: str
    member: Any
    actor: Any
    before: str
    role: str


witnesses: list[Callable[[RoleStep], None]] = []
"""Apps above add these. Each is called in the step's transaction, when the member's row is written and before the streams."""


def tell(step: RoleStep) -> None:
    for witness in witnesses:
        witness(step)
