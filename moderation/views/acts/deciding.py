"""Deciding, with the statement the member will read, and undoing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from forum.models import Post
from moderation import lasting, redacting, statements, workflow
from moderation.actions import decisions, proposals
from moderation.models import Case, Decision, DecisionKind
from moderation.refusals import NotShown
from moderation.team_forms import DecideForm, SeenForm, versions_of
from moderation.views.acts.act import Act, number
from moderation.vocabulary import LASTING

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _draft(screen: "Screen", case: Case, form: Any) -> None:
    draft_statement(screen, form)


def _preview(screen: "Screen", case: Case, form: Any) -> None:
    """The statement is drawn as the member will read it by the page itself: ours, where there are no words of one's own."""
    if not form.cleaned_data["statement"]:
        draft_statement(screen, form)


def _decide(screen: "Screen", case: Case, form: Any) -> str | None:
    """What was not read as the member will read it is shown first, and a second press sends it."""
    form.cleaned_data["begun"] = form.cleaned_data["begun"] or timezone.now()
    try:
        return _send(screen, case, form)
    except NotShown as refusal:
        _show_first(form, refusal.statement)
        return None


def _show_first(form: Any, statement: str) -> None:
    chosen, data = form.cleaned_data, form.data.copy()
    if not chosen["statement"]:
        data["drafted"] = statement
    data["statement"], data["begun"] = statement, chosen["begun"].isoformat()
    form.data, form.shown_first = data, True


def _send(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    post_id = case.post_id or chosen.get("post")
    post = Post.objects.filter(pk=post_id).first() if post_id else None
    if chosen["kind"] == DecisionKind.BAN:
        _propose(screen, case, form, post)
        return "#proposal"
    decisions.decide_case(
        case,
        screen.request.user,
        chosen["kind"],
        post=post,
        seen_post_version=form.seen_version_of(post_id),
        rule=chosen["rule"],
        statement=chosen["statement"] or _picked(screen, chosen),
        content_note=chosen["content_note"],
        takes_out=redacting.phrases_from(chosen["takes_out"]),
        lasting=chosen["lasting"],
        begun=chosen["begun"],
        shown=chosen["shown"],
    )
    return "#decisions"


def _propose(screen: "Screen", case: Case, form: Any, post: Post | None) -> None:
    """A ban: from here on it is somebody else's to decide."""
    chosen = form.cleaned_data
    proposals.propose_ban(
        case,
        screen.request.user,
        rule=chosen["rule"],
        statement=chosen["statement"] or _picked(screen, chosen),
        post=post,
        seen_post_version=form.seen_version_of(post.pk if post else None),
        shown=chosen["shown"],
    )


def _picked(screen: "Screen", chosen: Mapping[str, Any]) -> str:
    """What was picked from the library and left as it is, where nobody has looked at it in the form."""
    return statement_for(screen, chosen) if chosen["begin_from"] else ""


def _undo(screen: "Screen", case: Case, form: Any) -> str:
    decision = get_object_or_404(Decision, case=screen.case, pk=number(screen, "decision"))
    decisions.undo_decision(decision, screen.request.user)
    return "#decisions"


def draft_statement(screen: "Screen", form: Any) -> None:
    """Puts the default statement for what is chosen into the form, unless the moderator has written one of their own."""
    chosen, data = form.cleaned_data, form.data.copy()
    own = chosen["statement"] and chosen["statement"] != chosen["drafted"]
    if not own or not chosen["begun"]:
        chosen["begun"] = timezone.now()
    draft = statement_for(screen, chosen)
    data["drafted"], data["begun"] = draft, chosen["begun"].isoformat()
    if not own:
        data["statement"] = draft
    form.data = data


def statement_for(screen: "Screen", chosen: Mapping[str, Any]) -> str:
    case = screen.case
    post = next((each for each in screen.posts if each.pk == (chosen.get("post") or case.post_id)), None)
    for_safety = workflow.for_safety(screen.facts, screen.viewer) and chosen["kind"] != DecisionKind.NO_ACTION
    return statements.default_statement(
        chosen["kind"],
        member=case.subject,
        by=screen.request.user,
        post=post,
        rule=Decision.SAFETY if for_safety else chosen.get("rule", ""),
        content_note=chosen.get("content_note", ""),
        begin_from=chosen.get("begin_from"),
        until=_until(chosen),
    )


def _until(chosen: Mapping[str, Any]) -> datetime | None:
    """When what is chosen would end, once somebody has chosen how long."""
    if chosen["kind"] not in LASTING or not chosen.get("lasting"):
        return None
    return lasting.end_of(chosen["lasting"], chosen.get("begun"), timezone.now())


def _undecided(screen: "Screen") -> dict[str, Any]:
    only = screen.posts[0].pk if len(screen.posts) == 1 else None
    first = screen.posts[0].body if screen.posts else ""
    return {
        "seen_posts": versions_of(screen.posts),
        "post": only,
        "begun": timezone.now().isoformat(),
        "takes_out": redacting.looks_personal(first),
    }


FOLLOWS = "follow"  # the preview goes along with what is typed: half a form is no mistake
ACTS: Mapping[str, Act] = {
    "draft": _draft,
    "preview": _preview,
    FOLLOWS: _preview,
    "decide": _decide,
    "undo": _undo,
}
FORM_OF: Mapping[str, str] = {"draft": "decide", "preview": "decide", FOLLOWS: "decide"}
FORMS: Mapping[str, type[SeenForm]] = {
    "decide": DecideForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"decide": _undecided}
