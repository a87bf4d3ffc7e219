"""The house rules: what holds, what held, what members are asked to say yes to, and the talk about the next ones."""

from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum import access, drafts, rules
from forum.actions.rule_talk import hide_comment, say_about_rules, take_back_comment, talked_about
from forum.actions.rules import accept_rules
from forum.answers import say_when
from forum.forms_rules import CommentForm, HideForm
from forum.models import Consent, RuleComment, RuleSet
from forum.onlooker import onlooker_of, viewer_of
from forum.refusals import KeyUsed, Refusal
from forum.requests import MemberRequest
from forum.ways import way_back

COMMENTS_A_PAGE = 50


@require_safe
def current(request: HttpRequest) -> HttpResponse:
    """The rules in force, in plain words or with ?read=easy in easy read."""
    return _rules_page(request, rules.in_force(), easy=request.GET.get("read") == "easy")


@require_safe
def easy(request: HttpRequest) -> HttpResponse:
    return _rules_page(request, rules.in_force(), easy=True)


@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    """A version that holds or held: what decisions link to."""
    found = get_object_or_404(rules.published().prefetch_related("rules"), version=version)
    return _rules_page(request, found, easy=request.GET.get("read") == "easy")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def changed(request: MemberRequest) -> HttpResponse:
    """What is new since this member last said yes. Help, the team, the room and one's data wait for no answer."""
    status = 200
    if request.method == "POST":
        try:
            accept_rules(request.user, request.POST.get("version", ""))
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            status = 409
        else:
            return HttpResponseRedirect(way_back(request), status=303)
    now, before = rules.in_force(), _last_accepted(request)
    context = {
        "rule_set": now,
        "changes": [change for change in rules.changes(before, now) if change.kind != "same"],
        "first_time": before is None,
        "next": way_back(request),
    }
    return render(request, "forum/rules_changed.html", context, status=status)


@require_safe
def next_rules(request: HttpRequest) -> HttpResponse:
    """The draft, and what members say about it; while there is none, what they would change."""
    return _next_page(request)


@login_required
@require_http_methods(["GET", "POST"])
def say(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("rules_next")
    form = CommentForm(request.POST, rules=talked_about().rules.all())
    if form.is_valid():
        try:
            comment = say_about_rules(
                request.user,
                form.cleaned_data["about"],
                body=form.cleaned_data["body"],
                anchor=form.cleaned_data["anchor"],
                key=form.cleaned_data["key"],
            )
        except Refusal as refusal:
            form.add_error("body", refusal.message)
            if isinstance(refusal, KeyUsed):
                form.renew_key()
            return say_when(_next_page(request, form), refusal)
        else:
            return HttpResponseRedirect(f"{reverse('rules_next')}#comment-{comment.pk}", status=303)
    return _next_page(request, form)


@login_required
@require_POST
def take_back(request: MemberRequest, comment_id: int) -> HttpResponse:
    comment = get_object_or_404(RuleComment, pk=comment_id, author=request.user)
    take_back_comment(request.user, comment)
    messages.success(request, _("Your words are taken back."))
    return HttpResponseRedirect(f"{reverse('rules_next')}#talk", status=303)


@login_required
@require_http_methods(["GET", "POST"])
def hide(request: MemberRequest, comment_id: int) -> HttpResponse:
    """For staff: folds a comment away with a reason that its author reads, or shows it again."""
    viewer = viewer_of(request)
    if not access.may_keep_house(viewer):
        raise Http404
    comment = get_object_or_404(RuleComment.objects.select_related("author"), pk=comment_id)
    form = HideForm(request.POST or None)
    shown_again = request.POST.get("action") == "show"
    if request.method == "POST" and (shown_again or form.is_valid()):
        hide_comment(request.user, comment, "" if shown_again else form.cleaned_data["why"])
        return HttpResponseRedirect(f"{reverse('rules_next')}#comment-{comment.pk}", status=303)
    context = {"comment": comment, "form": form}
    return render(request, "forum/rules_hide.html", context, status=422 if request.method == "POST" else 200)


def _rules_page(request: HttpRequest, rule_set: RuleSet, *, easy: bool) -> HttpResponse:
    versions = list(rules.published().only("version", "published_at"))
    context = {
        "rule_set": rule_set,
        "easy": easy,
        "in_force": versions[0].pk == rule_set.pk,
        "others": [each for each in versions if each.pk != rule_set.pk],
    }
    return render(request, "forum/rules.html", context)


def _next_page(request: HttpRequest, form: CommentForm | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    about, now = talked_about(), rules.in_force()
    draft = about if about.state == RuleSet.State.DRAFT else None
    comments = RuleComment.objects.filter(access.rule_comments_visible_to(viewer), rule_set=about)
    past = draft is None and request.GET.get("talk") == "past"  # what was said while the rules in force were a draft
    if draft is None:
        when = "made_at__lt" if past else "made_at__gte"
        comments = comments.filter(**{when: about.published_at})
    page = Paginator(comments.select_related("author").order_by("-made_at", "-pk"), COMMENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    asked = about.rules.all() if draft else now.rules.all()
    shown = form or CommentForm(rules=asked, initial={"key": uuid4(), "about": about.pk})
    onlooker = onlooker_of(request)
    context: dict[str, Any] = {
        "draft": draft,
        "past": past,
        "about": about,
        "titles": {rule.anchor: rule.shown_title for rule in asked},
        "changes": [change for change in rules.changes(now, about) if change.kind != "same"] if draft else [],
        "comments": page,
        "form": shown,
        "draft_kept": drafts.fill(shown, drafts.kept_at(onlooker, "rules")) if onlooker else None,
        "place": "rules",
        "may_say": access.has_voice(viewer),
        "keeper": access.may_keep_house(viewer),
    }
    if form:
        form.data = {**{name: form.data.get(name) for name in form.data}, "about": about.pk}
    return render(request, "forum/rules_next.html", context, status=422 if form else 200)


def _last_accepted(request: MemberRequest) -> RuleSet | None:
    said_yes = Consent.objects.filter(member=request.user, kind=Consent.Kind.RULES).values("version")
    held = rules.published().filter(version__in=said_yes).prefetch_related("rules")
    return cast(RuleSet | None, held.first())
