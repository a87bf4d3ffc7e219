"""Who is up for an escalated case, and until when its ladder waits for them. Nothing here writes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from forum.models import Member
from moderation.ladder import Pause, lasts_until
from moderation.ladder_rules import Ladders, in_force
from moderation.models import Acknowledgement, Case, CaseEvent, LadderCall, State
from moderation.vocabulary import NO_STEPS
from realtime.models import Delivery

NO_ACTS = (*NO_STEPS, "acknowledge")  # having it before one's eyes is no step


@dataclass(frozen=True, slots=True)
class Up:
    """Somebody is up, and has until then for a first step."""

    member: Member
    since: datetime
    until: datetime


def digest_of(token: str) -> str:
    """The token has 256 bits of its own, so a plain digest says nothing about it."""
    return hashlib.sha256(token.encode()).hexdigest()


def call_of(token: str) -> LadderCall | None:
    """The call whose link this is; None for one that was never ours, or whose time is over."""
    known = LadderCall.objects.select_related("step__case", "member").filter(token_digest=digest_of(token))
    return known.filter(expires_at__gt=timezone.now()).first()


def ups_of(case: Case, up_for: timedelta) -> list[Up]:
    """Everybody who said so in this climb of the ladder. Each act of theirs within their time buys the same time again."""
    said = list(
        case.acknowledgements.filter(episode=case.episode).select_related("member")  # the first first
    )
    if not said:
        return []
    acts = _acts(case, said)
    return [Up(each.member, each.at, lasts_until(each.at, each.until, acts[each.member_id], up_for)) for each in said]


def pauses_of(case: Case, up_for: timedelta) -> list[Pause]:
    return [(up.since, up.until) for up in ups_of(case, up_for)]


def up_now(case: Case, ladders: Ladders, now: datetime | None = None) -> Up | None:
    """Who is up just now and has longest for it."""
    now = now or timezone.now()
    if case.state != State.ESCALATED:
        return None
    there = [up for up in ups_of(case, ladders.of(case).up_for) if up.until > now]
    return max(there, key=lambda up: up.until, default=None)


def still_wanted(delivery: Delivery) -> bool | datetime:
    """For the sender, just before a call leaves: while somebody is up it waits. Where nothing comes of that, it leaves then."""
    if not delivery.dedupe.startswith("ladder:"):
        return True
    case = Case.objects.filter(pk=delivery.payload.get("case_id")).first()
    up = up_now(case, in_force()) if case else None
    return up.until if up else True


def may_still_say(case: Case, member_id: int) -> bool:
    """Whether they have not said so yet in this climb, or were called again since."""
    return open_call(case, member_id) is not None or not has_said(case, member_id)


def open_call(case: Case, member_id: int) -> LadderCall | None:
    """The newest call of theirs in this climb, where it has no answer yet. An older one is no second chance."""
    calls = LadderCall.objects.filter(step__case=case, step__episode=case.episode, member=member_id)
    newest = calls.order_by("-step__step").first()
    return newest if newest and newest.used_at is None else None


def has_said(case: Case, member_id: int) -> bool:
    return case.acknowledgements.filter(episode=case.episode, member=member_id).exists()


def _acts(case: Case, said: Sequence[Acknowledgement]) -> dict[int, list[datetime]]:
    acts: dict[int, list[datetime]] = {each.member_id: [] for each in said}
    done = CaseEvent.objects.filter(case=case, actor__in=acts, at__gt=said[0].at).exclude(action__in=NO_ACTS)
    for actor, at in done.order_by("n").values_list("actor", "at"):
        acts[actor].append(at)
    return acts
