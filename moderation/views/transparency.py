"""What members are told of what the team decides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation import tally


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/transparency.html", {"tally": tally.last_quarter(), "small": tally.SMALL})
