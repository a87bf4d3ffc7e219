"""The pages for when something is missing, refused or broken. Each says what is true and offers a way on."""

import sys
from math import ceil

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone

from forum.account_limits import free_again
from forum.moments import clock_words
from forum.views import help as help_views
from forum.views import leaving

log = structlog.get_logger("harbour.refused")

LAST_WORDS = """<!doctype html><html lang="en-gb"><meta charset="utf-8"><title>Something broke</title>
<h1>Something broke on our side.</h1><p>Try again in a minute. Help does not wait for us: ring 999 or 112 if a life is in
danger now; Samaritans are on 116 123, day and night.</p><p><a href="/">Try again</a></p></html>"""
TRY_AGAIN_AFTER = 60  # seconds: the shortest of allauth's windows, where its counters do not say
RETRY_AFTER = 3  # seconds: a database that restarts is usually back by then
WITHOUT_DATABASE = {
    "/help/": help_views.without_database,
    "/leave/": leaving.without_database,
}  # for whoever is signed in too


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _bare(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Tried too often at the door of an account; allauth asks for this page. Says when to go on, to people and programs."""
    now, until = timezone.now(), free_again(request)
    response = render(request, "429.html", {"until": clock_words(until) if until else ""}, status=429)
    response["Retry-After"] = str(max(1, ceil((until - now).total_seconds())) if until else TRY_AGAIN_AFTER)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database, session or context. A database that is away answers 503, so that clients try again."""
    from config import away

    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return _bare(request, "500.html", 500)
    away.note_failure(error)
    return without_database(request)


def without_database(request: HttpRequest) -> HttpResponse:
    """What is said while the database is away: help and the way out as ever, of everything else when to come back."""
    answer = WITHOUT_DATABASE.get(request.path_info)
    response = answer() if answer else _bare(request, "500.html", 503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token. Words sent from our own page are shown again, so that they are not lost.

    Logged by Django's reason alone: after a dash it goes on with an address that the visitor sent.
    """
    log.warning("form_refused", reason=reason.partition(" - ")[0])
    kept = request.POST.get("body", "") if _from_here(request) else ""
    return render(request, "403.html", {"csrf_failed": True, "kept_words": kept}, status=403)


def _from_here(request: HttpRequest) -> bool:
    # A stranger's page must not be able to make ours show words of its own.
    try:
        return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return False


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context = {"product": settings.PRODUCT_NAME, "request_id": getattr(request, "request_id", "")}
    try:
        body = loader.get_template(template).render(context)
    except Exception:  # the page for a broken site must not break with it
        body = LAST_WORDS
    return HttpResponse(body, status=status)
