"""Urgent help: the same page for everyone, signed in or not, whatever their standing."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from forum import helplines


@require_safe
def urgent_help(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": helplines.groups(),
        "unchecked": bool(helplines.unchecked()),
        "checked": helplines.oldest_check(),
    }
    return render(request, "forum/help.html", context)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For whatever asks for the old address: browsers that read no <link>, and feeds."""
    return HttpResponseRedirect(static("favicon.svg"))
