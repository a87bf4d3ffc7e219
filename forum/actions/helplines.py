"""What operators do with the helplines."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from forum import helplines
from forum.models import Helpline, Member


def check_helplines(lines: Iterable[Helpline], by: Member) -> int:
    """Says that `by` has held these against the services' own pages today. Returns how many; nobody else is told."""
    checked = Helpline.objects.filter(pk__in=[line.pk for line in lines])
    return _write(checked, checked_on=timezone.localdate(), checked_by=by)


def uncheck_helpline(line: Helpline) -> None:
    """What the last check was about has changed, so it counts no longer. On a real site the line waits for the next one."""
    _write(Helpline.objects.filter(pk=line.pk), checked_on=None, checked_by=None)


def _write(lines: QuerySet[Helpline], **fields: object) -> int:
    written = lines.update(**fields)
    transaction.on_commit(helplines.forget)
    return written
