"""Everything that can be done with a case, on its page. What may be done stands in workflow's table and is judged there."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.models import Post
from forum.refusals import KeyUsed, Refusal
from forum.requests import MemberRequest
from moderation.actions import cases, decisions, escalation
from moderation.actions.escalation import Record
from moderation.models import Case, CrisisRecord, Decision
from moderation.refusals import CaseMoved, Missing, WordsChanged
from moderation.team_forms import versions_of
from moderation.views.doors import explain
from moderation.views.gates import case_or_404, for_board, for_desk
from moderation.views.screen import Screen, draft_statement, draw

Act = Callable[[Screen, Case, Any], str | None]
"""Does it, to the case as the page showed it; returns where on the page to go on, or None to stay on this answer."""


@for_desk
@require_http_methods(["GET", "POST"])
def case(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """A case on the moderators' side."""
    return _page(request, Screen(request, "case", viewer, case_or_404(viewer, case_id)))


@for_board
@require_http_methods(["GET", "POST"])
def staff_case(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """The same case on the staff's side."""
    return _page(request, Screen(request, "staff_case", viewer, case_or_404(viewer, case_id)))


def _page(request: MemberRequest, screen: Screen) -> HttpResponse:
    if request.method == "POST":
        return _act(request, screen)
    cases.read_words(screen.case, request.user)
    return draw(screen)


def _act(request: MemberRequest, screen: Screen) -> HttpResponse:
    """Does what was pressed and goes back to the page; or shows the page as it is by now, with what was typed."""
    name = request.POST.get("do", "")
    if name not in ACTS:
        raise Http404
    form_name = "decide" if name in ("draft", "preview") else name
    form = screen.form(form_name, request.POST)
    screen.forms[form_name] = form
    if not form.is_valid():
        screen.status = 422
        return draw(screen)
    try:
        place = ACTS[name](screen, _as_seen(screen.case, form), form)
    except Refusal as refusal:
        return draw(_refused(screen, form_name, form, refusal))
    return draw(screen) if place is None else HttpResponseRedirect(screen.here + place, status=303)


def _as_seen(case: Case, form: Any) -> Case:
    """The case at the version the page showed: the action compares it with the present one."""
    shown = Case.objects.select_related("subject", "post").get(pk=case.pk)
    shown.version = form.cleaned_data.get("seen") or shown.version
    return shown


def _refused(screen: Screen, name: str, form: Any, refusal: Refusal) -> Screen:
    """The page as it is by now. A lost race and words that changed are 409: nobody was wrong.

    What was typed stays: in its form, so that the next press is on what stands on the page now, or to be copied where
    the form has gone.
    """
    fresh = Screen(screen.request, screen.name, screen.viewer, case_or_404(screen.viewer, screen.case.pk))
    fresh.status = 409 if isinstance(refusal, CaseMoved | WordsChanged) else 422
    fresh.moved = refusal if isinstance(refusal, CaseMoved) else None
    fresh.refused = refusal.message
    if isinstance(refusal, Missing | KeyUsed):
        explain(form, refusal)
    data = form.data.copy()
    data["seen"] = str(fresh.case.version)
    data["seen_posts"] = versions_of(fresh.posts)
    form.data = data
    if name in fresh.allowed or (name == "decide" and fresh.kinds):
        fresh.forms[name], fresh.typed = form, bool(form.written())
    else:
        fresh.kept = form.written()
    return fresh


def _claim(screen: Screen, case: Case, form: Any) -> str:
    cases.claim_case(case, screen.request.user)
    return ""


def _release(screen: Screen, case: Case, form: Any) -> str:
    cases.release_case(case, screen.request.user)
    return ""


def _take(screen: Screen, case: Case, form: Any) -> str:
    escalation.take_case(case, screen.request.user)
    return ""


def _word(screen: Screen, case: Case, form: Any) -> str:
    word = cases.send_word(case, screen.request.user, form.cleaned_data["body"], form.cleaned_data["key"])
    return f"#word-{word.pk}"


def _note(screen: Screen, case: Case, form: Any) -> str:
    cases.note_case(case, screen.request.user, form.cleaned_data["note"])
    return "#timeline"


def _escalate(screen: Screen, case: Case, form: Any) -> str:
    escalation.escalate_case(case, screen.request.user, form.cleaned_data["note"])
    return ""


def _draft(screen: Screen, case: Case, form: Any) -> None:
    draft_statement(screen, form)


def _preview(screen: Screen, case: Case, form: Any) -> None:
    """The statement is drawn as the member will read it by the page itself: ours, where there are no words of one's own."""
    if not form.cleaned_data["statement"]:
        draft_statement(screen, form)


def _decide(screen: Screen, case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    post_id = case.post_id or chosen.get("post")
    post = Post.objects.filter(pk=post_id).first() if post_id else None
    decisions.decide_case(
        case,
        screen.request.user,
        chosen["kind"],
        post=post,
        seen_post_version=form.seen_version_of(post_id),
        rule=chosen["rule"],
        statement=chosen["statement"],
        content_note=chosen["content_note"],
    )
    return "#decisions"


def _undo(screen: Screen, case: Case, form: Any) -> str:
    decision = get_object_or_404(Decision, case=screen.case, pk=_number(screen, "decision"))
    decisions.undo_decision(decision, screen.request.user)
    return "#decisions"


def _record(screen: Screen, case: Case, form: Any) -> str:
    escalation.save_record(
        case, screen.request.user, Record(**{part.name: form.cleaned_data[part.name] for part in fields(Record)})
    )
    return "#record"


def _close(screen: Screen, case: Case, form: Any) -> str:
    escalation.close_case(
        case, screen.request.user, because=form.cleaned_data["because"], note=form.cleaned_data["note"]
    )
    return ""


def _return(screen: Screen, case: Case, form: Any) -> str:
    escalation.return_case(case, screen.request.user, form.cleaned_data["note"])
    return ""


def _reopen(screen: Screen, case: Case, form: Any) -> str:
    escalation.reopen_case(case, screen.request.user, form.cleaned_data["note"])
    return ""


def _second_reading(screen: Screen, case: Case, form: Any) -> str:
    record = get_object_or_404(CrisisRecord, case=screen.case, pk=_number(screen, "record"))
    escalation.read_short_close(record, screen.request.user)
    return "#record"


def _number(screen: Screen, name: str) -> int:
    """An id from a hidden field; 0, which is nobody's, for anything that is none."""
    sent = screen.request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0


ACTS: dict[str, Act] = {
    "claim": _claim,
    "release": _release,
    "take": _take,
    "word": _word,
    "note": _note,
    "escalate": _escalate,
    "draft": _draft,
    "preview": _preview,
    "decide": _decide,
    "undo": _undo,
    "record": _record,
    "close": _close,
    "return": _return,
    "reopen": _reopen,
    "second_reading": _second_reading,
}
