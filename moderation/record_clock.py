"""What the clock does about records: brings a case back on its day, and reminds of what a second person has to read.

Any number of clocks may run: each step is a guarded UPDATE in one transaction with what follows from it.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from forum.models.member import ENDLESS_STANDINGS
from moderation import calls
from moderation.actions.escalation import escalated
from moderation.actions.guides import lapse_guide_changes
from moderation.actions.moving import _move, locked
from moderation.actions.withholding import lapse_proposals
from moderation.clocks import PROPOSAL_FOR, STAFFED_FROM
from moderation.models import Case, CrisisRecord, EscalationSource, Kind, RecordKind, RecordWithheld, Severity, State
from moderation.refusals import CaseMoved
from realtime import log
from realtime.log import NewEvent


def run_records() -> None:
    follow_up()
    remind_of_reviews()
    lapse_proposals(PROPOSAL_FOR)
    lapse_guide_changes(PROPOSAL_FOR)


def follow_up() -> int:
    """On the morning of its day a case is back on the staff board, unless the person has died or gone for good. Returns how
    many this clock brought back."""
    now = timezone.localtime()
    today = now.date() if now.time() >= STAFFED_FROM else None
    if today is None:
        return 0
    due = CrisisRecord.objects.filter(
        kind=RecordKind.FULL, follow_up_on__lte=today, followed_up_at=None, case__state=State.CLOSED
    ).exclude(case__subject__standing__in=ENDLESS_STANDINGS)
    return sum(_bring_back(record, now) for record in list(due.select_related("case")))


def remind_of_reviews() -> int:
    """Each morning from its review day on, those who keep a record from somebody hear of it until they have looked again."""
    today = timezone.localdate()
    if timezone.localtime().time() < STAFFED_FROM:
        return 0
    due = RecordWithheld.objects.filter(ended_at=None, confirmed_at__isnull=False, review_on__lte=today)
    return sum(_remind(row, today.isoformat()) for row in due.exclude(reminded_on=today).select_related("record__case"))


def _bring_back(record: CrisisRecord, now: datetime) -> bool:
    try:
        with transaction.atomic():
            case = locked(record.case)
            mine = CrisisRecord.objects.filter(pk=record.pk, followed_up_at=None, follow_up_on=record.follow_up_on)
            if case.state != State.CLOSED or not mine.update(followed_up_at=now):
                return False
            log.append(*_back(case, record))
    except (CaseMoved, IntegrityError):  # a worry opened a case about them in this very moment: the next look joins it
        return False
    return True


def _back(case: Case, record: CrisisRecord) -> list[NewEvent]:
    """Where another case about them is live it joins that one. It wakes nobody: a day is no alarm."""
    living = Case.objects.filter(subject=case.subject_id, kind=Kind.CARE).exclude(state=State.CLOSED).first()
    if living is not None:
        return _move(living, "follow_up_joins", None)
    back = escalated(case, EscalationSource.CLOCK, None) | {
        "severity": Severity.SOON,
        "closed_at": None,
        "closed_by": None,
        "outcome": "",
    }
    events = _move(case, "follow_up", None, **back)
    # The record goes on with the case: what was written is mended, and the next follow-up stands in it. Until the case is
    # closed with it again it is a draft, which nobody reads but staff.
    CrisisRecord.objects.filter(pk=record.pk).update(episode=case.episode, finished_at=None)
    return events


def _remind(row: RecordWithheld, day: str) -> bool:
    with transaction.atomic():
        waiting = RecordWithheld.objects.filter(pk=row.pk, ended_at=None).exclude(reminded_on=day)
        mine = bool(waiting.update(reminded_on=day))
        if mine:
            subject = gettext_lazy("A record is kept from somebody, and it is time to look again")
            for person in calls.takers(row.record.case):
                key = f"withheld:{row.pk}:{day}:{person.pk}"
                calls.mail_page(key, person, subject, "crisis_record", gettext_lazy("the record"), row.record.case_id)
    return mine
