"""What is mine on the wall, to find and to take back: from the small room too."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum import access
from forum.models import Post, Support
from forum.onlooker import viewer_of
from forum.requests import MemberRequest

PAGE = 20


@login_required
@require_safe
def shared(request: MemberRequest) -> HttpResponse:
    """My own words that stand, and the support I gave. Nothing that somebody else wrote: the wall may be closed to me."""
    own = Post.objects.filter(author=request.user, status__in=access.READABLE).order_by("-created_at", "-pk")
    given = Support.objects.filter(member=request.user).order_by("-given_at", "-pk")
    context = {
        "wall_open": viewer_of(request).wall_is_open,
        "words": Paginator(own, PAGE).get_page(request.GET.get("page")),
        "given": Paginator(given, PAGE).get_page(request.GET.get("given")),
    }
    return render(request, "forum/me_shared.html", context)
