"""What staff do for somebody's safety besides words and decisions: open the card they left, give them another name."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import cards
from forum.actions.handles import HandleTaken, redraw_words, rename_member
from forum.cards import Card
from forum.live import tell_member
from forum.models import Member
from forum.sealing import CannotOpen
from moderation.actions import running
from moderation.actions.moving import _move, guard
from moderation.models import Case, Word
from moderation.refusals import Missing, NotAllowed
from realtime import log


def open_card(case: Case, actor: Member) -> Card:
    """Opens the sealed card of the member a live care case is about. Each opening is in the audit chain, and the member
    can see when the last one was.

    Raises NotAllowed (also when the card's key is missing), CaseMoved.
    """
    with transaction.atomic():
        fresh = guard("card", case, actor)
        try:
            card = cards.open_card(fresh.subject_id)
        except CannotOpen:
            raise NotAllowed(_("This card cannot be opened: its key is missing. Tell whoever runs the site.")) from None
        log.append(*_move(fresh, "card", actor))
    return card


def rename_for_safety(case: Case, actor: Member, *, handle: str, why: str, word: str, key: UUID) -> None:
    """Gives somebody who must not be found another name and picture, and tells them in a word from whoever did it.

    The same key again changes nothing more. Why is kept in the audit chain. Raises Missing (also for a handle that is
    taken), NotAllowed, CaseMoved.
    """
    for field, words in (("note", why), ("body", word)):
        if not words.strip():
            raise Missing(field, _("Write something first."))
    if Word.objects.filter(author=actor, key=key).exists():
        return
    with transaction.atomic():
        events = redraw_words(case.subject)
        fresh = guard("rename", case, actor)
        Word.objects.create(case=fresh, author=actor, body=word, from_team=True, key=key)
        events += _move(fresh, "rename", actor, words=why, **running.renewed(fresh, timezone.now()))
        log.append(*events, tell_member(fresh.subject_id, "word.sent", fresh.pk, fresh.version))
        try:
            rename_member(case.subject, handle)
        except HandleTaken as taken:
            raise Missing("handle", taken.message) from None
