"""Who is called about a case, and in which order: the ladder, the nudges, the reminders. Mail says nothing about the person."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN, facts_of
from forum.models import Member, Role
from moderation import access, aside, duty, letters, live, workflow
from moderation.clocks import LADDER, REPEAT, STAFFED_FROM
from moderation.models import (
    Case,
    CrisisRecord,
    EscalationSource,
    Kind,
    LadderStep,
    RecordKind,
    Severity,
    Source,
    State,
)
from moderation.vocabulary import ROUSING, WITH_STAFFS
from realtime import log
from realtime.deliveries import queue_mail

CONTACT = "emergency contact"


def climb_ladders() -> int:
    """Calls the next people about every escalated case that is due for it. Returns how many steps were taken."""
    waiting = Case.objects.filter(state=State.ESCALATED, escalated_at__isnull=False)
    return sum(_climb(case, timezone.now()) for case in list(waiting))


def nudge_people(case: Case) -> None:
    """Half the time has gone: whoever is on duty and may handle the case is told; for an urgent one else who is on call."""
    people = aside.willing(case, _fit(case, duty.on_shift()))
    if not people and case.severity in ROUSING:
        people = _fit(case, duty.on_call())
    when = int(case.clock_from.timestamp())
    for person in people:
        _mail(case, f"nudge:{case.pk}:{when}:{person.pk}", person.email, _("A case waits (%(severity)s)"))


def tell_left_alone(case: Case) -> None:
    """Whoever stayed with the person cannot any longer: those who are called about it hear that at once, where anybody is."""
    if not ladder_of(case):
        return
    takers = workflow.takers_of(access.case_facts(case))
    for person in _fit(case, duty.on_call()) or _fit(case, _team(case)):
        if person.role in takers:
            subject = _("Nobody is with them now (%(severity)s)")
            _mail(case, f"alone:{case.pk}:{case.version}:{person.pk}", person.email, subject)


def ring_for(case: Case, besides: Member) -> None:
    """Whoever held it had to stop, and it does not wait: who is on call hears at once, else who is here, else who could be."""
    found = (duty.on_call(), duty.on_shift(), _team(case))
    people = next((fit for each in found if (fit := [one for one in _fit(case, each) if one != besides])), [])
    for person in people:
        _mail(case, f"stopped:{case.pk}:{case.version}:{person.pk}", person.email, _("A case waits (%(severity)s)"))


def remind() -> None:
    """Short closes that nobody read a second time within the day; and, in the morning, what stands on the staff board."""
    now = timezone.now()
    late = CrisisRecord.objects.filter(
        kind=RecordKind.SHORT, second_read_at=None, second_due_at__lte=now, reminded_at=None
    ).select_related("case")
    for record in late:
        with transaction.atomic():
            if CrisisRecord.objects.filter(pk=record.pk, reminded_at=None).update(reminded_at=now):
                for person in _fit(record.case, _team(record.case)):
                    if person.pk != record.by_id:
                        subject = _("A short close waits for a second reader")
                        _mail(record.case, f"second:{record.pk}:{person.pk}", person.email, subject)
    _morning(now)


def mail_page(dedupe: str, person: Member, subject: str, page: str, what: str, *args: int) -> None:
    """One mail that says no more than that a page waits behind the sign-in."""
    queue_mail(dedupe, person.email, subject, _body(page, what, *args))


def ladder_of(case: Case) -> tuple[int, ...]:
    """Minutes after the escalation at which each level is called; empty for what wakes nobody.

    A case that screening alone raised climbs slowly, unless a person escalated it, reported too, or has taken it on: then
    somebody knew, and whoever let it lie is not the last to hear of it.
    """
    by_person = case.escalation_source == EscalationSource.HUMAN or case.first_looked_at is not None
    reported = by_person or case.reports.exclude(source=Source.SCREENING).exclude(by_blocked=True).exists()
    source = EscalationSource.HUMAN if reported else EscalationSource.SCREENING
    return LADDER.get((source, case.severity), ())


def steps_due(minutes: Sequence[int], since: datetime, now: datetime) -> list[int]:
    """The steps whose time has come: one per level, then one for every repeat."""
    if not minutes:
        return []
    levels = [step for step, after in enumerate(minutes) if since + timedelta(minutes=after) <= now]
    over = now - (since + timedelta(minutes=minutes[-1]))
    return levels + [len(minutes) + count for count in range(max(0, over // REPEAT))]


def _climb(case: Case, now: datetime) -> int:
    minutes = ladder_of(case)
    assert case.escalated_at is not None
    due = steps_due(minutes, case.escalated_at, now)
    taken = set(case.ladder_steps.filter(episode=case.episode).values_list("step", flat=True))
    new = [step for step in due if step not in taken]
    if not new:
        return 0
    with transaction.atomic():
        fresh = Case.objects.select_for_update().get(pk=case.pk)
        if fresh.state != State.ESCALATED or fresh.episode != case.episode:
            return 0
        rows = [LadderStep(case=fresh, episode=fresh.episode, step=step, at=now) for step in new]
        already = set(fresh.ladder_steps.filter(episode=fresh.episode).values_list("step", flat=True))
        mine = [row for row in rows if row.step not in already]
        LadderStep.objects.bulk_create(mine)
        _send_steps(fresh, [row.step for row in mine], len(minutes))
        _mark_unanswered(fresh, [row.step for row in mine], len(minutes), now)
    return len(mine)


def _send_steps(case: Case, steps: list[int], levels: int) -> None:
    """Each level is called; of repeats that a pause piled up only the newest goes out."""
    repeats = [step for step in steps if step >= levels]
    for step in [step for step in steps if step < levels] + repeats[-1:]:
        subject = (
            _("A case waits for staff (%(severity)s)")
            if step < levels
            else _("Unanswered: a case waits for staff (%(severity)s)")
        )
        for name, address in _level(case, min(step, levels)):
            _mail(case, f"ladder:{case.pk}:{case.episode}:{step}:{name}", address, subject)


def _mark_unanswered(case: Case, steps: list[int], levels: int, now: datetime) -> None:
    """The whole ladder was climbed in vain: those who reported, and a member who asked for themselves, are told."""
    if case.unanswered_at is None and any(step >= levels for step in steps):
        case.unanswered_at = now
        case.save(update_fields=["unanswered_at"])
        log.append(*live.tell_reporters(case))


def _level(case: Case, step: int) -> list[tuple[str, str]]:
    """Who is called at this step, as (name for the mail's key, address)."""
    team = _fit(case, _team(case))
    called = _fit(case, duty.on_call()) + team
    called = [person for person in dict.fromkeys(called) if person.role in workflow.takers_of(access.case_facts(case))]
    by_level: list[Callable[[], list[tuple[str, str]]]] = [
        lambda: _addresses(called[:1]),
        lambda: _addresses(called[1:2]),
        lambda: _addresses(team),
        lambda: _contact(case),
        lambda: _addresses(team) + _contact(case),
    ]
    return by_level[step]()


def _addresses(people: Sequence[Member]) -> list[tuple[str, str]]:
    return [(str(person.pk), person.email) for person in people]


def _contact(case: Case) -> list[tuple[str, str]]:
    """The organisation's emergency contact; never about one of the team's own conduct."""
    facts = access.case_facts(case)
    if "@" not in settings.EMERGENCY_CONTACT or (case.kind == Kind.CONDUCT and facts.subject_role != Role.MEMBER):
        return []
    return [(CONTACT, settings.EMERGENCY_CONTACT)]


def _team(case: Case) -> list[Member]:
    """Everyone who may take the case once it is escalated."""
    roles = workflow.takers_of(access.case_facts(case))
    return list(Member.objects.filter(role__in=roles, standing__in=WALL_OPEN, is_active=True).order_by("pk"))


def _fit(case: Case, people: Sequence[Member]) -> list[Member]:
    """Those among them who may handle the case: not about themselves, nor about someone they have blocked."""
    facts = access.case_facts(case)
    viewers = {person: facts_of(person) for person in people}
    return [
        person
        for person, viewer in viewers.items()
        if workflow.may_see_case(viewer, facts) and facts.subject not in viewer.own_blocks
    ]


def _morning(now: datetime) -> None:
    """One mail a day to each of the staff when cases wait for them that woke nobody, screening's own urgent ones too."""
    today = timezone.localtime(now)
    if today.time() < STAFFED_FROM:
        return
    waiting = Case.objects.filter(state=State.ESCALATED)
    quiet = waiting.filter(pk__in=[case.pk for case in waiting if not ladder_of(case)])
    for person in Member.objects.filter(
        role__in=(Role.STAFF, Role.INDEPENDENT), standing__in=WALL_OPEN, is_active=True
    ):
        viewer = facts_of(person)
        if quiet.filter(access.cases_visible_to(viewer)).exists() or letters.waiting_for(viewer).exists():
            key = f"morning:{today.date()}:{person.pk}"
            queue_mail(
                key, person.email, _("Cases wait for you this morning"), _body("staff_board", _("the staff board"))
            )


def _mail(case: Case, dedupe: str, to: str, subject: str) -> None:
    severity = {"severity": str(Severity(case.severity).label)}
    queue_mail(dedupe, to, subject % severity if "%(" in subject else subject, _body(*_page(case), case.pk))


def _page(case: Case) -> tuple[str, str]:
    if case.state in WITH_STAFFS:
        return "staff_case", _("the case")
    return "case", _("the case")


def _body(name: str, what: str, *args: int) -> str:
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        path = "/moderation/"
    address = (settings.ORIGINS[0] if settings.ORIGINS else "") + path
    return _("This is an automatic mail. Please sign in and open %(what)s:\n\n%(address)s\n") % {
        "what": what,
        "address": address,
    }
