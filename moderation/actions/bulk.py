"""Many small decisions with one press: words that wait put onto the wall, obvious spam taken down, and all of it undone."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from forum.refusals import Refusal
from moderation.actions.cases import claim_case, release_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.models import Bulk, Case, Decision, DecisionKind
from moderation.refusals import CaseMoved, NotAllowed, WordsChanged

MOST = 50  # cases in one press


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case as the page showed it, with the version of its words that stood there."""

    case: Case
    seen_post_version: int


@dataclass(slots=True)
class Done:
    """What one press did: the decisions made (or undone), and those that were refused, each with its sentence. `changed` are
    the cases among these that had moved on since the page was drawn, in words or hands.
    """

    bulk: Bulk | None = None
    decisions: list[Decision] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)

    def refuse(self, case: Case, refusal: Refusal) -> None:
        self.refused.append((case, refusal.message))
        if isinstance(refusal, CaseMoved | WordsChanged):
            self.changed.add(case.pk)


def publish_held(chosen: Chosen, actor: Member) -> Decision:
    """Takes the case of words that wait and puts them onto the wall, in the place of this moment. Tells their author.

    Raises what claim_case and decide_case raise; then the case is back in the queue.
    """
    return _decide(chosen, actor, DecisionKind.RESTORE, "", None)


def remove_as_spam(chosen: Sequence[Chosen], actor: Member, rule: str) -> Done:
    """Takes down each of these words under one house rule, and closes their cases. Each has its statement and its own undo.

    Whatever cannot be decided (somebody was quicker, the words changed) is left as it is, and named in `refused`.
    """
    bulk = Bulk.objects.create(by=actor)
    done = Done(bulk)
    for each in chosen[:MOST]:
        try:
            done.decisions.append(_decide(each, actor, DecisionKind.REMOVE, rule, bulk))
        except Refusal as refusal:
            done.refuse(each.case, refusal)
    if not done.decisions:
        bulk.delete()
        done.bulk = None
    return done


def undo_bulk(bulk: Bulk, actor: Member) -> Done:
    """Takes back everything that one press did, in full. Twice is once. Raises NotAllowed for somebody else's."""
    if bulk.by_id != actor.pk:
        raise NotAllowed(_("Somebody else did this. Each of its decisions can be undone in its case."))
    done = Done(bulk=bulk)
    for decision in bulk.decisions.filter(undone_at=None).select_related("case").order_by("-pk"):
        try:
            done.decisions.append(undo_decision(decision, actor))
        except Refusal as refusal:
            done.refuse(decision.case, refusal)
    with transaction.atomic():
        Bulk.objects.filter(pk=bulk.pk, undone_at=None).update(undone_at=timezone.now())
    return done


def _decide(chosen: Chosen, actor: Member, kind: str, rule: str, bulk: Bulk | None) -> Decision:
    """Two steps in two transactions: the post's row is locked before the case's, and a claim has locked that already."""
    case = claim_case(chosen.case, actor)
    try:
        return decide_case(case, actor, kind, seen_post_version=chosen.seen_post_version, rule=rule, bulk=bulk)
    except Refusal:
        with suppress(Refusal):  # it has moved on meanwhile
            release_case(case, actor)
        raise
