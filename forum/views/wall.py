"""The wall and one post of it: reading and writing through pages. The socket is the other door to the same forms."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum import access, avatars, data_rights, drafts, lenses, limits, live, panels, threads, wall_state
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.actions.support import find_post, set_support
from forum.answers import say_when
from forum.forms import EditForm, PostForm, ReplyForm, SupportForm
from forum.models import Intent, Member, Post, Standing
from forum.onlooker import onlooker_of, viewer_of
from forum.refusals import ChangedMeanwhile, KeyUsed, NotThere, NotYet, Refusal
from forum.requests import MemberRequest
from forum.views.asking import SKIPPED
from forum.ways import way_back
from realtime import log
from realtime.peers import peer_of_request


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The wall, or for strangers the welcome."""
    if not request.user.is_authenticated:
        return render(request, "forum/welcome.html", {"signup_rests": wall_state.why_signup_rests()})
    return _wall_page(
        cast(MemberRequest, request), PostForm(initial={"intent": _intent_asked(request), "key": uuid4()})
    )


@login_required
@require_http_methods(["GET", "POST"])
def post_create(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("wall")
    form = PostForm(request.POST)
    if form.is_valid() and not form.look_again:
        try:
            published = publish_post(request.user, via=peer_of_request(request), **form.cleaned_data)
        except Refusal as refusal:
            _explain(form, refusal)
            return say_when(_wall_page(request, form, status=422), refusal)
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
    if form.is_valid() and not form.look_again:
        try:
            via = peer_of_request(request)
            published = publish_post(request.user, parent=parent, via=via, **form.cleaned_data)
        except Refusal as refusal:
            _explain(form, refusal)
            return say_when(_post_page(request, post_id, form, status=422), refusal)
        else:
            return HttpResponseRedirect(f"{reverse('post', args=[post_id])}#post-{published.post.pk}", status=303)
    return _post_page(request, post_id, form, status=422)


@login_required
@require_POST
def support(request: MemberRequest, post_id: int) -> HttpResponse:
    """Gives or takes back a support: one button each, `support=with_you on`, then back to where it was pressed."""
    viewer = viewer_of(request)
    kind, _space, on = request.POST.get("support", "").partition(" ")
    form = SupportForm({"kind": kind, "on": on == "on"})
    if on == "on" and not viewer.wall_is_open:
        return redirect("room")
    try:
        post = find_post(viewer, post_id, kind, on=on == "on")
        if form.is_valid():
            set_support(request.user, post, form.cleaned_data["kind"], on=form.cleaned_data["on"])
    except NotThere:
        raise Http404 from None
    except NotYet as refusal:
        messages.warning(request, refusal.message)
    if not viewer.wall_is_open:
        return redirect("room")
    return HttpResponseRedirect(f"{way_back(request)}#post-{post_id}", status=303)


@login_required
@require_http_methods(["GET", "POST"])
def post_edit(request: MemberRequest, post_id: int) -> HttpResponse:
    post = _own_post_or_404(request, post_id)
    is_reply = post.parent_id is not None
    before = {"body": post.body, "content_note": post.content_note, "seen_version": post.version}
    form = EditForm(request.POST or None, initial=before, is_reply=is_reply)
    status, open_still = 200, access.has_voice(viewer_of(request)) and access.change_of(post).offered
    if request.method == "POST":
        status = 422
        if form.is_valid() and not form.look_again:
            try:
                edit_post(request.user, post, **{"content_note": "", **form.cleaned_data})
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
            else:
                return _to_thread(post)
    place = f"edit-{post.pk}"
    context = {
        "draft": drafts.fill(form, drafts.kept_at(onlooker_of(request), place)),
        "form": form,
        "post": post,
        "place": place,
        "open_still": open_still,
        "kept": data_rights.kept_words(request.user.pk, taking_back=True),
    }
    return render(request, "forum/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def post_withdraw(request: MemberRequest, post_id: int) -> HttpResponse:
    """At any time, and from the small room: who cannot see the wall is led back there."""
    wall_open = viewer_of(request).wall_is_open
    post = _own_post_or_404(request, post_id)
    if request.method == "POST":
        try:
            withdraw_post(request.user, post)
        except Refusal:
            raise Http404 from None
        if not wall_open:
            return redirect("room")
        return redirect("post", post.parent_id) if post.parent_id else redirect("wall")
    context = {"post": post, "wall_open": wall_open, "kept": data_rights.kept_words(request.user.pk, taking_back=True)}
    return render(request, "forum/withdraw.html", context)


@login_required
@require_safe
def member_page(request: MemberRequest, handle: str) -> HttpResponse:
    """A member: handle, how long here, what they have shared that this viewer may see. A blocked pair finds nobody."""
    member = get_object_or_404(Member, Q(is_active=True) | Q(standing=Standing.REMEMBERED), handle=handle)
    viewer = viewer_of(request)
    if member.pk in viewer.blocks:
        raise Http404
    links = [] if member.pk == viewer.id or member.is_remembered else panels.member_links
    marks = [mark for panel in panels.member_marks if member.is_remembered and (mark := panel(member))]
    shared = threads.read_members_posts(viewer, member.pk)
    return render(request, "forum/member.html", {"member": member, "threads": shared, "links": links, "marks": marks})


@login_required
@require_safe
def state(request: MemberRequest) -> HttpResponse:
    """What holds for the whole wall now: the part of its pages that is fetched anew when that has changed."""
    return render(request, "forum/_wall_state.html")


@require_safe
def avatar(request: HttpRequest, token: str) -> HttpResponse:
    """A picture from its token alone: public, the same for ever, and it tells nobody who is here."""
    response = HttpResponse(avatars.draw_avatar(token), content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _wall_page(request: MemberRequest, form: PostForm, status: int = 200) -> HttpResponse:
    onlooker = onlooker_of(request)
    viewer = onlooker.viewer
    stream = _stream(viewer)  # before the rows, so that nothing falls between the page and its socket
    lens, first_page = lenses.LENSES.get(request.GET.get("lens", "")), not request.GET.get("before")
    offers = first_page and access.may_post(viewer) and (lens is None or lens.key == "waiting")
    up = offers and lenses.is_up(request.user)
    if up:
        lenses.ask_offer(onlooker, request.session.get(SKIPPED, ()))
    page = threads.read_wall(viewer, request.GET.get("before", ""), lens)
    draft = None if lens else drafts.fill(form, drafts.kept_at(onlooker, "post"))  # first: it joins the facts' query
    context: dict[str, Any] = {
        "draft": draft,
        "form": form,
        "not_plain": form.is_bound or draft is not None,  # somebody's own words are in the form
        "place": "post",
        "threads": page.threads,
        "older": urlencode({"before": page.older} | ({"lens": lens.key} if lens else {})) if page.older else "",
        "later_page": not first_page,
        "lens": lens,
        "lenses": lenses.LENSES.values(),
        "offers": offers,
        "up": up,
        "offer": lenses.offer_from(onlooker.facts),
        "may_post": access.has_voice(viewer),
        "slowed": limits.slowed(request.user),
        "notices": [notice for panel in panels.notices if (notice := panel(onlooker))],
        "team_status": [words for panel in panels.team_status if (words := panel(onlooker))],
        "stream": stream,
    }
    return render(request, "forum/wall.html", context, status=status)


def _post_page(request: MemberRequest, post_id: int, form: ReplyForm, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    stream = _stream(viewer)
    asked = request.GET
    reply = asked.get("reply", "")
    thread = threads.read_thread(
        viewer,
        post_id,
        before=asked.get("before", ""),
        after=asked.get("after", ""),
        reply=int(reply) if reply.isascii() and reply.isdigit() and len(reply) < 19 else 0,
    )
    if thread is None:
        return _thread_of_reply(viewer, post_id)
    may_reply = access.takes_replies(viewer, thread.post.facts)
    place = f"reply-{thread.post.pk}"
    draft = drafts.fill(form, drafts.kept_at(onlooker_of(request), place)) if may_reply else None
    context = {
        "thread": thread, "form": form, "place": place, "draft": draft, "may_reply": may_reply, "stream": stream,
    }  # fmt: skip
    return render(request, "forum/post.html", context, status=status)


def _thread_of_reply(viewer: access.ViewerFacts, post_id: int) -> HttpResponse:
    """A reply has no page of its own: it stands on its parent's."""
    reply = get_object_or_404(Post.objects.filter(access.visible_to(viewer), parent__isnull=False), pk=post_id)
    return _to_thread(reply)


def _to_thread(post: Post) -> HttpResponse:
    return HttpResponseRedirect(threads.url_of(post), status=303)


def _stream(viewer: access.ViewerFacts) -> dict[str, str]:
    positions, epoch = log.here(live.streams_of(viewer))
    return {"after": ",".join(f"{name}:{seq}" for name, seq in positions.items()), "epoch": epoch}


def _post_or_404(request: MemberRequest, post_id: int) -> Post:
    return get_object_or_404(live.drawable().filter(access.visible_to(viewer_of(request))), pk=post_id)


def _own_post_or_404(request: MemberRequest, post_id: int) -> Post:
    post = get_object_or_404(Post, pk=post_id, author=request.user)
    if not access.may_withdraw(viewer_of(request), post):
        raise Http404
    return post


def _explain(form: PostForm | ReplyForm, refusal: Refusal) -> None:
    form.add_error("body", refusal.message)
    if isinstance(refusal, KeyUsed):
        form.renew_key()


def _intent_asked(request: HttpRequest) -> str:
    """The first steps lead here to say hello."""
    asked = request.GET.get("intent", "")
    return asked if asked in Intent.values else Intent.SUPPORT
