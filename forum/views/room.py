"""The small room: open to everyone signed in, also when the wall is not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum import access, panels
from forum.models import Leaving, Standing
from forum.onlooker import onlooker_of
from forum.requests import MemberRequest


@login_required
@require_safe
def room(request: MemberRequest) -> HttpResponse:
    """Help, statements, appeal, conversations and own data. What the team adds comes through the panels."""
    member, onlooker = request.user, onlooker_of(request)
    context = {
        "standing": member.current_standing,
        "until": member.current_until,
        "wall_open": member.current_standing in access.WALL_OPEN,
        "leaving": Leaving.objects.filter(member=member).first() if member.standing == Standing.DEACTIVATED else None,
        "notices": [notice for panel in panels.notices if (notice := panel(onlooker))],
        "reasons": [reason for panel in panels.standing_reasons if (reason := panel(onlooker))],
        "links": [link for panel in panels.me_links for link in panel(onlooker)],
    }
    return render(request, "forum/room.html", context)
