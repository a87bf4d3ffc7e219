"""How a report finds its case: the subject's one live case, or a new one."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.models import Member
from moderation import access, duty, workflow
from moderation.actions import running
from moderation.actions.escalation import call_for_staff
from moderation.actions.moving import _move
from moderation.clocks import FIRST_LOOK
from moderation.models import Case, EscalationSource, Kind, Report, Severity, Source, State
from moderation.vocabulary import ROUSING
from realtime.log import NewEvent


def join_case(report: Report, about: Case, severity: Severity) -> list[NewEvent]:
    """Stores a report in the subject's live case, or in a new one. Severity and due time only ever come nearer."""
    case, opened = _live_case(about, severity)
    report.case, report.severity, report.case_version = case, severity, case.version + 1
    report.save(force_insert=True)
    words = f"report {report.pk}"
    if opened:
        events = _move(case, "open", report.reporter, words=words)
    else:
        worse = severity.rank < Severity(case.severity).rank
        changes = running.raised(case, severity, timezone.now()) if worse else {}
        events = _move(case, "report", report.reporter, words=words, **changes)
    return events + _call_at_once(case, report, severity)


def _live_case(about: Case, severity: Severity) -> tuple[Case, bool]:
    """The subject's live case, locked, or a new one and True. The database lets nobody make a second one."""
    same = Case.objects.filter(kind=about.kind, subject=about.subject, post=about.post)
    living = same.exclude(state=State.CLOSED).select_for_update()
    for _attempt in range(3):  # somebody else may open or close one between the look and the insert
        if found := living.first():
            return found, False
        if _opened(about, severity, _who_knew(same)):
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


def _who_knew(earlier: Iterable[Case]) -> Member | None:
    """Whoever closed the last case about the same subject, while they may still handle it."""
    last = Case.objects.filter(pk__in=[case.pk for case in earlier]).order_by("-closed_at").first()
    if last is None or last.closed_by is None:
        return None
    viewer, facts = access.facts_of(last.closed_by), access.case_facts(last)
    fit = workflow.may_see_case(viewer, facts) and facts.subject not in viewer.blocks
    return last.closed_by if fit else None


def _call_at_once(case: Case, report: Report, severity: Severity) -> list[NewEvent]:
    """Screening's emergency goes to staff at once; so does what people call urgent in a care case while nobody is here."""
    if case.state != State.OPEN:
        return []
    if report.source == Source.SCREENING:
        emergency = severity == Severity.EMERGENCY
        return call_for_staff(case, EscalationSource.SCREENING) if emergency else []
    if case.kind == Kind.CARE and severity in ROUSING and not _somebody_can_look(case):
        return call_for_staff(case, EscalationSource.HUMAN)
    return []


def _somebody_can_look(case: Case) -> bool:
    facts = access.case_facts(case)
    return any(not workflow.why_not("claim", facts, access.facts_of(person)) for person in duty.on_shift())
