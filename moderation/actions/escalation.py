"""Handing a case to staff, and what staff do with it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import live, ways
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.moving import _move, guard, is_held_by, locked
from moderation.actions.records import current_record, finish_record
from moderation.actions.staying import stay_on, tell_who_stayed
from moderation.clocks import SECOND_READER, next_action_due
from moderation.models import Case, CrisisRecord, EscalationSource, Kind, Outcome, RecordKind, State
from moderation.record_parts import missing_from
from moderation.refusals import Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent


def escalate_case(case: Case, actor: Member, note: str) -> Case:
    """Passes a case to staff with a note on why; the ladder of calls starts with the clock's next look.

    The conversation with the member goes on until staff join it. Raises Missing, NotAllowed, CaseMoved.
    """
    if not note.strip():
        raise Missing("note", _("Write what staff need to know first."))
    with transaction.atomic():
        fresh = guard("escalate", case, actor)
        events = _move(fresh, "escalate", actor, words=note, **escalated(fresh, EscalationSource.HUMAN, actor))
        log.append(*events, *read_reports(fresh, actor, case.version))
    return fresh


def escalated(case: Case, source: EscalationSource, by: Member | None) -> dict[str, Any]:
    """What changes when a case is escalated: each time begins a ladder of its own."""
    return running.STOPPED | {
        "escalated_at": timezone.now(),
        "escalation_source": source,
        "escalated_by": by or case.holder or case.escalated_by,
        "episode": case.episode + 1,
        "unanswered_at": None,
        "offered_to": None,
    }


def called_anew(case: Case, severity: str, source: EscalationSource) -> dict[str, Any]:
    """What changes when a case that waits is worse than it was: the ladder it would have climbed begins now, and whoever stays
    with the person goes on staying.
    """
    stay_on(case)
    return escalated(case, source, None) | {"severity": severity}


def take_case(case: Case, actor: Member) -> Case:
    """Staff take an escalated case and owe the next action from now on. Twice by the same person is once.

    Stops the ladder; the reporters' receipts change. Raises NotAllowed, and CaseMoved when somebody was quicker.
    """
    with transaction.atomic():
        if is_held_by(locked(case), actor, State.WITH_STAFF):
            return locked(case)
        fresh, now = guard("take", case, actor), timezone.now()
        due = next_action_due(fresh.severity, now)
        looked = fresh.first_looked_at or now
        events = _move(
            fresh, "take", actor, holder=actor, next_action_due=due, first_looked_at=looked, unanswered_at=None
        )
        events += tell_who_stayed(fresh, actor)
        ways.end_calls(fresh)
        log.append(*events, *read_reports(fresh, actor, fresh.version, tell=False), *live.tell_reporters(fresh))
    return fresh


def close_case(case: Case, actor: Member, *, because: str = "", note: str = "") -> Case:
    """Closes a case that staff hold. A care case needs its whole crisis record since the escalation, or `because`: why it
    was no crisis, which a second person reads within a day.

    Raises Missing (a care case with neither, or with parts of its record open; also, where somebody was called or a sheet was
    given, with `because`; another with no note), NotAllowed, CaseMoved.
    The receipts change.
    """
    with transaction.atomic():
        fresh = guard("close", case, actor)
        outcome = _outcome(fresh, actor, because.strip(), note.strip())
        closed = running.STOPPED | {"closed_at": timezone.now(), "closed_by": actor, "outcome": outcome}
        events = _move(fresh, "close", actor, words=because.strip() or note.strip(), **closed)
        events += read_reports(fresh, actor, case.version, tell=False)
        log.append(*events, *live.tell_reporters(fresh))
    return fresh


def return_case(case: Case, actor: Member, note: str) -> Case:
    """Gives a case back to moderators, offered first to whoever escalated it. Raises Missing, NotAllowed, CaseMoved."""
    if not note.strip():
        raise Missing("note", _("Write what moderators need to know first."))
    with transaction.atomic():
        fresh = guard("return", case, actor)
        begun = running.begun_again(fresh, timezone.now())
        events = _move(fresh, "return", actor, words=note, **begun, offered_to=fresh.escalated_by)
        log.append(*events, *_fell_back(fresh))
    return fresh


def reopen_case(case: Case, actor: Member, note: str) -> Case:
    """Staff open a closed case again. Raises Missing, NotAllowed (also where the subject has another live case), CaseMoved."""
    if not note.strip():
        raise Missing("note", _("Write why it is opened again."))
    with transaction.atomic():
        fresh = guard("reopen", case, actor)
        living = Case.objects.filter(subject=fresh.subject_id, kind=fresh.kind, post=fresh.post_id).exclude(
            state=State.CLOSED
        )
        if living.exists():
            raise NotAllowed(_("There is a live case about this already."))
        begun = running.begun_again(fresh, timezone.now())
        events = _move(fresh, "reopen", actor, words=note, **begun, offered_to=fresh.closed_by)
        log.append(*events, *_fell_back(fresh))
    return fresh


def _fell_back(case: Case) -> list[NewEvent]:
    from moderation.actions.uncovered import fell_back  # it escalates, which is here

    return fell_back(case)


def call_for_staff(case: Case, source: EscalationSource) -> list[NewEvent]:
    """Escalates an open case by itself: screening's emergency, or nobody on duty. Returns events for the caller to append."""
    return _move(case, "call", None, **escalated(case, source, None))


def _is_only_begun(record: CrisisRecord) -> bool:
    """Whether nobody was called and nothing was handed over: then it can still turn out to have been no crisis."""
    return not record.contacts.exists() and not record.sheets.exists()


def _outcome(case: Case, actor: Member, because: str, note: str) -> Outcome:
    if case.kind != Kind.CARE:
        if not note:
            raise Missing("note", _("Write how this ended."))
        return Outcome.DECIDED
    record = current_record(case)
    if record is not None and not (because and missing_from(record) and _is_only_begun(record)):
        finish_record(case, record)
        return Outcome.RECORDED
    if not because:
        raise Missing("because", _("Fill in the record, or write why this was not a crisis."))
    now = timezone.now()
    CrisisRecord.objects.create(
        case=case, by=actor, kind=RecordKind.SHORT, because=because, at=now, second_due_at=now + SECOND_READER
    )
    return Outcome.NOT_A_CRISIS
