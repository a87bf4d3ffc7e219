"""What happened for me: the page of notices, opening one, and choosing which there are. Nothing here needs a script."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.actions.notices import choose_notices, read_notices
from forum.forms_notices import NoticesForm
from forum.models import Notice
from forum.notices import is_quiet, read_page, url_of
from forum.onlooker import onlooker_of, viewer_of
from forum.requests import MemberRequest


@login_required
@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    """Read and unread, newest first. Looking at the page marks nothing as read."""
    page = read_page(viewer_of(request), request.GET.get("before", ""))
    context = {
        "entries": page.entries,
        "older": urlencode({"before": page.older}) if page.older else "",
        "later_page": bool(request.GET.get("before")),
        "any_unread": bool(onlooker_of(request).facts["notices_unread"]),
        "quiet": is_quiet(request.user, timezone.now()),
    }
    return render(request, "forum/notices.html", context)


@login_required
@require_safe
def notice(request: MemberRequest, notice_id: int) -> HttpResponse:
    """Leads to what it is about, and marks it as read."""
    mine = get_object_or_404(Notice, pk=notice_id, member=request.user)
    url = url_of(viewer_of(request), mine)
    read_notices(request.user, pk=mine.pk)
    if url:
        return HttpResponseRedirect(url, status=303)
    messages.info(request, _("What this was about is no longer there."))
    return redirect("notices")


@login_required
@require_POST
def notices_read(request: MemberRequest) -> HttpResponse:
    """Marks one notice, or all of them, as read."""
    number = request.POST.get("notice", "")
    if number == "all":
        read_notices(request.user)
    elif number.isascii() and number.isdigit() and len(number) < 19:
        read_notices(request.user, pk=int(number))
    return HttpResponseRedirect(reverse("notices"), status=303)


@login_required
@require_safe
def notices_count(request: MemberRequest) -> HttpResponse:
    """The header's count by itself, for a page that has heard that it changed."""
    return render(request, "_bell.html", {"here": "here" in request.GET})


@login_required
@require_http_methods(["GET", "POST"])
def my_notices(request: MemberRequest) -> HttpResponse:
    """Which notices I want, and my quiet hours."""
    form = NoticesForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        choose_notices(request.user, **form.chosen())
        messages.success(request, _("Kept as you chose."))
        return HttpResponseRedirect(reverse("me_notices"), status=303)
    status = 422 if request.method == "POST" else 200
    return render(request, "forum/me_notices.html", {"form": form}, status=status)
