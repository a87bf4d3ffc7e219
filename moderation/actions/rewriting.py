"""A member edits words that were decided about, and they stand again: at once after a fold, after a look where they had gone."""

from copy import copy
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import access as forum_access
from forum.actions.changing import put_back_words
from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice
from forum.limits import locked_member
from forum.live import tell_member
from forum.models import Member, Post, Status
from forum.refusals import ChangedMeanwhile, KeyUsed, NotThere, PostingPaused, RulesChanged, WallClosed
from moderation import screening, screening_rules
from moderation.actions import running
from moderation.actions.cases import answered, tell_listeners, where_it_is_read
from moderation.actions.effects import stays
from moderation.actions.moving import _move, guard, locked
from moderation.actions.reports import open_from_screening
from moderation.actions.talks import tell_decider
from moderation.answering import is_newest, why_not_rewrite, words_taken_out
from moderation.models import Case, Decision, DecisionKind, Kind, Outcome, Rewrite, RewriteStage, State, Word
from moderation.notices import DECISION, WORD
from moderation.notices_answers import REPUBLISHED, REWRITTEN
from moderation.refusals import Missing, NotAllowed, NothingToDo, WordsChanged
from realtime import log
from realtime.log import NewEvent


def rewrite_words(
    decision: Decision, member: Member, *, body: str, content_note: str, seen_version: int, key: UUID, word: str = ""
) -> Rewrite:
    """Sends a new version of words that were folded, had something taken out or were taken down.

    After a fold or a cut it is screened and stands at once; whoever decided hears of it. Words that were taken down wait for
    the team, in the conversation about the decision, and a `word` may go with them. The same key and words again give the
    first. Raises NotThere, NotAllowed, WallClosed, PostingPaused, RulesChanged, ChangedMeanwhile, Missing and KeyUsed.
    """
    if decision.subject_id != member.pk or not decision.told or decision.post_id is None:
        raise NotThere
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=decision.post_id)
        author = locked_member(member)
        case = locked(decision.case)
        decision = Decision.objects.select_for_update().get(pk=decision.pk)
        if first := _sent_before(decision, key, body, content_note):
            return first
        _refuse(decision, post, author, body, content_note, seen_version)
        sent = Rewrite(decision=decision, body=body, content_note=content_note, post_version=post.version, key=key)
        forget_draft(member, f"rewrite-{decision.pk}")
        removed = decision.kind == DecisionKind.REMOVE
        log.append(*(_send_to_team(sent, post, case, author, word) if removed else _put_up(sent, post, case, author)))
    return sent


def put_back_rewrite(case: Case, actor: Member, rewrite: Rewrite, *, seen_post_version: int | None) -> Rewrite:
    """The team puts the member's new version back where the words stood, with replies and supports. Closes a case about
    conduct, unless staff hold it.

    A rewrite never changes, so what was read is what stands. Raises NotAllowed, CaseMoved, WordsChanged, NothingToDo.
    """
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(pk=rewrite.decision.post_id or 0).first()
        fresh = guard("put_back", case, actor)
        sent = _waiting(fresh, rewrite, post)
        assert post is not None
        if post.version != seen_post_version:
            raise WordsChanged
        events = put_back_words(
            post, Status.VISIBLE, body=sent.body, content_note=sent.content_note, actor=actor, looked_at=True
        )
        _answer(sent, RewriteStage.PUBLISHED, actor)
        events += _close_or_keep(fresh, actor)
        log.append(*events, *give_notice(fresh.subject_id, DECISION, sent.decision_id, state="put_back"))
    return sent


def decline_rewrite(case: Case, actor: Member, rewrite: Rewrite, body: str, key: UUID) -> Word:
    """Not like this: the member reads why in a word from whoever says so, and can send another version.

    The same key again changes nothing more. Raises Missing, NotAllowed, CaseMoved, NothingToDo.
    """
    if not body.strip():
        raise Missing("body", _("Write why, and what would help."))
    if first := Word.objects.filter(author=actor, key=key).first():
        return first
    with transaction.atomic():
        fresh = guard("decline", case, actor)
        sent = _waiting(fresh, rewrite, rewrite.decision.post)
        word = Word.objects.create(case=fresh, author=actor, body=body, from_team=True, key=key)
        _answer(sent, RewriteStage.DECLINED, actor)
        events = _move(fresh, "decline", actor, **running.renewed(fresh, timezone.now()))
        events += give_notice(fresh.subject_id, WORD, fresh.pk)
        log.append(*events, tell_member(fresh.subject_id, "word.sent", fresh.pk, fresh.version))
    return word


def _refuse(decision: Decision, post: Post, author: Member, body: str, content_note: str, seen_version: int) -> None:
    viewer = forum_access.facts_of(author)
    if refusal := why_not_rewrite(decision, post, is_newest=is_newest(decision)):
        raise NotAllowed(refusal)
    if decision.rewrites.exclude(stage=RewriteStage.DECLINED).exists():
        raise NotAllowed(_("You have sent these words anew already."))
    if not viewer.wall_is_open:
        raise WallClosed
    if not forum_access.has_voice(viewer):
        raise PostingPaused
    if viewer.rules_asked:
        raise RulesChanged
    if post.version != seen_version:
        raise ChangedMeanwhile
    if (body, content_note) == (post.body, post.content_note) and decision.kind != DecisionKind.REDACT:
        raise Missing("body", _("These are the same words. Change what this was about, or talk to us about it."))
    left = next((words for words in words_taken_out(post) if words.casefold() in body.casefold()), "")
    if left:
        raise Missing("body", _("“%(words)s” is still in it: that is what was taken out.") % {"words": left.strip()})


def _put_up(sent: Rewrite, post: Post, case: Case, author: Member) -> list[NewEvent]:
    """It stands at once. The case notes it, whatever state that is in."""
    sent.case, sent.stage, sent.answered_at = case, RewriteStage.PUBLISHED, timezone.now()
    sent.save(force_insert=True)
    stands = Status.VISIBLE if sent.decision.kind == DecisionKind.FOLD else post.status
    events = put_back_words(post, stands, body=sent.body, content_note=sent.content_note, actor=author, looked_at=False)
    events += _move(locked(case), "republish", author)  # as it is by now: screening may have joined it
    return events + tell_decider(sent.decision, REPUBLISHED)


def _send_to_team(sent: Rewrite, post: Post, case: Case, author: Member, word: str) -> list[NewEvent]:
    fresh = where_it_is_read(case)
    sent.case, sent.stage = fresh, RewriteStage.WAITING
    sent.save(force_insert=True)
    if word.strip():
        Word.objects.create(case=fresh, author=author, body=word, from_team=False, key=sent.key)
    events = answered(fresh, author) + tell_decider(sent.decision, REWRITTEN) + tell_listeners(fresh)
    return events + _screened(sent, post)


def _screened(sent: Rewrite, post: Post) -> list[NewEvent]:
    """A person reads it, and may be hours away: whoever speaks of dying in it is found at once, as on the wall."""
    seen = copy(post)
    seen.body = sent.body
    return open_from_screening(
        seen, screening.screen_crisis(f"{sent.body}\n{sent.content_note}", screening_rules.current())
    )


def _waiting(case: Case, rewrite: Rewrite, post: Post | None) -> Rewrite:
    sent = Rewrite.objects.select_for_update().select_related("decision").filter(pk=rewrite.pk, case=case).first()
    if sent is None or sent.stage != RewriteStage.WAITING or sent.decision.undone_at:
        raise NothingToDo
    if post is None or post.status != Status.REMOVED or stays(post):
        raise NothingToDo
    return sent


def _answer(sent: Rewrite, stage: str, actor: Member) -> None:
    sent.stage, sent.answered_at, sent.answered_by = stage, timezone.now(), actor
    sent.save(update_fields=["stage", "answered_at", "answered_by"])


def _close_or_keep(case: Case, actor: Member) -> list[NewEvent]:
    now = timezone.now()
    if case.kind == Kind.CONDUCT and case.state == State.IN_REVIEW:
        closed = running.STOPPED | {"closed_at": now, "closed_by": actor, "outcome": Outcome.DECIDED}
        return _move(case, "put_back", actor, to=State.CLOSED, **closed)
    return _move(case, "put_back", actor, **running.renewed(case, now))


def _sent_before(decision: Decision, key: UUID, body: str, content_note: str) -> Rewrite | None:
    first = decision.rewrites.filter(key=key).first()
    if first is not None and (first.body, first.content_note) != (body, content_note):
        raise KeyUsed(first.pk)
    return first
