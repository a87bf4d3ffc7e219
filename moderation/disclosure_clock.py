"""What the clock does about contact details and legal holds: lapses what nobody answered, reminds of reviews, ends holds."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation import disclosure_mail, legal_holds
from moderation.actions.moving import _move, locked
from moderation.clocks import DISCLOSURE_ASKED_FOR, DISCLOSURE_REMIND, HOLD_REMIND
from moderation.models import Disclosure, DisclosureStage, HoldStage, LegalHold, Purpose, State
from moderation.refusals import CaseMoved
from realtime import log


def run_disclosures() -> None:
    """Everything that is due. Of several clocks one does each thing: the UPDATE names what it saw."""
    now = timezone.now()
    _lapse_wishes(now)
    _remind_of_reviews(now)
    _lapse_holds(now)
    _end_holds(now)
    _remind_of_holds(now)


def _lapse_wishes(now: datetime) -> None:
    """What nobody answered in a week; and what was asked for in a danger that is over."""
    old, over = Q(asked_at__lte=now - DISCLOSURE_ASKED_FOR), Q(purpose=Purpose.DANGER, case__state=State.CLOSED)
    for row in list(Disclosure.objects.filter(old | over, stage=DisclosureStage.ASKED)):
        _turn(row, DisclosureStage.ASKED, DisclosureStage.LAPSED, "disclosure_lapsed")


def _remind_of_reviews(now: datetime) -> None:
    unread = Disclosure.objects.filter(stage=DisclosureStage.ALONE, reviewed_at=None)
    for row in list(unread.filter(reminded_at=None, review_due_at__lte=now + DISCLOSURE_REMIND, review_due_at__gt=now)):
        with transaction.atomic():
            if unread.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
                disclosure_mail.remind_of_review(row)
    for row in list(unread.filter(late_told_at=None, review_due_at__lte=now)):
        with transaction.atomic():
            if unread.filter(pk=row.pk, late_told_at=None).update(late_told_at=now):
                disclosure_mail.tell_of_late_review(row)


def _lapse_holds(now: datetime) -> None:
    due = LegalHold.objects.filter(stage=HoldStage.PROPOSED, proposed_at__lte=now - DISCLOSURE_ASKED_FOR)
    for row in list(due):
        _turn(row, HoldStage.PROPOSED, HoldStage.LAPSED, "hold_lapsed")


def _end_holds(now: datetime) -> None:
    for row in list(LegalHold.objects.filter(stage=HoldStage.IN_FORCE, ends_at__lte=now)):
        if _turn(row, HoldStage.IN_FORCE, HoldStage.ENDED, "hold_ended"):
            legal_holds.let_erasure_go_on(row.member_id)


def _remind_of_holds(now: datetime) -> None:
    """A week before somebody has to look at it again, and once more when nobody has: it stands on the board as late then."""
    rows = LegalHold.objects.filter(stage=HoldStage.IN_FORCE)
    for row in list(rows.filter(reminded_at=None, review_at__lte=now + HOLD_REMIND).select_related("owner", "case")):
        with transaction.atomic():
            if rows.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
                legal_holds.remind(row)
    for row in list(rows.filter(late_told_at=None, review_at__lte=now).select_related("case")):
        with transaction.atomic():
            if rows.filter(pk=row.pk, late_told_at=None).update(late_told_at=now):
                legal_holds.tell_late(row)


def _turn(row: Disclosure | LegalHold, was: str, becomes: str, action: str) -> bool:
    """Moves one row on and writes it into its case, under the case's lock as every action does."""
    try:
        with transaction.atomic():
            case = locked(row.case)
            mine = type(row)._default_manager.filter(pk=row.pk, stage=was).update(stage=becomes)
            if mine:
                log.append(*_move(case, action, None))
    except CaseMoved:
        return False
    return bool(mine)
