"""A person says that a case is worse than what was reported. Nothing lowers it but time and a decision."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.escalation import called_anew
from moderation.actions.moving import _move, guard
from moderation.models import Case, EscalationSource, Severity, State
from moderation.refusals import Missing
from realtime import log


def raise_case(case: Case, actor: Member, severity: str, note: str) -> Case:
    """Raises a case's severity with a note on why; its clocks come nearer. One that waits for staff calls them anew.

    Twice is once. Raises Missing (no note, or nothing that would raise it), NotAllowed, CaseMoved.
    """
    if severity not in Severity.values:
        raise Missing("severity", _("Choose how soon somebody has to look."))
    if not note.strip():
        raise Missing("note", _("Write why, so that the next person knows."))
    with transaction.atomic():
        fresh, now = guard("raise", case, actor), timezone.now()
        if fresh.severity == severity:
            return fresh
        if Severity(severity).rank > Severity(fresh.severity).rank:
            raise Missing("severity", _("It is more urgent than that already."))
        waits = fresh.state == State.ESCALATED
        changes = (
            called_anew(fresh, severity, EscalationSource.HUMAN) if waits else running.raised(fresh, severity, now)
        )
        events = _move(fresh, "raise", actor, words=note.strip(), **changes)
        log.append(*events, *read_reports(fresh, actor, case.version))
    return fresh
