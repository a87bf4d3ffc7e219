"""The small room: open to everyone signed in, also when the wall is not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum import access, panels
from forum.requests import MemberRequest


@login_required
@require_safe
def room(request: MemberRequest) -> HttpResponse:
    """Help, statements, appeal, conversations and own data. What the team adds comes through the panels."""
    member = request.user
    context = {
        "standing": member.current_standing,
        "until": member.standing_until,
        "wall_open": member.current_standing in access.WALL_OPEN,
        "notices": [notice for panel in panels.notices if (notice := panel(member))],
        "links": [link for panel in panels.me_links for link in panel(member)],
    }
    return render(request, "forum/room.html", context)
