"""The hand-over sheet for emergency services: frozen as it was given, in the audit, once for each press."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import sheets
from moderation.actions import running
from moderation.actions.moving import _move, guard
from moderation.actions.records import current_record
from moderation.models import Case, CrisisRecord, HandOverSheet
from moderation.refusals import Missing
from realtime import log


def make_sheet(
    case: Case, actor: Member, *, to_whom: str, chosen: Collection[str], contact: Collection[str] = (), why_now: str = "",
    key: UUID | None = None,
) -> HandOverSheet:  # fmt: skip
    """Freezes what is handed over: the chosen parts of the record as they stand now, and which contact details go with it.

    `chosen` are names of `sheets.PARTS`, `contact` of `sheets.CONTACT_FIELDS`. The same key twice is one sheet. Raises
    Missing (to whom; why now; nothing chosen; no record yet), NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        fresh = guard("sheet", case, actor)
        key = key or uuid4()
        if (already := HandOverSheet.objects.filter(key=key, by=actor).first()) is not None:
            return already
        record = current_record(fresh)
        _judge(record, to_whom, chosen, why_now)
        assert record is not None
        sheet = HandOverSheet.objects.create(
            record=record,
            by=actor,
            to_whom=to_whom.strip(),
            given_fields=",".join(name for name in sheets.CONTACT_FIELDS if name in contact),
            words=json.dumps(_frozen(record, chosen, why_now)),
            key=key,
        )
        log.append(*_move(fresh, "sheet", actor, words=str(sheet.pk), **running.renewed(fresh, timezone.now())))
    return sheet


def _frozen(record: CrisisRecord, chosen: Collection[str], why_now: str) -> dict[str, Any]:
    parts = {name: sheets.part_of(record, name) for name in sheets.PARTS if name in chosen}
    return {"case": record.case_id, "version": record.version, "why_now": why_now.strip(), "parts": parts}


def _judge(record: CrisisRecord | None, to_whom: str, chosen: Collection[str], why_now: str) -> None:
    if not to_whom.strip():
        raise Missing("to_whom", _("Write to whom this goes, such as which control room."))
    if not why_now.strip():
        raise Missing("why_now", _("Write in a line why it is now."))
    if record is None:
        raise Missing("chosen", _("There is no record yet. Write what they said first; a line is enough."))
    if not set(chosen) & set(sheets.PARTS):
        raise Missing("chosen", _("Choose at least one part to hand over."))
