"""The demo's appeal: robin asks for another look at a content note, and heron or the staff can hear it."""

from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from forum.models import Member
from moderation.actions.appeals import ask_again
from moderation.clocks import HEARING
from moderation.models import Appeal, Decision
from moderation.models.appeal import UNANSWERED

WORDS = "I only said that I was flat. With a note on it, it looks like more than it was, and two people asked if I was safe."


def fill_appeals(cast: dict[str, Member]) -> None:
    ask_again(cast["robin"], Decision.objects.get(subject=cast["robin"], kind="content_note"), WORDS, uuid4())


def refresh_appeals(now: datetime | None = None) -> None:
    """A demo left for a month is not late."""
    now = now or timezone.now()
    made = now - HEARING * 0.2
    fresh = {"made_at": made, "due_at": made + HEARING, "nudged_at": None, "late_at": None}
    Appeal.objects.filter(stage__in=UNANSWERED).update(**fresh)
