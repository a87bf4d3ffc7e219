"""Danger that somebody told us with much else at once: it rings late rather than never. One rings for all that wait.

It stood in the queue and was mailed when it came, but rang nobody. When its hour is over and nobody has read it, it counts from
then on like any report. So does what somebody claimed and gave back, or let lapse, without a step: to have held it is not to
have looked after anybody. The others of the same member have another hour: whoever is rung looks at all that stand together.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from forum.limits import locked_member
from moderation import categories
from moderation.actions.joining import hear_anew
from moderation.actions.moving import locked
from moderation.models import CaseEvent, Door, Report, Severity, Source, State
from moderation.turns import SomeFailed, logger
from moderation.unusual import HOUR
from moderation.vocabulary import NO_STEPS, ROUSING
from realtime import log

NO_ACTS = (*NO_STEPS, "open", "report", "take_back", "told_more", "answer", "talk", "claim", "release", "someone_else", "take",
           "acknowledge")  # fmt: skip
"""What is no step for the person: what members send, and to take a case and to let it go."""


def let_ring() -> int:
    """For the clock, the most severe first. Returns how many rang; one that fails keeps no other from it. Raises SomeFailed at
    the very end.
    """
    rung, failed = set[int | None](), []
    for report in sorted(_waiting().filter(rings_from__lte=timezone.now()), key=_rank):
        if report.reporter_id in rung:  # the others of theirs were just put off
            continue
        try:
            if _ring(report):
                rung.add(report.reporter_id)
        except Exception:
            logger.exception("late_ring_failed: report %s; it is tried again at the next look", report.pk)
            failed.append(report.pk)
    if failed:
        raise SomeFailed(f"late rings: reports {failed}")
    return len(rung)


def _ring(report: Report) -> bool:
    """Of all that waits in one case the worst rings, for all of it."""
    with transaction.atomic():
        if report.reporter:  # of two clocks one rings for this member
            locked_member(report.reporter)
        case, now = locked(report.case), timezone.now()
        together = list(_waiting().filter(case=case))
        if not any(each.pk == report.pk and each.rings_from and each.rings_from <= now for each in together):
            return False  # the other may have let it ring, or put it off
        worst = min(together, key=_rank)
        log.append(*hear_anew(worst, case, _severity_of(worst)))
        Report.objects.filter(pk__in=[each.pk for each in together if each.pk != worst.pk]).update(rang_at=now)
        others = _waiting().filter(reporter=report.reporter_id, rings_from__lt=now + HOUR)
        Report.objects.filter(pk__in=list(others.values_list("pk", flat=True))).update(rings_from=now + HOUR)
    return True


def _severity_of(report: Report) -> Severity:
    return categories.severity_of(report.door, report.category)


def _rank(report: Report) -> int:
    return _severity_of(report).rank


def _waiting() -> QuerySet[Report]:
    """Gathered danger that nobody looks after and for which nobody was called in another way since."""
    waiting = Report.objects.filter(rings_from__isnull=False, rang_at=None, withdrawn_at=None)
    found = waiting.filter(Q(read_at=None) | _went_back()).exclude(case__state=State.CLOSED).exclude(_was_heard())
    return found.select_related("case", "reporter").order_by("made_at", "pk")


def _was_heard() -> Q:
    """Somebody else told us of danger as severe since, and telephones rang for it. A letter that waits itself is no call."""
    since = Report.objects.filter(case=OuterRef("case"), made_at__gte=OuterRef("made_at"), severity__in=ROUSING)
    heard = since.exclude(source=Source.SCREENING).exclude(Report.WAKES_NOBODY)
    heard = heard.exclude(letter__rings_from__isnull=False, letter__rang_at=None)
    emergency = Q(pk__in=())
    for door in Door.values:
        emergency |= Q(door=door, category__in=categories.keys_of(door, {Severity.EMERGENCY}))
    return Q(Exists(heard.filter(severity=Severity.EMERGENCY))) | Q(Exists(heard)) & ~emergency


def _went_back() -> Q:
    """It was read by whoever took the case, and the case waits again without a step of anybody's since."""
    by_reader = Q(actor=OuterRef("read_by"), at__gte=OuterRef("made_at"))  # a step is written before what it read
    steps = CaseEvent.objects.filter(by_reader | Q(at__gte=OuterRef("read_at")), case=OuterRef("case"))
    steps = steps.exclude(actor=None).exclude(action__in=NO_ACTS)
    return Q(case__holder=None, case__state__in=(State.OPEN, State.ESCALATED)) & ~Q(Exists(steps))
