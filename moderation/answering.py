"""What a member may do about a decision besides appealing: edit the words and put them back, talk about it, say how it was.

Read for a whole page of statements in the same few queries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from forum.models import Member, Notice, Post, Status
from forum.text import render_body
from moderation.clocks import APPEAL_WITHIN
from moderation.models import Case, Decision, DecisionKind, FrozenWords, HowItWas, Rewrite, RewriteStage, Word
from moderation.redacting import struck

REWRITABLE = frozenset({DecisionKind.REDACT, DecisionKind.FOLD, DecisionKind.REMOVE})
IN_PLACE = REWRITABLE | {DecisionKind.RESTORE}
"""What is decided about where words stand: the newest that nobody has answered is the one that a new version answers."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands beneath one statement."""

    copy: SafeString | str  # their words as they stood when it was decided, "" once the six months are over
    may_rewrite: bool
    at_once: bool  # a new version stands at once; else the team reads it first
    rewrite: Rewrite | None  # the latest they sent
    talk: int | None  # the conversation about it
    may_talk: bool
    how: bool  # they were asked how it was and have not answered


def answers_for(member: Member, decisions: Sequence[Decision]) -> dict[int, Answers]:
    """By decision. Load the decisions with select_related("case", "post")."""
    frozen = {each.decision_id: each.body for each in FrozenWords.objects.filter(decision__in=decisions)}
    asked = Notice.objects.filter(member=member, kind="how", ref__in=[decision.pk for decision in decisions])
    unsaid = set(asked.exclude(ref__in=HowItWas.objects.values("decision")).values_list("ref", flat=True))
    rewrites: dict[int, list[Rewrite]] = {}
    for rewrite in Rewrite.objects.filter(decision__in=decisions).order_by("sent_at", "pk"):
        rewrites.setdefault(rewrite.decision_id, []).append(rewrite)
    talks = _talks(member)
    newest = newest_unanswered(decisions, rewrites)
    return {
        decision.pk: _answers(
            decision, frozen.get(decision.pk, ""), rewrites.get(decision.pk, []), talks, newest, unsaid
        )
        for decision in decisions
    }


def newest_unanswered(decisions: Iterable[Decision], rewrites: dict[int, list[Rewrite]]) -> set[int]:
    """Of each post's standing decisions about its place, the newest to which no new version was put up."""
    newest: dict[int, int] = {}
    for decision in decisions:
        put_up = any(each.stage == RewriteStage.PUBLISHED for each in rewrites.get(decision.pk, []))
        if decision.kind in IN_PLACE and decision.post_id and not decision.undone_at and not put_up:
            newest[decision.post_id] = max(decision.pk, newest.get(decision.post_id, 0))
    return set(newest.values())


def why_not_rewrite(decision: Decision, post: Post | None, *, is_newest: bool) -> str:
    """Why no new version can be sent in answer to this decision, as a sentence; "" when one can."""
    if decision.kind not in REWRITABLE or not decision.told or post is None or post.author_id != decision.subject_id:
        return _("There is nothing here to edit.")
    if decision.undone_at or not is_newest or not _still_so(decision, post):
        return _("These words do not stand as they did then, so there is nothing to put back.")
    if is_over(decision):
        return _("This is more than six months ago. You can still write to us through “I need someone from the team”.")
    return ""


def is_newest(decision: Decision) -> bool:
    """As `newest_unanswered`, for one decision."""
    put_up = Rewrite.objects.filter(decision=OuterRef("pk"), stage=RewriteStage.PUBLISHED)
    standing = Decision.objects.filter(~Q(Exists(put_up)), post=decision.post_id, undone_at=None, kind__in=IN_PLACE)
    return standing.order_by("-pk").values_list("pk", flat=True).first() == decision.pk


def is_over(decision: Decision) -> bool:
    return timezone.now() >= decision.made_at + APPEAL_WITHIN


def words_taken_out(post: Post) -> list[str]:
    """What standing decisions have taken out of a post, as it was written."""
    standing = Decision.objects.filter(post=post, kind=DecisionKind.REDACT, undone_at=None)
    frozen = dict(FrozenWords.objects.filter(decision__in=standing).values_list("decision", "body"))
    return [
        frozen[decision.pk][start:end]
        for decision in standing
        if decision.pk in frozen
        for start, end in decision.taken_out
    ]


def _answers(
    decision: Decision, body: str, sent: Sequence[Rewrite], talks: dict[int, int], newest: set[int], unsaid: set[int]
) -> Answers:
    waits = any(rewrite.stage != RewriteStage.DECLINED for rewrite in sent)
    refusal = why_not_rewrite(decision, decision.post, is_newest=decision.pk in newest)
    over = is_over(decision)
    talk = talks.get(decision.case_id) or talks.get(-(decision.post_id or 0))
    return Answers(
        copy="" if over or not body else struck(body, decision.taken_out) if decision.taken_out else render_body(body),
        may_rewrite=not refusal and not waits,
        at_once=decision.kind != DecisionKind.REMOVE,
        rewrite=sent[-1] if sent else None,
        talk=talk,
        may_talk=not over and talk is None,
        how=decision.pk in unsaid,
    )


def _talks(member: Member) -> dict[int, int]:
    """Conversations by their case, and, as minus its number, by the post that the case is about."""
    spoken = Q(Exists(Word.objects.filter(case=OuterRef("pk")))) | Q(
        Exists(Rewrite.objects.filter(case=OuterRef("pk")))
    )
    rows = list(Case.objects.filter(spoken, subject=member).order_by("pk").values_list("pk", "post_id"))
    return {-post_id: case_id for case_id, post_id in rows if post_id} | {
        case_id: case_id for case_id, _post_id in rows
    }


def _still_so(decision: Decision, post: Post) -> bool:
    if decision.kind == DecisionKind.REDACT:
        return post.redacted_at is not None and post.status in (Status.HELD, Status.VISIBLE, Status.FOLDED)
    return (
        post.status
        == {DecisionKind.FOLD: Status.FOLDED, DecisionKind.REMOVE: Status.REMOVED}[DecisionKind(decision.kind)]
    )
