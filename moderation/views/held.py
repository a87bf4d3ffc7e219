"""Words that wait for a moderator, and obvious spam: one by one or several with one press, and one press to undo it."""

from collections.abc import Collection

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from forum import rules
from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import wording
from moderation.access import cases_visible_to
from moderation.actions.bulk import Chosen, Done, publish_held, remove_as_spam, undo_bulk
from moderation.actions.reads import note_reads
from moderation.models import Bulk, Case
from moderation.refusals import CaseMoved, WordsChanged
from moderation.views.gates import for_desk
from moderation.waiting_words import last_bulk, read_waiting


class RemoveForm(forms.Form):
    """Which of them, and under which rule they go."""

    chosen = forms.TypedMultipleChoiceField(
        error_messages={"required": gettext_lazy("Tick what should be taken down.")},
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("House rule"),
        error_messages={"required": gettext_lazy("Choose the house rule this is about, so that it can be said.")},
    )

    def __init__(self, *args: object, tokens: list[str] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        sent = self.data.getlist("chosen") if self.is_bound else []  # type: ignore[attr-defined]
        self.fields["chosen"].choices = [(token, token) for token in [*(tokens or []), *sent]]  # type: ignore[attr-defined]
        self.fields["rule"].choices = [("", _("Choose")), *rules.choices()]  # type: ignore[attr-defined]


@for_desk
@require_http_methods(["GET", "POST"])
def held(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """The list; a press on it comes back here, with what was done and what somebody else did first."""
    if request.method == "GET":
        return _draw(request, viewer, RemoveForm())
    what, _colon, which = request.POST.get("do", "").partition(" ")
    if what == "remove":
        return _remove(request, viewer)
    acts = {"publish": _publish, "undo": _undo}
    if what not in acts:
        raise Http404
    return acts[what](request, viewer, which)


def _draw(
    request: MemberRequest, viewer: ViewerFacts, form: RemoveForm, status: int = 200, changed: Collection[int] = ()
) -> HttpResponse:
    """`changed` are cases that had moved on since somebody pressed: their words stand here as they are by now."""
    items, older = read_waiting(viewer, request.GET.get("after", ""))
    note_reads([item.case for item in items], request.user)
    context = {
        "items": [
            {"item": item, "headline": wording.headline(item.case), "changed": item.case.pk in changed}
            for item in items
        ],
        "older": older,
        "first": "after" not in request.GET,
        "form": form,
        "chosen": request.POST.getlist("chosen"),
        "bulk": last_bulk(viewer.id),
    }
    return render(request, "moderation/held.html", context, status=status)


def _remove(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return _draw(request, viewer, form, status=422)
    chosen = [found for token in form.cleaned_data["chosen"] if (found := _as_shown(viewer, token))]
    done = remove_as_spam(chosen, request.user, form.cleaned_data["rule"])
    if done.decisions:
        messages.success(request, _("Taken down: %(n)d. Each author has been told why.") % {"n": len(done.decisions)})
    _tell_refused(request, done)
    if done.changed:
        return _draw(request, viewer, RemoveForm(), status=409, changed=done.changed)
    return _back(request)


def _publish(request: MemberRequest, viewer: ViewerFacts, token: str) -> HttpResponse:
    chosen = _as_shown(viewer, token)
    if chosen is None:
        raise Http404
    try:
        publish_held(chosen, request.user)
    except Refusal as refusal:
        messages.warning(request, f"{wording.headline(chosen.case)}: {refusal.message}")
        if isinstance(refusal, CaseMoved | WordsChanged):
            return _draw(request, viewer, RemoveForm(), status=409, changed={chosen.case.pk})
    else:
        messages.success(request, _("It is on the wall now, and its author knows."))
    return _back(request)


def _undo(request: MemberRequest, viewer: ViewerFacts, number: str) -> HttpResponse:
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise Http404
    done = undo_bulk(get_object_or_404(Bulk, pk=int(number), by=request.user), request.user)
    messages.success(request, _("Put back: %(n)d. Everything is as it was before.") % {"n": len(done.decisions)})
    _tell_refused(request, done)
    return _back(request)


def _tell_refused(request: MemberRequest, done: Done) -> None:
    for case, why in done.refused:
        messages.warning(request, f"{wording.headline(case)}: {why}")


def _as_shown(viewer: ViewerFacts, token: str) -> Chosen | None:
    """The case at the versions that the page showed; None for one this person may not see."""
    parts = token.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        return None
    case_id, version, post_version = map(int, parts)
    case = Case.objects.filter(cases_visible_to(viewer), pk=case_id).select_related("subject", "post__author").first()
    if case is None:
        return None
    case.version = version
    return Chosen(case, post_version)


def _back(request: MemberRequest) -> HttpResponseRedirect:
    """To the page of the list that was pressed on."""
    return HttpResponseRedirect(request.get_full_path(), status=303)
