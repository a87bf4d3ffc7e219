"""Urgent help: the same page for everyone, signed in or not, whatever their standing; and the copy a browser keeps of it."""

import json
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from forum import helplines

# What the stylesheets name: the worker finds for itself what the pages name.
LETTERS = "vendor/atkinson-hyperlegible-next@5.3.0/atkinson-hyperlegible-next-latin-wght-normal.woff2"
SHORE = "wave.svg"


@require_safe
def urgent_help(request: HttpRequest) -> HttpResponse:
    """A member's region comes first, or the one somebody asks for."""
    asked = request.GET.get("region", "")
    region = asked if asked in helplines.REGIONS else getattr(request.user, "region", "")
    return render(request, "forum/help.html", _lines(region))


def without_database() -> HttpResponse:
    """The same page when nobody can be asked who is looking."""
    context = {**_lines(""), "frame": "_bare.html", "shape": "stack", "product": settings.PRODUCT_NAME}
    return HttpResponse(loader.get_template("forum/help.html").render(context), status=503)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser that has been here before shows while there is no connection."""
    context = {"product": settings.PRODUCT_NAME}
    return HttpResponse(loader.get_template("forum/offline.html").render(context))


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, so that it may answer for every page, and changes with any static file."""
    facts = {
        "name": settings.PRODUCT_NAME,
        "version": getattr(staticfiles_storage, "manifest_hash", "") or "unhashed",
        "help": reverse("help"),
        "offline": reverse("offline"),
        "files": [static(LETTERS), static(SHORE)],
    }
    script = f"const HARBOUR = {json.dumps(facts)};\nimportScripts({json.dumps(static('worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For whatever asks for the old address: browsers that read no <link>, and feeds."""
    return HttpResponseRedirect(static("favicon.svg"))


def _lines(region: str) -> dict[str, Any]:
    groups = helplines.groups(first=region)
    return {"groups": groups, "region": region, "checked": helplines.oldest_check(groups)}
