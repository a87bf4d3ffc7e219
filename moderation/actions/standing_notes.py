"""A note written with a member: drafted by whoever holds their case; changed, agreed and withdrawn by them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.notices import give_notice, read_notices
from forum.models import Member
from moderation.actions import running
from moderation.actions.cases import conversations_of
from moderation.actions.moving import _move, guard
from moderation.models import Case, Kind, StandingNote, State
from moderation.notices_care import STANDING_NOTE
from moderation.refusals import Missing, NotAllowed, WordsChanged
from moderation.standing_notes import Note, agreed_of, read_note, write_note
from realtime import log
from realtime.log import NewEvent


def draft_note(case: Case, actor: Member, note: Note, *, seen_version: int = 0) -> StandingNote:
    """Puts words before the member whom a care case is about; they hold for nobody until the member says yes. A note that
    is in force stays so until then. The same words again change nothing.

    `seen_version` is of the draft that the actor saw, 0 for none. Raises Missing, NotAllowed (also before anybody has
    written to the member: it is written with them), WordsChanged when the draft is another by now, CaseMoved.
    """
    note = _needed(note)
    with transaction.atomic():
        fresh = guard("standing_note", case, actor)
        if not conversations_of(fresh.subject).filter(pk=fresh.pk).exists():
            raise NotAllowed(_("Write with them first: a standing note begins in a conversation."))
        row = StandingNote.objects.select_for_update().filter(member=fresh.subject_id, agreed_at=None).first()
        if row is not None and read_note(row) == note:
            return row
        if (row.version if row else 0) != seen_version:
            raise WordsChanged
        row = _drafted(row, fresh.subject, actor, note)
        events = _move(fresh, "standing_note", actor, **running.renewed(fresh, timezone.now()))
        log.append(*events, *give_notice(fresh.subject_id, STANDING_NOTE, row.pk))
    return row


def agree_note(member: Member, note_id: int, note: Note, *, seen_version: int) -> StandingNote:
    """The member agrees to these words, theirs among them; from now on their care cases show it, and what it replaces is
    deleted. Twice is once. Raises Missing, NotAllowed where there is no such note, WordsChanged.
    """
    with transaction.atomic():
        case, row = _locked(member, note_id)
        if not _put(row, note, seen_version) and row.agreed_at:
            return row
        StandingNote.objects.filter(member=member, agreed_at__isnull=False).exclude(pk=row.pk).delete()
        row.agreed_at = timezone.now()
        row.version += 1
        row.save()
        log.append(*_tell(case, "note_agreed", member))
    read_notices(member, kind=STANDING_NOTE)
    return row


def keep_note(member: Member, note_id: int, note: Note, *, seen_version: int) -> StandingNote:
    """The member puts words of a draft differently and does not say yes yet. Raises Missing, NotAllowed, WordsChanged."""
    with transaction.atomic():
        case, row = _locked(member, note_id)
        if row.agreed_at:
            raise NotAllowed(_("You have agreed to this note. Agree to it with your changes, or withdraw it."))
        if _put(row, note, seen_version):
            row.version += 1
            row.save()
            log.append(*_tell(case, "note_changed", member))
    return row


def withdraw_note(member: Member, note_id: int) -> None:
    """The member takes a note back, or says no to a draft: its words are deleted. Gone already is gone."""
    with transaction.atomic():
        case = _live_case(member)
        if StandingNote.objects.filter(pk=note_id, member=member).delete()[0]:
            log.append(*_tell(case, "note_withdrawn", member))


def _drafted(row: StandingNote | None, member: Member, actor: Member, note: Note) -> StandingNote:
    if row is None:
        earlier = agreed_of(member.pk)
        row = StandingNote(member=member, version=earlier.version if earlier else 0)
    row.written_by, row.written_at, row.changed_at = actor, timezone.now(), None
    row.version += 1
    write_note(row, note)
    row.save()
    return row


def _put(row: StandingNote, note: Note, seen_version: int) -> bool:
    """The member's words, sealed into the row. Returns whether any of them is new. The same ones again are once."""
    note, known = _needed(note), read_note(row)
    if note == known and row.agreed_at:
        return False
    if row.version != seen_version:
        raise WordsChanged
    if note == known:
        return False
    write_note(row, note)
    row.changed_at = timezone.now()
    return True


def _needed(note: Note) -> Note:
    note = note.stripped()
    if not note.what_helps:
        raise Missing("what_helps", _("Write what helps. A few words are enough."))
    return note


def _locked(member: Member, note_id: int) -> tuple[Case | None, StandingNote]:
    case = _live_case(member)
    row = StandingNote.objects.select_for_update().filter(pk=note_id, member=member).first()
    if row is None:
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    return case, row


def _live_case(member: Member) -> Case | None:
    """Case rows are locked before what belongs to them."""
    living = Case.objects.select_for_update().filter(subject=member, kind=Kind.CARE)
    return living.exclude(state=State.CLOSED).first()


def _tell(case: Case | None, action: str, member: Member) -> list[NewEvent]:
    return _move(case, action, member) if case else []
