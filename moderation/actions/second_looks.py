"""Another person looks at what closes somebody's mouth or the wall to them, and agrees or asks to undo it."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from forum.actions.notices import give_notice
from forum.models import Member
from moderation import access, refusals
from moderation.actions.moving import _move, locked
from moderation.clocks import SECOND_LOOK
from moderation.models import Case, Decision, SecondLook
from moderation.notices_members import LOOKED
from moderation.refusals import Missing, NotAllowed, NothingToDo
from moderation.second_looks import why_not_keep, why_not_look
from moderation.vocabulary import SECOND_LOOK as NEED_ONE
from realtime import log


def owe_second_look(decision: Decision) -> None:
    """Within a day. Call in the transaction that makes the decision."""
    if decision.kind in NEED_ONE and decision.decided_by:
        SecondLook.objects.create(
            decision=decision,
            decided_by=decision.decided_by,
            confirmed_by=decision.confirmed_by,
            due_at=decision.made_at + SECOND_LOOK,
        )


def agree_with(look: SecondLook, actor: Member) -> SecondLook:
    """Somebody who had no hand in it finds it right. Twice by the same person is once. Raises NotAllowed, NothingToDo (it
    was undone), and CaseMoved when somebody was quicker."""
    with transaction.atomic():
        case, fresh = _locked(look)
        if fresh.looked_by_id == actor.pk and fresh.agrees:
            return fresh
        _guard(case, fresh, actor, why_not_look)
        _save(fresh, looked_by=actor, looked_at=timezone.now(), agrees=True)
        log.append(*_move(case, "second_look", actor, words=f"decision {fresh.decision_id}"))
    return fresh


def ask_to_undo(look: SecondLook, actor: Member, reason: str) -> SecondLook:
    """Somebody who had no hand in it finds it wrong, and says why. It stands until it is undone, or a third person lets it;
    whoever decided is told. As `agree_with`; raises Missing without a reason."""
    if not reason.strip():
        raise Missing("reason", _("Write why it should be undone."))
    with transaction.atomic():
        case, fresh = _locked(look)
        if fresh.looked_by_id == actor.pk and fresh.reason == reason.strip():
            return fresh
        _guard(case, fresh, actor, why_not_look)
        _save(fresh, looked_by=actor, looked_at=timezone.now(), agrees=False, reason=reason.strip())
        events = _move(case, "ask_undo", actor, words=reason.strip())
        deciders = sorted({who for who in (fresh.decided_by_id, fresh.confirmed_by_id) if who})
        log.append(*events, *(event for who in deciders for event in give_notice(who, LOOKED, fresh.decision_id)))
    return fresh


def let_stand(look: SecondLook, actor: Member, reason: str) -> SecondLook:
    """A third person lets stand what somebody asks to undo, and says why. Twice is once. Raises Missing, NotAllowed,
    NothingToDo, CaseMoved."""
    if not reason.strip():
        raise Missing("reason", _("Write why it stands."))
    with transaction.atomic():
        case, fresh = _locked(look)
        if fresh.kept_by_id == actor.pk:
            return fresh
        if fresh.kept_at is not None and access.may_see_case(access.facts_of(actor), access.case_facts(case)):
            raise refusals.moved(case)
        _guard(case, fresh, actor, why_not_keep)
        _save(fresh, kept_by=actor, kept_at=timezone.now(), kept_because=reason.strip())
        events = _move(case, "let_stand", actor, words=reason.strip())
        log.append(*events, *give_notice(fresh.looked_by_id or 0, LOOKED, fresh.decision_id, state="kept"))
    return fresh


def _locked(look: SecondLook) -> tuple[Case, SecondLook]:
    case = locked(look.decision.case)
    return case, SecondLook.objects.select_for_update(of=("self",)).select_related("decision__case").get(pk=look.pk)


def _guard(case: Case, look: SecondLook, actor: Member, why_not: Callable[[SecondLook, ViewerFacts], str]) -> None:
    viewer = access.facts_of(actor)
    refusal = why_not(look, viewer)
    if refusal and access.may_see_case(viewer, access.case_facts(case)) and why_not is why_not_look and look.looked_at:
        raise refusals.moved(case)
    if refusal:
        raise NotAllowed(refusal)
    if look.decision.undone_at is not None:
        raise NothingToDo


def _save(look: SecondLook, **changes: object) -> None:
    for field, value in changes.items():
        setattr(look, field, value)
    look.save(update_fields=list(changes))
