"""One's own page: who I am here, what is kept of me, and the ways to it all."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum import access, cards, panels
from forum.onlooker import onlooker_of
from forum.requests import MemberRequest


@login_required
@require_safe
def me(request: MemberRequest) -> HttpResponse:
    """Own data in brief, in words; links of other apps come through the panels."""
    member, onlooker = request.user, onlooker_of(request)
    context = {
        "standing": member.current_standing,
        "standing_words": member.get_standing_display(),
        "wall_open": member.current_standing in access.WALL_OPEN,
        "has_role": access.has_role(member),
        "has_card": cards.has_card(member.pk),
        "consents": member.consents.order_by("given_at", "pk"),
        "posts": member.posts.filter(parent__isnull=True).count(),
        "replies": member.posts.filter(parent__isnull=False).count(),
        "links": [link for panel in panels.me_links for link in panel(onlooker)],
    }
    return render(request, "forum/me.html", context)
