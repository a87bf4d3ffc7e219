"""Telling the team something without an account, and following it up with a code. The same words for everyone, whatever is true."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forum.answers import say_when
from forum.refusals import Refusal
from moderation import categories, flood, letters
from moderation.actions.letters import send_letter
from moderation.actions.questions import answer_question
from moderation.forms_reporters import AnswerForm, CodeForm, OutsideForm, OutsideRuleForm, OutsideWorryForm
from moderation.letters import Contact
from moderation.models import Door, Letter, ReportQuestion
from moderation.refusals import SentAsMachine
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.mine import asked_of

_UNKNOWN = gettext_lazy(
    "We do not know this code. Look at each letter and number once more; if it is lost, simply tell us again."
)
FORMS: dict[str, type[OutsideForm]] = {Door.WORRY: OutsideWorryForm, Door.RULE: OutsideRuleForm}


@csrf_exempt  # nobody is signed in here and no cookie is asked for: nothing is done in anybody's name
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Two doors for somebody without an account. Whoever is signed in is not named here either."""
    door = request.POST.get("door") or request.GET.get("door", "")
    if door not in FORMS:
        return render(request, "moderation/outside.html")
    form = FORMS[door](request.POST or None, initial={"key": uuid4(), "stamp": flood.stamp()})
    status, late = 422 if form.is_bound else 200, Refusal()
    if request.method == "POST" and form.is_valid():
        try:
            code = _send(request, door, dict(form.cleaned_data))
        except Refusal as refusal:
            explain(form, refusal)
            if isinstance(refusal, SentAsMachine):
                form.data = {**form.data, "stamp": flood.stamp(), "website": ""}
            late = refusal
        else:
            return render(request, "moderation/outside_sent.html", {"code": letters.in_fours(code)})
    page = render(request, "moderation/outside_door.html", {"form": form, "door": door}, status=status)
    return say_when(page, late)


@csrf_exempt  # likewise: the code is in the form, and never in the address
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """What was told, by its code: always the same words, and a question where somebody of the team has one."""
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "moderation/outside_code.html", {"form": form}, status=422 if form.is_bound else 200)
    code = form.cleaned_data["code"]
    letter = letters.by_code(code)
    if letter is None:
        form.add_error("code", _UNKNOWN)
        return render(request, "moderation/outside_code.html", {"form": form}, status=422)
    answer, status = _answered(request, letter)
    over = letter.settled_at is not None if letter.report is None else not letter.report.case.is_live
    asked = asked_of(_questions_of(letter).select_related("asked_by"), over=over)
    context = {"code": code, "questions": [each | {"form": answer} for each in asked], "answer": answer}
    return render(request, "moderation/outside_followed.html", context, status=status)


def _send(request: HttpRequest, door: str, told: dict[str, Any]) -> str:
    contact = Contact(told.pop("name"), told.pop("reach"))
    stamp, trap, site = told.pop("stamp"), told.pop("website"), request.headers.get("Sec-Fetch-Site", "")
    category = told.pop("category")
    never_refused = categories.is_never_refused(door, category)
    machine = flood.is_trapped(trap) if never_refused else flood.is_like_a_machine(stamp, trap, site)
    told.pop("seen", None)
    return send_letter(door, category, contact=contact, address=flood.address_of(request), machine=machine, **told)


def _questions_of(letter: Letter) -> Any:
    if letter.report_id:
        return ReportQuestion.objects.filter(report=letter.report_id)
    return ReportQuestion.objects.filter(letter=letter)


def _answered(request: HttpRequest, letter: Letter) -> tuple[AnswerForm, int]:
    """The form for an answer, empty where one was just stored."""
    if "question" not in request.POST:
        return AnswerForm(), 200
    form = AnswerForm(request.POST)
    asked = _questions_of(letter).filter(pk=number_of(request.POST["question"])).first()
    if not form.is_valid() or asked is None:
        return form, 422
    try:
        answer_question(asked, form.cleaned_data["answer"], by=None)
    except Refusal as refusal:
        form.add_error("answer", refusal.message)
        return form, 422
    return AnswerForm(), 200
