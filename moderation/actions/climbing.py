"""The clock climbs the ladder of every escalated case: who is called, once each, until somebody takes it."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import calls, ladder_rules, live, outside_rings, ups
from moderation.actions.moving import _move, locked
from moderation.clocks import UP_LINK
from moderation.ladder import Ladder, steps_due
from moderation.models import Case, LadderCall, LadderStep, State
from moderation.turns import take_turns
from realtime import log
from realtime.log import NewEvent

CALLED = _("A case waits for staff (%(severity)s)")
UNANSWERED = _("Unanswered: a case waits for staff (%(severity)s)")


def climb_ladders() -> int:
    """Calls the next people about every escalated case that is due for it. Returns how many steps were taken.

    A case that fails keeps no other from its turn, and is tried again at the next look. Raises SomeFailed at the very end.
    """
    waiting = list(Case.objects.filter(state=State.ESCALATED, escalated_at__isnull=False))
    if not waiting:
        return 0
    known = ladder_rules.in_force()
    return take_turns("ladder", waiting, lambda case: _climb(case, known.of(case)))


def _climb(case: Case, ladder: Ladder) -> int:
    if not _new_steps(case, ladder, timezone.now()):
        return 0
    with transaction.atomic():
        fresh, now = locked(case), timezone.now()
        if fresh.state != State.ESCALATED or fresh.episode != case.episode:
            return 0
        new = _new_steps(fresh, ladder, now)  # another clock may have taken them, and somebody may be up by now
        rows = LadderStep.objects.bulk_create(
            LadderStep(case=fresh, episode=fresh.episode, step=step, at=now) for step in new
        )
        if events := _call_all(fresh, rows, len(ladder.minutes), now):
            log.append(*events)
    return len(rows)


def _new_steps(case: Case, ladder: Ladder, now: datetime) -> list[int]:
    if not ladder.minutes or case.escalated_at is None or outside_rings.holds(case):
        return []
    pauses = [*ups.pauses_of(case, ladder.up_for), *outside_rings.pauses_of(case)]
    taken = set(case.ladder_steps.filter(episode=case.episode).values_list("step", flat=True))
    due = steps_due(ladder.minutes, case.escalated_at, now, pauses, ladder.repeat)
    return [step for step in due if step not in taken]


def _call_all(case: Case, rows: Sequence[LadderStep], levels: int, now: datetime) -> list[NewEvent]:
    """Each level is called. Of repeats that a pause piled up only the newest goes out, and none beside a level: only who was
    called before has left it unanswered.
    """
    first = [row for row in rows if row.step < levels]
    events: list[NewEvent] = []
    for row in first or rows[-1:]:
        told = _call(case, row, levels, now)
        changes: dict[str, Any] = {}
        if row.step >= levels and case.unanswered_at is None:
            changes["unanswered_at"] = now
        events += _move(case, "called", None, words=json.dumps(told), **changes)
        if changes:  # climbed in vain: those who reported, and a member who asked for themselves, are told
            events += live.tell_reporters(case)
    return events


def _call(case: Case, row: LadderStep, levels: int, now: datetime) -> dict[str, Any]:
    """Queues what must leave for one step, and returns what the record says of it: numbers, and no names."""
    people, contact = calls.level(case, min(row.step, levels))
    subject = UNANSWERED if row.step >= levels else CALLED
    ways = {}
    for person in people:
        token = secrets.token_urlsafe(32)
        expires = now + UP_LINK
        LadderCall.objects.create(
            step=row, member=person, at=now, token_digest=ups.digest_of(token), expires_at=expires
        )
        key = f"ladder:{case.pk}:{case.episode}:{row.step}:{person.pk}"
        ways[person.pk] = calls.page(case, person, key, subject, reverse("im_up", args=[token]))
    if contact:
        LadderCall.objects.create(step=row, member=None, at=now)
        calls.page_contact(case, f"ladder:{case.pk}:{case.episode}:{row.step}:contact", subject)
    return {"episode": row.episode, "step": row.step, "of": levels, "called": ways, "contact": contact}
