"""Who is remembered, for staff: said by one, agreed to by another, and then who is told by whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.handles import handle_key
from forum.models import Member
from forum.requests import MemberRequest
from moderation import remembering
from moderation.actions import remembering as acts
from moderation.actions import remembrance_words as words
from moderation.forms_remembering import ProposeForm, ThreadForm, UndoForm, WishForm
from moderation.models import FamilyWish, Remembrance, ToTell
from moderation.refusals import Missing, NotAllowed, SomebodyWasQuicker
from moderation.views.acts.act import number_of
from moderation.views.gates import for_staff


@dataclass
class Page:
    """One person's page of a remembrance."""

    request: MemberRequest
    said: Remembrance
    undo: UndoForm = field(default_factory=UndoForm)
    thread: ThreadForm = field(default_factory=lambda: ThreadForm(initial={"key": uuid4()}))
    wish: WishForm = field(default_factory=WishForm)
    refused: str = ""
    status: int = 200


@for_staff
@require_http_methods(["GET", "POST"])
def remembered(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Everyone who is remembered or said to have died, and the form that says so."""
    if request.method != "POST":
        return _draw_all(request, ProposeForm(initial={"handle": request.GET.get("handle", "")}))
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _draw_all(request, form, status=422)
    member = Member.objects.filter(handle_key=handle_key(form.cleaned_data["handle"]), is_active=True).first()
    if member is None:
        form.add_error("handle", _("Nobody here has this handle."))
        return _draw_all(request, form, status=422)
    try:
        acts.propose_remembrance(member, request.user, why=form.cleaned_data["why"], marked=form.cleaned_data["marked"])
    except (Missing, NotAllowed) as refusal:
        form.add_error(getattr(refusal, "field", "handle"), refusal.message)
        return _draw_all(request, form, status=422)
    except SomebodyWasQuicker as refusal:
        form.add_error("handle", refusal.message)
        return _draw_all(request, form, status=409)
    return _to(member)


@for_staff
@require_http_methods(["GET", "POST"])
def remembrance(request: MemberRequest, handle: str, viewer: ViewerFacts) -> HttpResponse:
    """One member who has died: what was said, who is to be told, the thread, what the family wishes."""
    member = get_object_or_404(Member, handle=handle)
    said = remembering.of_member(member)
    if said is None or member.pk == viewer.id:
        raise Http404
    page = Page(request, said)
    if request.method != "POST":
        return _draw(page)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        act(page)
    except _Incomplete:
        page.status = 422
    except Missing as missing:
        page.status = 422
        form = next(form for form in (page.undo, page.thread, page.wish) if form.is_bound)
        form.add_error(missing.field, missing.message)
    except SomebodyWasQuicker as refusal:
        page.refused, page.status = refusal.message, 409
        page.said = remembering.of_member(member) or said
    except NotAllowed as refusal:
        page.refused, page.status = refusal.message, 403
    else:
        return _to(member) if remembering.of_member(member) else HttpResponseRedirect(reverse("remembered"), status=303)
    return _draw(page)


class _Incomplete(Exception):
    """The form beside which it says why has the reasons already."""


def _filled(form: Form) -> dict[str, Any]:
    if not form.is_valid():
        raise _Incomplete
    return form.cleaned_data


def _ask_undo(page: Page) -> None:
    page.undo = UndoForm(page.request.POST)
    acts.ask_to_undo(page.said, page.request.user, _filled(page.undo)["undo_why"])


def _tick(page: Page) -> None:
    row = get_object_or_404(ToTell, pk=number_of(page.request.POST.get("row", "")), remembrance=page.said)
    acts.tick_told(row, page.request.user)


def _open_thread(page: Page) -> None:
    page.thread = ThreadForm(page.request.POST)
    words.open_thread(page.said, page.request.user, **_filled(page.thread))


def _ask_down(page: Page) -> None:
    page.wish = WishForm(page.request.POST)
    asked = _filled(page.wish)
    words.ask_to_take_down(page.said, page.request.user, post_id=asked["post"], why=asked["why"])


def _on_wish(act: Callable[[FamilyWish, Member], None]) -> Callable[[Page], None]:
    def run(page: Page) -> None:
        wish = get_object_or_404(FamilyWish, pk=number_of(page.request.POST.get("wish", "")), remembrance=page.said)
        act(wish, page.request.user)

    return run


ACTS: dict[str, Callable[[Page], None]] = {
    "agree": lambda page: acts.agree_to_remember(page.said, page.request.user),
    "take_back": lambda page: acts.take_proposal_back(page.said, page.request.user),
    "ask_undo": _ask_undo,
    "undo": lambda page: acts.agree_to_undo(page.said, page.request.user),
    "stand": lambda page: acts.let_remembrance_stand(page.said, page.request.user),
    "mark": lambda page: acts.set_marked(page.said, page.request.user, marked=True),
    "unmark": lambda page: acts.set_marked(page.said, page.request.user, marked=False),
    "told": _tick,
    "thread": _open_thread,
    "unpin": lambda page: words.unpin_thread(page.said, page.request.user),
    "ask_down": _ask_down,
    "down": _on_wish(words.agree_to_take_down),
    "let_go": _on_wish(words.let_wish_go),
}


def _to(member: Member) -> HttpResponse:
    return HttpResponseRedirect(reverse("remembrance", args=[member.handle]), status=303)


def _draw_all(request: MemberRequest, form: ProposeForm, status: int = 200) -> HttpResponse:
    said = remembering.read_all().exclude(member=request.user)
    return render(request, "moderation/remembered.html", {"said": said, "form": form}, status=status)


def _draw(page: Page) -> HttpResponse:
    wrong = next((form for form in (page.undo, page.thread, page.wish) if form.errors), None)
    context = {"page": page, "said": page.said, "form": wrong, "me": page.request.user.pk}
    context |= remembering.read_one(page.said)
    return render(page.request, "moderation/remembrance.html", context, status=page.status)
