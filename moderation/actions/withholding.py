"""Keeping a record from the person it is about for a while: two of the staff, a written reason, and a day to look again."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation.actions.moving import _move, guard
from moderation.clocks import WITHHELD_AT_MOST
from moderation.models import Case, CrisisRecord, RecordWithheld
from moderation.refusals import Missing, NotAllowed
from realtime import log


def propose_withholding(record: CrisisRecord, actor: Member, *, why: str, review_on: date | None) -> RecordWithheld:
    """Asks that the person does not read the record yet. It holds at once, and lapses after a week that nobody confirms it.

    Raises Missing (why; a day within three months), NotAllowed also where it is withheld already, and for whoever asked last
    time and found nobody who agreed; CaseMoved.
    """
    review_on = _judged(why, review_on)
    with transaction.atomic():
        case = guard("withhold", record.case, actor)
        if record.withheld.filter(ended_at=None).exists():
            raise NotAllowed(_("This is so already. Here is where it stands now."))
        _refuse_asking_anew(record.withheld.first(), actor)
        row = RecordWithheld.objects.create(record=record, why=why.strip(), review_on=review_on, proposed_by=actor)
        log.append(*_move(case, "withhold", actor))
    return row


def confirm_withholding(withheld: RecordWithheld, actor: Member) -> RecordWithheld:
    """A second person agrees. Twice by the same person is once. Raises NotAllowed (whoever proposed it; one that is over)."""
    with transaction.atomic():
        case, row = _locked("withhold_confirm", withheld, actor)
        if row.confirmed_by_id == actor.pk:
            return row
        if row.proposed_by_id == actor.pk:
            raise NotAllowed(_("You asked for this, so somebody else agrees or not."))
        if row.confirmed_by_id is not None:
            raise NotAllowed(_("Two people have agreed to this already."))
        row.confirmed_by, row.confirmed_at = actor, timezone.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        log.append(*_move(case, "withhold_confirm", actor))
    return row


def renew_withholding(withheld: RecordWithheld, actor: Member, *, why: str, review_on: date | None) -> RecordWithheld:
    """On its review: it goes on with a reason of today's, and again another person confirms it. Raises as proposing it, and
    NotAllowed for what no second person has agreed to.
    """
    review_on = _judged(why, review_on)
    with transaction.atomic():
        case, row = _locked("withhold", withheld, actor)
        if row.confirmed_at is None:
            raise NotAllowed(_("Nobody has agreed to this yet, so there is nothing to renew."))
        row.ended_by, row.ended_at = actor, timezone.now()
        row.save(update_fields=["ended_by", "ended_at"])
        fresh = RecordWithheld.objects.create(
            record_id=row.record_id, why=why.strip(), review_on=review_on, proposed_by=actor
        )
        log.append(*_move(case, "withhold", actor))
    return fresh


def end_withholding(withheld: RecordWithheld, actor: Member) -> RecordWithheld:
    """The person can read the record from now on; one person is enough for that. Raises NotAllowed."""
    with transaction.atomic():
        case, row = _locked("withhold_end", withheld, actor)
        row.ended_by, row.ended_at = actor, timezone.now()
        row.save(update_fields=["ended_by", "ended_at"])
        log.append(*_move(case, "withhold_end", actor))
    return row


def lapse_proposals(older_than: timedelta) -> int:
    """The clock's: what one person asked for and nobody confirmed. Returns how many this clock ended."""
    now = timezone.now()
    waiting = RecordWithheld.objects.filter(confirmed_at=None, ended_at=None, proposed_at__lte=now - older_than)
    return waiting.update(ended_at=now)


def _refuse_asking_anew(last: RecordWithheld | None, actor: Member) -> None:
    """One person alone keeps nothing from anybody, week after week: a second time it is another who asks."""
    if last is not None and last.confirmed_at is None and last.proposed_by_id == actor.pk:
        raise NotAllowed(_("You asked for this before and nobody agreed, so somebody else asks this time."))


def _locked(action: str, withheld: RecordWithheld, actor: Member) -> tuple[Case, RecordWithheld]:
    fresh = Case.objects.get(pk=withheld.record.case_id)
    case = guard(action, fresh, actor)
    row = RecordWithheld.objects.select_for_update().get(pk=withheld.pk)
    if row.ended_at is not None:
        raise NotAllowed(_("This is over already. Here is where it stands now."))
    return case, row


def _judged(why: str, review_on: date | None) -> date:
    today = timezone.localdate()
    if not why.strip():
        raise Missing("why", _("Write whom it would endanger to read this now, and how."))
    if review_on is None or not today < review_on <= today + WITHHELD_AT_MOST:
        raise Missing("review_on", _("Choose a day within the next three months on which two people look again."))
    return review_on
