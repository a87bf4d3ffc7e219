"""Changing a guide by two people, and saying that the organisation has checked it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member, Role
from moderation import guides
from moderation.models import Guide, GuideChange
from moderation.refusals import Missing, NotAllowed, WordsChanged


class GuideMoved(WordsChanged):
    """The guide has other words by now than those a change was written from."""

    @property
    def message(self) -> str:
        return _("This guide has changed since you opened it. Your words are kept; read what stands there now.")


def propose_change(guide: Guide, actor: Member, *, title: str, body: str, seen_version: int) -> GuideChange:
    """Puts new words before a second person; they lapse after a week. A change that waits already is taken back by it.

    Raises Missing (words; a line the help page does not have; nothing changed), GuideMoved, NotAllowed.
    """
    _judge(actor, title, body)
    with transaction.atomic():
        fresh = Guide.objects.select_for_update().get(pk=guide.pk)
        if fresh.version != seen_version:
            raise GuideMoved
        if (fresh.title, fresh.body) == (title.strip(), body.strip()):
            raise Missing("body", _("Nothing is different from what stands there."))
        waiting = fresh.changes.filter(ended_at=None)
        if waiting.exclude(proposed_by=actor).exists():
            raise NotAllowed(_("Somebody has proposed a change already. Agree to it or take it back first."))
        waiting.update(ended_at=timezone.now())
        return GuideChange.objects.create(
            guide=fresh, of_version=fresh.version, title=title.strip(), body=body.strip(), proposed_by=actor
        )


def confirm_change(change: GuideChange, actor: Member) -> Guide:
    """A second person puts it in force; the guide is the organisation's from then on and counts as checked by them.

    Raises NotAllowed for whoever proposed it, and where it is over.
    """
    with transaction.atomic():
        guide, row = _locked(change, actor)
        if row.proposed_by_id == actor.pk:
            raise NotAllowed(_("You proposed this, so somebody else agrees or not."))
        guide.title, guide.body, guide.version, guide.shipped = row.title, row.body, guide.version + 1, False
        guide.checked_by, guide.checked_as, guide.checked_on = actor.handle, actor, timezone.localdate()
        guide.save()
        row.confirmed_by, row.ended_at = actor, timezone.now()
        row.save(update_fields=["confirmed_by", "ended_at"])
    return guide


def take_back_change(change: GuideChange, actor: Member) -> None:
    """Whoever proposed it, or a colleague, lets it go. Raises NotAllowed where it is over."""
    with transaction.atomic():
        _guide, row = _locked(change, actor)
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])


def check_guide(guide: Guide, actor: Member, *, name: str, seen_version: int) -> Guide:
    """Says that somebody of the organisation, by name, has read these words and stands by them. Raises Missing, GuideMoved."""
    _staff(actor)
    if not name.strip():
        raise Missing("name", _("Write the name of whoever has read it for your organisation."))
    with transaction.atomic():
        fresh = Guide.objects.select_for_update().get(pk=guide.pk)
        if fresh.version != seen_version:
            raise GuideMoved
        fresh.checked_by, fresh.checked_as, fresh.checked_on = name.strip(), actor, timezone.localdate()
        fresh.save(update_fields=["checked_by", "checked_as", "checked_on"])
    return fresh


def lapse_guide_changes(older_than: timedelta) -> int:
    """The clock's. Returns how many this clock ended."""
    now = timezone.now()
    return GuideChange.objects.filter(ended_at=None, proposed_at__lte=now - older_than).update(ended_at=now)


def _locked(change: GuideChange, actor: Member) -> tuple[Guide, GuideChange]:
    _staff(actor)
    guide = Guide.objects.select_for_update().get(pk=change.guide_id)
    row = GuideChange.objects.select_for_update().get(pk=change.pk)
    if row.ended_at is not None or row.of_version != guide.version:
        raise NotAllowed(_("This is over already. Here is where it stands now."))
    return guide, row


def _judge(actor: Member, title: str, body: str) -> None:
    _staff(actor)
    if not title.strip():
        raise Missing("title", _("Write what the guide is about."))
    if not body.strip():
        raise Missing("body", _("Write the steps first."))
    if unknown := guides.unknown_lines(body):
        raise Missing("body", _("The help page has no line called “%(name)s”.") % {"name": unknown[0]})


def _staff(actor: Member) -> None:
    if actor.role != Role.STAFF:
        raise NotAllowed(_("This is for staff."))
