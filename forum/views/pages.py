"""Pages of words alone, open to everyone: first steps, what supporting others asks, when we would step in, privacy."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from forum.models import Member
from forum.requests import MemberRequest
from forum.rules import PRIVACY_VERSION
from forum.ways import way_back


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What this place is and how to say hello. New members find the short of it above the wall."""
    return render(request, "forum/welcome_page.html")


@login_required
@require_POST
def put_welcome_away(request: MemberRequest) -> HttpResponse:
    """The card above the wall goes; the page stays."""
    Member.objects.filter(pk=request.user.pk, welcomed_at=None).update(welcomed_at=timezone.now())
    return HttpResponseRedirect(way_back(request), status=303)


@require_safe
def supporting(request: HttpRequest) -> HttpResponse:
    return render(request, "forum/supporting.html")


@require_safe
def stepping_in(request: HttpRequest) -> HttpResponse:
    """Says what the code does, and promises no more than this site has people for."""
    return render(
        request, "forum/stepping_in.html", {"crisis_response": settings.CRISIS_RESPONSE, "holds": bool(settings.HOLD)}
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    words = {"version": PRIVACY_VERSION, "controller": settings.CONTROLLER, "backup_days": settings.BACKUP_DAYS}
    return render(request, "forum/privacy.html", words)
