"""Pages of words alone: the house rules and the privacy notice. Open to everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.rules import PRIVACY_VERSION, RULES, RULES_VERSION


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "forum/rules.html", {"rules": RULES, "version": RULES_VERSION})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "forum/privacy.html", {"version": PRIVACY_VERSION})
