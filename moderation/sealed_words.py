"""Words that may be images or grooming of a child: kept as they are, and shown to one named person alone.

Every page, file and sheet that shows what somebody wrote asks here: `hidden_from` for a case, `hidden_posts` for what of it
is sealed elsewhere too. Nobody (None) stands for whoever is outside and reads a file or a sheet. Whatever would put words back
onto the wall asks `is_sealed`: through actions/effects.py, where a decision does it or undoing one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from forum.models import Member, Role, Standing
from moderation.models import Case, Report, SealedFromView


def lead() -> Member | None:
    """The one person this organisation has named (HARBOUR_CSAM_LEAD), if they are staff here."""
    if not settings.CSAM_LEAD:
        return None
    return Member.objects.filter(
        handle__iexact=settings.CSAM_LEAD, role=Role.STAFF, standing=Standing.ACTIVE, is_active=True
    ).first()


def seal_of(case: Case) -> SealedFromView | None:
    return SealedFromView.objects.filter(case=case).select_related("by", "reported_by").first()


def hidden_from(case: Case, viewer_id: int | None) -> bool:
    """Whether this case's words, or the one post it is about, are sealed and this is not the person who may see them."""
    sealed = SealedFromView.objects.filter(case=case).exists()
    if not sealed and case.post_id is None:
        return False
    return (sealed and not _may_see(viewer_id)) or case.post_id in hidden_posts(viewer_id)


def hidden_posts(viewer_id: int | None) -> frozenset[int]:
    """The posts whose words this person does not see in any case, on any page: those of every sealed case."""
    sealed = list(
        SealedFromView.objects.values_list("case_id", flat=True)
    )  # few, so that nothing that grows is read through
    if not sealed:
        return frozenset()
    reported = Report.objects.filter(case__in=sealed, post__isnull=False).order_by().values_list("post_id")
    about = Case.objects.filter(pk__in=sealed, post__isnull=False).order_by().values_list("post_id")
    found = frozenset(post_id for (post_id,) in reported.union(about) if post_id is not None)
    return frozenset() if not found or _may_see(viewer_id) else found


def is_sealed(post_id: int | None) -> bool:
    """Whether nothing brings these words back or changes them any more, whoever asks: the named person neither."""
    return post_id is not None and post_id in hidden_posts(None)


def why_they_stay() -> str:
    return _("These words are sealed. They stay off the wall.")


def shown(shots: Iterable[Mapping[str, Any]], case: Case, viewer_id: int | None) -> list[dict[str, Any]]:
    """Of the words that were frozen with a record or a sheet of this case, those this person sees: with "post" in each."""
    if hidden_from(case, viewer_id):
        return []
    hidden = hidden_posts(viewer_id)
    return [dict(shot) for shot in shots if shot.get("post") not in hidden]


def _may_see(viewer_id: int | None) -> bool:
    named = lead()
    return named is not None and named.pk == viewer_id
