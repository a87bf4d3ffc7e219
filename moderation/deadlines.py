"""What the clock does to cases: lapse, nudge, escalate, climb the ladder. State is in the rows, so a pause makes it late only.

Any number of clocks may run: each step is a guarded UPDATE or a row that can be made once, in one transaction with its mail.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation import (
    answer_clock,
    appeal_clock,
    audit_watch,
    calls,
    disclosure_clock,
    letter_clock,
    outside_clock,
    record_clock,
    second_look_clock,
    tiring,
    waking,
    word_mail,
)
from moderation.actions import debriefs, late_rings, remembering, running, uncovered, unusual, wall_state
from moderation.actions.care_asked import ask_how_care_was
from moderation.actions.climbing import climb_ladders
from moderation.actions.escalation import escalated
from moderation.actions.handovers import lapse_hand_overs
from moderation.actions.how import ask_how_it_was
from moderation.actions.ladder import lapse_wishes
from moderation.actions.moving import _move
from moderation.actions.second_readings import run_second_readings
from moderation.clocks import APPEALS_EVERY, LOOK_EVERY, NUDGE_AT
from moderation.models import Case, EscalationSource, State
from moderation.turns import run_all, take_turns
from realtime import log
from realtime.clock import register_task
from realtime.log import NewEvent

WAITING = (State.OPEN, State.IN_REVIEW)


def register_tasks() -> None:
    register_task("moderation.deadlines", LOOK_EVERY, run_deadlines)
    register_task("moderation.reminders", 60, calls.remind)
    register_task("moderation.hand_overs", LOOK_EVERY, lapse_hand_overs)
    register_task("moderation.ladder_rules", APPEALS_EVERY, lapse_wishes)
    register_task("moderation.how", 300, ask_how_it_was)
    register_task("moderation.staying", 60, waking.remind_of_silence)
    register_task("moderation.tired_shifts", 30, tiring.end_tired_shifts)
    register_task("moderation.letters", LOOK_EVERY, letter_clock.run_letters)
    register_task("moderation.appeals", APPEALS_EVERY, appeal_clock.run_appeals)
    register_task("moderation.second_looks", 60, second_look_clock.remind_of_late_looks)
    register_task("moderation.second_readings", 60, run_second_readings)
    register_task("moderation.wall", LOOK_EVERY, wall_state.run_wall)
    register_task("moderation.remembering", 3600, remembering.let_go_unseconded)
    register_task("moderation.records", 60, record_clock.run_records)
    register_task("moderation.answers", LOOK_EVERY, answer_clock.call_about_answers)
    register_task("moderation.word_mail", 10, word_mail.mail_words)
    register_task("moderation.word_mails", 10, word_mail.follow_mails)
    register_task("moderation.debriefs", 60, debriefs.offer_debriefs)
    register_task("moderation.debriefs_again", 600, debriefs.remind_of_debriefs)
    register_task("moderation.care_asked", 600, ask_how_care_was)
    register_task("moderation.disclosures", 60, disclosure_clock.run_disclosures)
    register_task("moderation.outside", outside_clock.EVERY, outside_clock.run_outside)
    register_task("moderation.joined", 300, unusual.note_joined)
    audit_watch.register_tasks()


def run_deadlines() -> None:
    """Everything that is due, in the order in which one thing leads to the next. A case that fails stops none of it.

    Whoever is due to be called now is called first, and not after a flood's worth of claims that lapse and cases that are late;
    the ladders are climbed again for those. Raises SomeFailed at the very end: then the clock does not tell the watchdog that all
    is well.
    """
    run_all(climb_ladders, waking.wake_resting, lapse_claims, escalate_late, late_rings.let_ring, climb_ladders, nudge)


def lapse_claims() -> int:
    """Gives back cases whose holder has not acted in time. Returns how many this clock gave back."""
    now = timezone.now()
    due = Case.objects.filter(state=State.IN_REVIEW, lapses_at__lte=now)
    return _each("lapse", due, lambda case: _lapse(case, now))


def _lapse(case: Case, now: datetime) -> list[NewEvent]:
    return _move(case, "lapse", None, **running.given_back(case, now)) + uncovered.fell_back(case)


def escalate_late() -> int:
    """Passes on what nobody looked at, decided or followed up in time. Severity stays what it was."""
    now = timezone.now()
    due = Case.objects.filter(
        Q(state__in=WAITING, due_at__lte=now) | Q(state=State.WITH_STAFF, next_action_due__lte=now)
    )
    return _each("late", due, lambda case: _move(case, "late", None, **escalated(case, EscalationSource.CLOCK, None)))


def nudge() -> int:
    """At half of the running clock, mails the people on duty once. Returns how many cases this clock did it for."""
    now = timezone.now()
    waiting = Case.objects.filter(state__in=WAITING, nudged_at=None, due_at__gt=now)
    half_gone = [case for case in waiting if case.due_at and now >= _half_way(case.clock_from, case.due_at)]
    return take_turns("nudge", half_gone, lambda case: _nudge(case, now))


def _each(what: str, due: Iterable[Case], step: Callable[[Case], list[NewEvent]]) -> int:
    """Takes one step with each case, in a transaction of its own."""

    def take(case: Case) -> int:
        with transaction.atomic():
            log.append(*step(case))
        return 1

    return take_turns(what, due, take)


def _half_way(start: datetime, end: datetime) -> datetime:
    return start + (end - start) * NUDGE_AT


def _nudge(case: Case, now: datetime) -> bool:
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, nudged_at=None, clock_from=case.clock_from, state=case.state).update(
            nudged_at=now
        )
        if mine:
            calls.nudge_people(case)
    return bool(mine)
