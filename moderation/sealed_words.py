"""Words that may be images or grooming of a child: kept as they are, and shown to one named person alone."""

from django.conf import settings

from forum.models import Member, Role, Standing
from moderation.models import Case, SealedFromView


def lead() -> Member | None:
    """The one person this organisation has named (HARBOUR_CSAM_LEAD), if they are staff here."""
    if not settings.CSAM_LEAD:
        return None
    return Member.objects.filter(
        handle__iexact=settings.CSAM_LEAD, role=Role.STAFF, standing=Standing.ACTIVE, is_active=True
    ).first()


def seal_of(case: Case) -> SealedFromView | None:
    return SealedFromView.objects.filter(case=case).select_related("by", "reported_by").first()


def hidden_from(case: Case, viewer_id: int) -> bool:
    """Whether this case's words are sealed and this is not the person who may see them."""
    if not SealedFromView.objects.filter(case=case).exists():
        return False
    named = lead()
    return named is None or named.pk != viewer_id
