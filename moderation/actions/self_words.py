"""What screening finds in a handle, in pronouns or in a few words about oneself: a person is asked to look, and nothing else."""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from forum.access import has_role
from forum.models import Member
from moderation import screening, screening_rules
from moderation.actions.joining import join_case
from moderation.models import Case, Door, Kind, Report, Severity, Source
from moderation.screening import CRISIS, POSING, Screening
from realtime import log

A_DAY, ENOUGH = timedelta(days=1), 5  # ours: a person is asked already, however often somebody changes what they say


def screen_self_words(member: Member, words: str) -> None:
    """Opens or joins a case where these words ask for one. The name or the words stand, and a person decides."""
    for found in screening.findings(words, screening_rules.current()):
        if not (has_role(member) and found.category == POSING) and not _was_asked(member, words):
            _open(member, words, found)


def _open(member: Member, words: str, found: Screening) -> None:
    care = found.category == CRISIS
    report = Report(
        door=Door.WORRY if care else Door.RULE,
        category=found.category,
        source=Source.SCREENING,
        note=words,
        reasons=[asdict(reason) for reason in found.reasons],
    )
    assert found.severity is not None
    with transaction.atomic():
        about = Case(kind=Kind.CARE if care else Kind.CONDUCT, subject=member)
        log.append(*join_case(report, about, Severity(found.severity)))


def _was_asked(member: Member, words: str) -> bool:
    since = timezone.now() - A_DAY
    lately = Report.objects.filter(case__subject=member, post=None, source=Source.SCREENING, made_at__gt=since)
    return lately.filter(note=words).exists() or lately.count() >= ENOUGH
