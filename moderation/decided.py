"""What somebody of the team decided lately: to look back on, and to undo. Nothing here writes."""

from datetime import timedelta

from django.utils import timezone

from forum.access import ViewerFacts
from moderation.access import cases_visible_to
from moderation.models import Case, Decision

LATELY = timedelta(days=30)
PAGE = 50


def read_decided(viewer: ViewerFacts, before: str = "") -> tuple[list[Decision], str]:
    """Their own decisions of the last 30 days, newest first, a page at a time, and where the next one begins, or "".

    Only in cases they may still see: what became a colleague's own affair is no longer theirs to read.
    """
    seen = Case.objects.filter(cases_visible_to(viewer))
    mine = Decision.objects.filter(decided_by=viewer.id, made_at__gt=timezone.now() - LATELY, case__in=seen)
    if before.isascii() and before.isdigit() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before))
    with_their_case = mine.select_related("case__subject", "case__post", "undone_by")
    rows = list(with_their_case.defer("statement", "before").order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""
