"""One's own ways to be reached on call: adding, testing, confirming, taking away. Nobody sees anybody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from forum.sealing import CannotOpen
from moderation import ways
from moderation.actions import ways as acts
from moderation.clocks import RINGS_FOR, WAY_CODE_TRIES
from moderation.forms_ways import FORMS, CodeForm, WayForm, host_of, why_not
from moderation.models import ContactWay, WayKind, WayPreset
from moderation.refusals import Missing, NotAllowed
from moderation.views.acts.act import number_of
from moderation.views.gates import for_board
from realtime import web_push

MOST = 10  # ways of one person: more than that is a list to get lost in


@dataclass(frozen=True, slots=True)
class OwnWay:
    """One card of the page."""

    way: ContactWay
    leads_to: str
    key: str  # shown until the way is confirmed, for whoever sets its receiver up
    rings_until: datetime | None
    is_open: bool  # a test is on its way
    form: CodeForm


@for_board
@require_http_methods(["GET", "POST"])
def own_ways(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What one has, and whether one can be rung."""
    if request.method == "POST":
        way = get_object_or_404(ContactWay, member=viewer.id, pk=number_of(request.POST.get("way", "")))
        return _do(request, way, request.POST.get("do", ""))
    return _draw(request)


@for_board
@require_http_methods(["GET", "POST"])
def add(request: MemberRequest, viewer: ViewerFacts, what: str) -> HttpResponse:
    """One form for one sort of way."""
    if what not in FORMS:
        raise Http404
    form = FORMS[what](request.POST or None, auto_id="id_%s")
    refusal = why_not(what) or _too_many(viewer.id)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            way = acts.add_way(request.user, form.kind, form.preset, form.cleaned_data["name"], form.receiver())
        except Missing as missing:
            form.add_error(missing.field, missing.message)
        else:
            messages.success(request, _("Kept. It counts once you have tested it: press “Send a test”."))
            return HttpResponseRedirect(f"{reverse('own_ways')}#way-{way.pk}", status=303)
    return _draw_form(request, what, form, refusal)


@never_cache
@require_http_methods(["GET", "POST"])
def reached(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a test. It shows nothing and asks for no sign-in; only the press counts, for mail is opened by machines."""
    if request.method == "GET":
        return render(request, "moderation/way_reached.html", {"asks": True})
    way = acts.confirm_by_link(token)
    return render(request, "moderation/way_reached.html", {"over": way is None}, status=200 if way else 410)


def _do(request: MemberRequest, way: ContactWay, do: str) -> HttpResponse:
    if do == "test":
        try:
            acts.try_way(way)
        except NotAllowed as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _("A test is on its way to “%(name)s”.") % {"name": way.name})
    elif do == "confirm":
        form = CodeForm(request.POST, auto_id=f"id_{way.pk}_%s")
        if not _is_confirmed(way, form):
            return _draw(request, form, way)
        messages.success(request, _("“%(name)s” works. Thank you for testing it.") % {"name": way.name})
    elif do == "remove":
        acts.remove_way(way)
        messages.success(request, _("“%(name)s” is gone.") % {"name": way.name})
        return redirect("own_ways")
    else:
        raise Http404
    return HttpResponseRedirect(f"{reverse('own_ways')}#way-{way.pk}", status=303)


def _is_confirmed(way: ContactWay, form: CodeForm) -> bool:
    if not form.is_valid():
        return False
    try:
        acts.confirm_by_code(way, form.cleaned_data["code"])
    except Missing as missing:
        form.add_error(missing.field, missing.message)
        return False
    return True


def _draw(request: MemberRequest, form: CodeForm | None = None, wrong: ContactWay | None = None) -> HttpResponse:
    now = timezone.now()
    shown = [
        _own_way(way, now, form if wrong and way.pk == wrong.pk else None)
        for way in ContactWay.objects.filter(member=request.user)
    ]
    best = max((one for one in shown if one.rings_until), key=_how_long, default=None)
    context = {"ways": shown, "best": best, "add": [(what, FORMS[what].title) for what in FORMS], "form": form}
    return render(request, "moderation/ways.html", context, status=422 if form else 200)


def _own_way(way: ContactWay, now: datetime, form: CodeForm | None) -> OwnWay:
    counts = way.rings and not way.failing and way.tested_at is not None and way.tested_at > now - RINGS_FOR
    try:
        receiver = ways.open_way(way)
        leads_to = receiver.more.get("to", "") if way.preset == WayPreset.TELEPHONE else receiver.url
        leads_to = leads_to if way.kind != WayKind.PUSH and way.preset != WayPreset.PAGERDUTY else host_of(receiver.url)
        key = receiver.key if way.preset == WayPreset.SIGNED and way.confirmed_at is None else ""
    except CannotOpen:
        leads_to, key = _("cannot be opened any more: take it away and add it anew"), ""
    return OwnWay(
        way=way,
        leads_to=leads_to,
        key=key,
        rings_until=way.tested_at + RINGS_FOR if counts and way.tested_at else None,
        is_open=way.code_until is not None and way.code_until > now and way.code_tries < WAY_CODE_TRIES,
        form=form or CodeForm(auto_id=f"id_{way.pk}_%s"),
    )


def _how_long(one: OwnWay) -> datetime:
    assert one.rings_until is not None
    return one.rings_until


def _too_many(member_id: int) -> str:
    if ContactWay.objects.filter(member=member_id).count() < MOST:
        return ""
    return _("You have ten ways already. Take one away first.")


def _draw_form(request: MemberRequest, what: str, form: WayForm, refusal: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "what": what, "title": form.title, "refusal": refusal}
    if what == "push" and not refusal:
        context["public_key"] = web_push.public_key()
    return render(
        request, "moderation/way_add.html", context, status=422 if form.errors or (refusal and form.is_bound) else 200
    )
