"""Sealing a case's words from view, and noting to whom they were reported. Nothing is copied, and nothing is deleted."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.actions.posts import change_status
from forum.models import Member, Post, Status
from moderation import calls, sealed_words
from moderation.actions.effects import ON_THE_WALL
from moderation.actions.moving import _move, guard, locked
from moderation.actions.reserving import reserve_case
from moderation.models import Case, EscalationSource, Reserved, SealedFromView
from moderation.refusals import Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent


def seal_words(case: Case, actor: Member) -> SealedFromView:
    """From now on nobody but the named person sees the words. The posts leave the wall without a word to their author,
    who may be the one to be stopped; the case is kept for staff, and the named person hears at once. Twice is once.

    Raises NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        events = _off_the_wall(case, actor)  # post rows are locked before the case's
        if (already := SealedFromView.objects.filter(case=locked(case)).first()) is not None:
            log.append(*events)  # of words that were reported since
            return already
        fresh = guard("seal", case, actor)
        seal = SealedFromView.objects.create(case=fresh, by=actor)
        events += _move(fresh, "seal", actor)
        events += reserve_case(fresh, Reserved.STAFF, EscalationSource.HUMAN)
        if (named := sealed_words.lead()) is not None:
            subject = gettext_lazy("Words were sealed, and wait for you")
            calls.mail_page(f"sealed:{fresh.pk}", named, subject, "staff_case", gettext_lazy("the case"), fresh.pk)
        log.append(*events)
    return seal


def note_report(case: Case, actor: Member, *, reported_to: str, reference: str) -> SealedFromView:
    """The named person notes to whom it was reported. Raises Missing, NotAllowed for anybody else."""
    if not reported_to.strip():
        raise Missing("reported_to", _("Write to whom it was reported."))
    with transaction.atomic():
        fresh = locked(case)
        named = sealed_words.lead()
        seal = SealedFromView.objects.select_for_update().filter(case=fresh).first()
        if seal is None or named is None or named.pk != actor.pk:
            raise NotAllowed(_("One named person does this."))
        seal.reported_to, seal.reference = reported_to.strip(), reference.strip()
        seal.reported_by, seal.reported_at = actor, timezone.now()
        seal.save()
        log.append(*_move(fresh, "sealed_report", actor))
    return seal


def _off_the_wall(case: Case, actor: Member) -> list[NewEvent]:
    ids = [pk for pk in {case.post_id, *case.reports.values_list("post_id", flat=True)} if pk is not None]
    # All of them are locked, the gone ones too: whoever is undoing a decision about one of them at this moment is first, or sees
    # the seal.
    posts = list(Post.objects.filter(pk__in=ids).select_for_update().order_by("pk"))
    there = [post for post in posts if post.status in ON_THE_WALL]
    return [event for post in there for event in change_status(post, Status.REMOVED, actor)]
