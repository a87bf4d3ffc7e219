"""Asking once, a day later, how it was to be told of a decision, and keeping the answer."""

from datetime import datetime
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils import timezone

from forum import data_rights
from forum.access import WALL_OPEN
from forum.actions.notices import give_notice
from forum.models import Member, Standing
from forum.notices import is_quiet
from forum.refusals import NotThere
from moderation.clocks import ASK_HOW_AFTER, ASK_HOW_FOR
from moderation.models import Decision, HowItWas
from moderation.notices_answers import HOW
from moderation.vocabulary import IN_FAVOUR
from realtime import log

ASKED = WALL_OPEN | {Standing.SUSPENDED, Standing.BANNED}  # not in a break: that is theirs to end


def ask_how_it_was(now: datetime | None = None) -> int:
    """For the clock. Somebody about whom several things were decided is asked about the last alone. Not in their quiet hours,
    nor while the team looks after them: then it waits, and after a week it is not asked any more. Returns how many were asked.
    """
    now = now or timezone.now()
    due = Decision.objects.filter(
        told=True, undone_at=None, how_asked_at=None, made_at__lte=now - ASK_HOW_AFTER, made_at__gt=now - ASK_HOW_FOR
    ).exclude(kind__in=IN_FAVOUR)
    rows = due.select_related("subject").order_by("subject_id", "-made_at", "-pk")
    return sum(_ask(list(theirs), now) for _subject, theirs in groupby(rows, key=lambda decision: decision.subject_id))


def say_how_it_was(decision: Decision, member: Member, choice: str, words: str = "") -> HowItWas:
    """Keeps the answer, once: a second one changes nothing. Raises NotThere where this member was not asked."""
    if decision.subject_id != member.pk or decision.how_asked_at is None:
        raise NotThere
    try:
        with transaction.atomic():
            said, _made = HowItWas.objects.get_or_create(
                decision=decision, defaults={"choice": choice, "words": words.strip()}
            )
    except IntegrityError:  # sent twice at once, and the other was first
        return HowItWas.objects.get(decision=decision)
    return said


def _ask(theirs: list[Decision], now: datetime) -> int:
    """The newest is asked about; the others count as asked. The guarded UPDATE lets one clock of many do it."""
    newest, member = theirs[0], theirs[0].subject
    if not may_be_asked(member, now):
        return 0
    with transaction.atomic():
        unasked = Decision.objects.filter(how_asked_at=None)
        mine = unasked.filter(pk=newest.pk).update(how_asked_at=now)
        unasked.filter(pk__in=[decision.pk for decision in theirs[1:]]).update(how_asked_at=now)
        if mine:
            log.append(*give_notice(member.pk, HOW, newest.pk))
    return mine


def may_be_asked(member: Member, now: datetime) -> bool:
    """Whether a question would be no burden now: not in quiet hours, on a break, or while the team looks after them."""
    awake = member.is_active and member.current_standing in ASKED and not is_quiet(member, now)
    return awake and not any(in_danger(member.pk) for in_danger in data_rights.danger_checks)
