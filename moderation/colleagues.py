"""To whom a case can be handed: who handles such cases, has no part in this one, and whether they are here."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from forum.access import WALL_OPEN
from forum.models import Block, Member
from moderation import aside, duty
from moderation.models import Kind, State
from moderation.vocabulary import CaseFacts
from moderation.workflow import handlers_of, takers_of


@dataclass(frozen=True, slots=True)
class Colleague:
    member: Member
    here: bool  # on shift


def colleagues_for(facts: CaseFacts, besides: int, now: datetime | None = None) -> list[Colleague]:
    """Whoever may take this case over, those on shift first; in two queries."""
    here = [member.pk for member in duty.on_shift(now)]
    able = [Colleague(member, member.pk in here) for member in who_may_take(facts).exclude(pk=besides)]
    return sorted(able, key=lambda each: (not each.here, each.member.handle.lower()))


def who_may_take(facts: CaseFacts) -> QuerySet[Member]:
    """As the table of transitions says it of one person: here as a question to the database. A test holds both together."""
    roles = takers_of(facts) if facts.state == State.WITH_STAFF else handlers_of(facts)
    part = {facts.subject} | (facts.reported_by if facts.kind == Kind.CONDUCT else frozenset())
    apart = Block.objects.filter(blocked=facts.subject).values("blocker")
    team = Member.objects.filter(role__in=roles, standing__in=WALL_OPEN, is_active=True)
    return team.exclude(pk__in=part).exclude(pk__in=apart).exclude(aside.not_for(facts.id))
