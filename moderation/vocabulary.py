"""The words that the table of transitions speaks in. Pure: the rows and the forum use the same values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    CARE = "care"
    CONDUCT = "conduct"


class State(StrEnum):
    OPEN = "open"
    IN_REVIEW = "in_review"
    ESCALATED = "escalated"
    WITH_STAFF = "with_staff"
    CLOSED = "closed"


class Severity(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


ROUSING: frozenset[str] = frozenset({Severity.EMERGENCY, Severity.URGENT})
"""Wake people, and make the other lane wait; soon and routine stand on the staff board and in the morning's mail."""


WITH_STAFFS = frozenset({State.ESCALATED, State.WITH_STAFF})
"""The states in which a case stands on the staff board."""


class DecisionKind(StrEnum):
    NO_ACTION = "no_action"
    CONTENT_NOTE = "content_note"
    FOLD = "fold"
    REMOVE = "remove"
    RESTORE = "restore"
    WARNING = "warning"


class Role(StrEnum):
    """The roles of the forum's members, as this table knows them."""

    MEMBER = "member"
    MODERATOR = "moderator"
    STAFF = "staff"
    INDEPENDENT = "independent"
    ADMINISTRATOR = "administrator"


DESK = frozenset({Role.MODERATOR, Role.STAFF, Role.INDEPENDENT})
"""Who works on cases at all: the queue, the header's links and the duty page are theirs."""


class Actor(Protocol):
    """What counts about the person who asks; forum.access.ViewerFacts has it."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def blocks(self) -> frozenset[int]: ...
    @property
    def wall_is_open(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides about a case. `subject_role` is the team's whenever it is or was when the case was opened."""

    id: int
    kind: str
    state: str
    severity: str
    subject: int
    subject_role: str = Role.MEMBER
    holder: int | None = None
    escalated_by: int | None = None
    about_post: bool = False
    reported_by: frozenset[int] = frozenset()  # through a door, as a member
    noticed_by: frozenset[int] = frozenset()  # on shift
    in_care: bool = False  # the subject has a live care case at urgent or above
    carers: frozenset[int] = frozenset()  # who holds that case; nobody holds it: who is on call
