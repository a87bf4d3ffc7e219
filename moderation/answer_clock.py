"""What the clock does about answers that nobody reads: whoever holds the case is told and, where it is about danger, on call.

What staff hold waits for staff again: whoever lets an answer lie, and does nothing else in the case, may be asleep.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of
from forum.models import Member
from moderation import access, duty, ways, workflow
from moderation.actions.escalation import escalated
from moderation.actions.marking import speaker_of
from moderation.actions.moving import _move, locked
from moderation.models import Case, EscalationSource, State, Word
from moderation.turns import take_turns
from moderation.vocabulary import NO_STEPS, ROUSING, WITH_STAFFS
from realtime import log


def call_about_answers(now: datetime | None = None) -> int:
    """For the clock. Returns in how many cases this clock called: of several clocks one does, the UPDATE names what it saw."""
    now = now or timezone.now()
    due = Word.objects.filter(from_team=False, read_at=None, late_at=None, answer_due_at__lte=now)
    cases = Case.objects.filter(pk__in=due.values("case")).exclude(state=State.CLOSED)
    return take_turns("answer", cases, lambda case: _call(case, now))


def _call(case: Case, now: datetime) -> bool:
    with transaction.atomic():
        fresh = locked(case)
        late = fresh.words.filter(from_team=False, read_at=None, late_at=None, answer_due_at__lte=now)
        newest = late.order_by("-pk").first()
        if fresh.state == State.CLOSED or not newest or not late.update(late_at=now):
            return False
        events = _move(fresh, "answer_late", None)
        if fresh.state == State.WITH_STAFF and not _acted_since(fresh, newest.sent_at):
            events += _move(fresh, "late", None, **escalated(fresh, EscalationSource.CLOCK, None))
        name = "staff_case" if fresh.state in WITH_STAFFS else "case"
        rings = fresh.severity in ROUSING
        for person in people_for(fresh, now):
            ways.page_person(
                person,
                dedupe=f"answer:{newest.pk}:{person.pk}",
                subject=_("Somebody has answered, and nobody has read it"),
                path=reverse(name, args=[fresh.pk]),
                case=fresh,
                rings=rings,
            )
        log.append(*events)
    return True


def unread_by(cases: Iterable[Case]) -> dict[int, datetime]:
    """By case, by when the first answer that nobody has read yet is due to be read. One query."""
    unread = Word.objects.filter(case__in=list(cases), from_team=False, read_at=None, late_at=None)
    return dict(unread.order_by().values_list("case").annotate(first=Min("answer_due_at")))


def _acted_since(case: Case, moment: datetime) -> bool:
    """Whoever holds it has taken a step since, so they are there, whether they have read everything or not."""
    return case.events.filter(actor=case.holder, at__gt=moment).exclude(action__in=NO_STEPS).exists()


def people_for(case: Case, now: datetime) -> list[Member]:
    """Whoever writes with them; where it is about danger who is on call too; where that is nobody, who is on shift."""
    facts = access.case_facts(case)
    writes = list(Member.objects.filter(pk=speaker_of(case) or 0))
    called = duty.on_call(now) if case.severity in ROUSING else []
    takers = workflow.takers_of(facts) if case.state in WITH_STAFFS else workflow.handlers_of(facts)
    reach = [person for person in called if person.role in takers | workflow.takers_of(facts)]
    found = [*writes, *reach] or [person for person in duty.on_shift(now) if person.role in takers]
    viewers = {person: facts_of(person) for person in dict.fromkeys(found)}
    return [
        person
        for person, viewer in viewers.items()
        if workflow.may_see_case(viewer, facts) and facts.subject not in viewer.own_blocks
    ]
