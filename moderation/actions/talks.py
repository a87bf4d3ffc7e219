"""A member talks with the team about a decision, and the team settles it when it was talked over."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice
from forum.models import Member, Status
from forum.refusals import NotThere
from moderation.actions import running
from moderation.actions.cases import answered, need_words, sent_before, tell_listeners, where_it_is_read
from moderation.actions.moving import _move, guard, locked
from moderation.answering import is_over
from moderation.clocks import ANSWER
from moderation.models import Case, Decision, Outcome, RewriteStage, Word
from moderation.notices_answers import ANSWERED
from moderation.refusals import NotAllowed
from moderation.workflow import new_words_wait
from realtime import log
from realtime.log import NewEvent


def talk_about(decision: Decision, member: Member, body: str, key: UUID) -> Word:
    """Begins or joins the conversation about a decision, in every standing. A case that was closed is opened again for it
    and offered to whoever decided, and what was decided stands meanwhile.

    The same key and words again give the first word. Raises NotThere for what was not told to this member, NotAllowed six
    months later, Missing, and KeyUsed for the same key with other words.
    """
    if decision.subject_id != member.pk or not decision.told:
        raise NotThere
    if first := sent_before(member, key, body):
        return first
    need_words(body)
    if is_over(decision):
        raise NotAllowed(
            _("This is more than six months ago. You can still write to us through “I need someone from the team”.")
        )
    try:
        with transaction.atomic():
            fresh = where_it_is_read(locked(decision.case))
            due = timezone.now() + ANSWER[fresh.severity]
            word = Word.objects.create(
                case=fresh, author=member, body=body, from_team=False, key=key, answer_due_at=due
            )
            forget_draft(member, f"talk-{decision.pk}")
            events = answered(fresh, member) + tell_decider(decision, "talk")
            log.append(*events, *tell_listeners(fresh))
    except IntegrityError:
        # The same key arrived twice at once and the other was first: its row is there now.
        if first := sent_before(member, key, body):
            return first
        raise
    return word


def settle_case(case: Case, actor: Member) -> Case:
    """Closes a case that was opened again to talk: what was decided stands, and nothing new is told.

    Raises NotAllowed (also where there is something new to decide), CaseMoved.
    """
    with transaction.atomic():
        fresh = guard("settle", case, actor)
        if refusal := why_not_settle(fresh):
            raise NotAllowed(refusal)
        closed = running.STOPPED | {"closed_at": timezone.now(), "closed_by": actor, "outcome": Outcome.DECIDED}
        log.append(*_move(fresh, "settle", actor, **closed))
    return fresh


def why_not_settle(case: Case) -> str:
    """Why a talk is not all that is left to do in a case, as a sentence."""
    if case.rewrites.filter(
        stage=RewriteStage.WAITING, decision__undone_at=None, decision__post__status=Status.REMOVED
    ).exists():
        return new_words_wait()
    last = case.decisions.filter(undone_at=None).order_by("-pk").first()
    if last is None:
        return _("Nothing stands decided here, so decide it.")
    if case.reports.filter(made_at__gt=last.made_at, withdrawn_at=None).exists():
        return _("Something new has been reported since it was decided, so decide that.")
    newest = case.words.order_by("-sent_at", "-pk").first()
    if newest is not None and not newest.from_team:
        return _("They have written last. Answer them first.")
    return ""


def tell_decider(decision: Decision, state: str) -> list[NewEvent]:
    """Whoever decided hears that it was answered, when they may still see its case: judged when they look."""
    return give_notice(decision.decided_by_id, ANSWERED, decision.pk, state=state) if decision.decided_by_id else []
