"""Asking somebody once, a fortnight after a crisis, how it was to be looked after; and keeping the answer."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice, read_notices
from forum.models import Member
from forum.refusals import NotThere
from moderation.actions.how import may_be_asked
from moderation.clocks import ASK_CARE_AFTER, ASK_CARE_FOR
from moderation.models import Case, CaseEvent, HowCareWas, Kind, State, Word
from moderation.notices_afterwards import CARE_ASKED
from moderation.vocabulary import ROUSING
from realtime import log


def ask_how_care_was(now: datetime | None = None) -> int:
    """For the clock. Only who knows of it, because somebody wrote to them in it; not in quiet hours, nor on a break, nor while
    the team looks after them again: then it waits, and after another fortnight it is not asked any more.
    """
    now = now or timezone.now()
    ended = CaseEvent.objects.filter(case=OuterRef("pk"), action="close", at__gte=OuterRef("escalated_at"))
    spoken = Word.objects.filter(case=OuterRef("pk"), from_team=True)
    asked = HowCareWas.objects.filter(case=OuterRef("pk"))
    cases = Case.objects.filter(
        Exists(ended), Exists(spoken), ~Exists(asked), kind=Kind.CARE, state=State.CLOSED, severity__in=ROUSING,
        closed_at__lte=now - ASK_CARE_AFTER, closed_at__gt=now - ASK_CARE_AFTER - ASK_CARE_FOR,
    )  # fmt: skip
    return sum(_ask(case, now) for case in cases.select_related("subject"))


def say_how_care_was(asked: HowCareWas, member: Member, choice: str, words: str = "") -> HowCareWas:
    """Keeps the answer, once: a second one changes nothing. Raises NotThere where this member was not asked."""
    _theirs(asked, member)
    with transaction.atomic():
        unsaid = HowCareWas.objects.filter(pk=asked.pk, said_at=None)
        unsaid.update(choice=choice, words=words.strip(), said_at=timezone.now(), not_now_at=None)
        forget_draft(member, f"care-{asked.pk}")
    read_notices(member, kind=CARE_ASKED, ref=asked.pk)
    asked.refresh_from_db()
    return asked


def leave_it(asked: HowCareWas, member: Member) -> HowCareWas:
    """Not now: the notice goes and is not given again. The page stays there for whoever comes back to it."""
    _theirs(asked, member)
    HowCareWas.objects.filter(pk=asked.pk, said_at=None).update(not_now_at=timezone.now())
    read_notices(member, kind=CARE_ASKED, ref=asked.pk)
    asked.refresh_from_db()
    return asked


def _theirs(asked: HowCareWas, member: Member) -> None:
    if asked.case.subject_id != member.pk:
        raise NotThere


def _ask(case: Case, now: datetime) -> bool:
    if not may_be_asked(case.subject, now):
        return False
    try:
        with transaction.atomic():
            asked = HowCareWas.objects.create(case=case, asked_at=now)
            log.append(*give_notice(case.subject_id, CARE_ASKED, asked.pk))
    except IntegrityError:  # another clock was first
        return False
    return True
