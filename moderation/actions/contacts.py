"""Whom staff tried to reach: a row for each attempt and for each answer, in the record of the case."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import record_parts
from moderation.actions import running
from moderation.actions.moving import _move, guard
from moderation.actions.records import Page, begun_record, write
from moderation.models import Answer, Case, Contact, ContactTried
from moderation.models.reaching import TURNED_AWAY
from moderation.refusals import Missing
from realtime import log


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: `whom` and `answer` are values of Contact and Answer, `tried_at` when it was."""

    whom: str
    answer: str
    name: str = ""
    incident_number: str = ""
    what_next: str = ""
    tried_at: datetime | None = None


def add_contact(case: Case, actor: Member, tried: Tried, key: UUID | None = None) -> ContactTried:
    """Notes one attempt. The same `key` twice is one row; a record that is not begun yet begins with it, and one that said
    that nobody was contacted says so no more.

    Raises Missing (who it was; what came next after a refusal), NotAllowed, CaseMoved.
    """
    _judge(tried)
    with transaction.atomic():
        fresh = guard("contact_tried", case, actor)
        key = key or uuid4()
        if (already := ContactTried.objects.filter(key=key, by=actor).first()) is not None:
            return already
        record = begun_record(fresh, actor)
        known = [name for name in record_parts.unknown_in(record.not_known) if name != "contacts"]
        events = write(fresh, record, actor, {"not_known": record_parts.stored(known)}, Page())
        values = asdict(tried) | {"tried_at": tried.tried_at or timezone.now()}
        row = ContactTried.objects.create(record=record, by=actor, key=key, **values)
        log.append(*events, *_move(fresh, "contact_tried", actor, **running.renewed(fresh, timezone.now())))
    return row


def _judge(tried: Tried) -> None:
    if tried.whom != Contact.MEMBER and not tried.name.strip():
        raise Missing("name", _("Write which service or person it was, and where."))
    if tried.whom != Contact.EMERGENCY and tried.incident_number:
        raise Missing("incident_number", _("Only emergency services give an incident number."))
    if tried.answer in TURNED_AWAY and not tried.what_next.strip():
        raise Missing("what_next", _("Write what you did next. “We do not know yet” is an answer."))
    if tried.whom != Contact.EMERGENCY and tried.answer == Answer.NOT_TRACEABLE:
        raise Missing("answer", _("Only emergency services trace people. Choose another answer."))
