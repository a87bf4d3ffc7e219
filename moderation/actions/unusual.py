"""Telling those who look after this place of what is more than usual. Nobody is stopped, slowed or marked by it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.access import facts_of
from forum.models import Member
from moderation import calls, flood, unusual, whole_place
from moderation.models import Report, Unusual, UnusualKind
from moderation.refusals import NotAllowed


def note_reads(reader: Member) -> None:
    """Call after somebody has opened a case: past the usual, others hear of it, and so does the reader."""
    number = unusual.cases_read(reader, timezone.now())
    if number > settings.CASES_READ_IN_AN_HOUR:
        with transaction.atomic():
            if _note(UnusualKind.READS, reader, number):
                subject = _("You have opened many cases within an hour")
                calls.mail_page(f"own-reads:{_hour()}:{reader.pk}", reader, subject, "duty", _("your duty"))


def note_reports(report: Report) -> None:
    """A report was gathered with others of the same member's. Call inside the transaction that stores it."""
    assert report.reporter is not None
    lately = Report.objects.filter(reporter=report.reporter, made_at__gt=timezone.now() - unusual.HOUR)
    people = lately.order_by().values("case__subject").distinct().count()
    _note(UnusualKind.REPORTS, report.reporter, people)


def note_joined() -> bool:
    """For the clock: many more have joined than in the same hours of other weeks. Whether anybody was told just now."""
    usual = whole_place.read_joined()
    if not usual.is_more:
        return False
    with transaction.atomic():
        return _note(UnusualKind.JOINED, None, usual.now)


def note_outside() -> bool:
    """For the clock: as much has come from outside within the hour as is let ring. Whether anybody was told just now."""
    number = flood.came_within_the_hour()
    if not number:
        return False
    with transaction.atomic():
        return _note(UnusualKind.OUTSIDE, None, number)


def mark_seen(row: Unusual, actor: Member) -> None:
    """Somebody has looked. Twice is once, and who was first stays. Raises NotAllowed."""
    if not unusual.seen_by(facts_of(actor)).filter(pk=row.pk).exists():
        raise NotAllowed(gettext("There is nothing here, or nothing you can see."))
    Unusual.objects.filter(pk=row.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=actor)


def _note(kind: UnusualKind, about: Member | None, number: int) -> bool:
    """One line and one mail an hour; within it the number grows. Whether the line is new."""
    hour = _hour()
    row, made = Unusual.objects.get_or_create(kind=kind, about=about, hour=hour, defaults={"number": number})
    if not made:
        Unusual.objects.filter(pk=row.pk, number__lt=number).update(number=number)
        return False
    for person in unusual.who_hears(about):
        dedupe = f"unusual:{row.pk}:{person.pk}"
        calls.mail_page(dedupe, person, _("Something is more than usual"), "staff_board", _("the staff board"))
    return True


def _hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)
