"""What the staff's board and page say about the rules of screening: what was added, what is off, and who changed what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.access import ViewerFacts
from forum.models import Role
from moderation.models import RuleEvent, RuleSwitch, RuleWords
from moderation.screening import ABUSE, CRISIS, DETAILS, METHOD, POSING, SPAM
from moderation.screening.catalogue import RULES
from moderation.wording import SCREENING_RULES

SHOWN: Final = 40  # changes in the log
CATEGORIES: Final[dict[str, str | Promise]] = {
    CRISIS: _("Worry about whoever wrote it"),
    METHOD: _("Words that say how"),
    DETAILS: _("Contact details"),
    ABUSE: _("Abuse"),
    SPAM: _("Links and selling"),
    POSING: _("Speaking as if for the team"),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    name: str
    words: str | Promise
    switch: RuleSwitch | None  # off, or waiting for a second person

    @property
    def is_off(self) -> bool:
        return self.switch is not None and self.switch.off_since is not None


@dataclass(frozen=True, slots=True)
class Board:
    """For the staff's board: what differs from the rules as they come."""

    off: list[RuleRow]
    waiting: list[RuleRow]
    phrases: int


def read_board(viewer: ViewerFacts) -> Board | None:
    """None for whoever is not of the staff. Two queries."""
    if viewer.role != Role.STAFF:
        return None
    rows = [_row(switch.rule, switch) for switch in live_switches()]
    return Board(
        off=[row for row in rows if row.is_off],
        waiting=[row for row in rows if not row.is_off],
        phrases=live_words().count(),
    )


def rules_by_category() -> list[tuple[str | Promise, list[RuleRow]]]:
    """Every rule under its heading, with its switch. One query."""
    switches = {switch.rule: switch for switch in live_switches()}
    rows = {name: _row(name, switches.get(name)) for name in RULES}
    return [
        (heading, [row for name, row in rows.items() if RULES[name].category == category])
        for category, heading in CATEGORIES.items()
    ]


def live_words() -> QuerySet[RuleWords]:
    return RuleWords.objects.filter(ended_at=None).select_related("added_by")


def live_switches() -> QuerySet[RuleSwitch]:
    return RuleSwitch.objects.filter(ended_at=None).select_related("by", "confirmed_by")


def log() -> Iterable[RuleEvent]:
    return RuleEvent.objects.select_related("by", "words", "switch")[:SHOWN]


def name_of(rule: str) -> str:
    return str(SCREENING_RULES.get(rule, rule))


def _row(name: str, switch: RuleSwitch | None) -> RuleRow:
    return RuleRow(name, SCREENING_RULES.get(name, name), switch)
