"""How far words have come: onto a page of the member's, before somebody's eyes. Each mark is made once and told to the other side."""

from django.db import transaction
from django.utils import timezone

from forum.live import tell_member
from forum.models import Member
from moderation.models import Case, State, Word
from realtime import log


def speaker_of(case: Case) -> int | None:
    """Who of the team writes in this case's conversation: its holder and, until staff join it, whoever passed it to them."""
    return case.escalated_by_id if case.state == State.ESCALATED else case.holder_id


def mark_words(case: Case, *, from_team: bool, reader: Member) -> int:
    """One side has what the other wrote before their eyes. Returns how many words that was news for. Reads first."""
    unread = case.words.filter(from_team=from_team, read_at=None)
    if not unread.exists():
        return 0
    other = speaker_of(case) if reader.pk == case.subject_id else case.subject_id
    with transaction.atomic():
        now = timezone.now()
        marked = unread.update(read_at=now)
        case.words.filter(from_team=True, read_at__isnull=False, reached_at=None).update(reached_at=now)
        if marked and other:
            log.append(tell_member(other, "word.sent", case.pk, case.version))
    return marked


def reach_words(member_id: int) -> int:
    """A page that says that somebody has written was drawn for them. Returns how many words reached them by it. Reads first."""
    waiting = Word.objects.filter(case__subject=member_id, from_team=True, reached_at=None)
    cases = {case.pk: case for case in Case.objects.filter(pk__in=waiting.values("case"))}
    if not cases:
        return 0
    with transaction.atomic():
        reached = Word.objects.filter(case__in=cases, from_team=True, reached_at=None).update(reached_at=timezone.now())
        tell = [(speaker_of(case), case) for case in cases.values()]
        log.append(*(tell_member(who, "word.sent", case.pk, case.version) for who, case in tell if who))
    return reached
