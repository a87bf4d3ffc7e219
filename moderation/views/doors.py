"""The three doors: I'm worried about this person, this breaks a house rule, I need someone from the team."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from forum.access import GONE, facts_of, facts_of_post, may_report
from forum.models import Member, Post
from forum.refusals import KeyUsed, NotThere, Refusal
from forum.requests import MemberRequest
from moderation.access import cases_visible_to
from moderation.actions.reports import ask_for_team, report_member, report_post
from moderation.forms import AskForm, DoorForm, RuleForm, WorryForm
from moderation.models import Case, Door, Report, Source
from moderation.panels import team_words
from moderation.refusals import Missing

SEEN = "moderation.seen"
SEEN_FOR = 24 * 3600  # seconds a form may lie open
FORMS: dict[str, type[DoorForm]] = {Door.WORRY: WorryForm, Door.RULE: RuleForm}


@login_required
@require_http_methods(["GET", "POST"])
def about_post(request: MemberRequest, post_id: int) -> HttpResponse:
    """Two doors about words: worry for who wrote them, or a house rule that they break."""
    viewer = facts_of(request.user)
    post = get_object_or_404(Post.objects.select_related("author", "parent"), pk=post_id)
    facts = facts_of_post(post)
    # Words that went while somebody wrote about them can still be told of, by those whom a page of ours has shown them.
    if not may_report(viewer, facts) or (post.status in GONE and not _has_seen(request, post)):
        raise Http404
    if post.author_id == viewer.id:
        return redirect("ask")

    def send(door: str, fields: dict[str, Any]) -> Report:
        fields.pop("seen")
        return report_post(request.user, post, door, **fields)

    shown = None if post.status in GONE else post
    seen = {"seen_version": post.version, "seen": signing.dumps([post.pk, viewer.id], salt=SEEN)}
    return _doors(request, send, {"post": shown, "subject": post.author}, seen)


@login_required
@require_http_methods(["GET", "POST"])
def about_member(request: MemberRequest, handle: str) -> HttpResponse:
    """The same two doors about a person: what they say in several places, or that they have gone quiet."""
    viewer = facts_of(request.user)
    member = get_object_or_404(Member, handle=handle, is_active=True)
    if member.pk in viewer.blocks or not viewer.wall_is_open:
        raise Http404
    if member.pk == viewer.id:
        return redirect("ask")

    def send(door: str, fields: dict[str, Any]) -> Report:
        for name in ("seen", "seen_version"):
            fields.pop(name)
        return report_member(request.user, member, door, **fields)

    return _doors(request, send, {"subject": member}, {})


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: MemberRequest) -> HttpResponse:
    """The third door, for oneself: open in every standing and under no limit."""
    form = AskForm(request.POST or None, initial={"key": uuid4()})

    def send(door: str, fields: dict[str, Any]) -> Report:
        return ask_for_team(request.user, **fields)

    return _answer(request, form, send, "moderation/ask.html", {"team": team_words()})


def _has_seen(request: MemberRequest, post: Post) -> bool:
    """Whether this form began on a page that showed the words: else every number could be tried for whose words went."""
    try:
        return bool(
            signing.loads(request.POST.get("seen", ""), salt=SEEN, max_age=SEEN_FOR) == [post.pk, request.user.pk]
        )
    except signing.BadSignature:
        return False


def _doors(
    request: MemberRequest,
    send: Callable[[str, dict[str, Any]], Report],
    about: dict[str, Any],
    initial: dict[str, Any],
) -> HttpResponse:
    door = request.POST.get("door") or request.GET.get("door", "")
    if door not in FORMS:
        return render(request, "moderation/doors.html", about)
    form = FORMS[door](request.POST or None, initial={**initial, "key": uuid4()})
    return _answer(request, form, send, f"moderation/door_{door}.html", {**about, "door": door})


def _answer(
    request: MemberRequest,
    form: DoorForm,
    send: Callable[[str, dict[str, Any]], Report],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            report = send(form.door, dict(form.cleaned_data))
        except NotThere:
            raise Http404 from None
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return HttpResponseRedirect(_where_to(request, report), status=303)
    return render(request, template, {**context, "form": form}, status=422 if form.is_bound else 200)


def _where_to(request: MemberRequest, report: Report) -> str:
    """The receipt; or, for what the team noticed, the case itself where they may see it."""
    if report.source != Source.NOTICED:
        return f"{reverse('my_reports')}?sent={report.pk}"
    seen = Case.objects.filter(cases_visible_to(request.user), pk=report.case_id).exists()
    return reverse("case", args=[report.case_id]) if seen else reverse("queue")


def explain(form: Any, refusal: Refusal) -> None:
    """Puts a refusal beside the field it speaks of, or at the top; a used key is renewed so that it can be sent again."""
    field = refusal.field if isinstance(refusal, Missing) and refusal.field in form.fields else None
    form.add_error(field, refusal.message)
    if isinstance(refusal, KeyUsed):
        form.renew_key()
