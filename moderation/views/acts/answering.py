"""What the team does when a member answers a decision: put their new words back, say why not, close what was talked over."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.shortcuts import get_object_or_404

from forum.models import Status
from moderation import redacting
from moderation.actions import rewriting, talks
from moderation.forms_answers import DeclineForm
from moderation.models import Case, DecisionKind, Rewrite, RewriteStage
from moderation.refusals import Missing
from moderation.team_forms import SeenForm, SeenWordsForm, versions_of
from moderation.views.acts.act import Act, number

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _put_back(screen: "Screen", case: Case, form: Any) -> str:
    sent = _sent(screen)
    seen = form.seen_version_of(sent.decision.post_id)
    rewriting.put_back_rewrite(case, screen.request.user, sent, seen_post_version=seen)
    return "#decisions"


def _decline(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    word = rewriting.decline_rewrite(case, screen.request.user, _sent(screen), chosen["body"], chosen["key"])
    return f"#word-{word.pk}"


def _settle(screen: "Screen", case: Case, form: Any) -> str:
    talks.settle_case(case, screen.request.user)
    return ""


def _sent(screen: "Screen") -> Rewrite:
    rewrites = Rewrite.objects.select_related("decision__post")
    return get_object_or_404(rewrites, case=screen.case, pk=number(screen, "rewrite"))


def context(screen: "Screen") -> dict[str, Any]:
    waiting = Rewrite.objects.filter(case=screen.case, stage=RewriteStage.WAITING, decision__undone_at=None)
    removed = waiting.filter(decision__post__status=Status.REMOVED).exclude(decision__post__in=screen.hidden)
    shown = None if screen.sealed else removed.select_related("decision__post").first()
    may_settle = "settle" in screen.allowed
    return {"rewrite": shown, "unsettled": talks.why_not_settle(screen.case) if may_settle else "", "cut": _cut(screen)}


def _cut(screen: "Screen") -> dict[str, Any] | None:
    """How the words would stand without what somebody is about to take out of them."""
    chosen = getattr(screen.forms.get("decide"), "cleaned_data", {})
    if chosen.get("kind") != DecisionKind.REDACT:
        return None
    post = next((each for each in screen.posts if each.pk == (screen.case.post_id or chosen.get("post"))), None)
    phrases = redacting.phrases_from(chosen.get("takes_out", ""))
    if post is None or not phrases:
        return None
    try:
        return {"shown": redacting.struck(post.body, redacting.spans_to_take_out(post.body, phrases))}
    except Missing as missing:
        return {"missing": missing.message}


def _as_shown(screen: "Screen") -> dict[str, Any]:
    return {"seen_posts": versions_of(screen.posts)}


def _declining(screen: "Screen") -> dict[str, Any]:
    return {"key": uuid4()}


ACTS: Mapping[str, Act] = {
    "put_back": _put_back,
    "decline": _decline,
    "settle": _settle,
}
FORMS: Mapping[str, type[SeenForm]] = {
    "put_back": SeenWordsForm,
    "decline": DeclineForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"put_back": _as_shown, "decline": _declining}
