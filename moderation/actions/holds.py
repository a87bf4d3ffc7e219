"""Legal holds: one person proposes, another confirms; nothing of the member is erased until it is released or ends."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.mail import mail_member
from forum.models import Member
from moderation import legal_holds
from moderation.actions.moving import _move, guard
from moderation.models import Case, HoldStage, LegalHold
from moderation.refusals import Answered, Missing, NotAllowed
from realtime import log


@dataclass(frozen=True, slots=True)
class Terms:
    """Why, who looks after it, after how many days it is looked at again and ends, and why its subject is not told ("" : they are)."""

    reason: str
    owner: Member
    review_days: int
    ends_days: int
    untold_because: str = ""


def propose_hold(case: Case, actor: Member, terms: Terms, *, renews: LegalHold | None = None) -> LegalHold:
    """Proposes that nothing of the person a case is about is erased. It holds once a second person agrees; with `renews` it then
    takes that one's place. The same again while it waits is once. Raises Missing, NotAllowed, CaseMoved.
    """
    _check(terms)
    with transaction.atomic():
        fresh = guard("propose_hold", case, actor)
        rows = LegalHold.objects.select_for_update().filter(member=fresh.subject_id)
        if waiting := rows.filter(stage=HoldStage.PROPOSED).first():
            if waiting.proposed_by_id == actor.pk and waiting.reason == terms.reason.strip():
                return waiting
            raise NotAllowed(_("A hold for this person waits for a second person already."))
        standing = rows.filter(stage=HoldStage.IN_FORCE).first()
        if standing and standing != renews:
            raise NotAllowed(_("There is a hold for this person already. Renew that one."))
        hold = LegalHold.objects.create(
            member_id=fresh.subject_id,
            case=fresh,
            proposed_by=actor,
            renews=standing,
            reason=terms.reason.strip(),
            owner=terms.owner,
            review_days=terms.review_days,
            ends_days=terms.ends_days,
            untold_because=terms.untold_because.strip(),
        )
        log.append(*_move(fresh, "propose_hold", actor, words=hold.reason))
    return hold


def confirm_hold(hold: LegalHold, actor: Member) -> LegalHold:
    """A second person agrees: from now on nothing of the member is erased. They are told, unless the hold says why not.
    Twice is once. Raises NotAllowed, Answered, CaseMoved."""
    with transaction.atomic():
        # An erasure that runs holds this row for each of its slices, and asks under it whether it may go on. As everywhere, a
        # member's row is locked before a case's.
        Member.objects.select_for_update().filter(pk=hold.member_id).first()
        case, row = _locked("confirm_hold", hold, actor)
        if _answered_before(row, actor):
            return row
        now = timezone.now()
        if row.renews_id:
            why = {"release_why": _("Renewed."), "released_by": actor, "released_at": now}
            LegalHold.objects.filter(pk=row.renews_id, stage=HoldStage.IN_FORCE).update(stage=HoldStage.RELEASED, **why)
        row.stage, row.answered_by, row.answered_at = HoldStage.IN_FORCE, actor, now
        row.review_at, row.ends_at = now + timedelta(days=row.review_days), now + timedelta(days=row.ends_days)
        row.save()
        if not row.untold_because:
            mail_member(row.member, f"hold:{row.pk}", "forum/email/kept.txt", {"until": row.ends_at})
        log.append(*_move(case, "confirm_hold", actor))
    return row


def refuse_hold(hold: LegalHold, actor: Member, words: str) -> LegalHold:
    """A second person says why not. Raises Missing, NotAllowed, Answered, CaseMoved."""
    if not words.strip():
        raise Missing("words", _("Write why not, for whoever proposed it."))
    with transaction.atomic():
        case, row = _locked("refuse_hold", hold, actor)
        if _answered_before(row, actor):
            return row
        row.stage, row.answered_by, row.answered_at = HoldStage.REFUSED, actor, timezone.now()
        row.answer = words.strip()
        row.save()
        log.append(*_move(case, "refuse_hold", actor, words=row.answer))
    return row


def release_hold(hold: LegalHold, actor: Member, words: str) -> LegalHold:
    """Ends a hold. What its subject asked to be erased meanwhile goes within minutes. Released already is released.

    Raises Missing, NotAllowed, CaseMoved.
    """
    if not words.strip():
        raise Missing("words", _("Write why it is not needed any more."))
    with transaction.atomic():
        case, row = _locked("release_hold", hold, actor)
        if row.stage == HoldStage.RELEASED:
            return row
        if row.stage != HoldStage.IN_FORCE:
            raise NotAllowed(_("This hold is not in force."))
        row.stage, row.released_by, row.released_at = HoldStage.RELEASED, actor, timezone.now()
        row.release_why = words.strip()
        row.save()
        legal_holds.let_erasure_go_on(row.member_id)
        log.append(*_move(case, "release_hold", actor, words=row.release_why))
    return row


def read_hold(hold: LegalHold, actor: Member) -> LegalHold:
    """Somebody reads what a hold in force keeps; each time is in the audit. Raises NotAllowed, CaseMoved."""
    with transaction.atomic():
        case, row = _locked("read_hold", hold, actor)
        if not legal_holds.in_force().filter(pk=row.pk).exists():
            raise NotAllowed(_("This hold is not in force."))
        log.append(*_move(case, "read_hold", actor))
    return row


def _locked(action: str, hold: LegalHold, actor: Member) -> tuple[Case, LegalHold]:
    case = guard(action, Case.objects.get(pk=hold.case_id), actor)
    rows = LegalHold.objects.select_for_update(of=("self",)).select_related("member")
    return case, rows.get(pk=hold.pk, case=case)


def _answered_before(row: LegalHold, actor: Member) -> bool:
    """Whether this person has answered already. Raises NotAllowed for whoever proposed it, Answered when another has."""
    if row.proposed_by_id == actor.pk:
        raise NotAllowed(_("You proposed this yourself, so somebody else answers."))
    if row.stage == HoldStage.PROPOSED:
        return False
    if row.answered_by_id == actor.pk:
        return True
    if row.answered_at:
        raise Answered(row.answered_by, row.answered_at)
    raise NotAllowed(_("Nobody answered this for a week, so it has lapsed."))


def _check(terms: Terms) -> None:
    if not terms.reason.strip():
        raise Missing("reason", _("Write why this has to be kept, and for whom."))
    if not 1 <= terms.review_days <= LegalHold.REVIEW_MOST:
        raise Missing("review_days", _("It has to be looked at again within 90 days."))
    if not terms.review_days <= terms.ends_days <= LegalHold.ENDS_MOST:
        raise Missing("ends_days", _("It ends after it is looked at again, and within a year."))
