"""What a member does about a decision on their own pages: edit and put back, talk about it, say how it was."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from forum import drafts
from forum.actions.notices import read_notices
from forum.models import Post
from forum.onlooker import onlooker_of
from forum.refusals import ChangedMeanwhile, NotThere, Refusal
from forum.requests import MemberRequest
from moderation.actions.how import say_how_it_was
from moderation.actions.rewriting import rewrite_words
from moderation.actions.talks import talk_about
from moderation.answering import answers_for
from moderation.forms_answers import HowForm, RewriteForm, TalkForm
from moderation.models import Decision, HowItWas
from moderation.notices_answers import HOW
from moderation.panels import team_words
from moderation.statements import role_words
from moderation.views.doors import explain


@login_required
@require_http_methods(["GET", "POST"])
def rewrite(request: MemberRequest, decision_id: int) -> HttpResponse:
    """Their words to be edited, and sent: at once onto the wall, or to the team where they had been taken down."""
    decision, answers = _own(request, decision_id)
    post = decision.post
    if post is None or (request.method == "GET" and not answers.may_rewrite):
        return redirect(f"{reverse('my_decisions')}#decision-{decision.pk}")
    before = {"body": post.body, "content_note": post.content_note, "seen_version": post.version, "key": uuid4()}
    form: Any = RewriteForm(
        request.POST or None, initial=before, is_reply=post.parent_id is not None, at_once=answers.at_once
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid() and not form.look_again:
        fields = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
        try:
            rewrite_words(decision, request.user, **{"content_note": "", **fields})
        except NotThere:
            raise Http404 from None
        except Refusal as refusal:
            explain(form, refusal)
            status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        else:
            return HttpResponseRedirect(f"{reverse('my_decisions')}#decision-{decision.pk}", status=303)
    place = f"rewrite-{decision.pk}"
    context = {
        "draft": drafts.fill(form, drafts.kept_at(onlooker_of(request), place)),
        "form": form,
        "place": place,
        "post": post,
        **_about(decision, answers),
    }
    return render(request, "moderation/rewrite.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def talk(request: MemberRequest, decision_id: int) -> HttpResponse:
    """Begins the conversation about a decision, or goes to the one there is. In every standing."""
    decision, answers = _own(request, decision_id)
    if request.method == "GET" and not answers.may_talk:
        return redirect("conversation", answers.talk) if answers.talk else redirect("my_decisions")
    form, status = TalkForm(request.POST or None, initial={"key": uuid4()}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                word = talk_about(decision, request.user, **form.cleaned_data)
            except Refusal as refusal:
                explain(form, refusal)
            else:
                return HttpResponseRedirect(
                    f"{reverse('conversation', args=[word.case_id])}#word-{word.pk}", status=303
                )
    context = {"form": form, "team": team_words(onlooker_of(request)), **_about(decision, answers)}
    return render(request, "moderation/talk.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def how(request: MemberRequest, decision_id: int) -> HttpResponse:
    """One question, asked once. It can be left alone."""
    decision, answers = _own(request, decision_id)
    if decision.how_asked_at is None:
        raise Http404
    read_notices(request.user, kind=HOW, ref=decision.pk)
    form, status = HowForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            say_how_it_was(decision, request.user, **form.cleaned_data)
            return HttpResponseRedirect(reverse("how_it_was", args=[decision.pk]), status=303)
    said = HowItWas.objects.filter(decision=decision).first()
    context = {"form": form, "said": said, **_about(decision, answers)}
    return render(request, "moderation/how.html", context, status=status)


@login_required
@require_safe
def put_back(request: MemberRequest, post_id: int) -> HttpResponse:
    """From the words themselves to the decision that folded or cut them."""
    post = get_object_or_404(Post, pk=post_id, author=request.user)
    mine = Decision.objects.filter(subject=request.user, told=True, post=post)
    decisions = list(mine.select_related("case", "post").order_by("-pk"))
    answers = answers_for(request.user, decisions)
    for decision in decisions:
        if answers[decision.pk].may_rewrite:
            return redirect("rewrite_words", decision.pk)
    if not decisions:
        raise Http404
    return redirect(f"{reverse('my_decisions')}#decision-{decisions[0].pk}")


def _own(request: MemberRequest, decision_id: int) -> tuple[Decision, Any]:
    """Somebody else's decision is as little there as one that never was."""
    mine = Decision.objects.filter(subject=request.user, told=True).select_related("decided_by", "case", "post")
    decision = get_object_or_404(mine, pk=decision_id)
    about = list(mine.filter(post=decision.post_id)) if decision.post_id else [decision]
    return decision, answers_for(request.user, about)[decision.pk]


def _about(decision: Decision, answers: Any) -> dict[str, Any]:
    return {
        "decision": decision,
        "answers": answers,
        "role": role_words(decision.decided_by) if decision.decided_by else "",
    }
