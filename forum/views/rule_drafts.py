"""Writing the next house rules: for staff and administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum import access
from forum.actions.rules import drop_rule, open_talk, publish_rules, put_draft_away, start_draft, write_rule
from forum.forms_rules import HouseRuleForm, OpenTalkForm, PublishForm
from forum.models import RuleSet
from forum.onlooker import viewer_of
from forum.refusals import Refusal
from forum.requests import MemberRequest


def for_housekeepers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Everyone else finds nothing there: missing and forbidden look alike."""

    @wraps(view)
    def gate(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access.may_keep_house(viewer_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(gate)


@for_housekeepers
@require_http_methods(["GET", "POST"])
def draft(request: MemberRequest) -> HttpResponse:
    """The draft with what can be done with it now: begin, ask the members, publish, put away."""
    found = _draft()
    forms: dict[str, Any] = {"open": OpenTalkForm(initial=_opening(found)), "publish": PublishForm()}
    status = 200
    if request.method == "POST":
        status = 422
        action = request.POST.get("action", "")
        if action in forms:
            forms[action] = type(forms[action])(request.POST)
        try:
            if (answer := _do(request, action, found, forms.get(action))) is not None:
                return HttpResponseRedirect(answer, status=303)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            found, status = _draft(), 409
    context = {"draft": found, "rules": found.rules.all() if found else [], **forms}
    return render(request, "forum/rules_draft.html", context, status=status)


@for_housekeepers
@require_http_methods(["GET", "POST"])
def rule(request: MemberRequest, anchor: str = "") -> HttpResponse:
    """One rule of the draft, or a new one."""
    found = get_object_or_404(RuleSet, state=RuleSet.State.DRAFT)
    known = get_object_or_404(found.rules, anchor=anchor) if anchor else None
    before = {name: getattr(known, name) for name in HouseRuleForm.base_fields} if known else {}
    form = HouseRuleForm(request.POST or None, initial=before or {"place": found.rules.count() + 1})
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if request.POST.get("action") == "drop":
                drop_rule(request.user, found, anchor)
                return HttpResponseRedirect(reverse("rules_draft"), status=303)
            if form.is_valid():
                kept = write_rule(request.user, found, anchor, **form.cleaned_data)
                return HttpResponseRedirect(f"{reverse('rules_draft')}#{kept.anchor}", status=303)
        except Refusal as refusal:
            form.is_valid()
            form.add_error(None, refusal.message)
            status = 409
    return render(request, "forum/rules_draft_rule.html", {"form": form, "rule": known, "draft": found}, status=status)


def _draft() -> RuleSet | None:
    return RuleSet.objects.filter(state=RuleSet.State.DRAFT).prefetch_related("rules").first()


def _opening(draft: RuleSet | None) -> dict[str, Any]:
    return {"purpose": draft.purpose} if draft and draft.purpose else {}


def _do(request: MemberRequest, action: str, draft: RuleSet | None, form: Any) -> str | None:
    """Where to go when it is done, or None when a form has to be looked at again."""
    if action == "start":
        start_draft(request.user)
        return reverse("rules_draft")
    if draft is None:
        raise Http404
    if action == "put_away":
        put_draft_away(request.user, draft)
        messages.success(request, _("The draft is put away. The rules stay as they are."))
        return reverse("rules_next")
    if form is None:
        raise Http404
    if not form.is_valid():
        return None
    if action == "open":
        open_talk(request.user, draft, **form.cleaned_data)
        messages.success(request, _("Members can read the draft now and say what they think."))
        return reverse("rules_next")
    published = publish_rules(request.user, draft, **form.cleaned_data)
    messages.success(request, _("These are the house rules now. Everyone is asked to say yes when they next come."))
    return published.get_absolute_url()
