"""Deciding a case, and undoing what was decided."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import rules
from forum.actions.posts import change_content_note, change_status
from forum.live import tell_member
from forum.models import Member, Post, Status
from moderation import access, live, statements, workflow
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.moving import _move, guard_decision, locked
from moderation.models import Case, Decision, DecisionKind, Kind, Outcome, State
from moderation.refusals import Missing, NotAllowed, NothingToDo, WordsChanged
from moderation.vocabulary import CaseFacts
from moderation.workflow import ON_WORDS, closing_or_step
from realtime import log
from realtime.log import NewEvent

NEED_A_RULE = frozenset({DecisionKind.FOLD, DecisionKind.REMOVE, DecisionKind.WARNING})
FROM = {
    DecisionKind.CONTENT_NOTE: {Status.HELD, Status.VISIBLE, Status.FOLDED},
    DecisionKind.FOLD: {Status.HELD, Status.VISIBLE},
    DecisionKind.REMOVE: {Status.HELD, Status.VISIBLE, Status.FOLDED},
    DecisionKind.RESTORE: {Status.HELD, Status.FOLDED, Status.REMOVED},
}
TO = {DecisionKind.FOLD: Status.FOLDED, DecisionKind.REMOVE: Status.REMOVED, DecisionKind.RESTORE: Status.VISIBLE}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody wants to decide. `statement` "" takes the default text; `rule` is an anchor of /rules/ or "safety"."""

    kind: str
    rule: str = ""
    statement: str = ""
    content_note: str = ""


def decide_case(
    case: Case,
    actor: Member,
    kind: str,
    *,
    post: Post | None = None,
    seen_post_version: int | None = None,
    rule: str = "",
    statement: str = "",
    content_note: str = "",
) -> Decision:
    """Decides, does it to the words, and tells the member and the reporters. Closes the case, unless staff hold it or the
    actor noticed it themselves: then it goes on.

    `post` is needed only where the case is not about one. Raises NotAllowed, TwoLanes, CaseMoved, WordsChanged (the post
    is not the version that was seen), NothingToDo (the post is that way already) and Missing.
    """
    verdict = Verdict(kind, rule, statement, content_note)
    with transaction.atomic():
        judged = _locked_post(case, post)
        fresh, facts = guard_decision(kind, case, actor)
        verdict = _checked(verdict, fresh, facts, actor, judged, seen_post_version)
        before = {"status": judged.status, "content_note": judged.content_note} if judged else {}
        events = _apply(verdict, judged, actor)
        decision = _write(fresh, actor, verdict, judged, seen_post_version, before)
        events += _close_or_go_on(fresh, facts, actor, verdict)
        events += read_reports(fresh, actor, case.version, tell=False) + live.tell_reporters(fresh)
        log.append(*events, *_tell_member(decision))
    return decision


def undo_decision(decision: Decision, actor: Member) -> Decision:
    """Puts everything back as it was before, and tells the member. Twice is once.

    Words that their author took back meanwhile stay back. Raises NotAllowed, and NothingToDo where a later decision about
    the same words stands: undo that one first.
    """
    with transaction.atomic():
        post = _locked(decision.post_id)
        case = locked(decision.case)
        decision = Decision.objects.select_for_update().get(pk=decision.pk)
        facts, viewer = access.case_facts(case), access.facts_of(actor)
        if not access.may_see_case(viewer, facts) or facts.subject in viewer.blocks:
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        if decision.undone_at:
            return decision
        events = _put_back(decision, post, actor)
        decision.undone_at, decision.undone_by = timezone.now(), actor
        decision.save(update_fields=["undone_at", "undone_by"])
        events += _move(case, "undo", actor, words=f"decision {decision.pk}")
        log.append(*events, *_tell_member(decision))
    return decision


def _locked_post(case: Case, post: Post | None) -> Post | None:
    """Post rows are locked before case rows, everywhere."""
    found = _locked(case.post_id or (post.pk if post else None))
    if found is not None and found.author_id != case.subject_id:
        raise NotAllowed(_("These are somebody else's words."))
    return found


def _locked(post_id: int | None) -> Post | None:
    return Post.objects.select_for_update().get(pk=post_id) if post_id else None


def _checked(
    verdict: Verdict, case: Case, facts: CaseFacts, actor: Member, post: Post | None, seen_version: int | None
) -> Verdict:
    if verdict.kind in ON_WORDS:
        if post is None:
            raise Missing("post", _("Choose the words this is about."))
        if post.version == seen_version and post.status not in FROM[DecisionKind(verdict.kind)]:
            raise NothingToDo
    if post is not None and post.version != seen_version:
        raise WordsChanged
    if verdict.kind == DecisionKind.CONTENT_NOTE and not verdict.content_note.strip():
        raise Missing("content_note", _("Write the note that the words are folded behind."))
    return _with_rule(verdict, case, for_safety=workflow.for_safety(facts, access.facts_of(actor)))


def _with_rule(verdict: Verdict, case: Case, *, for_safety: bool) -> Verdict:
    """Words folded while somebody is looked after are folded for safety: no rule is cited, nothing counts."""
    rule = verdict.rule
    if for_safety:
        rule = Decision.SAFETY if verdict.kind in NEED_A_RULE | {DecisionKind.CONTENT_NOTE} else ""
    elif verdict.kind in NEED_A_RULE and not rule:
        raise Missing("rule", _("Choose the house rule this is about, so that it can be said."))
    if verdict.kind == DecisionKind.WARNING and rule == Decision.SAFETY:
        raise Missing("rule", _("A warning names a house rule."))
    return Verdict(verdict.kind, rule, verdict.statement, verdict.content_note.strip())


def _apply(verdict: Verdict, post: Post | None, actor: Member) -> list[NewEvent]:
    if post is None:
        return []
    if verdict.kind == DecisionKind.CONTENT_NOTE:
        return change_content_note(post, verdict.content_note, actor)
    status = TO.get(DecisionKind(verdict.kind))
    return change_status(post, status, actor) if status else []


def _write(
    case: Case, actor: Member, verdict: Verdict, post: Post | None, seen_version: int | None, before: dict[str, Any]
) -> Decision:
    text = verdict.statement.strip() or statements.default_statement(
        verdict.kind, member=case.subject, by=actor, post=post, rule=verdict.rule, content_note=verdict.content_note
    )
    return Decision.objects.create(
        case=case,
        case_kind=case.kind,
        kind=verdict.kind,
        rule=verdict.rule,
        rules_version=rules.RULES_VERSION if verdict.rule else "",
        statement=text,
        told=not (case.kind == Kind.CARE and verdict.kind == DecisionKind.NO_ACTION),
        decided_by=actor,
        subject=case.subject,
        post=post,
        post_version=seen_version if post else None,
        before=before,
    )


def _close_or_go_on(case: Case, facts: CaseFacts, actor: Member, verdict: Verdict) -> list[NewEvent]:
    now = timezone.now()
    if closing_or_step(facts, access.facts_of(actor)) == "decide":
        closed = running.STOPPED | {"closed_at": now, "closed_by": actor, "outcome": Outcome.DECIDED}
        return _move(case, "decide", actor, words=verdict.kind, **closed)
    if case.state == State.WITH_STAFF:
        return _move(case, "step", actor, words=verdict.kind, **running.renewed(case, now))
    # Whoever noticed it has taken a step that can be undone; the next person reads it.
    return _move(case, "step", actor, to=State.OPEN, words=verdict.kind, **running.given_back(case, now))


def _tell_member(decision: Decision) -> list[NewEvent]:
    return [tell_member(decision.subject_id, "notice.changed", decision.pk)] if decision.told else []


def _put_back(decision: Decision, post: Post | None, actor: Member) -> list[NewEvent]:
    later = Decision.objects.filter(post=post, pk__gt=decision.pk, undone_at=None, kind__in=ON_WORDS)
    if post is None or decision.kind not in ON_WORDS or post.status in (Status.WITHDRAWN, Status.ERASED):
        return []
    if later.exists():
        raise NothingToDo
    if decision.kind == DecisionKind.CONTENT_NOTE:
        return change_content_note(post, decision.before["content_note"], actor)
    return change_status(post, decision.before["status"], actor)
