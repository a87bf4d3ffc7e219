"""What screening finds in a handle, in pronouns or in a few words about oneself: a person is asked to look, and nothing else."""

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from forum.access import has_role
from forum.models import Member
from moderation import screening, screening_rules
from moderation.actions.joining import join_case
from moderation.models import Case, Door, Kind, Report, Severity, Source, State
from moderation.screening import CRISIS, POSING, Screening
from realtime import log

logger = logging.getLogger(__name__)
FAILED = "screening_failed"
A_DAY, ENOUGH = timedelta(days=1), 5  # ours: a person is asked already, however often somebody changes what they say


def screen_self_words(member: Member, words: str) -> None:
    """Opens or joins a case where these words ask for one. The name or the words stand, and a person decides.

    They are read once: whatever fails here, a person is asked to read them, as with a post.
    """
    try:
        with transaction.atomic():
            _screen(member, words)
    except Exception:
        logger.exception("screening_failed: a person is asked to look at what member %s says of themselves", member.pk)
        with transaction.atomic():
            _open(member, words, FAILED, Severity.SOON, [])


def _screen(member: Member, words: str) -> None:
    for found in screening.findings(words, screening_rules.current()):
        assert found.severity is not None
        severity = Severity(found.severity)
        if has_role(member) and found.category == POSING:
            continue
        if not _was_asked(member, words, found, severity):
            _open(member, words, found.category, severity, [asdict(reason) for reason in found.reasons])


def _open(member: Member, words: str, category: str, severity: Severity, reasons: list[dict[str, Any]]) -> None:
    care = category == CRISIS
    door = Door.WORRY if care else Door.RULE
    report = Report(door=door, category=category, source=Source.SCREENING, note=words, reasons=reasons)
    with transaction.atomic():
        about = Case(kind=Kind.CARE if care else Kind.CONDUCT, subject=member)
        log.append(*join_case(report, about, severity))


def _was_asked(member: Member, words: str, found: Screening, severity: Severity) -> bool:
    """Whether a person has been asked about as much. About danger only where these words wait in a case that goes on: no
    number of other findings is enough for it.
    """
    asked = _asked(member, severity)
    same = asked.filter(category=found.category, note=words)
    if found.category == CRISIS:
        return same.exclude(case__state=State.CLOSED).exists()
    lately = asked.exclude(category__in=(CRISIS, FAILED)).filter(made_at__gt=timezone.now() - A_DAY)
    return lately.count() >= ENOUGH or same.filter(made_at__gt=timezone.now() - A_DAY).exists()


def _asked(member: Member, severity: Severity) -> QuerySet[Report]:
    """What screening found before in what they say of themselves that was at least as grave."""
    as_grave = [each for each in Severity if each.rank <= severity.rank]
    return Report.objects.filter(case__subject=member, post=None, source=Source.SCREENING, severity__in=as_grave)
