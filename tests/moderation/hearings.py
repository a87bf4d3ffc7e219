"""What tests of appeals share: a decision about robin's post by heron, and an appeal against it."""

from uuid import uuid4

from forum.models import Member, Post
from moderation.actions.appeals import ask_again
from moderation.actions.decisions import decide_case
from moderation.models import Appeal, Case, Decision

WORDS = "I was quoting what my nurse told me, and I said so."
REASONS = "You were quoting. It stood in the first line and was overlooked."


def decide(case: Case, actor: Member, kind: str = "remove", **more: object) -> Decision:
    post = Post.objects.get(pk=case.post_id)
    return decide_case(
        Case.objects.get(pk=case.pk), actor, kind, seen_post_version=post.version, rule="kindness", **more
    )


def appeal_by(member: Member, decision: Decision, words: str = WORDS) -> Appeal:
    return ask_again(member, decision, words, uuid4())


def an_appeal(case: Case) -> Appeal:
    """An appeal in any case, whatever state that is in, against a fold by its moderator."""
    by = Member.objects.filter(role="moderator").order_by("pk")[0]
    fields = {"case": case, "case_kind": case.kind, "kind": "fold", "statement": "Folded."}
    return appeal_by(case.subject, Decision.objects.create(decided_by=by, subject=case.subject, **fields))
