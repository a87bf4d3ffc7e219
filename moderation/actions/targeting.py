"""Somebody uses worries to trouble a person: a case about that, when whoever holds the care case says so, and never else."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation.actions import running
from moderation.actions.joining import join_case
from moderation.actions.moving import _move, guard
from moderation.models import Case, Door, Kind, Report, Reserved, Severity, Source
from moderation.refusals import Missing, NotAllowed
from realtime import log

TARGETING = "targeting"


def name_targeting(case: Case, actor: Member, report: Report, note: str) -> Report:
    """Opens or joins a conduct case about who made this worry, with a note, as noticed by whoever names it.

    The worry itself stays one, the care case goes on, and the reporter hears nothing by itself. Its case is kept for staff:
    a moderator who named a report must not read in the queue who made it. The same report twice is once.

    Raises Missing, NotAllowed (also where no member but the actor made the report) and CaseMoved.
    """
    if not note.strip():
        raise Missing("note", _("Write what makes you think so."))
    with transaction.atomic():
        fresh = guard("targeting", case, actor)
        worry = fresh.reports.select_related("reporter").filter(pk=report.pk, door=Door.WORRY).first()
        reporter = worry.reporter if worry else None
        if worry is None or reporter is None or reporter.pk == actor.pk or not reporter.is_active:
            raise NotAllowed(_("There is no member behind this report whom a case could be about."))
        if named := Report.objects.filter(key=worry.key, reporter=actor, category=TARGETING).first():
            return named
        # The worry's own key: one case for one worry, however often it is named.
        named = Report(
            door=Door.RULE, category=TARGETING, note=note.strip(), reporter=actor, source=Source.NOTICED, key=worry.key
        )
        events = join_case(named, Case(kind=Kind.CONDUCT, subject=reporter), Severity.SOON, Reserved.STAFF)
        words = f"report {worry.pk}"
        events += _move(fresh, "targeting", actor, words=words, **running.renewed(fresh, timezone.now()))
        log.append(*events)
    return named
