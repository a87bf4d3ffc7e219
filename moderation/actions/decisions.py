"""Deciding a case, and undoing what was decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import rules
from forum.access import ViewerFacts
from forum.actions.notices import give_notice
from forum.models import Member, Post, Status
from moderation import access, live, redacting, sealed_words, statements, workflow
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.effects import Doing, Verdict, changes_words, effect_of, stays, take_back_effect
from moderation.actions.freezing import Words, freeze_words
from moderation.actions.members import on_member
from moderation.actions.moving import _move, guard_decision, locked
from moderation.actions.second_looks import owe_second_look
from moderation.actions.standing import lock_subject
from moderation.appeal_mail import mail_statement
from moderation.models import Bulk, Case, Decision, DecisionKind, Kind, Outcome, State
from moderation.notices import DECISION
from moderation.refusals import Missing, NotAllowed, NothingToDo, NotShown, WordsChanged
from moderation.shown import digest_of
from moderation.vocabulary import CaseFacts
from moderation.workflow import AGAINST_THE_MEMBER, ON_WORDS, closing_or_step
from realtime import log
from realtime.log import NewEvent

NEED_A_RULE = (ON_WORDS - {DecisionKind.RESTORE}) | AGAINST_THE_MEMBER


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
    takes_out: Sequence[str] = (),
    bulk: Bulk | None = None,
    lasting: str = "",
    begun: datetime | None = None,
    shown: str | None = None,
) -> Decision:
    """Decides, does it to the words, and tells the member and the reporters. Closes the case, unless staff hold it or the
    actor noticed it themselves: then it goes on.

    `post` is needed only where the case is not about one; `takes_out` are phrases of it; `bulk` gathers what one press decided;
    `lasting` is a key of moderation.lasting, counted from `begun`, when the statement was. `shown` is the digest of the
    statement that the actor had before them as the member will read it; None where no page asks for that.

    Raises StandsAlready, NotAllowed, TwoLanes, CaseMoved, WordsChanged (the post is not the version that was seen),
    NothingToDo (the post is that way already), Missing, and NotShown (nothing is done: the statement was not read first).
    """
    verdict = Verdict(kind, rule, statement, content_note)
    phrases = takes_out if kind == DecisionKind.REDACT else None
    with transaction.atomic():
        judged = locked_post(case, post)
        lock_subject(case.subject_id, kind)
        fresh, facts = guard_decision(kind, case, actor)
        verdict = _checked(verdict, fresh, facts, actor, judged, seen_post_version)
        verdict = on_member(verdict, fresh, judged, lasting, begun)
        if phrases is not None and judged:
            verdict = replace(verdict, taken_out=redacting.spans_to_take_out(judged.body, phrases))
        doing, effect = Doing(verdict, fresh.subject, judged, actor), effect_of(verdict.kind)
        before, words = effect.before(doing), Words.of(judged)
        events = effect.do(doing)
        decision = _write(fresh, doing, seen_post_version, before, bulk)
        if decision.told:
            check_shown(decision.statement, shown)
        freeze_words(decision, words)
        owe_second_look(decision)
        events += _close_or_go_on(fresh, facts, actor, verdict)
        events += read_reports(fresh, actor, case.version, tell=False) + live.tell_reporters(fresh)
        log.append(*events, *tell_member(decision))
    return decision


def undo_decision(decision: Decision, actor: Member) -> Decision:
    """Puts everything back as it was before, and tells the member. Twice is once.

    Words that their author took back meanwhile stay back. Raises NotAllowed (about words that are sealed, too), and
    NothingToDo where a later decision about the same words stands: undo that one first.
    """
    with transaction.atomic():
        post = _locked(decision.post_id)
        lock_subject(decision.subject_id, decision.kind)
        case = locked(decision.case)
        decision = Decision.objects.select_for_update().get(pk=decision.pk)
        facts, viewer = access.case_facts(case), access.facts_of(actor)
        if not access.may_see_case(viewer, facts):
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        if decision.undone_at:
            return decision
        if reason := why_not_undo(decision, facts, viewer):
            raise NotAllowed(reason)
        events = _put_back(decision, post, actor)
        note_undone(decision, actor)
        events += _move(case, "undo", actor, words=f"decision {decision.pk}")
        log.append(*events, *tell_member(decision))
    return decision


def why_not_undo(decision: Decision, facts: CaseFacts, viewer: ViewerFacts) -> str:
    """Why this person cannot undo it now, as a sentence; "" when they can."""
    if reason := workflow.why_not_undo(decision.kind, facts, viewer):
        return reason
    if decision.kind in ON_WORDS and sealed_words.is_sealed(decision.post_id):
        return sealed_words.why_they_stay()
    return ""


def note_undone(decision: Decision, actor: Member) -> None:
    decision.undone_at, decision.undone_by = timezone.now(), actor
    decision.save(update_fields=["undone_at", "undone_by"])


def locked_post(case: Case, post: Post | None, post_id: int | None = None) -> Post | None:
    """Post rows are locked before case rows, everywhere."""
    found = _locked(case.post_id or post_id or (post.pk if post else None))
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
        if post.version == seen_version and not changes_words(verdict.kind, [post]):
            raise NothingToDo
    if post is not None and post.version != seen_version:
        raise WordsChanged
    if post is not None and post.status == Status.HELD and verdict.kind == DecisionKind.NO_ACTION:
        raise Missing("kind", _("These words wait for you: put them on the wall, or take them down."))
    if facts.rewritten and verdict.kind != DecisionKind.RESTORE:
        raise Missing("kind", workflow.new_words_wait())
    if verdict.kind == DecisionKind.CONTENT_NOTE and not verdict.content_note.strip():
        raise Missing("content_note", _("Write the note that the words are folded behind."))
    return _with_rule(verdict, case, for_safety=workflow.for_safety(facts, access.facts_of(actor)))


def _with_rule(verdict: Verdict, case: Case, *, for_safety: bool) -> Verdict:
    """Words folded while somebody is looked after are folded for safety: no rule is cited, nothing counts."""
    rule = verdict.rule
    if for_safety:
        rule = Decision.SAFETY if verdict.kind in NEED_A_RULE else ""
    else:
        check_rule(verdict.kind, rule)
    return replace(verdict, rule=rule, content_note=verdict.content_note.strip())


def check_rule(kind: str, rule: str) -> None:
    """Raises Missing where a rule must be named, or where this one is not among those that hold now."""
    if kind in NEED_A_RULE and not rule:
        raise Missing("rule", _("Choose the house rule this is about, so that it can be said."))
    if kind == DecisionKind.WARNING and rule == Decision.SAFETY:
        raise Missing("rule", _("A warning names a house rule."))
    if rule not in ("", Decision.SAFETY) and not rules.title_of(rule):
        raise Missing("rule", _("The house rules have changed: choose one that holds now."))


def check_shown(statement: str, shown: str | None) -> None:
    """Raises NotShown where a page sends what it did not show."""
    if shown is not None and digest_of(statement) != shown:
        raise NotShown(statement)


def _write(case: Case, doing: Doing, seen_version: int | None, before: dict[str, Any], bulk: Bulk | None) -> Decision:
    verdict, post = doing.verdict, doing.post
    text = verdict.statement.strip() or statements.default_statement(
        verdict.kind,
        member=case.subject,
        by=doing.actor,
        post=post,
        rule=verdict.rule,
        content_note=verdict.content_note,
        was=before.get("status", ""),
        until=verdict.until,
    )
    return Decision.objects.create(
        case=case,
        case_kind=case.kind,
        kind=verdict.kind,
        rule=verdict.rule,
        rules_version=rules.version_in_force() if verdict.rule else "",
        statement=text,
        told=not (case.kind == Kind.CARE and verdict.kind == DecisionKind.NO_ACTION),
        decided_by=doing.actor,
        subject=case.subject,
        post=post,
        post_version=seen_version if post else None,
        before=before,
        until=verdict.until,
        taken_out=[list(span) for span in verdict.taken_out],
        bulk=bulk,
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


def tell_member(decision: Decision) -> list[NewEvent]:
    if not decision.told:
        return []
    if decision.undone_at is None:
        mail_statement(decision)
    return give_notice(decision.subject_id, DECISION, decision.pk, state="undone" if decision.undone_at else "made")


def _put_back(decision: Decision, post: Post | None, actor: Member) -> list[NewEvent]:
    if decision.kind in ON_WORDS:
        if post is None or stays(post):
            return []
        if Decision.objects.filter(post=post, pk__gt=decision.pk, undone_at=None, kind__in=ON_WORDS).exists():
            raise NothingToDo
    return take_back_effect(decision, post, actor)
