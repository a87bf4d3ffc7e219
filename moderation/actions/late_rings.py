"""Danger that somebody told us with much else at once: it rings late rather than never. One rings for all that wait.

It stood in the queue and was mailed when it came, but rang nobody. When its hour is over and nobody has read it, it counts from
then on like any report. The others of the same member have another hour: whoever is rung looks at all that stand together.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from forum.limits import locked_member
from moderation import categories
from moderation.actions.joining import hear_anew
from moderation.actions.moving import locked
from moderation.models import Report, Source, State
from moderation.turns import SomeFailed, logger
from moderation.unusual import HOUR
from moderation.vocabulary import ROUSING
from realtime import log


def let_ring() -> int:
    """For the clock. Returns how many rang; one that fails keeps no other from it. Raises SomeFailed at the very end."""
    done, failed = 0, []
    for report in _waiting().filter(rings_from__lte=timezone.now()):
        try:
            done += _ring(report)
        except Exception:
            logger.exception("late_ring_failed: report %s; it is tried again at the next look", report.pk)
            failed.append(report.pk)
    if failed:
        raise SomeFailed(f"late rings: reports {failed}")
    return done


def _ring(report: Report) -> bool:
    with transaction.atomic():
        if report.reporter:  # of two clocks one rings for this member
            locked_member(report.reporter)
        case, now = locked(report.case), timezone.now()
        fresh = (
            _waiting().filter(pk=report.pk, rings_from__lte=now).first()
        )  # the other may have let it ring, or put it off
        if fresh is None:
            return False
        log.append(*hear_anew(fresh, case, categories.severity_of(fresh.door, fresh.category)))
        _waiting().filter(case=case).update(rang_at=now)
        others = _waiting().filter(reporter=fresh.reporter_id, rings_from__lt=now + HOUR)
        Report.objects.filter(pk__in=list(others.values_list("pk", flat=True))).update(rings_from=now + HOUR)
    return True


def _waiting() -> QuerySet[Report]:
    """Gathered danger that nobody has read and for which nobody was called in another way since."""
    since = Report.objects.filter(case=OuterRef("case"), made_at__gte=OuterRef("made_at"), severity__in=ROUSING)
    heard = since.exclude(source=Source.SCREENING).exclude(Report.WAKES_NOBODY)
    waiting = Report.objects.filter(rings_from__isnull=False, rang_at=None, read_at=None, withdrawn_at=None)
    found = waiting.exclude(case__state=State.CLOSED).exclude(Exists(heard))
    return found.select_related("case", "reporter").order_by("made_at", "pk")
