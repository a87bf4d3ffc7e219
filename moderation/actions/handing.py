"""Handing a case to a colleague, with a note."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.notices import give_notice
from forum.models import Member
from moderation import duty
from moderation.access import case_facts
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.handovers import offer_to
from moderation.actions.moving import _move, guard
from moderation.colleagues import who_may_take
from moderation.models import Case, State
from moderation.notices import HANDED
from moderation.refusals import Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent


def hand_over_case(case: Case, actor: Member, to: Member, note: str) -> Case:
    """Gives a case to a colleague with a note on what they need to know. They are told, and the reporters' receipts follow.

    Who is on shift holds it from now on. To anyone else it is offered first, from the queue: somebody who needs help does
    not wait for one who is asleep. Staff are asked, and whoever holds it goes on until they accept. Handing on buys no time.
    Raises Missing, NotAllowed (also where the colleague may not handle it) and CaseMoved.
    """
    if not note.strip():
        raise Missing("note", _("Write what your colleague needs to know first."))
    with transaction.atomic():
        fresh = guard("hand_over", case, actor)
        if to.pk == actor.pk or not who_may_take(case_facts(fresh)).filter(pk=to.pk).exists():
            raise NotAllowed(_("This colleague cannot take this case."))
        if fresh.state == State.WITH_STAFF:
            events = offer_to(fresh, actor, to, note, timezone.now())
            log.append(*events, *read_reports(fresh, actor, case.version))
            return fresh
        events = _passed(fresh, actor, to, note, timezone.now())
        events += read_reports(fresh, actor, case.version)
        holds = fresh.holder_id == to.pk  # an offer does not press: it may wait for their quiet hours to be over
        log.append(*events, *give_notice(to.pk, HANDED, fresh.pk, pressing=holds))
    return fresh


def _passed(case: Case, actor: Member, to: Member, note: str, now: datetime) -> list[NewEvent]:
    if any(here.pk == to.pk for here in duty.on_shift(now)):
        return _move(case, "hand_over", actor, words=note, holder=to, **_held_on(case, now))
    return _move(case, "offer", actor, words=note, **running.given_back(case, now), offered_to=to)


def _held_on(case: Case, now: datetime) -> dict[str, Any]:
    """The claim is as fresh as any; the decision stays due when it was."""
    kept = running.claimed(case, now)
    if case.asks_again_at:  # a rest is handed on as it is
        return running.rests(case, case.asks_again_at, kept=True) | {"offered_to": None}
    return {**kept, "due_at": case.due_at or kept["due_at"], "clock_from": case.clock_from, "nudged_at": case.nudged_at}
