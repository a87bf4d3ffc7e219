"""What staff have offered to hand to one another and nobody has answered yet. Nothing here writes."""

from collections.abc import Iterable

from django.db.models import F
from django.db.models.query import QuerySet

from moderation.models import Case, HandOver, State


def standing() -> QuerySet[HandOver]:
    """Offers without an answer, of cases that are still held by whoever made the offer."""
    held = HandOver.objects.filter(answer="", case__state=State.WITH_STAFF, case__holder=F("by"))
    return held.select_related("by", "to", "event__said")


def of_case(case: Case) -> HandOver | None:
    return standing().filter(case=case).first()


def by_case(cases: Iterable[Case]) -> dict[int, HandOver]:
    """In one query."""
    return {offer.case_id: offer for offer in standing().filter(case__in=list(cases))}
