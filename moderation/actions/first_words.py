"""Changing the library of first messages: one of the staff proposes, another agrees, and both names stay with it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of
from forum.models import Member, Role
from moderation.models import ChangeEnd, FirstWord, FirstWordChange
from moderation.refusals import Missing, NotAllowed

LAPSES_AFTER = timedelta(days=7)  # what nobody agreed to by then is none any more


def waiting_changes():  # type: ignore[no-untyped-def]  # QuerySet[FirstWordChange]
    """What waits for a second name, and has not lapsed."""
    lately = timezone.now() - LAPSES_AFTER
    waiting = FirstWordChange.objects.filter(end=ChangeEnd.WAITING, proposed_at__gt=lately)
    return waiting.select_related("of", "proposed_by")


def propose_change(actor: Member, row: FirstWord | None, *, language: str, name: str, words: str) -> FirstWordChange:
    """Proposes other words for one of them, or a new one. Empty words take it away, or put back what came with Harbour.

    Nothing changes by it. Raises NotAllowed for whoever is not staff, Missing for a new one without name or words.
    """
    _staff(actor)
    if (row is None or (words and not row.key)) and not name.strip():
        raise Missing("name", _("A text of your own needs a name."))
    if row is None and not words.strip():
        raise Missing("words", _("Write what it says."))
    return FirstWordChange.objects.create(
        of=row, language=row.language if row else language, name=name.strip(), words=words.strip(), proposed_by=actor
    )


def agree_change(change: FirstWordChange, actor: Member) -> FirstWordChange:
    """A second person agrees, and the text says so from now on. Twice by the same person is once.

    Raises NotAllowed for whoever proposed it, for who is not staff, for what lapsed or was ended by somebody else.
    """
    with transaction.atomic():
        fresh = _to_end(change, actor, ChangeEnd.CONFIRMED)
        if fresh.end:
            return fresh
        if fresh.proposed_by_id == actor.pk:
            raise NotAllowed(_("You proposed this yourself, so somebody else agrees to it."))
        _apply(fresh)
        return _ended(fresh, actor, ChangeEnd.CONFIRMED)


def drop_change(change: FirstWordChange, actor: Member) -> FirstWordChange:
    """Nothing changes: taken back by whoever proposed it, or not agreed to by another. Raises NotAllowed as `agree_change`."""
    with transaction.atomic():
        own = change.proposed_by_id == actor.pk
        end = ChangeEnd.TAKEN_BACK if own else ChangeEnd.REFUSED
        fresh = _to_end(change, actor, end)
        return fresh if fresh.end else _ended(fresh, actor, end)


def _to_end(change: FirstWordChange, actor: Member, end: ChangeEnd) -> FirstWordChange:
    """The row, locked. One that this person has ended in this way already comes back as it is."""
    _staff(actor)
    fresh = FirstWordChange.objects.select_for_update().get(pk=change.pk)
    if fresh.end and (fresh.end != end or fresh.ended_by_id != actor.pk):
        who = fresh.ended_by.handle if fresh.ended_by else ""
        raise NotAllowed(_("%(who)s was quicker: this is settled already.") % {"who": who})
    if not fresh.end and fresh.proposed_at <= timezone.now() - LAPSES_AFTER:
        raise NotAllowed(_("This has lapsed: nobody agreed within seven days. Propose it again."))
    return fresh


def _apply(change: FirstWordChange) -> None:
    row = change.of
    if row is None:
        FirstWord.objects.create(language=change.language, name=change.name, words=change.words)
    elif not change.words and not row.key:
        row.delete()
    else:
        FirstWord.objects.filter(pk=row.pk).update(name=change.name, words=change.words)


def _ended(change: FirstWordChange, actor: Member, end: ChangeEnd) -> FirstWordChange:
    FirstWordChange.objects.filter(pk=change.pk).update(end=end, ended_by=actor, ended_at=timezone.now())
    change.refresh_from_db()
    return change


def _staff(actor: Member) -> None:
    viewer = facts_of(actor)
    if viewer.role != Role.STAFF or not viewer.wall_is_open:
        raise NotAllowed(_("This is for staff."))
