"""What the clock does to appeals: half-way a nudge, at the end late and told to staff, claims that lapse.

As in deadlines.py: each step is judged again under the lock, in one transaction with its mail, so that of several clocks
one takes it and a pause makes it late only.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from forum.actions.notices import give_notice
from forum.models import Member
from moderation import calls, hearing
from moderation.actions.appeals import FREE, locked_appeal, write_appeal
from moderation.actions.moving import _move
from moderation.clocks import HEARING, NUDGE_AT, STAFFED_FROM
from moderation.models import Appeal, AppealStage, Case
from moderation.models.appeal import UNANSWERED
from moderation.notices_appeals import APPEAL, LATE
from moderation.refusals import CaseMoved
from realtime import log
from realtime.log import NewEvent

Step = Callable[[Case, Appeal, datetime], list[NewEvent]]


def run_appeals(now: datetime | None = None) -> None:
    """Everything that is due."""
    now = now or timezone.now()
    waiting = Appeal.objects.filter(stage__in=UNANSWERED).select_related("case")
    _each(waiting.filter(stage=AppealStage.HELD, lapses_at__lte=now), _lapse, now)
    _each(waiting.filter(late_at=None, due_at__lte=now), _be_late, now)
    _each(waiting.filter(nudged_at=None, due_at__gt=now, due_at__lte=now + HEARING * (1 - NUDGE_AT)), _nudge, now)
    _remind(waiting.filter(late_at__isnull=False), now)


def _each(due: Iterable[Appeal], step: Step, now: datetime) -> None:
    for appeal in list(due):
        try:
            with transaction.atomic():
                case, fresh = locked_appeal(appeal)
                if not fresh.is_answered:
                    log.append(*step(case, fresh, now))
        except CaseMoved:
            continue  # somebody did something to the case at this moment: the next look is soon enough


def _lapse(case: Case, appeal: Appeal, now: datetime) -> list[NewEvent]:
    """Taken and not answered within a day: it waits for everybody again."""
    if appeal.lapses_at is None or appeal.lapses_at > now:
        return []
    write_appeal(appeal, **FREE)
    return _move(case, "appeal_lapse", None)


def _be_late(case: Case, appeal: Appeal, now: datetime) -> list[NewEvent]:
    """The member is told the truth, and the staff have it on their board and in their mail."""
    if appeal.late_at is not None:
        return []
    write_appeal(appeal, late_at=now)
    _mail(appeal, "late", hearing.overseers(appeal), gettext_lazy("An appeal is late"))
    return _move(case, "appeal_late", None) + give_notice(appeal.by_id, APPEAL, appeal.pk, state=LATE)


def _nudge(case: Case, appeal: Appeal, now: datetime) -> list[NewEvent]:
    """Whoever holds it, or else everybody who may hear it."""
    if appeal.nudged_at is not None:
        return []
    write_appeal(appeal, nudged_at=now)
    people = [appeal.heard_by] if appeal.heard_by else hearing.hearers(appeal)
    _mail(appeal, "nudge", people, gettext_lazy("An appeal waits for an answer"))
    return []


def _remind(late: Iterable[Appeal], now: datetime) -> None:
    """One mail a morning about each that is still late."""
    today = timezone.localtime(now)
    if today.time() < STAFFED_FROM:
        return
    for appeal in late:
        if appeal.late_at and timezone.localtime(appeal.late_at).date() < today.date():
            _mail(appeal, f"late:{today.date()}", hearing.overseers(appeal), gettext_lazy("An appeal is late"))


def _mail(appeal: Appeal, what: str, people: Iterable[Member], subject: str | Promise) -> None:
    for person in people:
        calls.mail_page(
            f"appeal:{what}:{appeal.pk}:{person.pk}", person, subject, "appeal", gettext_lazy("the appeal"), appeal.pk
        )
