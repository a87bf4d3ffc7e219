"""Writing the crisis record while it happens, finishing it, and having it read by somebody else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from forum.refusals import Refusal
from moderation import access, record_parts, sheets
from moderation.actions import running
from moderation.actions.moving import _move, guard, locked
from moderation.clocks import EMERGENCY_READER, RECORD_SITTING
from moderation.models import Case, CrisisRecord, RecordKind, RecordVersion, Severity
from moderation.record_parts import missing_from
from moderation.refusals import Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a save comes from: which version it showed, its own name, and which of its saves this is."""

    seen: int = 0
    tab: UUID | None = None
    turn: int = 0


class RecordChanged(Refusal):
    """Somebody else, or another page, has saved since. `record` is as it stands now; `by` saved it."""

    def __init__(self, record: CrisisRecord, by: Member) -> None:
        super().__init__()
        self.record, self.by = record, by

    @property
    def message(self) -> str:
        return _("%(who)s saved this record in the meantime. Your words are kept: both stand here.") % {
            "who": self.by.handle
        }


def current_record(case: Case) -> CrisisRecord | None:
    """The full record of this escalation, which is written on until the case is closed."""
    if case.escalated_at is None:
        return None
    of_this_time = Q(episode=case.episode) | Q(episode=0, at__gte=case.escalated_at)
    return case.records.filter(of_this_time, kind=RecordKind.FULL).first()


def save_record(case: Case, actor: Member, typed: Mapping[str, str], page: Page | None = None) -> CrisisRecord:
    """Keeps what the holder has written so far. A save that changes nothing makes no version.

    `typed` holds parts by name, as `record_parts.fields_of` gives them; what is not in it stays. `page` None: whatever
    stands there is written over. Raises RecordChanged, NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        fresh = guard("record", case, actor)
        record = begun_record(fresh, actor)
        if page is not None and record.pk and (answer := _out_of_turn(record, page, typed)):
            return answer
        log.append(*write(fresh, record, actor, typed, page or Page()))
    return record


def write(case: Case, record: CrisisRecord, actor: Member, typed: Mapping[str, str], page: Page) -> list[NewEvent]:
    """Puts these parts into the record and keeps a version where that changed something. Returns events for the caller to
    append; call inside a transaction, on a locked case.
    """
    before = record_parts.fields_of(record)
    _fill(record, typed)
    if record.pk and record_parts.fields_of(record) == before:
        return []
    return _keep(case, record, actor, page)


def finish_record(case: Case, record: CrisisRecord) -> None:
    """Marks what a case is closed with. Call inside the transaction. Raises Missing with every part that is still open."""
    if missing := missing_from(record):
        names = ", ".join(str(part.label) for part in missing)
        raise Missing("because", _("The record is not whole yet. Still open: %(parts)s.") % {"parts": names})
    now = timezone.now()
    record.finished_at = now
    read_whole = record.second_read_at is not None and record.second_read_version == record.version
    if (case.severity == Severity.EMERGENCY or record.second_due_at) and not read_whole:
        _read_anew(record, now)
    record.save()


def read_record(record: CrisisRecord, actor: Member) -> CrisisRecord:
    """A second person reads a short close or an emergency's record. Twice is once.

    Raises NotAllowed for whoever wrote any of it, and for those who do not take such cases.
    """
    with transaction.atomic():
        case = locked(record.case)
        record = CrisisRecord.objects.select_for_update().get(pk=record.pk)
        if not may_read_again(record, case, actor):
            raise NotAllowed(_("Somebody else reads this a second time."))
        if record.second_read_at:
            return record
        record.second_reader, record.second_read_at = actor, timezone.now()
        record.second_read_version = record.version
        record.save(update_fields=["second_reader", "second_read_at", "second_read_version"])
        log.append(*_move(case, "second_reading", actor))
    return record


def may_read_again(record: CrisisRecord, case: Case, actor: Member) -> bool:
    """Whether this person takes such cases and wrote none of it."""
    viewer, facts = access.facts_of(actor), access.case_facts(case)
    takes = access.may_see_case(viewer, facts) and viewer.role in access.takers_of(facts)
    return takes and record.by_id != actor.pk and not record.versions.filter(by=actor).exists()


def _read_anew(record: CrisisRecord, now: datetime) -> None:
    """Somebody reads it, by when it was due already or three days from now."""
    if record.second_read_at is not None or record.second_due_at is None:
        record.second_due_at, record.reminded_at = now + EMERGENCY_READER, None
    record.second_read_at, record.second_reader, record.second_read_version = None, None, None


def begun_record(case: Case, actor: Member) -> CrisisRecord:
    """The record of this escalation, or a new one that is not saved yet, with the words as they were reported."""
    record = current_record(case)
    if record is not None:
        return record
    return CrisisRecord(
        case=case, by=actor, kind=RecordKind.FULL, episode=case.episode, version=0, snapshot=sheets.taken(case)
    )


def _out_of_turn(record: CrisisRecord, page: Page, typed: Mapping[str, str]) -> CrisisRecord | None:
    """The record as it is, where this save is an older one of its own page. Raises RecordChanged for anybody else's."""
    last = record.versions.last()
    if last is None or page.seen == record.version:
        return None
    others = record.versions.filter(n__gt=page.seen).exclude(tab=page.tab or uuid4())
    if others.exists():
        now = record_parts.fields_of(record)
        if all(now.get(name) == words for name, words in typed.items()):
            return record
        raise RecordChanged(record, last.by)
    return record if 0 < page.turn <= last.turn else None  # without scripts no page counts its turns


def _fill(record: CrisisRecord, typed: Mapping[str, str]) -> None:
    before = record.follow_up_on
    for name, words in typed.items():
        if name == "follow_up_on":
            record.follow_up_on = date.fromisoformat(words) if words else None
        elif name == "not_known":
            record.not_known = record_parts.stored(words.split(","))
        elif name in record_parts.TYPED:
            setattr(record, name, words.strip())
    if record.follow_up_on != before:
        record.followed_up_at = None


def _keep(case: Case, record: CrisisRecord, actor: Member, page: Page) -> list[NewEvent]:
    """The row, its version, and a line in the time line where a sitting begins."""
    now, last = timezone.now(), record.versions.last() if record.pk else None
    record.by, record.at, record.version = actor, now, record.version + 1
    if record.second_reader_id == actor.pk:  # who read it writes in it now: somebody else reads it again
        _read_anew(record, now)
    if case.severity == Severity.EMERGENCY and record.second_due_at is None:
        record.second_due_at = now + EMERGENCY_READER
    record.save()
    RecordVersion.objects.create(
        record=record,
        n=record.version,
        by=actor,
        at=now,
        fields=json.dumps(record_parts.fields_of(record)),
        tab=page.tab or uuid4(),
        turn=page.turn,
    )
    written = case.events.filter(action="record", actor=actor, at__gt=now - RECORD_SITTING)
    if last is not None and last.by_id == actor.pk and written.exists():
        return []
    return _move(case, "record", actor, **running.renewed(case, now))
