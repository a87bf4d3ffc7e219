"""Keeping and discarding drafts: asked by drafts.js while somebody writes, and by a button where there is no JavaScript."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forum import drafts
from forum.actions.drafts import DraftChanged, save_draft
from forum.models import Draft, Member

THEN = {"ask": "/ask/", "help": "/help/"}
"""Where somebody goes on from the step before sharing, with their words kept."""


@never_cache
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, place: str) -> HttpResponse:
    """Keeps what stands in the form, or tells a script what is kept. It hears 409 with the other words when they were
    changed elsewhere.
    """
    if request.method == "GET":
        return _tell(request, place)
    return _write(request, place, drafts.fields_of(request.POST, place))


@never_cache
@require_POST
def discard(request: HttpRequest, place: str) -> HttpResponse:
    return _write(request, place, {})


def _write(request: HttpRequest, place: str, fields: dict[str, str]) -> HttpResponse:
    if not drafts.is_place(place):
        raise Http404
    if not isinstance(request.user, Member):
        return JsonResponse({}, status=401) if _is_script(request) else redirect_to_login(drafts.page_of(place))
    try:
        kept = save_draft(
            request.user,
            place,
            fields,
            version=(drafts.saves_of(request.POST.get("version", "")) or [""])[-1],
            seen=drafts.saves_of(request.POST.get("draft", "")),
            key=drafts.key_of(request.POST.get("key", "")),
            device=drafts.device_of(request),
        )
    except DraftChanged as changed:
        return _changed(request, place, fields, changed.kept)
    if _is_script(request):
        return JsonResponse({"version": kept.version if kept else ""})
    return _go_on(request, place, kept)


def _tell(request: HttpRequest, place: str) -> HttpResponse:
    if not _is_script(request) or not isinstance(request.user, Member):
        return JsonResponse({}, status=401) if _is_script(request) else redirect(drafts.page_of(place))
    kept = Draft.objects.filter(member=request.user, place=place).first()
    return JsonResponse({"version": kept.version, "fields": kept.fields} if kept else {"version": ""})


def _changed(request: HttpRequest, place: str, fields: dict[str, str], kept: Draft) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"version": kept.version, "fields": kept.fields}, status=409)
    context = {"place": place, "mine": fields, "other": kept, "back": drafts.page_of(place)}
    return render(request, "forum/draft_changed.html", context, status=409)


def _go_on(request: HttpRequest, place: str, kept: Draft | None) -> HttpResponse:
    back = drafts.page_of(place)
    if request.POST.get("then") in THEN:
        return HttpResponseRedirect(f"{THEN[request.POST['then']]}?{urlencode({'next': back})}", status=303)
    said = (
        _("Kept as a draft. Nobody reads it, and it goes after 30 days.") if kept else _("There is no draft here now.")
    )
    messages.success(request, said)
    return HttpResponseRedirect(back, status=303)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
