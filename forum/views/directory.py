"""The directory of support groups: open to everyone; suggested to by members, looked after by staff."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum import access, directory, drafts
from forum.actions.directory import check_group, edit_group, publish_group, put_group_away, suggest_group
from forum.answers import say_when, somebody_was_first
from forum.forms_directory import EntryForm, PutAwayForm, SearchForm, SuggestForm, UploadForm
from forum.group_import import BYTES_MAX, Line, NotATable, plan_import, write_import
from forum.models import SupportGroup
from forum.onlooker import onlooker_of, viewer_of
from forum.refusals import ChangedMeanwhile, KeyUsed, Refusal
from forum.requests import MemberRequest
from forum.views.rule_drafts import for_housekeepers

GROUPS_A_PAGE = 20
Status = SupportGroup.Status


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Searched and filtered by a plain form."""
    form = SearchForm(request.GET)
    sought = form.sought()
    viewer = viewer_of(request)
    context = {
        "form": form,
        "page": Paginator(directory.found(**sought), GROUPS_A_PAGE).get_page(request.GET.get("page")),
        "query": urlencode({name: request.GET.get(name, "") for name in form.fields if request.GET.get(name)}),
        "sought": any(sought.values()),
        "may_suggest": viewer.wall_is_open,
        "keeper": access.may_keep_house(viewer),
    }
    return render(request, "forum/groups.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def suggest(request: MemberRequest) -> HttpResponse:
    """Staff read it before anyone else does."""
    form, late = SuggestForm(request.POST or None, initial={"key": uuid4()}), Refusal()
    if request.method == "POST" and form.is_valid():
        try:
            group = suggest_group(request.user, key=form.cleaned_data["key"], **form.fields_of_group())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            late = refusal
            if isinstance(refusal, KeyUsed):
                form.renew_key()
        else:
            return HttpResponseRedirect(f"{reverse('my_groups')}?sent={group.pk}", status=303)
    kept = drafts.fill(form, drafts.kept_at(onlooker_of(request), "group"))
    context = {"form": form, "draft": kept, "place": "group"}
    status = 422 if request.method == "POST" else 200
    return say_when(render(request, "forum/group_suggest.html", context, status=status), late)


@login_required
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """What I suggested, and what became of it. `?sent=` says that one has just arrived."""
    suggested = request.user.groups_suggested.prefetch_related("for_whom").order_by("-made_at", "-pk")
    page = Paginator(suggested, GROUPS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "forum/groups_mine.html", {"page": page, "sent": request.GET.get("sent", "")})


@for_housekeepers
@require_safe
def suggestions(request: MemberRequest) -> HttpResponse:
    """What waits to be read, what was last checked too long ago, and what was put away."""
    away = SupportGroup.objects.filter(status=Status.PUT_AWAY).order_by("-made_at", "-pk")
    context = {
        "waiting": directory.waiting().select_related("suggested_by")[:100],
        "old": directory.old().select_related("checked_by")[:100],
        "away": away[:50],
    }
    return render(request, "forum/groups_suggestions.html", context)


@for_housekeepers
@require_http_methods(["GET", "POST"])
def group(request: MemberRequest, group_id: int) -> HttpResponse:
    """One entry: its words, and the steps it can take."""
    found = get_object_or_404(SupportGroup.objects.select_related("suggested_by", "checked_by"), pk=group_id)
    action = request.POST.get("action", "")
    form = _entry_form(found, request if action in ("save", "publish") else None)
    away = PutAwayForm(request.POST if action == "put_away" else None)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if (done := _do(request, action, found, form, away)) is not None:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("group_suggestions"), status=303)
        except Refusal as refusal:
            shown = away if action == "put_away" else form
            shown.add_error(None, refusal.message)
            if isinstance(refusal, ChangedMeanwhile):  # what stands now is on the page: the next press has seen it
                data, status = request.POST.copy(), 409
                data["seen"] = str(found.version)
                form.data = data
    context = {"group": found, "form": form, "away": away, "errors": form if form.errors else away}
    return render(request, "forum/group.html", context, status=status)


@for_housekeepers
@require_POST
def check(request: MemberRequest, group_id: int) -> HttpResponse:
    """The button in the list: I looked today, everything holds."""
    found = get_object_or_404(SupportGroup, pk=group_id)
    try:
        check_group(request.user, found, seen_version=_seen(request))
    except ChangedMeanwhile:
        what = _("%(name)s has changed since you opened the list.") % {"name": found.name}
        return somebody_was_first(request, what, reverse("group", args=[found.pk]))
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Checked today: %(name)s.") % {"name": found.name})
    return HttpResponseRedirect(reverse("group_suggestions"), status=303)


@for_housekeepers
@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    """A table of groups: first what would happen, line by line; with the other button, all of it or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None)
    lines: list[Line] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                lines = plan_import(form.cleaned_data["file"].read(BYTES_MAX + 1))
                if request.POST.get("action") == "write":
                    count = write_import(lines, checked_by=request.user)
                    messages.success(request, _("Written: %(count)d.") % {"count": count})
                    return HttpResponseRedirect(reverse("groups"), status=303)
                status = 200
            except NotATable as refused:
                form.add_error("file", str(refused))
    return render(request, "forum/groups_upload.html", {"form": form, "lines": lines}, status=status)


def _entry_form(found: SupportGroup, request: MemberRequest | None) -> EntryForm:
    before: dict[str, Any] = {name: getattr(found, name) for name in EntryForm.base_fields if name != "seen"}
    before |= {"for_whom": [each.whom for each in found.for_whom.all()], "seen": found.version}
    return EntryForm(request.POST if request else None, initial=before)


def _do(request: MemberRequest, action: str, found: SupportGroup, form: EntryForm, away: PutAwayForm) -> str | None:
    """Takes the step and says so, or returns None when a form has to be looked at again."""
    actor, name = request.user, {"name": found.name}
    if action == "put_away":
        if not away.is_valid():
            return None
        put_group_away(actor, found, seen_version=_seen(request), why=away.cleaned_data["why"])
        return _("Put away: %(name)s.") % name
    if action not in ("save", "publish") or not form.is_valid():
        return None
    kept = edit_group(actor, found, seen_version=form.cleaned_data["seen"], **form.fields_of_group())
    if action == "publish":
        publish_group(actor, kept, seen_version=kept.version)
        return _("In the directory: %(name)s.") % {"name": kept.name}
    return _("Kept: %(name)s.") % {"name": kept.name}


def _seen(request: MemberRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
