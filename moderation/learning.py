"""What the team has learnt: who reads which lesson, and what other parts of moderation show beside them."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from forum.access import ViewerFacts
from forum.models import Role
from moderation.models import Lesson

learning_panels: list[Callable[[ViewerFacts], str]] = []
"""Drawn on /staff/learning/ under the lessons, in the order in which they were registered: safe html, or ""."""


def seen_by(viewer: ViewerFacts) -> QuerySet[Lesson]:
    """Staff read all; moderators and the independent contacts what was shared, and what they are to do themselves."""
    if not viewer.wall_is_open or viewer.role not in (Role.STAFF, Role.MODERATOR, Role.INDEPENDENT):
        return Lesson.objects.none()
    if viewer.role == Role.STAFF:
        return Lesson.objects.all()
    return Lesson.objects.filter(Q(shared=True) | Q(who=viewer.id))


def panels_for(viewer: ViewerFacts) -> list[str]:
    return [drawn for panel in learning_panels if (drawn := panel(viewer))]
