"""What the clock does for requests, incidents and lessons: reminds once of each thing, ends what waited too long."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import facts_of
from forum.models import Member
from moderation import incidents, outside_requests
from moderation.actions.outside_requests import lapse_proposal
from moderation.actions.register_mail import once, staff_besides, tell_people, tell_staff
from moderation.models import BEFORE_DECISION, Incident, IncidentKind, Lesson, OutsideRequest, Stage

EVERY = 60  # seconds
SOON = timedelta(days=1)  # before a request is due
REGULATOR_SOON = timedelta(hours=24)  # before the 72 hours are over


def run_outside() -> None:
    now = timezone.now()
    lapse_old_proposals(now)
    remind_of_requests(now)
    remind_of_incidents(now)
    remind_of_lessons(now)


def lapse_old_proposals(now: datetime) -> None:
    """Nobody answered in seven days: it can be proposed anew, or an incident goes on."""
    before = now - outside_requests.PROPOSAL_FOR
    for request in OutsideRequest.objects.filter(stage__in=BEFORE_DECISION, proposed_at__lte=before):
        lapse_proposal(request)
    waited = Incident.objects.filter(closed_at=None, close_asked_at__lte=now - incidents.CLOSE_ASKED_FOR)
    if waited.exists():
        waited.update(close_asked_at=None, close_asked_by=None)


def remind_of_requests(now: datetime) -> None:
    """Nearly due, late, and the day on which it is asked again whether somebody can be told."""
    undecided = OutsideRequest.objects.filter(stage__in=[*BEFORE_DECISION, Stage.DECIDED])
    for request in undecided.filter(due_at__lte=now):
        _remind(request, f"late:{int(request.due_at.timestamp())}", _("A request from outside is late"))
    for request in undecided.filter(due_at__gt=now, due_at__lte=now + SOON):
        _remind(request, f"soon:{int(request.due_at.timestamp())}", _("A request from outside is due"))
    today = timezone.localdate(now)
    untold = Q(will_tell=False, told_at=None, about__isnull=False, review_on__lte=today)
    for request in OutsideRequest.objects.filter(untold).exclude(stage__in=BEFORE_DECISION):
        _remind(request, f"review:{request.review_on}", _("Can the person it is about be told now?"))


def remind_of_incidents(now: datetime) -> None:
    """A breach without an answer about the regulator: a day before the 72 hours are over, and when they are."""
    found_before = now - incidents.REGULATOR_WITHIN + REGULATOR_SOON
    breaches = Incident.objects.filter(kind=IncidentKind.BREACH, closed_at=None, found_at__lte=found_before)
    for incident in breaches.prefetch_related("lines"):
        clock = incidents.regulator_clock(incident)
        if clock is None or clock.over:
            continue
        subject = (
            _("72 hours are over: was the regulator told?") if clock.is_late else _("Has the regulator to be told?")
        )
        with transaction.atomic():
            if once(f"incident:{incident.pk}:{'late' if clock.is_late else 'soon'}"):
                key = f"incident:{incident.pk}:regulator:{clock.is_late}"
                tell_people(key, _readers(incident), subject, "incident", gettext_lazy("the incident"), incident.pk)


def remind_of_lessons(now: datetime) -> None:
    """On its day, whoever is to take a step hears of it."""
    for lesson in Lesson.objects.filter(done_at=None, due_on__lte=timezone.localdate(now)).select_related("who"):
        with transaction.atomic():
            if lesson.who and once(f"lesson:{lesson.pk}:{lesson.due_on}"):
                page = "learning" if lesson.who.role == "staff" else "lessons"
                tell_people(
                    f"lesson:{lesson.pk}:{lesson.due_on}", [lesson.who], gettext_lazy("Something you were to do is due"), page,
                    gettext_lazy("what we learnt"),
                )  # fmt: skip


def _remind(request: OutsideRequest, why: str, subject: str | Promise) -> None:
    with transaction.atomic():
        if once(f"request:{request.pk}:{why}"):
            tell_staff(f"request:{request.pk}:{why}", subject, request)


def _readers(incident: Incident) -> Iterable[Member]:
    return [each for each in staff_besides() if incidents.seen_by(facts_of(each)).filter(pk=incident.pk).exists()]
