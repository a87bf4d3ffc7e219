"""What of the queue somebody wants to see: plain choices in an address, that go together. Reads and builds; asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.access import ViewerFacts
from moderation import categories
from moderation.models import Door, Kind, Report, Severity, Source, State

LANES: Mapping[str, tuple[Kind, str | Promise]] = {
    "worry": (Kind.CARE, _("Worry")),
    "rules": (Kind.CONDUCT, _("Rules")),
}
DUE: Mapping[str, str | Promise] = {
    "late": _("late"),
    "hour": _("within the hour"),
    "today": _("today"),
}
CLOSED_FOR = timedelta(days=7)  # how far back the queue shows what was closed: a shift looks back to the one before
HELD = (State.OPEN, State.IN_REVIEW)  # states with a first look or a decision due; with staff it is the next step


@dataclass(frozen=True, slots=True)
class Filters:
    """Each part is "" where it narrows nothing. `lane` and `mine` are the two tabs, `severity` the four doors below."""

    lane: str = ""
    mine: str = ""
    severity: str = ""
    state: str = ""
    category: str = ""
    due: str = ""
    aside: str = ""  # "on": what is put aside for this person, and nothing else

    @property
    def closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def narrows(self) -> bool:
        """Whether something is hidden that no tab says."""
        return bool(self.severity or self.state or self.category or self.due)

    def query(self, **changes: str) -> str:
        """These choices with some of them changed, as the end of an address."""
        chosen = replace(self, **changes)
        parts = {name: value for name in self.__slots__ if (value := getattr(chosen, name))}
        return f"?{urlencode(parts)}" if parts else ""

    def matches(self, *, kind: str, mine: bool, severity: str, state: str, but: str = "") -> bool:
        """Whether cases of this sort are shown, leaving one choice out of account: what is counted beside that choice."""
        wanted = {"severity": severity, "state": state}
        lane = but == "lane" or not self.lane or LANES[self.lane][0] == kind
        own = but == "mine" or not self.mine or mine
        return lane and own and all(but == name or getattr(self, name) in ("", is_) for name, is_ in wanted.items())

    def condition(self, viewer: ViewerFacts) -> Q:
        """All choices together, as a condition on Case."""
        state = (
            "" if self.closed else self.state
        )  # what is closed is found by when: naming its state would read them all
        wanted = {"severity": self.severity, "state": state, "kind": LANES[self.lane][0] if self.lane else ""}
        shown = Q(**{name: value for name, value in wanted.items() if value})
        return shown & self.own(viewer) if self.mine else shown

    def own(self, viewer: ViewerFacts) -> Q:
        """What this person holds or was offered first; of what is closed, what they closed."""
        return Q(closed_by=viewer.id) if self.closed else Q(holder=viewer.id) | Q(offered_to=viewer.id)

    def wide(self, now: datetime) -> Q:
        """The choices that are not counted apart: what it was told as, and by when it is due."""
        wide = Q()
        if self.category:
            wide &= Q(Exists(_told_as(self.category)))
        if self.due:
            until = {"late": now, "hour": now + timedelta(hours=1), "today": _end_of_day(now)}[self.due]
            wide &= due_by(until)
        return wide


def read_filters(asked: Mapping[str, str]) -> Filters:
    """From an address. What is no choice of ours narrows nothing."""
    known = {
        "lane": LANES,
        "mine": {"on"},
        "severity": Severity.values,
        "state": State.values,
        "category": dict(category_choices()),
        "due": DUE,
        "aside": {"on"},
    }
    return Filters(**{name: asked[name] for name, offered in known.items() if asked.get(name, "") in offered})


def category_choices() -> list[tuple[str, str | Promise]]:
    """Everything that a case can have been told as, door by door, and what screening notices."""
    told = [(f"{door}.{each.key}", each.words) for door, offered in categories.CATEGORIES.items() for each in offered]
    return [*told, *((f"{Source.SCREENING}.{key}", words) for key, words in categories.SCREENED.items())]


def category_groups() -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """The same in groups, for a list to choose from."""
    names = {
        Door.WORRY.value: _("Worry"),
        Door.SELF.value: _("They asked themselves"),
        Door.RULE.value: _("Rules"),
        Source.SCREENING.value: _("Screening"),
    }
    groups: dict[str, list[tuple[str, str | Promise]]] = {}
    for value, words in category_choices():
        groups.setdefault(value.partition(".")[0], []).append((value, words))
    return [(names.get(door, door), offered) for door, offered in groups.items()]


def due_by(until: datetime) -> Q:
    """Cases whose running clock is out by then. One that waits for staff has none: the ladder runs."""
    return Q(state__in=HELD, due_at__lte=until) | Q(state=State.WITH_STAFF, next_action_due__lte=until)


def _told_as(category: str):  # type: ignore[no-untyped-def]  # QuerySet[Report]
    door, _dot, key = category.partition(".")
    told = Report.objects.filter(case=OuterRef("pk"), category=key)
    return told.filter(source=Source.SCREENING) if door == Source.SCREENING else told.filter(door=door)


def _end_of_day(now: datetime) -> datetime:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1) - timedelta(microseconds=1)
