"""Lenses filter the wall and never split it; and one post at a time is offered to those who are up to replying.

Every lens shows the newest first. What waits is placed by when it was asked last, so that asking again brings it forward.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum import access
from forum.access import ViewerFacts
from forum.models import Follow, Keep, Member, Post, Standing, Status
from forum.onlooker import Asked, Onlooker, first_of
from forum.panels import Words

OFFERED_FOR = timedelta(days=7)  # after that nobody is sent to a post of last month; it still stands in its lens


@dataclass(frozen=True, slots=True)
class Lens:
    """`shows(viewer)` is a condition on Post that no reply meets. `order` is the moment it is placed by."""

    key: str
    label: Words
    empty: Words
    shows: Callable[[ViewerFacts], Q]
    order: str = "placed_at"


@dataclass(frozen=True, slots=True)
class Offer:
    """A post that waits, for somebody who is up to replying today. Not for how long: nobody is shown up as left alone."""

    post_id: int
    handle: str


def _waiting(viewer: ViewerFacts) -> Q:
    return Q(waiting_since__isnull=False, status__in=access.ON_THE_WALL) & ~(
        Q(author_id=viewer.id) | Q(author__standing=Standing.REMEMBERED)
    )


def _following(viewer: ViewerFacts) -> Q:
    return Q(pk__in=Follow.objects.filter(member=viewer.id).values("post"), status__in=access.READABLE)


def _kept(viewer: ViewerFacts) -> Q:
    return Q(pk__in=Keep.objects.filter(member=viewer.id).values("post"), status__in=access.READABLE)


def _mine(viewer: ViewerFacts) -> Q:
    return Q(author_id=viewer.id, parent__isnull=True, status__in=access.READABLE)


LENSES: Mapping[str, Lens] = {
    lens.key: lens
    for lens in (
        Lens(
            "waiting",
            _("Waiting for a first reply"),
            _("Nobody is waiting for a reply just now."),
            _waiting,
            order="waiting_since",
        ),
        Lens(
            "following",
            _("Following"),
            _("Nothing you follow is here just now. To hear of replies to somebody's post, choose Follow in its menu."),
            _following,
        ),
        Lens(
            "kept",
            _("Kept"),
            _("Nothing kept is here just now. To find a post again, choose Keep in its menu. Nobody is told."),
            _kept,
        ),
        Lens(
            "mine",
            _("Mine"),
            _("Nothing of yours is on the wall just now. There is no hurry; reading is being here too."),
            _mine,
        ),
    )
}


def is_up(member: Member) -> bool:
    """Whether they have said today that they are up to replying. Off by itself when the day is over."""
    return member.up_on is not None and member.up_on == timezone.localdate()


def ask_offer(onlooker: Onlooker, skipped: Collection[int]) -> None:
    """What makes an offer, to be read in one query with the onlooker's other facts."""

    columns = {"offer_post": "pk", "offer_handle": "author__handle"}
    onlooker.also |= {name: partial(_first_offered, column) for name, column in columns.items()}
    onlooker.asked.skipped = list(skipped)


def _first_offered(column: str, viewer: ViewerFacts, asked: Asked) -> Combinable:
    return first_of(_offered(viewer, asked.skipped, viewer.read_at), column)


def offer_from(facts: Mapping[str, Any]) -> Offer | None:
    if not facts.get("offer_post"):
        return None
    return Offer(facts["offer_post"], facts["offer_handle"])


def _offered(viewer: ViewerFacts, skipped: Collection[int], now: datetime) -> QuerySet[Post]:
    """Whoever asked again comes first, then whoever has no reply at all; among them, whoever has waited longest."""
    waiting = Post.objects.filter(access.visible_to(viewer), _waiting(viewer), status=Status.VISIBLE)
    answered = Post.objects.filter(author=viewer.id, parent__isnull=False, status__in=access.ON_THE_WALL)
    fresh = waiting.filter(waiting_since__gte=now - OFFERED_FOR).exclude(pk__in=answered.values("parent"))
    asked_again = Case(When(asked_at__isnull=False, then=Value(0)), default=Value(1), output_field=IntegerField())
    return fresh.exclude(pk__in=skipped).order_by(asked_again, "standing_replies", "waiting_since", "pk")
