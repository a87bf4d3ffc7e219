"""The guides: all of them, and one with its words, its check and the change that waits for a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import guides
from moderation.actions.guides import GuideMoved, check_guide, confirm_change, propose_change, take_back_change
from moderation.differences import differences, drawn
from moderation.forms import plain_words
from moderation.models import Guide, GuideChange
from moderation.refusals import Missing
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.gates import for_staff


class GuideForm(forms.Form):
    """New words for a guide. `seen` is the version they were written from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = plain_words(gettext_lazy("What it is about"), Guide.TITLE_MAX, rows=0,
                        error_messages={"required": gettext_lazy("Write what the guide is about.")})  # fmt: skip
    body = plain_words(
        gettext_lazy("The steps"), Guide.BODY_MAX, rows=20,
        help_text=gettext_lazy(
            "“## ” begins a section, “1. ” a step. “[line: Samaritans]” is that line of the help page, as it is there today."
        ),
        error_messages={"required": gettext_lazy("Write the steps first.")},
    )  # fmt: skip


class CheckForm(forms.Form):
    """Who of the organisation has read it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = plain_words(
        gettext_lazy("Who has read it for your organisation"), Guide.NAME_MAX, rows=0,
        help_text=gettext_lazy("A name and what they do. It stands beside the guide with today's date."),
        error_messages={"required": gettext_lazy("Write the name of whoever has read it for your organisation.")},
    )  # fmt: skip


@for_staff
@require_GET
def guide_list(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Every guide, who has checked it, and what waits for a second person."""
    waiting = dict(GuideChange.objects.filter(ended_at=None).values_list("guide", "proposed_by__handle"))
    rows = [(guide, waiting.get(guide.pk, "")) for guide in Guide.objects.all()]
    return render(request, "moderation/guides.html", {"guides": rows})


@for_staff
@require_http_methods(["GET", "POST"])
def guide(request: MemberRequest, key: str, viewer: ViewerFacts) -> HttpResponse:
    """One guide to read, to check, and to change by two people."""
    found = get_object_or_404(Guide, key=key)
    return _act(request, found) if request.method == "POST" else _draw(request, found)


def _act(request: MemberRequest, found: Guide) -> HttpResponse:
    do, form = request.POST.get("do", ""), None
    try:
        if do in FORMS:
            form = FORMS[do](request.POST, auto_id=f"id_{do}_%s")
            if not form.is_valid():
                return _draw(request, found, do, form, status=422)
            said = _send(request, found, do, form)
        elif do in ("confirm", "take_back"):
            change = get_object_or_404(found.changes, pk=number_of(request.POST.get("change", "")))
            said = _answer(request, do, change)
        else:
            raise Http404
    except Missing as refusal:
        explain(form, refusal)
        return _draw(request, found, do, form, status=422)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, GuideMoved) else 422
        return _draw(request, Guide.objects.get(pk=found.pk), do, form, status=status, refused=refusal.message)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("guide", args=[found.key]), status=303)


FORMS: dict[str, type[forms.Form]] = {"propose": GuideForm, "check": CheckForm}


def _send(request: MemberRequest, found: Guide, do: str, form: forms.Form) -> str:
    sent = form.cleaned_data
    if do == "check":
        check_guide(found, request.user, name=sent["name"], seen_version=sent["seen"])
        return _("Noted, with today's date.")
    propose_change(found, request.user, title=sent["title"], body=sent["body"], seen_version=sent["seen"])
    return _("Your words wait for a second person. Until then the guide stays as it is.")


def _answer(request: MemberRequest, do: str, change: GuideChange) -> str:
    if do == "confirm":
        confirm_change(change, request.user)
        return _("The new words hold from now on.")
    take_back_change(change, request.user)
    return _("The change is gone, and the guide stays as it is.")


def _draw(
    request: MemberRequest, found: Guide, do: str = "", form: Any = None, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    change = found.changes.filter(ended_at=None).select_related("proposed_by").first()
    first = {"seen": found.version, "title": found.title, "body": found.body}
    if form is not None and status == 409:
        data = form.data.copy()
        data["seen"] = str(found.version)
        form.data = data
    context: dict[str, Any] = {
        "guide": found,
        "sections": guides.sections(found.body),
        "change": change,
        "refused": refused,
        "form": form,
        **{f"{name}_form": kind(initial=first, auto_id=f"id_{name}_%s") for name, kind in FORMS.items()},
    }
    if form is not None:
        context[f"{do}_form"] = form
    if change is not None:
        pieces = differences(found.body, change.body)
        context |= {"then": drawn(pieces, "then"), "now": drawn(pieces, "now")}
    return render(request, "moderation/guide.html", context, status=status)
