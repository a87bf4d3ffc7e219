"""Handing a case to staff, and what staff do with it."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import access, live
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.moving import _move, guard, is_held_by, locked
from moderation.actions.staying import tell_who_stayed
from moderation.clocks import SECOND_READER, next_action_due
from moderation.models import Case, CrisisRecord, EscalationSource, Kind, Outcome, RecordKind, State
from moderation.refusals import Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent


@dataclass(frozen=True, slots=True)
class Record:
    """What staff write down: their words, what they want, and what was done must be there."""

    what_they_said: str
    when_and_where: str
    what_they_want: str
    what_we_did: str
    who_was_told: str


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
        log.append(*events, *read_reports(fresh, actor, fresh.version, tell=False), *live.tell_reporters(fresh))
    return fresh


def save_record(case: Case, actor: Member, record: Record) -> CrisisRecord:
    """Keeps the crisis record of a case that staff hold: written once, mended until the case is closed.

    Raises Missing for words that must be there, NotAllowed, CaseMoved.
    """
    _need(record, "what_they_said", "what_they_want", "what_we_did")
    with transaction.atomic():
        fresh = guard("record", case, actor)
        written = CrisisRecord.objects.filter(case=fresh, kind=RecordKind.FULL, at__gte=fresh.escalated_at).first()
        saved = written or CrisisRecord(case=fresh, kind=RecordKind.FULL)
        for field, words in asdict(record).items():
            setattr(saved, field, words.strip())
        saved.by, saved.at = actor, timezone.now()
        saved.save()
        log.append(*_move(fresh, "record", actor, **running.renewed(fresh, timezone.now())))
    return saved


def close_case(case: Case, actor: Member, *, because: str = "", note: str = "") -> Case:
    """Closes a case that staff hold. A care case needs its crisis record since the escalation, or `because`: why it was no
    crisis, which a second person reads within a day.

    Raises Missing (a care case with neither; another with no note), NotAllowed, CaseMoved. The receipts change.
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
        log.append(*_move(fresh, "return", actor, words=note, **begun, offered_to=fresh.escalated_by))
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
        log.append(*_move(fresh, "reopen", actor, words=note, **begun, offered_to=fresh.closed_by))
    return fresh


def read_short_close(record: CrisisRecord, actor: Member) -> CrisisRecord:
    """A second person reads why something was no crisis. Twice is once. Raises NotAllowed for its author and for others."""
    with transaction.atomic():
        case = locked(record.case)
        record = CrisisRecord.objects.select_for_update().get(pk=record.pk)
        viewer = access.facts_of(actor)
        facts = access.case_facts(case)
        if (
            not access.may_see_case(viewer, facts)
            or viewer.role not in access.takers_of(facts)
            or record.by_id == actor.pk
        ):
            raise NotAllowed(_("Somebody else reads this a second time."))
        if record.second_read_at:
            return record
        record.second_reader, record.second_read_at = actor, timezone.now()
        record.save(update_fields=["second_reader", "second_read_at"])
        log.append(*_move(case, "second_reading", actor))
    return record


def call_for_staff(case: Case, source: EscalationSource) -> list[NewEvent]:
    """Escalates an open case by itself: screening's emergency, or nobody on duty. Returns events for the caller to append."""
    return _move(case, "call", None, **escalated(case, source, None))


def _outcome(case: Case, actor: Member, because: str, note: str) -> Outcome:
    if case.kind != Kind.CARE:
        if not note:
            raise Missing("note", _("Write how this ended."))
        return Outcome.DECIDED
    if CrisisRecord.objects.filter(case=case, kind=RecordKind.FULL, at__gte=case.escalated_at).exists():
        return Outcome.RECORDED
    if not because:
        raise Missing("because", _("Fill in the record, or write why this was not a crisis."))
    now = timezone.now()
    CrisisRecord.objects.create(
        case=case, by=actor, kind=RecordKind.SHORT, because=because, at=now, second_due_at=now + SECOND_READER
    )
    return Outcome.NOT_A_CRISIS


def _need(record: Record, *fields: str) -> None:
    for field in fields:
        if not getattr(record, field).strip():
            raise Missing(field, _("This part of the record is needed. A few words are enough."))
