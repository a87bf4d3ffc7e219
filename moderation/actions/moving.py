"""How a case moves. `_move` is the only code that assigns a state; everything else asks it."""

from typing import Any

from django.db.models import F

from forum.access import ViewerFacts
from forum.models import Member
from moderation import access, audit, duty, live, refusals
from moderation.models import Case, State
from moderation.refusals import NotAllowed, TwoLanes
from moderation.vocabulary import NO_STEPS, CaseFacts
from moderation.workflow import BY_ITSELF, TRANSITIONS, care_comes_first, closing_or_step, why_not, why_not_decide
from realtime.log import NewEvent


def _move(
    case: Case, action: str, actor: Member | None, *, to: str | None = None, words: str = "", **changes: Any
) -> list[NewEvent]:
    """Takes one step of the table: the row, the audit event, and what the boards must hear, for the caller to append.

    Call inside a transaction. The UPDATE matches only the state and version of `case` as given; raises CaseMoved when
    somebody was quicker. `to` is needed only where the table leaves the state open. `case` is brought up to date.
    """
    transition = TRANSITIONS.get(action) or BY_ITSELF[action]
    seen, state = case.state, to or transition.to or case.state
    as_seen = Case.objects.filter(pk=case.pk, state=seen, version=case.version, state__in=transition.sources)
    updated = as_seen.update(state=state, version=F("version") + 1, **changes)
    if not updated:
        raise refusals.moved(Case.objects.get(pk=case.pk))
    case.refresh_from_db()
    audit.record(case, action, actor, seen, state, words)
    if actor is not None:
        duty.note_act(actor)
    return live.announce_case(case, actor, seen)


def locked(case: Case) -> Case:
    """The row as it is now, locked until the transaction ends."""
    return Case.objects.select_for_update().get(pk=case.pk)


def guard(action: str, case: Case, actor: Member) -> Case:
    """Locks the case and returns it as it is now, or refuses.

    `case` is what the actor saw. Raises NotAllowed where the table says no, and CaseMoved where it says no, or asks for
    more care, because of what happened since: then the actor was not wrong, only second.
    """
    fresh = locked(case)
    facts, viewer = access.case_facts(fresh), access.facts_of(actor)
    _judge(case, fresh, facts, viewer, why_not(action, facts, viewer), strict=TRANSITIONS[action].strict)
    return fresh


def guard_decision(kind: str, case: Case, actor: Member) -> tuple[Case, CaseFacts]:
    """As `guard`, for a decision of this kind. Raises TwoLanes where it waits for whoever looks after the member."""
    fresh = locked(case)
    facts, viewer = access.case_facts(fresh), access.facts_of(actor)
    strict = TRANSITIONS[closing_or_step(facts, viewer)].strict
    _judge(case, fresh, facts, viewer, why_not_decide(kind, facts, viewer), strict=strict)
    return fresh, facts


def _judge(seen: Case, fresh: Case, facts: CaseFacts, viewer: ViewerFacts, refusal: str, *, strict: bool) -> None:
    if not access.may_see_case(viewer, facts):
        raise NotAllowed(refusal)  # before anything that would tell who holds it
    if seen.version != fresh.version and (refusal or (strict and _by_others(seen, fresh, viewer.id))):
        raise refusals.moved(fresh)
    if refusal == care_comes_first():
        raise TwoLanes(refusal)
    if refusal:
        raise NotAllowed(refusal)


def _by_others(seen: Case, fresh: Case, actor: int) -> bool:
    """Whether anything that came since was not the actor's own doing: a word they sent makes nobody else's page stale."""
    since = fresh.version - seen.version  # each step is one version and one event
    if since < 0:
        return True
    steps = fresh.events.exclude(action__in=NO_STEPS)
    newest = steps.order_by("-n").values_list("actor_id", flat=True)[:since]
    return any(who != actor for who in newest)


def is_held_by(case: Case, actor: Member, state: State) -> bool:
    """Whether this is a second press on what the actor did already."""
    return case.state == state and case.holder_id == actor.pk
