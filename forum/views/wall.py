"""The wall and one post of it: reading and writing through pages. The socket is the other door to the same forms."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum import access, avatars, live, panels, threads
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.actions.support import set_support
from forum.forms import EditForm, PostForm, ReplyForm, SupportForm
from forum.models import Intent, Member, Post
from forum.refusals import ChangedMeanwhile, KeyUsed, NotThere, Refusal
from forum.requests import MemberRequest
from realtime import log


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The wall, or for strangers the welcome."""
    if not request.user.is_authenticated:
        return render(request, "forum/welcome.html")
    return _wall_page(cast(MemberRequest, request), PostForm(initial={"intent": Intent.SUPPORT, "key": uuid4()}))


@login_required
@require_http_methods(["GET", "POST"])
def post_create(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("wall")
    form = PostForm(request.POST)
    if form.is_valid():
        try:
            published = publish_post(request.user, **form.cleaned_data)
        except Refusal as refusal:
            _explain(form, refusal)
        else:
            return HttpResponseRedirect(f"{reverse('wall')}#post-{published.post.pk}", status=303)
    return _wall_page(request, form, status=422)


@login_required
@require_safe
def post(request: MemberRequest, post_id: int) -> HttpResponse:
    return _post_page(request, post_id, ReplyForm(initial={"key": uuid4()}))


@login_required
@require_POST
def reply_create(request: MemberRequest, post_id: int) -> HttpResponse:
    parent = _post_or_404(request, post_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            published = publish_post(request.user, parent=parent, **form.cleaned_data)
        except Refusal as refusal:
            _explain(form, refusal)
        else:
            return HttpResponseRedirect(f"{reverse('post', args=[post_id])}#post-{published.post.pk}", status=303)
    return _post_page(request, post_id, form, status=422)


@login_required
@require_POST
def support(request: MemberRequest, post_id: int) -> HttpResponse:
    """Gives or takes back a support: one button each, `support=with_you on`, then back to where it was pressed."""
    post = _post_or_404(request, post_id)
    kind, _space, on = request.POST.get("support", "").partition(" ")
    form = SupportForm({"kind": kind, "on": on == "on"})
    if form.is_valid():
        try:
            set_support(request.user, post, form.cleaned_data["kind"], on=form.cleaned_data["on"])
        except NotThere:
            raise Http404 from None
    return HttpResponseRedirect(f"{_way_back(request)}#post-{post_id}", status=303)


@login_required
@require_http_methods(["GET", "POST"])
def post_edit(request: MemberRequest, post_id: int) -> HttpResponse:
    post = _own_post_or_404(request, post_id)
    is_reply = post.parent_id is not None
    before = {"body": post.body, "content_note": post.content_note, "seen_version": post.version}
    form = EditForm(request.POST or None, initial=before, is_reply=is_reply)
    status, open_still = 200, access.may_edit(access.facts_of(request.user), post)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_post(request.user, post, **{"content_note": "", **form.cleaned_data})
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
            else:
                return _to_thread(post)
    return render(request, "forum/edit.html", {"form": form, "post": post, "open_still": open_still}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def post_withdraw(request: MemberRequest, post_id: int) -> HttpResponse:
    post = _own_post_or_404(request, post_id)
    if request.method == "POST":
        try:
            withdraw_post(request.user, post)
        except Refusal:
            raise Http404 from None
        return redirect("post", post.parent_id) if post.parent_id else redirect("wall")
    return render(request, "forum/withdraw.html", {"post": post})


@login_required
@require_safe
def member_page(request: MemberRequest, handle: str) -> HttpResponse:
    """A member: handle, how long here, what they have shared that this viewer may see. A blocked pair finds nobody."""
    member = get_object_or_404(Member, handle=handle, is_active=True)
    viewer = access.facts_of(request.user)
    if member.pk in viewer.blocks:
        raise Http404
    links = [] if member.pk == viewer.id else panels.member_links
    shared = threads.read_members_posts(viewer, member.pk)
    return render(request, "forum/member.html", {"member": member, "threads": shared, "links": links})


@require_safe
def avatar(request: HttpRequest, token: str) -> HttpResponse:
    """A picture from its token alone: public, the same for ever, and it tells nobody who is here."""
    response = HttpResponse(avatars.draw_avatar(token), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _wall_page(request: MemberRequest, form: PostForm, status: int = 200) -> HttpResponse:
    viewer = access.facts_of(request.user)
    stream = _stream(viewer)  # before the rows, so that nothing falls between the page and its socket
    page = threads.read_wall(viewer, request.GET.get("before", ""))
    context: dict[str, Any] = {
        "form": form,
        "threads": page.threads,
        "older": urlencode({"before": page.older}) if page.older else "",
        "later_page": bool(request.GET.get("before")),
        "may_post": access.may_post(viewer),
        "notices": [notice for panel in panels.notices if (notice := panel(request.user))],
        "team_status": [words for panel in panels.team_status if (words := panel())],
        "stream": stream,
    }
    return render(request, "forum/wall.html", context, status=status)


def _post_page(request: MemberRequest, post_id: int, form: ReplyForm, status: int = 200) -> HttpResponse:
    viewer = access.facts_of(request.user)
    stream = _stream(viewer)
    thread = threads.read_thread(viewer, post_id)
    if thread is None:
        return _thread_of_reply(viewer, post_id)
    may_reply = access.may_reply(viewer, access.facts_of_post(thread.post))
    context = {"thread": thread, "form": form, "may_reply": may_reply, "stream": stream}
    return render(request, "forum/post.html", context, status=status)


def _thread_of_reply(viewer: access.ViewerFacts, post_id: int) -> HttpResponse:
    """A reply has no page of its own: it stands on its parent's."""
    reply = get_object_or_404(Post.objects.filter(access.visible_to(viewer), parent__isnull=False), pk=post_id)
    return _to_thread(reply)


def _to_thread(post: Post) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('post', args=[post.parent_id or post.pk])}#post-{post.pk}", status=303)


def _stream(viewer: access.ViewerFacts) -> dict[str, str]:
    positions = log.positions(live.streams_of(viewer))
    return {"after": ",".join(f"{name}:{seq}" for name, seq in positions.items()), "epoch": log.epoch()}


def _post_or_404(request: MemberRequest, post_id: int) -> Post:
    return get_object_or_404(live.drawable().filter(access.visible_to(access.facts_of(request.user))), pk=post_id)


def _own_post_or_404(request: MemberRequest, post_id: int) -> Post:
    post = get_object_or_404(Post, pk=post_id, author=request.user)
    if not access.may_withdraw(access.facts_of(request.user), post):
        raise Http404
    return post


def _explain(form: PostForm | ReplyForm, refusal: Refusal) -> None:
    form.add_error("body", refusal.message)
    if isinstance(refusal, KeyUsed):
        form.renew_key()


def _way_back(request: HttpRequest) -> str:
    """The page the button stood on, if it is one of ours. A foreign address never sends anyone away from here."""
    there = request.POST.get("next", "")
    if there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return there
    return reverse("wall")
