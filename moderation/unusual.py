"""What is more than usual, for those who may know of it: who reads many cases, who tells of many people, how many join,
how much comes from outside.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from forum.access import WALL_OPEN, ViewerFacts
from forum.models import Member, Role
from moderation.access import cases_visible_to
from moderation.models import Case, CaseEvent, Kind, Report, Severity, State, Unusual, UnusualKind
from moderation.vocabulary import READ, ROUSING

HOUR = timedelta(hours=1)
KEPT = timedelta(days=30)  # ours, as connections: long enough to notice, short enough to be forgotten
SHOWN = 20
OF_THE_BOARD = (Role.STAFF, Role.INDEPENDENT)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board. `cases`: the care cases that stand in the queue as *soon* for it."""

    unusual: Unusual
    cases: Sequence[Case] = ()


def seen_by(viewer: ViewerFacts) -> QuerySet[Unusual]:
    """Staff hear of members and moderators; the independent contacts of staff and of one another. Nobody of themselves."""
    rows = Unusual.objects.exclude(about=viewer.id)
    if not viewer.wall_is_open or viewer.role not in OF_THE_BOARD:
        return rows.none()
    of_the_board = rows.filter(about__role__in=OF_THE_BOARD)
    return of_the_board if viewer.role == Role.INDEPENDENT else rows.exclude(pk__in=of_the_board.values("pk"))


def read_board(viewer: ViewerFacts) -> list[Row]:
    """What nobody has looked at yet."""
    waiting = list(seen_by(viewer).filter(seen_at=None).select_related("about")[:SHOWN])
    return [Row(each, _gathered(each, viewer)) for each in waiting]


def who_hears(about: Member | None) -> list[Member]:
    """Everybody who is to be told of this person, or of the whole place."""
    role = Role.INDEPENDENT if about is not None and about.role in OF_THE_BOARD else Role.STAFF
    people = Member.objects.filter(role=role, standing__in=WALL_OPEN, is_active=True).order_by("pk")
    return [person for person in people if about is None or person.pk != about.pk]


def cases_read(reader: Member, now: datetime) -> int:
    """How many cases this person has had before them within the hour."""
    lately = CaseEvent.objects.filter(at__gt=now - HOUR, action=READ, actor=reader)
    return lately.order_by().values("case").distinct().count()


def people_told_of(reporter_id: int, now: datetime, *, door: str, severities: Collection[str]) -> set[int]:
    """About whom this member has told us at this door within the hour, but for what was gathered. Worries and house rules
    have room each: whoever told us of five raiders can still be afraid for a friend. Who asks for themselves uses up none.
    """
    told = _told_lately(reporter_id, now, door).filter(severity__in=severities)
    return set(told.order_by().values_list("case__subject", flat=True))


def is_flood(reporter_id: int, subject_id: int, severity: str, door: str) -> bool:
    """Whether they have told us of so many others already that one more is looked at together with those. What wakes people
    has room for fewer than what only waits.
    """
    rousing = severity in ROUSING
    most = settings.PEOPLE_WHO_WAKE_US if rousing else settings.PEOPLE_TOLD_OF
    severities = ROUSING if rousing else Severity.values
    others = people_told_of(reporter_id, timezone.now(), door=door, severities=severities)
    return len(others - {subject_id}) >= most


def rings_from(reporter_id: int, door: str) -> datetime:
    """When gathered danger rings unless somebody has read it: as the hour of the first of those that rang is over, and no
    sooner than an hour after the last gathered one of this member rang.
    """
    now = timezone.now()
    first = _told_lately(reporter_id, now, door).filter(severity__in=ROUSING).order_by("made_at").first()
    rang = Report.objects.filter(reporter=reporter_id, rang_at__gt=now - HOUR).order_by("-rang_at").first()
    ends = [each + HOUR for each in (first and first.made_at, rang and rang.rang_at) if each]
    return max(ends, default=now + HOUR)


def _told_lately(reporter_id: int, now: datetime, door: str) -> QuerySet[Report]:
    return Report.objects.filter(reporter=reporter_id, door=door, made_at__gt=now - HOUR, gathered=False)


def _gathered(unusual: Unusual, viewer: ViewerFacts) -> list[Case]:
    """Care cases alone: who told us of conduct is not for everybody who reads this."""
    if unusual.kind != UnusualKind.REPORTS:
        return []
    cases = Case.objects.filter(cases_visible_to(viewer), kind=Kind.CARE, reports__in=_reports_of(unusual))
    return list(cases.exclude(state=State.CLOSED).select_related("subject").distinct().order_by("pk")[:SHOWN])


def _reports_of(unusual: Unusual) -> QuerySet[Report]:
    return Report.objects.filter(
        reporter=unusual.about, gathered=True, made_at__gte=unusual.hour, made_at__lt=unusual.hour + 2 * HOUR
    )
