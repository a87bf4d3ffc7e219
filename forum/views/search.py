"""Looking for words. What somebody looks for says how they are, so it is never in an address and never in a log.

The form is sent by POST; its words are kept under a name drawn by lot, for an hour and for this session alone, in the cache
and not in the database; and the answer stands at that name. So going back, reloading and older pages work as on any page,
and nothing of it is in the browser's history, in another site's referrer or in a proxy's log.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_safe

from forum import panels
from forum.forms_search import SearchForm
from forum.onlooker import viewer_of
from forum.requests import MemberRequest
from forum.search import search_posts

KEPT_FOR = 60 * 60  # seconds


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: MemberRequest) -> HttpResponse:
    """The empty form; or, sent, the way to what was found."""
    if request.method != "POST":
        return _page(request, SearchForm())
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    name = secrets.token_urlsafe(9)
    cache.set(_key(request, name), {field: form.data.get(field, "") for field in form.fields}, KEPT_FOR)
    return HttpResponseRedirect(reverse("search_found", args=[name]) + "#found", status=303)


@login_required
@require_safe
def found(request: MemberRequest, name: str) -> HttpResponse:
    """What was found, a page at a time. A search whose hour is over, or of another session, is no longer known."""
    asked = cache.get(_key(request, name))
    form = SearchForm(asked)
    if asked is None or not form.is_valid():
        return _page(request, SearchForm(), status=404, over=True)
    before = request.GET.get("before", "")
    page = search_posts(viewer_of(request), **form.asked(), before=before)
    older = urlencode({"before": page.older}) if page.older else ""
    heavy = any(panel(form.cleaned_data["query"]) for panel in panels.heavy_words)
    return _page(request, form, found=page, older=older, later_page=bool(before), heavy=heavy)


def _page(request: HttpRequest, form: SearchForm, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, "forum/search.html", {"form": form, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _key(request: HttpRequest, name: str) -> str:
    return (
        "search:" + salted_hmac("forum.search", f"{request.session.session_key}:{name}", algorithm="sha256").hexdigest()
    )
