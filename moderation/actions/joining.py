"""How a report finds its case: the subject's one live case, or a new one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.models import Block, Member
from moderation import access, aside, attending, calls, categories, duty, ladder_rules, unusual, workflow
from moderation.actions import running
from moderation.actions.escalation import call_for_staff, called_anew
from moderation.actions.moving import _move
from moderation.actions.reserving import call_staff_at_once, kept_for, reserve_case
from moderation.actions.uncovered import somebody_can_look
from moderation.actions.unusual import note_reports
from moderation.clocks import FIRST_LOOK
from moderation.models import Case, Door, EscalationSource, Kind, Report, Reserved, Severity, Source, State
from moderation.vocabulary import ROUSING
from realtime.log import NewEvent


def join_case(
    report: Report, about: Case, severity: Severity, reserved: str = Reserved.NOBODY, *, rings: bool = True
) -> list[NewEvent]:
    """Stores a report in the subject's live case, or in a new one. Severity and due time only ever come nearer.

    What its category, or `reserved`, keeps for others goes to them at once. A worry by somebody whom its subject has
    blocked, and what comes in a flood from one member, is marked, and alone wakes nobody: it asks for no more than a look
    soon, until a person raises it. Danger in such a flood is told quietly at once, wakes a case that rests, and rings later
    (moderation/actions/late_rings.py). With `rings=False` whoever holds it is told without a sound.
    """
    reserved = reserved or categories.reserved_for(report.door, report.category)
    report.by_blocked = _is_by_blocked(report, about)
    report.gathered = report.gathered or _is_gathered(report, about, severity)
    report.rings_from = _rings_from(report, severity)
    source = EscalationSource.CLOCK if report.wakes_nobody else EscalationSource.HUMAN
    if report.wakes_nobody:
        severity = Severity.SOON if severity in ROUSING or not report.gathered else Severity.ROUTINE
    about.reserved_for = kept_for(about, reserved)
    case, opened = _live_case(about, severity)
    woke = case.state == State.ESCALATED and bool(calls.ladder_of(case))  # before this report counts for it
    report.case, report.severity, report.case_version = case, severity, case.version + 1
    report.save(force_insert=True)
    words = f"report {report.pk}"
    if report.gathered:
        note_reports(report)
    if opened:
        events = _move(case, "open", report.reporter, words=words, **_looked_at_by(case, report))
    else:
        changes = _comes_nearer(case, report, severity, woke=woke)
        events = _move(case, "report", report.reporter, words=words, **changes)
        events += reserve_case(case, reserved, source)
    events += _call_at_once(case, report, severity, rings=rings) + call_staff_at_once(case, source)
    if report.rings_from:
        _tell_quietly(case, report)
    return events


def hear_anew(report: Report, case: Case, severity: Severity) -> list[NewEvent]:
    """What was gathered counts from now on like any report. `case` is its own, locked, and `report` not yet saved."""
    woke = case.state == State.ESCALATED and bool(calls.ladder_of(case))
    report.severity, report.rang_at = severity, timezone.now()
    report.save(update_fields=["severity", "rang_at"])
    events = _move(case, "rings", None, words=f"report {report.pk}", **_comes_nearer(case, report, severity, woke=woke))
    return events + _call_at_once(case, report, severity, rings=True)


def _comes_nearer(case: Case, report: Report, severity: Severity, *, woke: bool) -> dict[str, Any]:
    """What a report changes about the case it joins. `woke`: it waited for staff already, on a ladder that calls people."""
    now, worse = timezone.now(), severity.rank < Severity(case.severity).rank
    now_is = severity if worse else Severity(case.severity)
    if case.state == State.ESCALATED:
        calls_now = bool(ladder_rules.in_force().of(case, now_is).minutes)
        if calls_now and (worse or not woke):
            by_machine = report.source == Source.SCREENING
            source = EscalationSource(case.escalation_source) if by_machine else EscalationSource.HUMAN
            return called_anew(case, now_is, source)
    wakes = case.asks_again_at and (report.rings_from or not report.wakes_nobody)
    changes = running.raised(case, now_is, now) if worse or wakes else {}
    changes |= _looked_at_by(case, report)
    return changes | (running.roused(case, severity, now) if _rouses(case, report, severity) else {})


def _is_by_blocked(report: Report, about: Case) -> bool:
    if report.door != Door.WORRY or report.source != Source.MEMBER:
        return False
    return Block.objects.filter(blocker=about.subject_id, blocked=report.reporter_id).exists()


def _is_gathered(report: Report, about: Case, severity: Severity) -> bool:
    """Who asks for themselves never is, nor what the team noticed."""
    if report.source != Source.MEMBER or report.reporter_id is None:
        return False
    return unusual.is_flood(report.reporter_id, about.subject_id, severity, report.door)


def _rings_from(report: Report, severity: Severity) -> datetime | None:
    """When danger that came in a flood rings after all. By somebody whom its subject has blocked it never does alone."""
    if not report.gathered or report.by_blocked or severity not in ROUSING or report.reporter_id is None:
        return None
    return unusual.rings_from(report.reporter_id, report.door)


def _looked_at_by(case: Case, report: Report) -> dict[str, Any]:
    """Gathered danger waits first among what is looked at soon, and stands on the staff board when its hour is over."""
    at = report.rings_from if report.wakes_nobody else None
    if at is None or case.state != State.OPEN or (case.due_at and case.due_at <= at):
        return {}
    return {"due_at": at, "clock_from": timezone.now(), "nudged_at": None}


def _tell_quietly(case: Case, report: Report) -> None:
    """Whoever holds it, else whoever may take it, hears of gathered danger at once without a sound; of one case once an hour."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if case.holder is not None:
        calls.page(case, case.holder, f"gathered:{report.pk}", calls.JOINED, rings=False)
    else:
        calls.tell_quietly(case, f"gathered:{case.pk}:{int(hour.timestamp())}", calls.GATHERED)


def _live_case(about: Case, severity: Severity) -> tuple[Case, bool]:
    """The subject's live case, locked, or a new one and True. The database lets nobody make a second one."""
    same = Case.objects.filter(kind=about.kind, subject=about.subject, post=about.post)
    living = same.exclude(state=State.CLOSED).select_for_update()
    for _attempt in range(3):  # somebody else may open or close one between the look and the insert
        if found := living.first():
            return found, False
        if _opened(about, severity, _who_knew(same, about.reserved_for)):
            return about, True
    raise IntegrityError("no live case could be found or opened")


def _opened(about: Case, severity: Severity, offered_to: Member | None) -> bool:
    now = timezone.now()
    about.severity, about.subject_role, about.offered_to = severity, about.subject.role, offered_to
    about.opened_at, about.clock_from, about.due_at = now, now, now + FIRST_LOOK[severity]
    try:
        with transaction.atomic():
            about.save(force_insert=True)
    except IntegrityError:
        return False
    about.refresh_from_db()
    return True


def _who_knew(earlier: Iterable[Case], reserved: str) -> Member | None:
    """Whoever closed the last case about the same subject, while they may still handle it."""
    last = Case.objects.filter(pk__in=[case.pk for case in earlier]).order_by("-closed_at").first()
    if last is None or last.closed_by is None or reserved:
        return None
    viewer, facts = access.facts_of(last.closed_by), access.case_facts(last)
    fit = workflow.may_see_case(viewer, facts) and facts.subject not in viewer.own_blocks
    return last.closed_by if fit and aside.willing(last, [last.closed_by]) else None


def _call_at_once(case: Case, report: Report, severity: Severity, *, rings: bool) -> list[NewEvent]:
    """Whoever holds it hears of new danger at once. Where nobody does, or whoever does is not there, screening's emergency
    goes to staff, and so does what people call urgent in a case of care while nobody who is here could look.
    """
    if not _rouses(case, report, severity):
        return []
    events: list[NewEvent] = []
    if case.kind == Kind.CARE and case.state == State.IN_REVIEW and not _holder_is_there(case):
        events += _move(case, "lapse", None, **running.given_back(case, timezone.now()))
    if case.holder is not None:
        calls.page(case, case.holder, f"joined:{report.pk}", calls.JOINED, rings=rings)
    elif case.state == State.OPEN and report.source == Source.SCREENING:
        events += call_for_staff(case, EscalationSource.SCREENING)
    elif case.state == State.OPEN and case.kind == Kind.CARE and not somebody_can_look(case):
        events += call_for_staff(case, EscalationSource.HUMAN)
    return events


def _rouses(case: Case, report: Report, severity: Severity) -> bool:
    """Whether somebody hears of it now, whoever holds the case: all that people call urgent, but what its holder noticed
    themselves, and screening's emergencies. Screening's own urgent wakes nobody.
    """
    if report.source == Source.SCREENING:
        return severity == Severity.EMERGENCY
    known = report.reporter_id is not None and report.reporter_id == case.holder_id
    return severity in ROUSING and not report.wakes_nobody and not known


def _holder_is_there(case: Case) -> bool:
    now = timezone.now()
    assert case.holder is not None
    return case.holder in duty.on_shift(now) or attending.has_just_acted(case, case.holder, now)
