"""What is kept of me: to read, to take with me, to put away, to have erased."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from forum import data_rights
from forum.actions import export, leaving
from forum.answers import say_when
from forum.forms_my_data import EraseForm
from forum.models import Leaving
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.sealing import CannotOpen


@login_required
@never_cache
@require_safe
def me_data(request: MemberRequest) -> HttpResponse:
    """Everything that is kept and why, drawn from the registry; the copy, and the ways out."""
    return render(request, "forum/me_data.html", _data_page(request))


@login_required
@require_POST
@reauthentication_required
def copy_ask(request: MemberRequest) -> HttpResponse:
    """Asks for a copy, behind a fresh sign-in."""
    try:
        export.ask_for_copy(request.user)
    except Refusal as refusal:
        page = render(request, "forum/me_data.html", _data_page(request) | {"refusal": refusal.message}, status=422)
        return say_when(page, refusal)
    messages.success(request, _("Your copy is being made. It is here within ten minutes, on this page."))
    return _see("me_data")


@login_required
@never_cache
@require_GET
@reauthentication_required
def copy_take(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """The copy itself, once, behind a fresh sign-in. A second press is told what became of it."""
    try:
        archive = export.take_copy(request.user, export_id)
    except Refusal as refusal:
        return render(request, "forum/me_data.html", _data_page(request) | {"refusal": refusal.message}, status=410)
    except CannotOpen:
        sentence = _("This copy cannot be opened any more. You can ask for another.")
        return render(request, "forum/me_data.html", _data_page(request) | {"refusal": sentence}, status=410)
    if archive is None:
        raise Http404
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate().isoformat()}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me_leave(request: MemberRequest) -> HttpResponse:
    """Leaving with 21 days to come back in. Who has left already finds the way back in their room."""
    if _leaving(request):
        return _see("room")
    if request.method != "POST":
        context = {
            "reasons": leaving.why_not_leave(request.user),
            "kept": data_rights.kept_words(request.user.pk, taking_back=True),
        }
        return render(request, "forum/me_leave.html", context)
    try:
        leaving.leave(request.user)
    except leaving.CannotLeave as refusal:
        return render(request, "forum/me_leave.html", {"reasons": refusal.reasons}, status=409)
    return _see("room")


@login_required
@require_POST
def me_return(request: MemberRequest) -> HttpResponse:
    """Back, at one press."""
    if leaving.come_back(request.user):
        messages.success(request, _("You are back. Everything is as you left it."))
    return _see("wall")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def me_erase(request: MemberRequest) -> HttpResponse:
    """Erasing without a way back: a fresh sign-in, and one's handle typed."""
    form = EraseForm(request.user, request.POST or None)
    reasons = leaving.why_not_leave(request.user)
    status = 200
    if request.method == "POST":
        status = 409 if reasons else 422
        if form.is_valid() and not reasons:
            leaving.delete_now(request.user)
            logout(request)
            return _see("me_erased")
    context = {
        "form": form,
        "reasons": reasons,
        "kept": data_rights.kept_words(request.user.pk, taking_back=True),
        "backup_days": settings.BACKUP_DAYS,
    }
    return render(request, "forum/me_erase.html", context, status=status)


@require_safe
def me_erased(request: HttpRequest) -> HttpResponse:
    """The last page. It is the same for everybody, so that it says nothing about anybody."""
    if request.user.is_authenticated:
        return redirect("me_data")
    return render(request, "forum/me_erased.html", {"backup_days": settings.BACKUP_DAYS})


def _data_page(request: MemberRequest) -> dict[str, object]:
    kept = [entry for entry in data_rights.entries() if entry.is_about_members]
    return {
        "kept": [entry for entry in kept if entry.personal],
        "beside": [entry for entry in kept if not entry.personal],
        "copy": export.live_copy(request.user),
        "leaving": _leaving(request),
        "kept_for_now": data_rights.kept_words(request.user.pk),
    }


def _leaving(request: MemberRequest) -> Leaving | None:
    return Leaving.objects.filter(member=request.user).first()


def _see(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name), status=303)
