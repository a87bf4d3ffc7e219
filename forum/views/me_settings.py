"""The pages behind one's own: each a form, kept with one press. All of them are open in every standing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from forum import cards, sessions
from forum.actions.handles import change_handle, changeable_from
from forum.actions.me import describe_member, keep_choices
from forum.actions.sessions import end_other_sessions, end_session
from forum.forms_me import CardForm, HandleForm, LooksForm, MailForm, WhoForm
from forum.models import CareCard
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.sealing import CannotOpen


@login_required
@require_http_methods(["GET", "POST"])
def who(request: MemberRequest) -> HttpResponse:
    """Picture, pronouns and a few words about oneself."""
    form = WhoForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            describe_member(request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return _kept(request, "me_who")
    return _page(request, "forum/me_who.html", form)


@login_required
@require_http_methods(["GET", "POST"])
def handle(request: MemberRequest) -> HttpResponse:
    """Another handle, once a month."""
    form = HandleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_handle(request.user, form.cleaned_data["handle"])
        except Refusal as refusal:
            form.add_error("handle", refusal.message)
        else:
            messages.success(request, _("From now on you are %(handle)s here.") % {"handle": request.user.handle})
            return _to("me_who")
    return _page(request, "forum/me_handle.html", form, until=changeable_from(request.user))


@login_required
@require_http_methods(["GET", "POST"])
def looks(request: MemberRequest) -> HttpResponse:
    """Theme, letters, keys, language, region. The page that comes back is drawn in what was chosen."""
    form = LooksForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        keep_choices(request.user, **form.cleaned_data)
        with translation.override(request.user.language):
            return _kept(request, "me_looks")
    return _page(request, "forum/me_looks.html", form)


@login_required
@require_http_methods(["GET", "POST"])
def mail(request: MemberRequest) -> HttpResponse:
    """Whether it is safe to write to somebody's address."""
    form = MailForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        keep_choices(request.user, **form.cleaned_data)
        return _kept(request, "me_mail")
    return _page(request, "forum/me_mail.html", form)


@login_required
@require_http_methods(["GET", "POST"])
def card(request: MemberRequest) -> HttpResponse:
    """The sealed card. Its owner may read, change and empty it; staff open it in a care case alone."""
    row = CareCard.objects.filter(member=request.user).only("opened_at").first()
    try:
        known, unreadable = cards.read_card(request.user.pk), False
    except CannotOpen:
        known, unreadable = cards.Card(), True
    form = CardForm(request.POST or None, card=known)
    if request.method == "POST" and request.POST.get("do") == "empty":
        cards.keep_card(request.user, cards.Card())
        messages.success(request, _("Your card is empty."))
        return _to("me_card")
    if request.method == "POST" and form.is_valid():
        cards.keep_card(request.user, form.card())
        return _kept(request, "me_card")
    return _page(request, "forum/me_card.html", form, row=row, unreadable=unreadable)


@login_required
@require_http_methods(["GET", "POST"])
def signed_in(request: MemberRequest) -> HttpResponse:
    """Every place where somebody is signed in, with a way to sign out there."""
    here = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        if chosen == "others":
            end_other_sessions(request.user, keep=here)
            messages.success(request, _("You are signed out everywhere else."))
        elif chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
            end_session(request.user, int(chosen))
            messages.success(request, _("You are signed out there."))
        return _to("me_sessions")
    places = [
        {
            "id": each.pk,
            "device": sessions.device_words(each.user_agent),
            "since": each.created_at,
            "seen": sessions.roughly(each.last_seen_at),
            "here": each.session_key == here,
        }
        for each in sessions.sessions_of(request.user)
    ]
    return render(request, "forum/me_sessions.html", {"places": places})


@require_safe
def keys(request: MemberRequest) -> HttpResponse:
    """The keys, for everyone. `?` shows the same over any page."""
    return render(request, "forum/keys.html")


def _page(request: MemberRequest, template: str, form: Form, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=422 if form.is_bound else 200)


def _kept(request: MemberRequest, name: str) -> HttpResponse:
    messages.success(request, _("Kept."))
    return _to(name)


def _to(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name), status=303)
