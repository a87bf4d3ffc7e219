"""What the staff board says of records: follow-ups whose day has come, and what is kept from the person it is about."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from forum.access import ViewerFacts
from moderation.access import cases_visible_to
from moderation.models import Case, CrisisRecord, Guide, RecordWithheld, State


def read_board(viewer: ViewerFacts) -> dict[str, Any]:
    """For the board's page: `follow_ups`, `withheld` and whether guides are unchecked."""
    today, seen = timezone.localdate(), Case.objects.filter(cases_visible_to(viewer))
    about = CrisisRecord.objects.filter(case__in=seen).select_related("case__subject")
    withheld = RecordWithheld.objects.filter(record__case__in=seen, ended_at=None)
    waiting = withheld.filter(Q(confirmed_at=None) | Q(review_on__lte=today))
    return {
        "follow_ups": about.filter(follow_up_on__lte=today).exclude(case__state=State.CLOSED).order_by("follow_up_on"),
        "withheld": waiting.select_related("record__case__subject", "proposed_by").order_by("review_on"),
        "guides_unchecked": Guide.objects.filter(checked_on=None).exists(),
    }
