"""Who has written to somebody who may be under 18: for staff alone, and most of them were only kind."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from forum.access import ViewerFacts
from forum.models import Post, Role
from moderation import guides
from moderation.models import Case

MOST = 30


@dataclass(frozen=True, slots=True)
class Sought:
    handle: str
    replies: int
    last: datetime


def who_wrote_to(case: Case, viewer: ViewerFacts) -> list[Sought]:
    """Members who replied to them, the most first; nobody's in a case about anything else or for anybody but staff."""
    if viewer.role != Role.STAFF or guides.UNDER_18 not in guides.categories_of(case):
        return []
    replies = Post.objects.filter(parent__author=case.subject_id, author__role=Role.MEMBER).exclude(
        author=case.subject_id
    )
    rows = replies.order_by().values("author__handle").annotate(n=Count("pk"), last=Max("created_at"))
    return [Sought(row["author__handle"], row["n"], row["last"]) for row in rows.order_by("-n", "-last")[:MOST]]
