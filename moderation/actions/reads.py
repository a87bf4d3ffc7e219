"""Who has read a case, in the audit chain. Reading is no act: nothing about the case or its reader's duty changes by it."""

import logging
from collections.abc import Sequence

from django.db import DatabaseError, transaction
from django.utils import timezone

from forum.models import Member
from moderation import audit
from moderation.actions.moving import locked
from moderation.actions.unusual import note_reads as note_many
from moderation.clocks import READ_AGAIN
from moderation.models import Case, CaseEvent
from moderation.vocabulary import READ

logger = logging.getLogger(__name__)


def note_read(case: Case, reader: Member) -> None:
    """Notes that this person has the case before them: once in a quarter of an hour, however often they load the page.

    Call once it is clear that they may see it. A full disk keeps nobody from a person in danger: then the case opens all
    the same, and the log says who has read it.
    """
    try:
        if _has_read_lately(case, reader):
            return
        with transaction.atomic():
            fresh = locked(case)  # two pages of one person's at once are one read
            if not _has_read_lately(case, reader):
                audit.record(fresh, READ, reader, fresh.state, fresh.state)
        note_many(reader)
    except DatabaseError:
        logger.exception("case %s was read by member %s, and the audit chain could not be told", case.pk, reader.pk)


def note_reads(cases: Sequence[Case], reader: Member) -> None:
    """The same for a page with the words of several cases on it. One query where they were all read lately."""
    since = timezone.now() - READ_AGAIN
    events = CaseEvent.objects.filter(case__in=cases, action=READ, actor=reader, at__gt=since)
    lately = set(events.values_list("case_id", flat=True))
    for case in cases:
        if case.pk not in lately:
            note_read(case, reader)


def _has_read_lately(case: Case, reader: Member) -> bool:
    since = timezone.now() - READ_AGAIN
    return case.events.filter(action=READ, actor=reader, at__gt=since).exists()
