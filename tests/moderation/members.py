"""What tests about steps against a member share."""

from datetime import timedelta

from moderation.actions.decisions import decide_case
from moderation.actions.proposals import confirm_ban, propose_ban
from moderation.models import Case, Proposal

LASTING = ["slow", "pause", "suspend"]
TOLD = ["advice", "warning"]
WEEK = timedelta(weeks=1)


def again(case):
    """The case as it is on a page that was opened now."""
    return Case.objects.get(pk=case.pk)


def decide(case, actor, kind, **more):
    more.setdefault("rule", "kindness")
    more.setdefault("seen_post_version", case.post.version if case.post else None)
    if kind in LASTING:
        more.setdefault("lasting", "1w")
    return decide_case(case, actor, kind, **more)


def propose(case, actor, **more):
    more.setdefault("rule", "kindness")
    more.setdefault("seen_post_version", case.post.version if case.post else None)
    return propose_ban(case, actor, **more)


def ban(case, actor, other):
    """Two people ban somebody."""
    proposal = propose(case, actor)
    return confirm_ban(again(case), other, Proposal.objects.get(pk=proposal.pk))
