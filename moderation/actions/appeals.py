"""Asking for another look, and hearing it. Who may hear what stands in moderation/hearing.py and in the database."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice, read_notices
from forum.models import Member, Post
from forum.refusals import KeyUsed
from moderation import appealing, hearing
from moderation.actions import running
from moderation.actions.moving import _move, locked
from moderation.actions.undoing import take_back
from moderation.appeal_mail import mail_answer
from moderation.appealing import Again
from moderation.clocks import HEARING, HEARING_CLAIM
from moderation.models import Appeal, AppealKind, AppealStage, Case, Decision, Report, State
from moderation.notices_appeals import APPEAL, BY_LINK
from moderation.refusals import AppealStands, CaseMoved, Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent

FREE = {"heard_by": None, "held_at": None, "lapses_at": None, "stage": AppealStage.OPEN}


def ask_again(member: Member, decision: Decision, words: str, key: UUID, *, by_link: bool = False) -> Appeal:
    """A member asks for another look at what was decided about them: in every standing, for six months.

    The same words again give the first appeal, from whichever tab or key. Its team hears of it. `by_link`: somebody who
    had the link of the mail, which the member is told of. Raises Missing, NotAllowed, AppealStands, KeyUsed.
    """
    appeal = Appeal(kind=AppealKind.DECISION, decision=decision, case=decision.case, by=member, words=words, key=key)
    appeal.against = decision.decided_by
    fresh = Decision.objects
    return _file(appeal, lambda: appealing.why_not_ask(fresh.get(pk=decision.pk), member.pk), by_link=by_link)


def complain(member: Member, report: Report, words: str, key: UUID) -> Appeal:
    """A reporter asks for another look at what came of a closed report. As `ask_again`; their name stays out of it."""
    appeal = Appeal(kind=AppealKind.FAILURE_TO_ACT, report=report, case=report.case, by=member, words=words, key=key)
    fresh = Report.objects.select_related("case")
    return _file(appeal, lambda: appealing.why_not_complain(fresh.get(pk=report.pk), member.pk))


def claim_appeal(appeal: Appeal, actor: Member) -> Appeal:
    """Takes an appeal to hear it. Twice by the same person is once. The member is told who reads it.

    Raises NotAllowed for whoever had a hand in it, and CaseMoved when somebody was quicker.
    """
    with transaction.atomic():
        case, fresh = locked_appeal(appeal)
        if fresh.stage == AppealStage.HELD and fresh.heard_by_id == actor.pk:
            return fresh
        _need_hearer(fresh, actor)
        if fresh.stage != AppealStage.OPEN:
            raise moved(fresh)
        now = timezone.now()
        changes = {"heard_by": actor, "held_at": now, "lapses_at": now + HEARING_CLAIM, "stage": AppealStage.HELD}
        write_appeal(fresh, **changes)
        log.append(*_move(case, "appeal_claim", actor), *_tell(fresh))
    return fresh


def release_appeal(appeal: Appeal, actor: Member) -> Appeal:
    """Gives it back, no questions asked. Twice is once. Raises NotAllowed, CaseMoved."""
    with transaction.atomic():
        case, fresh = locked_appeal(appeal)
        if fresh.stage == AppealStage.OPEN:
            return fresh
        _need_holder(fresh, actor)
        write_appeal(fresh, **FREE)
        log.append(*_move(case, "appeal_release", actor))
    return fresh


def answer_appeal(appeal: Appeal, actor: Member, stage: str, reasons: str) -> Appeal:
    """Upholds or refuses, with reasons. Upheld, a decision is undone in full in the same transaction, and a case in which
    nothing had been done is open again. Whoever asked is told. The same answer twice is once.

    Raises Missing, NotAllowed, CaseMoved.
    """
    stage, reasons = AppealStage(stage), reasons.strip()
    if not reasons:
        raise Missing("reasons", _("Write the reasons first: they are what the member reads."))
    with transaction.atomic():
        post = _locked_words(appeal)
        case, fresh = locked_appeal(appeal)
        if (fresh.heard_by_id, fresh.stage, fresh.reasons) == (actor.pk, stage, reasons):
            return fresh
        _need_holder(fresh, actor)
        events = _do(fresh, case, post, actor, reasons) if stage == AppealStage.UPHELD else []
        write_appeal(fresh, stage=stage, reasons=reasons, answered_at=timezone.now(), lapses_at=None)
        if not events or fresh.kind == AppealKind.DECISION:
            events += _move(case, f"appeal_{stage}", actor, words=reasons)
        mail_answer(fresh)
        log.append(*events, *_tell(fresh))
    return fresh


def read_answers(member: Member, again: Mapping[int, Again]) -> Mapping[int, Again]:
    """Their page shows these: the answers among them are read, and what was told of them."""
    shown = [each.appeal.pk for each in again.values() if each.appeal]
    Appeal.objects.filter(pk__in=shown, answered_at__isnull=False, read_at=None).update(read_at=timezone.now())
    read_notices(member, kind=APPEAL, ref__in=shown)
    return again


def moved(appeal: Appeal) -> CaseMoved:
    """The refusal for whoever came second."""
    if appeal.is_answered:
        return CaseMoved(appeal.case, appeal.heard_by, "decide", appeal.answered_at or timezone.now())
    return CaseMoved(appeal.case, appeal.heard_by, "claim", appeal.held_at or timezone.now())


def _file(appeal: Appeal, why_not: Callable[[], str], *, by_link: bool = False) -> Appeal:
    if first := _sent_before(appeal):
        return first
    if not appeal.words.strip():
        raise Missing("words", _("Write what we should look at again."))
    try:
        with transaction.atomic():
            case = locked(appeal.case)
            if first := _sent_before(appeal):
                return first
            if reason := why_not():
                raise NotAllowed(reason)
            appeal.case, appeal.made_at = case, timezone.now()
            appeal.due_at = appeal.made_at + HEARING
            if appeal.kind == AppealKind.FAILURE_TO_ACT:
                appeal.against = case.closed_by
            appeal.save(force_insert=True)
            forget_draft(appeal.by, f"appeal-{appeal.decision_id or ''}-{appeal.report_id or ''}")
            events = _move(case, "appeal", appeal.by)
            log.append(*events, *(give_notice(appeal.by_id, APPEAL, appeal.pk, state=BY_LINK) if by_link else []))
    except IntegrityError:
        # The same arrived twice at once and the other was first: its row is there now.
        if first := _sent_before(appeal):
            return first
        raise
    return appeal


def _sent_before(appeal: Appeal) -> Appeal | None:
    """The appeal about the same that is there. Raises AppealStands where it says something else: nothing is swallowed."""
    same = {"decision": appeal.decision_id} if appeal.decision_id else {"report": appeal.report_id}
    if first := Appeal.objects.filter(**same, by=appeal.by).select_related("heard_by", "against", "case").first():
        if first.words != appeal.words:
            raise AppealStands(first.made_at)
        return first
    if other := Appeal.objects.filter(by=appeal.by, key=appeal.key).first():
        raise KeyUsed(other.pk)
    return None


def locked_appeal(appeal: Appeal) -> tuple[Case, Appeal]:
    """The case before the appeal, everywhere."""
    case = locked(appeal.case)
    fresh = Appeal.objects.select_for_update().get(pk=appeal.pk)
    fresh.case = case
    return case, fresh


def _locked_words(appeal: Appeal) -> Post | None:
    """Posts before members before cases."""
    decision = appeal.decision
    post = Post.objects.select_for_update().get(pk=decision.post_id) if decision and decision.post_id else None
    Member.objects.select_for_update().get(pk=appeal.case.subject_id)
    return post


def _need_hearer(appeal: Appeal, actor: Member) -> None:
    if reason := hearing.why_not_hear(appeal, actor):
        raise NotAllowed(reason)


def _need_holder(appeal: Appeal, actor: Member) -> None:
    _need_hearer(appeal, actor)
    if appeal.is_answered or (appeal.stage == AppealStage.HELD and appeal.heard_by_id != actor.pk):
        raise moved(appeal)
    if appeal.stage == AppealStage.OPEN:
        raise NotAllowed(_("Take it first, so that nobody else answers it at the same time."))


def _do(appeal: Appeal, case: Case, post: Post | None, actor: Member, reasons: str) -> list[NewEvent]:
    if appeal.kind == AppealKind.FAILURE_TO_ACT:
        return _open_again(case, actor, reasons)
    assert appeal.decision is not None
    decision = Decision.objects.select_for_update().get(pk=appeal.decision.pk)
    if decision.undone_at:
        return []  # somebody has undone it already; the member still gets their answer
    events, appeal.later_stands = take_back(decision, post, actor)
    return events + _move(case, "undo", actor, words=f"decision {decision.pk}")


def _open_again(case: Case, actor: Member, reasons: str) -> list[NewEvent]:
    """Where the subject has another live case, what was said of this one is read there."""
    same = Case.objects.select_for_update().filter(kind=case.kind, subject=case.subject_id, post=case.post_id)
    living = same.exclude(state=State.CLOSED).exclude(pk=case.pk).first()
    if living is None and case.state == State.CLOSED:
        begun = running.begun_again(case, timezone.now())
        return _move(case, "appeal_reopens", actor, words=reasons, **begun, offered_to=None)
    events = _move(case, "appeal_upheld", actor, words=reasons)
    return events + (_move(living, "appeal_upheld", actor, words=reasons) if living else [])


def write_appeal(appeal: Appeal, **changes: object) -> None:
    for name, value in changes.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=[*changes, "later_stands"])


def _tell(appeal: Appeal) -> list[NewEvent]:
    return give_notice(appeal.by_id, APPEAL, appeal.pk, state=appeal.stage)
