"""Opening a case's page and leaving it. No act: it keeps no claim alive, and nobody is on shift for it."""

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from forum.models import Member
from moderation import live
from moderation.models import Case, Looking
from realtime import log

logger = logging.getLogger(__name__)


def look_at(case: Case, member: Member) -> None:
    """Notes that this person has the page open, in one statement. Again is once, and renews it."""
    Looking.objects.bulk_create(
        [Looking(case=case, member=member, at=timezone.now())],
        update_conflicts=True,
        update_fields=["at"],
        unique_fields=["case", "member"],
    )


def begin_looking(case: Case, member: Member) -> None:
    """The page is being opened. It opens also where nothing can be written just now: a full disk hides no case."""
    try:
        with transaction.atomic():
            look_at(case, member)
    except DatabaseError:
        logger.warning("who is looking could not be noted", exc_info=True)


def keep_looking(case: Case, member: Member) -> None:
    """The page says that it is still open. The first time, colleagues' pages hear of it."""
    with transaction.atomic():
        look_at(case, member)
        if Looking.objects.filter(case=case, member=member, told=False).update(told=True):
            log.append(*live.announce_case(case, member))


def stop_looking(case: Case, member: Member) -> None:
    """The page was left. Twice is once."""
    with transaction.atomic():
        gone = list(Looking.objects.filter(case=case, member=member))
        if gone and Looking.objects.filter(pk__in=[each.pk for each in gone]).delete()[0]:
            log.append(*(live.announce_case(case, member) if gone[0].told else []))
