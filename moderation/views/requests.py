"""The register of requests: the list, a new one, and one with everything that may be done with it now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forum.access import ViewerFacts
from forum.cards import has_contact
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.sealing import CannotOpen
from moderation import outside_requests as register
from moderation.actions import outside_requests as acts
from moderation.actions.disclosures import Asked, ask_disclosure
from moderation.actions.request_files import make_file, take_file
from moderation.case_export.fields import FIELDS
from moderation.forms_disclosure import CARD, MAIL, SIGN_INS, AskDisclosureForm, offered
from moderation.forms_requests import (
    GIVE,
    AnsweredForm,
    CallBackForm,
    CloseForm,
    FileForm,
    ProposeForm,
    PutOffForm,
    RequestForm,
    TellForm,
)
from moderation.models import Asker, OutsideRequest, RequestFile, Stage
from moderation.refusals import Missing, NotAllowed
from moderation.refusals_register import Overtaken
from moderation.team_forms import SeenForm
from moderation.views.doors import explain
from moderation.views.gates import for_staff

SHOWN = 50  # of those that are closed
FORMS: dict[str, Any] = {
    "call": CallBackForm,
    "propose": ProposeForm,
    "agree": SeenForm,
    "turn_down": SeenForm,
    "give": AnsweredForm,
    "say_no": AnsweredForm,
    "text": SeenForm,
    "tell": TellForm,
    "put_off": PutOffForm,
    "close": CloseForm,
    "file": FileForm,
    "disclose": AskDisclosureForm,
}


@dataclass
class Page:
    """One person's page of one request. `forms` holds a form that came back, with its words, under its name."""

    request: MemberRequest
    viewer: ViewerFacts
    row: OutsideRequest
    forms: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    status: int = 200
    leads_to: str = ""  # where what was done goes on, if not here

    def form(self, name: str, data: Any = None) -> Any:
        more: dict[str, Any] = {}
        if name == "propose":
            cases = register.cases_about(self.row.about_id, self.viewer)
            may_give = register.may(self.row, self.viewer).give
            more = {"cases": cases, "known": self.row.about_id is not None, "may_give": may_give}
        initial: dict[str, Any] = {"seen": self.row.version}
        if name == "disclose":
            initial |= {
                "offered": offered((), has_card=self.row.about_id is not None and has_contact(self.row.about_id))
            }
        return FORMS[name](data, initial=initial, auto_id=f"id_{name}_%s", **more)


@for_staff
@require_http_methods(["GET"])
def requests(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Those that go on, what is due first; then the last of those that are closed."""
    rows = register.seen_by(viewer).select_related("logged_by", "proposed_by", "confirmed_by")
    context = {
        "waiting": rows.exclude(stage=Stage.CLOSED).order_by("due_at", "pk"),
        "closed": rows.filter(stage=Stage.CLOSED).order_by("-closed_at")[:SHOWN],
        "now": timezone.now(),
    }
    return render(request, "moderation/requests.html", context)


@for_staff
@require_http_methods(["GET", "POST"])
def request_new(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    now = timezone.localtime()
    initial = {"asked_at": now, "due_at": now + register.ANSWER_WITHIN[Asker.POLICE]}
    form = RequestForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            row = acts.log_request(request.user, acts.Asked(**form.cleaned_data))
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return redirect("request", row.pk)
    return render(request, "moderation/request_new.html", {"form": form}, status=422 if form.is_bound else 200)


@for_staff
@never_cache
@require_http_methods(["GET", "POST"])
def request(request: MemberRequest, request_id: int, viewer: ViewerFacts) -> HttpResponse:
    """One request. Each press is on the row as it stood on the page."""
    page = Page(request, viewer, _row_or_404(viewer, request_id))
    if request.method != "POST":
        return _draw(page)
    name = request.POST.get("do", "")
    if name not in FORMS:
        raise Http404
    form = page.forms[name] = page.form(name, request.POST)
    if not form.is_valid():
        page.status = 422
        return _draw(page)
    seen = form.cleaned_data["seen"]
    page.row.version = seen if seen is not None else page.row.version
    try:
        _ACTS[name](page, form.cleaned_data)
    except Missing as missing:
        _explain(form, missing)
        page.status = 422
    except Overtaken as refusal:
        page.refused, page.status = refusal.message, 409
    except Refusal as refusal:
        page.refused, page.status = refusal.message, 422
    else:
        return HttpResponseRedirect(page.leads_to or reverse("request", args=[request_id]), status=303)
    page.row = _row_or_404(viewer, request_id)
    return _draw(page)


@for_staff
@require_POST
def request_file(request: MemberRequest, request_id: int, file_id: UUID, viewer: ViewerFacts) -> HttpResponse:
    """The file itself, once, behind a fresh sign-in. A second press is told what became of it."""
    return _give_file(request, viewer, request_id, file_id)


@reauthentication_required
def _give_file(request: MemberRequest, viewer: ViewerFacts, request_id: int, file_id: UUID) -> HttpResponse:
    page = Page(request, viewer, _row_or_404(viewer, request_id), status=410)
    try:
        archive = take_file(page.row, request.user, file_id)
    except Refusal as refusal:
        page.refused = refusal.message
        return _draw(page)
    except CannotOpen:
        page.refused = _("This file cannot be opened any more. You can make another.")
        return _draw(page)
    if archive is None:
        raise Http404
    answer = HttpResponse(archive, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="request-{page.row.pk}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _propose(page: Page, said: dict[str, Any]) -> None:
    form = page.forms["propose"]
    give, told = said["decision"] == GIVE, said["tell"] != "no"
    case = next(
        (each for each in register.cases_about(page.row.about_id, page.viewer) if str(each.pk) == said["case"]), None
    )
    proposal = acts.Proposal(
        give=give,
        why=said["why"],
        basis=said["basis"],
        leave_out=said["leave_out"],
        will_tell=told,
        why_not_told="" if told else said["why_not_told"],
        review_on=None if told else said["review_on"],
    )
    acts.propose(page.row, page.request.user, proposal, case=case if give else None, fields=form.chosen())


def _disclose(page: Page, said: dict[str, Any]) -> None:
    wanted, case = said["fields_wanted"], page.row.case
    if case is None or not register.may(page.row, page.viewer).disclose:
        raise NotAllowed(_("This cannot be done as the request stands now."))
    asked = Asked(
        reason=said["reason"],
        basis=said["basis"],
        mail=MAIL in wanted,
        card=CARD in wanted,
        sign_ins=SIGN_INS in wanted,
        request=str(page.row.pk),
    )
    page.leads_to = reverse("disclosure", args=[ask_disclosure(case, page.request.user, asked).pk])


def _make(page: Page, said: dict[str, Any]) -> None:
    make_file(page.row, page.request.user, said["kind"])
    messages.success(page.request, _("The file is made. It works once, for you, within 24 hours."))


_ACTS: dict[str, Callable[[Page, dict[str, Any]], Any]] = {
    "call": lambda page, said: acts.call_back(
        page.row,
        page.request.user,
        acts.CallBack(**{key: said[key] for key in ("called_number", "number_found", "spoke_with")}),
    ),
    "propose": _propose,
    "agree": lambda page, said: acts.agree(page.row, page.request.user),
    "turn_down": lambda page, said: acts.turn_down(page.row, page.request.user),
    "give": lambda page, said: acts.hand_over(page.row, page.request.user, said["answered_how"]),
    "say_no": lambda page, said: acts.say_no(page.row, page.request.user, said["answered_how"]),
    "text": lambda page, said: acts.send_standing_text(page.row, page.request.user),
    "tell": lambda page, said: acts.tell_member(page.row, page.request.user, said["told_words"]),
    "put_off": lambda page, said: acts.put_off_telling(
        page.row, page.request.user, said["why_not_told"], said["review_on"]
    ),
    "close": lambda page, said: acts.close_request(page.row, page.request.user, said["outcome"]),
    "file": _make,
    "disclose": _disclose,
}


def _explain(form: Any, missing: Missing) -> None:
    """Beside the field; what is missing among the things to give, at the top."""
    form.add_error(missing.field if missing.field in form.fields else None, missing.message)


def _row_or_404(viewer: ViewerFacts, request_id: int) -> OutsideRequest:
    people = ("about", "logged_by", "called_by", "proposed_by", "confirmed_by", "told_by", "answered_by", "closed_by")
    return get_object_or_404(register.seen_by(viewer).select_related("case", *people), pk=request_id)


def _draw(page: Page) -> HttpResponse:
    row = page.row
    context = {
        "page": page,
        "row": row,
        "may": register.may(row, page.viewer),
        "forms": {name: page.forms.get(name) or page.form(name) for name in FORMS},
        "given": [(FIELDS[each.key].words, each.reason) for each in row.fields.all() if each.key in FIELDS],
        "steps": row.events.select_related("by"),
        "files": _files(row, page.viewer),
        "standing_text": register.text_for_journalists() if row.asker == Asker.JOURNALIST else "",
        "late": row.stage in (Stage.ASKED, Stage.VERIFIED, Stage.DECIDED) and row.due_at <= timezone.now(),
        "owed": register.why_not_close(row),
        "form": next(iter(page.forms.values()), None),
    }
    return render(page.request, "moderation/request.html", context, status=page.status)


def _files(row: OutsideRequest, viewer: ViewerFacts) -> list[tuple[RequestFile, bool]]:
    """Each file that was made, and whether this person can take it now."""
    now = timezone.now()
    made = row.files.defer("archive").select_related("made_by")
    return [(each, each.made_by_id == viewer.id and not each.taken_at and each.expires_at > now) for each in made]
