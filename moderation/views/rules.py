"""The rules of screening, for staff: phrases of one's own, rules switched off by two people, each tried on old posts first."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import screening_board as board
from moderation import screening_rules as own_rules
from moderation.actions import rules as acts
from moderation.forms_rules import PhraseForm, SwitchForm
from moderation.models import RuleSwitch, RuleWords
from moderation.refusals import Missing
from moderation.screening.catalogue import RULES
from moderation.screening_trial import Trial, try_on_old_posts, with_words, without_rule
from moderation.views.gates import for_staff


@dataclass
class Page:
    """One person's page of the rules. `rule` is the one that is tried without."""

    request: MemberRequest
    phrase: PhraseForm
    switch: SwitchForm
    rule: str = ""
    trial: Trial | None = None
    refused: str = ""
    status: int = 200


@for_staff
@require_http_methods(["GET", "POST"])
def screening_rules(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Shows the rules; tries a change on old posts; makes it."""
    rule = (request.POST if request.method == "POST" else request.GET).get("rule", "")
    if rule and rule not in RULES:
        raise Http404
    page = Page(request, PhraseForm(), SwitchForm(), rule)
    if request.method == "POST":
        return _pressed(page, request.POST.get("do", ""))
    if rule:
        page.trial = _without(rule)
    return _draw(page)


def _pressed(page: Page, do: str) -> HttpResponse:
    if do in {"try", "add"}:
        return _phrase(page, do)
    if do == "ask":
        return _ask(page)
    one = {
        "take_out": (RuleWords, acts.take_out_words),
        "agree": (RuleSwitch, acts.agree_to_switch_off),
        "on": (RuleSwitch, acts.switch_on),
    }
    if do not in one:
        raise Http404
    model, act = one[do]
    found: Any = get_object_or_404(model, pk=_number(page.request.POST.get("id", "")))
    return _after(page, lambda: act(page.request.user, found))  # type: ignore[operator]


def _phrase(page: Page, do: str) -> HttpResponse:
    """A phrase is tried first; the second press adds what was tried, and nothing else."""
    form = page.phrase = PhraseForm(page.request.POST)
    if not form.is_valid():
        page.status = 422
        return _draw(page)
    family, phrase = form.cleaned_data["family"], acts.as_kept(form.cleaned_data["phrase"])
    if do == "add" and form.cleaned_data["tried"] == form.stamp:
        return _after(page, lambda: acts.add_words(page.request.user, family, phrase))
    try:
        acts.check_words(family, phrase)
    except Missing as missing:
        return _after(page, _raising(missing))
    own = own_rules.read()
    page.trial = try_on_old_posts(own, with_words(own, family, phrase))
    form.data = {**form.data.dict(), "tried": form.stamp}  # type: ignore[attr-defined]
    return _draw(page)


def _ask(page: Page) -> HttpResponse:
    form = page.switch = SwitchForm(page.request.POST)
    if not form.is_valid() or not page.rule:
        page.status, page.trial = 422, _without(page.rule) if page.rule else None
        return _draw(page)
    return _after(page, lambda: acts.ask_to_switch_off(page.request.user, page.rule, form.cleaned_data["why"]))


def _after(page: Page, act: Any) -> HttpResponse:
    """Back to the page when it is done; else the same page with the reason, and what was typed."""
    try:
        act()
    except Missing as missing:
        page.status = 422
        form = page.phrase if missing.field in page.phrase.fields else page.switch
        form.add_error(missing.field, missing.message)
        return _draw(page)
    except acts.AlreadyThat as refusal:
        page.refused, page.status = refusal.message, 409
        return _draw(page)
    except Refusal as refusal:
        page.refused, page.status = refusal.message, 403
        return _draw(page)
    return HttpResponseRedirect(reverse("screening_rules"), status=303)


def _raising(error: Missing) -> Any:
    def act() -> None:
        raise error

    return act


def _without(rule: str) -> Trial:
    own = own_rules.read()
    return try_on_old_posts(own, without_rule(own, rule))


def _draw(page: Page) -> HttpResponse:
    groups = board.rules_by_category()
    chosen = next((row for _, rows in groups for row in rows if row.name == page.rule), None)
    context = {
        "page": page,
        "groups": groups,
        "chosen": chosen,
        "phrases": board.live_words(),
        "log": [(event, board.name_of(event.switch.rule) if event.switch else "") for event in board.log()],
        "me": page.request.user.pk,
    }
    return render(page.request, "moderation/screening_rules.html", context, status=page.status)


def _number(sent: str) -> int:
    """An id from a hidden field; 0, which is nothing's, for anything that is none."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0
