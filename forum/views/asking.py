"""Nobody unanswered: what an author presses on a post that waits, and what members press who are up to replying."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forum.actions.asking import ask_again, say_enough, set_up
from forum.models import Post
from forum.refusals import NotThere, NotYours, Refusal
from forum.requests import MemberRequest
from forum.ways import way_back

SKIPPED = "offers_skipped"  # in the session: offered again after the next sign-in, if still waiting
SKIPS_KEPT = 50


@login_required
@require_POST
def enough(request: MemberRequest, post_id: int) -> HttpResponse:
    """The author needs no more replies (`enough=on`), or after all does."""
    on = request.POST.get("enough") == "on"
    said = _("No more replies are looked for. People can still reply.") if on else _("Replies are looked for again.")
    return _by_author(request, post_id, partial(say_enough, enough=on), said)


@login_required
@require_POST
def again(request: MemberRequest, post_id: int) -> HttpResponse:
    said = _("Your post is now the first that people are asked to read. Nothing on the wall has moved.")
    return _by_author(request, post_id, ask_again, said)


@login_required
@require_POST
def up(request: MemberRequest) -> HttpResponse:
    """Up to replying today (`up=on`), or no longer."""
    set_up(request.user, up=request.POST.get("up") == "on")
    return HttpResponseRedirect(way_back(request), status=303)


@login_required
@require_POST
def offer_skip(request: MemberRequest, post_id: int) -> HttpResponse:
    """Not this one: another is offered. Nobody is told."""
    skipped = [each for each in request.session.get(SKIPPED, []) if each != post_id]
    request.session[SKIPPED] = [*skipped, post_id][-SKIPS_KEPT:]
    return HttpResponseRedirect(way_back(request), status=303)


def _by_author(request: MemberRequest, post_id: int, act: Callable[..., object], said: str) -> HttpResponse:
    """Then to the post's own page, where the answer stands above it."""
    post = get_object_or_404(Post, pk=post_id, author=request.user)
    try:
        act(request.user, post)
    except (NotThere, NotYours):
        raise Http404 from None
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("post", args=[post_id]), status=303)
