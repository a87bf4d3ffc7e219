"""What one of the team is shown of their own care: today's count, the ten minutes, who would be glad of a hello. Nothing writes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from forum.access import ViewerFacts
from forum.models import Member, Role
from moderation import categories, duty, hard
from moderation.clocks import ACTIVE_WITHIN, CALM_OFFERED, HELLO_FOR, STILL_HERE
from moderation.models import CheckIn, Door, ModeratorCare, Source
from moderation.vocabulary import DESK


@dataclass(frozen=True, slots=True)
class OwnCare:
    care: ModeratorCare
    taken: int
    offered: bool  # ten minutes, after a hard case
    calm_until: datetime | None  # while they last
    hellos: list[CheckIn]

    @property
    def at_limit(self) -> bool:
        return self.care.hard_limit is not None and self.taken >= self.care.hard_limit


@dataclass(frozen=True, slots=True)
class StillHere:
    """For a shift that runs: whether its person is asked already, and in how many seconds the page asks and gives up."""

    asks: bool
    over: bool
    asks_in: int
    over_in: int
    asks_every: int = int(STILL_HERE.total_seconds())
    over_every: int = int(ACTIVE_WITHIN.total_seconds())


def care_of(member_id: int) -> ModeratorCare:
    """What is kept for this person; for who has set nothing yet, what holds then (not saved)."""
    found = ModeratorCare.objects.filter(pk=member_id).select_related("buddy").first()
    return found or ModeratorCare(member_id=member_id)


def read_own(viewer: ViewerFacts) -> OwnCare:
    """In three queries."""
    now, care = timezone.now(), care_of(viewer.id)
    calm = care.calm_until if care.calm_until and care.calm_until > now else None
    fresh = care.came_out_at is not None and care.came_out_at > now - CALM_OFFERED
    return OwnCare(
        care=care,
        taken=hard.taken_today(viewer.id, now),
        offered=fresh and not calm and care.check_in,
        calm_until=calm,
        hellos=list(hellos_for(viewer)),
    )


def hellos_for(viewer: ViewerFacts) -> QuerySet[CheckIn]:
    """Who waits for a hello from this person: theirs to say as a buddy, or as one of the staff."""
    asked = Q(buddy=viewer.id) | (Q(buddy=None) if viewer.role == Role.STAFF else Q(pk__in=()))
    waiting = CheckIn.objects.filter(asked, said_at=None, asked_at__gt=viewer.read_at - HELLO_FOR)
    return waiting.exclude(member=viewer.id).select_related("member")


def still_here(member_id: int) -> StillHere | None:
    """None for who is not signed on, for a standing duty, and in their ten minutes: nobody is asked then."""
    now = timezone.now()
    shift = duty.shift_of(member_id, now)
    if shift is None or shift.standing or ModeratorCare.objects.filter(pk=member_id, calm_until__gt=now).exists():
        return None
    asks, over = shift.last_act_at + STILL_HERE, shift.last_act_at + ACTIVE_WITHIN
    return StillHere(
        asks=asks <= now,
        over=over <= now,
        asks_in=max(0, round((asks - now).total_seconds())),
        over_in=max(0, round((over - now).total_seconds())),
    )


def declinable() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be put aside, door by door. Nobody can put aside that somebody asks for them, or a case about the team."""
    names = {Door.WORRY: "worry", Door.RULE: "rule"}
    groups = [
        (
            door,
            [
                (f"{door.value}.{each.key}", str(each.words))
                for each in categories.CATEGORIES[door]
                if each.key != categories.TEAM
            ],
        )
        for door in names
    ]
    screened = [
        (f"{Source.SCREENING.value}.{key}", str(categories.SCREENED[key])) for key in ("crisis", "method", "abuse")
    ]
    return [*((str(door), offered) for door, offered in groups), (Source.SCREENING.value, screened)]


def team() -> QuerySet[Member]:
    """Everybody who works on cases, by name."""
    return (
        Member.objects.filter(role__in=DESK, is_active=True).select_related("moderator_care__buddy").order_by("handle")
    )
