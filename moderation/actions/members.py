"""What a decision on a member must have before it is made: an end, and something that was not answered for already."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Post
from moderation import lasting
from moderation.actions.effects import Verdict
from moderation.models import Case, Decision, DecisionKind
from moderation.refusals import Missing, NotAllowed, StandsAlready
from moderation.vocabulary import COUNTS, LASTING


def on_member(verdict: Verdict, case: Case, post: Post | None, lasting: str, begun: datetime | None) -> Verdict:
    """The verdict with all it needs, or a refusal: a ban takes two people (proposals.py)."""
    if verdict.kind == DecisionKind.BAN:
        raise NotAllowed(_("A ban takes two people: propose it, and somebody else decides."))
    refuse_twice(verdict.kind, case, post)
    return with_end(verdict, lasting, begun)


def with_end(verdict: Verdict, chosen: str, begun: datetime | None) -> Verdict:
    """The verdict with when it ends, where it is of a kind that lasts. Raises Missing where nobody chose how long."""
    if verdict.kind not in LASTING:
        return verdict
    if chosen not in lasting.CHOICES:
        raise Missing("lasting", _("Choose how long it lasts."))
    return replace(verdict, until=lasting.end_of(chosen, begun, timezone.now()))


def refuse_twice(kind: str, case: Case, post: Post | None) -> None:
    """Nobody is punished twice for the same thing: for the same words while they are as they were, or in one case while
    nothing new was reported in it. Raises StandsAlready with what was decided."""
    if kind not in COUNTS:
        return
    same = Q(post=post, made_at__gte=post.edited_at or post.created_at) if post else Q()
    if case.post_id is None:
        same |= Q(case=case, made_at__gte=case.reports.aggregate(at=Max("made_at"))["at"] or case.opened_at)
    stands = Decision.objects.filter(same, subject=case.subject_id, kind__in=COUNTS, undone_at=None)
    if first := stands.select_related("decided_by").order_by("-made_at", "-pk").first():
        raise StandsAlready(first)
