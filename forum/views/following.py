"""Following and keeping a post, by a button in its menu. The socket is the other door to the same actions."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from forum import access
from forum.actions.following import set_follow, set_keep
from forum.models import Member, Post
from forum.onlooker import viewer_of
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.ways import way_back


@login_required
@require_POST
def follow(request: MemberRequest, post_id: int) -> HttpResponse:
    """`follow=follow on` or `follow=follow off`, then back to where it was pressed."""
    return _mark(request, post_id, "follow", set_follow)


@login_required
@require_POST
def keep(request: MemberRequest, post_id: int) -> HttpResponse:
    """`keep=keep on` or `keep=keep off`, then back to where it was pressed."""
    return _mark(request, post_id, "keep", set_keep)


def _mark(request: MemberRequest, post_id: int, name: str, act: Callable[..., bool]) -> HttpResponse:
    """Whether it may be marked is the action's to say. What they had marked they can let go of wherever it went; else what is
    hidden from them and what is missing answer alike.
    """
    post = get_object_or_404(Post.objects.select_related("parent"), pk=post_id)
    member: Member = request.user
    try:
        changed = act(member, post, on=request.POST.get(name) == f"{name} on")
    except Refusal:
        raise Http404 from None
    if not changed and not access.may_see(viewer_of(request), access.facts_of_post(post)):
        raise Http404
    return HttpResponseRedirect(f"{way_back(request)}#post-{post_id}", status=303)
