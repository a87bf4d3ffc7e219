"""Looking after oneself: a break, the paused wall, muted words, and being apart from somebody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum import access, threads
from forum.actions import care as actions
from forum.actions.membership import end_break, take_break
from forum.forms_care import BreakForm, ContentNotesForm, MutedWordForm
from forum.models import Member, MutedWord, Standing
from forum.onlooker import viewer_of
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.ways import way_back

ASKED_AGAIN_MAX = 500  # rows of one open page


@login_required
@require_safe
def care(request: MemberRequest) -> HttpResponse:
    """Everything a member has chosen to look after themselves, each with its way back."""
    return _care_page(request, MutedWordForm(initial={"way": "fold", "lasts": ""}))


@login_required
@require_POST
def mute_word(request: MemberRequest) -> HttpResponse:
    form = MutedWordForm(request.POST)
    if form.is_valid():
        fields = form.cleaned_data
        try:
            actions.mute_word(request.user, fields["phrase"], fields["way"], form.until(timezone.now()))
        except Refusal as refusal:
            form.add_error("phrase", refusal.message)
        else:
            return _back_to_care("words")
    return _care_page(request, form, status=422)


@login_required
@require_POST
def unmute_word(request: MemberRequest, word_id: int) -> HttpResponse:
    actions.unmute_word(request.user, word_id)
    return _back_to_care("words")


@login_required
@require_POST
def content_notes(request: MemberRequest) -> HttpResponse:
    form = ContentNotesForm(request.POST)
    if form.is_valid():
        actions.choose_content_notes(request.user, form.cleaned_data["content_notes"])
        messages.success(request, _("Kept."))
    return _back_to_care("notes")


@login_required
@require_POST
def pause(request: MemberRequest) -> HttpResponse:
    """The wall stands still, or goes on: `paused=on` or `off`, then back to where the button stood."""
    actions.pause_wall(request.user, paused=request.POST.get("paused") == "on")
    return HttpResponseRedirect(way_back(request), status=303)


@login_required
@require_POST
def unmute(request: MemberRequest, member_id: int) -> HttpResponse:
    actions.unmute_member(request.user, member_id)
    return _back_to_care("people")


@login_required
@require_POST
def unblock(request: MemberRequest, member_id: int) -> HttpResponse:
    actions.unblock_member(request.user, member_id)
    return _back_to_care("people")


@login_required
@require_http_methods(["GET", "POST"])
def member_care(request: MemberRequest, handle: str) -> HttpResponse:
    """Mute or block one member, in words that say what each does. Who has blocked this one is not to be found."""
    member = get_object_or_404(Member, handle=handle, is_active=True)
    viewer = viewer_of(request)
    if member.pk in viewer.blocks - viewer.own_blocks or member.pk == viewer.id:
        raise Http404
    if request.method == "POST":
        return _set_apart(request, member)
    state = {"muted": member.pk in viewer.mutes, "blocked": member.pk in viewer.own_blocks}
    return render(request, "forum/member_care.html", {"member": member, **state})


@login_required
@require_http_methods(["GET", "POST"])
def break_page(request: MemberRequest) -> HttpResponse:
    """Choose how long; every choice says when it ends. On a break: until when, and the way back."""
    member, refused, now = request.user, "", timezone.now()
    form = BreakForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid() and form.until:
        try:
            take_break(member, form.until)
        except Refusal as refusal:
            refused = refusal.message
        else:
            return HttpResponseRedirect(reverse("room"), status=303)
    standing = member.current_standing
    context = {
        "form": form,
        "refused": refused,
        "on_break": standing == Standing.ON_BREAK,
        "until": member.standing_until,
        "may_rest": standing in access.WALL_OPEN | {Standing.ON_BREAK},
    }
    return render(request, "forum/break.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def break_end(request: MemberRequest) -> HttpResponse:
    end_break(request.user)
    return HttpResponseRedirect(reverse("wall"), status=303)  # or, where something else keeps it closed, the room


@login_required
@require_safe
def posts_again(request: MemberRequest) -> HttpResponse:
    """For an open page whose rights have changed: those of these rows (`?ids=1,2,3`) that may be seen, as they are drawn now."""
    asked = request.GET.get("ids", "").split(",")[:ASKED_AGAIN_MAX]
    ids = [int(each) for each in asked if each.isascii() and each.isdigit() and len(each) < 19]
    response = JsonResponse({"posts": threads.read_again(viewer_of(request), ids)})
    response["Cache-Control"] = "no-store"
    return response


def _care_page(request: MemberRequest, form: MutedWordForm, status: int = 200) -> HttpResponse:
    member = request.user
    context: dict[str, Any] = {
        "form": form,
        "notes": ContentNotesForm(initial={"content_notes": member.content_notes}),
        "words": MutedWord.in_force().filter(member=member).order_by("phrase", "pk"),
        "people": _people(viewer_of(request), member),
        "on_break": member.current_standing == Standing.ON_BREAK,
        "wall_open": member.current_standing in access.WALL_OPEN,
    }
    return render(request, "forum/care.html", context, status=status)


def _people(viewer: access.ViewerFacts, member: Member) -> list[dict[str, Any]]:
    """Whom this member has blocked and muted, the latest first: in the order of names, a hidden one would still say its place."""
    blocks = member.blocks_made.select_related("blocked").order_by("-made_at")
    mutes = member.mutes_made.select_related("muted").order_by("-made_at")
    apart = [(block.blocked, block.made_at, True) for block in blocks]
    apart += [(mute.muted, mute.made_at, False) for mute in mutes]
    return [
        {
            "id": other.pk,
            "handle": other.handle if access.may_name(viewer, other, since) else "",
            "blocked": blocked,
            "day": since,
        }
        for other, since, blocked in apart
    ]


def _set_apart(request: MemberRequest, member: Member) -> HttpResponse:
    done = {
        "mute": _("You no longer see what %(handle)s writes."),
        "unmute": _("You see what %(handle)s writes again."),
        "block": _("You and %(handle)s no longer see one another here."),
        "unblock": _("Your block of %(handle)s has ended."),
    }
    what = request.POST.get("do", "")
    if what == "mute":
        actions.mute_member(request.user, member)
    elif what == "unmute":
        actions.unmute_member(request.user, member.pk)
    elif what == "block":
        actions.block_member(request.user, member)
    elif what == "unblock":
        actions.unblock_member(request.user, member.pk)
    else:
        return HttpResponseRedirect(request.path, status=303)
    messages.success(request, done[what] % {"handle": member.handle})
    return _back_to_care("people")


def _back_to_care(part: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('care')}#{part}", status=303)
