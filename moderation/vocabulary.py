"""The words that the table of transitions speaks in. Pure: the rows and the forum use the same values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


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


READ: Final = "read"
"""The one event of the audit chain that is no step: a person had the case before them. It has no version of its own."""


PAGED: Final = "paged"
"""What came of a page about a case that went out to somebody. Nobody's step either, and without a version of its own: else
a page that leaves would make what its reader was about to do look stale."""

NO_STEPS = (READ, PAGED)


WITH_STAFFS = frozenset({State.ESCALATED, State.WITH_STAFF})
"""The states in which a case stands on the staff board."""


class DecisionKind(StrEnum):
    NO_ACTION = "no_action"
    CONTENT_NOTE = "content_note"
    REDACT = "redact"
    FOLD = "fold"
    LOCK = "lock"
    REMOVE = "remove"
    RESTORE = "restore"
    ADVICE = "advice"
    WARNING = "warning"
    HOLD = "hold"
    SLOW = "slow"
    PAUSE = "pause"
    SUSPEND = "suspend"
    BAN = "ban"
    STOP_POSTS = "stop_posts"


IN_FAVOUR = frozenset({DecisionKind.NO_ACTION, DecisionKind.RESTORE})
"""Decisions that take nothing from anybody: there is nothing in them to ask for another look at."""


ON_THE_MEMBER = frozenset(
    {
        DecisionKind.ADVICE,
        DecisionKind.WARNING,
        DecisionKind.HOLD,
        DecisionKind.SLOW,
        DecisionKind.PAUSE,
        DecisionKind.SUSPEND,
        DecisionKind.BAN,
        DecisionKind.STOP_POSTS,
    }
)
"""Decisions about a person and not about words: a care case can never hold one, and the database says so too."""

LASTING = frozenset({DecisionKind.HOLD, DecisionKind.SLOW, DecisionKind.PAUSE, DecisionKind.SUSPEND})
"""What has an end that is chosen."""

HOLDS = LASTING - {DecisionKind.HOLD} | {DecisionKind.BAN, DecisionKind.STOP_POSTS}
"""What changes a member's standing, until it ends or is undone."""

SECOND_LOOK = frozenset({DecisionKind.PAUSE, DecisionKind.SUSPEND, DecisionKind.BAN})
"""What another person looks at within a day."""

COUNTS = frozenset(
    {DecisionKind.WARNING, DecisionKind.SLOW, DecisionKind.PAUSE, DecisionKind.SUSPEND, DecisionKind.BAN}
)
"""What is held against somebody for a year where a rule was named, and what nobody gets twice for the same thing."""


class Role(StrEnum):
    """The roles of the forum's members, as this table knows them."""

    MEMBER = "member"
    MODERATOR = "moderator"
    STAFF = "staff"
    INDEPENDENT = "independent"
    ADMINISTRATOR = "administrator"


class Reserved(StrEnum):
    """For whom a case is kept, past those who would handle it by its kind. Only ever raised, in this order."""

    NOBODY = ""
    STAFF = "staff"
    INDEPENDENT = "independent"


DESK = frozenset({Role.MODERATOR, Role.STAFF, Role.INDEPENDENT})
"""Who works on cases at all: the queue, the header's links and the duty page are theirs."""


class Actor(Protocol):
    """What counts about the person who asks; forum.access.ViewerFacts has it."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def own_blocks(self) -> frozenset[int]: ...
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
    proposed_by: int | None = None  # who proposed a ban here that a second person has yet to answer
    hands: frozenset[int] = frozenset()  # while that waits: who decided something in this case
    asked: bool = False  # the member has asked to talk about a decision in it
    rewritten: bool = False  # the member's new version of words that were taken down waits in it
    reserved_for: str = Reserved.NOBODY
    remembered: bool = False  # the subject has died
