"""After a crisis that staff held is closed: an offer to talk it over, to everyone who had a hand in it. Nobody has to."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN
from forum.actions.notices import give_notice, read_notices
from forum.models import Member
from forum.refusals import NotThere
from moderation.clocks import DEBRIEF_AGAIN, DEBRIEF_WITHIN
from moderation.models import Case, CaseEvent, Debrief, DebriefAnswer, Kind, State
from moderation.notices_afterwards import AGAIN, DEBRIEF, OFFERED
from moderation.refusals import Missing
from moderation.vocabulary import DESK, ROUSING
from realtime import log
from realtime.models import Delivery


def who_acted(case: Case) -> set[int]:
    """Everyone who did or read something in it."""
    return set(case.events.exclude(actor=None).order_by().values_list("actor", flat=True).distinct())


def who_was_called(case: Case) -> set[int]:
    """Everyone who was woken about it, whether they came or not: by the keys of the calls, which end in who was called."""
    keys = Delivery.objects.filter(dedupe__startswith=f"ladder:{case.pk}:").values_list("dedupe", flat=True)
    named = {part for key in keys for part in key.split(":")[4:] if part.isascii() and part.isdecimal()}
    return {int(part) for part in named if len(part) < 19}


touched: list[Callable[[Case], Iterable[int]]] = [who_acted, who_was_called]
"""Who had a hand in a case, by their ids. Others may add to it."""


def offer_debriefs(now: datetime | None = None) -> int:
    """For the clock. Each person is offered it once for each crisis, by whichever clock comes first. Returns how many were."""
    now = now or timezone.now()
    ended = CaseEvent.objects.filter(case=OuterRef("pk"), action="close", at__gte=OuterRef("escalated_at"))
    offered = Debrief.objects.filter(case=OuterRef("pk"), episode=OuterRef("episode"))
    cases = Case.objects.filter(
        Exists(ended), ~Exists(offered), kind=Kind.CARE, state=State.CLOSED, severity__in=ROUSING,
        closed_at__gt=now - DEBRIEF_WITHIN,
    )  # fmt: skip
    return sum(_offer(case, now) for case in list(cases))


def remind_of_debriefs(now: datetime | None = None) -> int:
    """For the clock: once, three days later, whoever has not answered or said later. Returns how many were reminded."""
    now = now or timezone.now()
    waiting = Debrief.objects.filter(
        Q(answer=DebriefAnswer.NONE, offered_at__lte=now - DEBRIEF_AGAIN)
        | Q(answer=DebriefAnswer.LATER, answered_at__lte=now - DEBRIEF_AGAIN),
        reminded_at=None,
    )
    return sum(_remind(debrief, now) for debrief in list(waiting))


def answer_debrief(
    debrief: Debrief, member: Member, answer: str, *, on: date | None = None, with_whom: Member | None = None
) -> Debrief:
    """Says whether they had one, would rather not, or later. It can be changed; nobody is told which, and nobody asks why.

    `on` is the day of one that was had or is arranged, `with_whom` None for somebody outside the team. Raises NotThere for
    somebody else's, Missing for one that was taken without its day or with oneself.
    """
    if debrief.member_id != member.pk:
        raise NotThere
    if answer == DebriefAnswer.TAKEN and on is None:
        raise Missing("on", _("Choose the day."))
    if with_whom is not None and with_whom.pk == member.pk:
        raise Missing("with_whom", _("Choose somebody else."))
    taken = answer == DebriefAnswer.TAKEN
    fields: dict[str, Any] = {"on": on if taken else None, "with_whom": with_whom if taken else None}
    with transaction.atomic():
        Debrief.objects.filter(pk=debrief.pk).update(answer=answer, answered_at=timezone.now(), **fields)
    read_notices(member, kind=DEBRIEF, ref=debrief.pk)
    debrief.refresh_from_db()
    return debrief


def _offer(case: Case, now: datetime) -> int:
    found = {person for who in touched for person in who(case)} - {case.subject_id}
    people = Member.objects.filter(pk__in=found, role__in=DESK, is_active=True, standing__in=WALL_OPEN).order_by("pk")
    with transaction.atomic():
        rows = [Debrief(case=case, episode=case.episode, member=person, offered_at=now) for person in people]
        if Case.objects.select_for_update().get(pk=case.pk).state != State.CLOSED:
            return 0
        if Debrief.objects.filter(case=case, episode=case.episode).exists():
            return 0
        Debrief.objects.bulk_create(rows)
        log.append(*[event for row in rows for event in give_notice(row.member_id, DEBRIEF, row.pk, state=OFFERED)])
    return len(rows)


def _remind(debrief: Debrief, now: datetime) -> bool:
    with transaction.atomic():
        unreminded = Debrief.objects.filter(pk=debrief.pk, reminded_at=None, answer=debrief.answer)
        mine = unreminded.update(reminded_at=now)
        if mine:
            log.append(*give_notice(debrief.member_id, DEBRIEF, debrief.pk, state=AGAIN))
    return bool(mine)
