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

from forum.access import GONE, facts_of, facts_of_post, has_role, may_report
from forum.answers import say_when
from forum.models import Member, Post
from forum.onlooker import onlooker_of
from forum.refusals import KeyUsed, NotThere, Refusal
from forum.requests import MemberRequest
from forum.ways import way_back
from moderation.access import cases_visible_to
from moderation.actions.letters import tell_of_team
from moderation.actions.reports import ask_for_team, report_member, report_post
from moderation.categories import TEAM
from moderation.forms import AskForm, DoorForm, WorryForm
from moderation.forms_reporters import TeamForm
from moderation.models import Case, Door, Letter, Report, Source
from moderation.panels import team_words
from moderation.refusals import Missing

SEEN = "moderation.seen"
SEEN_FOR = 24 * 3600  # seconds a form may lie open
FORMS: dict[str, type[DoorForm]] = {Door.WORRY: WorryForm, Door.RULE: TeamForm}
Send = Callable[[str, dict[str, Any]], Report | Letter]


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

    def send(door: str, fields: dict[str, Any]) -> Report | Letter:
        fields.pop("seen")
        if goes_past_the_team(door, fields, post.author):
            return tell_of_team(request.user, key=fields["key"], whom=fields["whom"], note=fields["note"], post=post)
        fields.pop("whom", "")
        return report_post(request.user, post, door, **fields)

    shown = None if post.status in GONE else post
    seen = {"seen_version": post.version, "seen": signing.dumps([post.pk, viewer.id], salt=SEEN)}
    return _doors(request, send, {"post": shown, "subject": post.author}, seen)


@login_required
@require_http_methods(["GET", "POST"])
def about_member(request: MemberRequest, handle: str) -> HttpResponse:
    """The same two doors about a person: what they say in several places, or that they have gone quiet. Whom one has blocked
    can be told of; who has blocked one is not to be found."""
    viewer = facts_of(request.user)
    member = get_object_or_404(Member, handle=handle, is_active=True)
    if member.pk in viewer.blocks - viewer.own_blocks or not viewer.wall_is_open:
        raise Http404
    if member.pk == viewer.id:
        return redirect("ask")

    def send(door: str, fields: dict[str, Any]) -> Report | Letter:
        if goes_past_the_team(door, fields, member):
            return tell_of_team(request.user, key=fields["key"], whom=fields["whom"], note=fields["note"])
        for name in ("seen", "seen_version", "whom"):
            fields.pop(name, None)
        return report_member(request.user, member, door, **fields)

    return _doors(request, send, {"subject": member}, {})


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: MemberRequest) -> HttpResponse:
    """The third door, for oneself: open in every standing and under no limit."""
    form = AskForm(request.POST or None, initial={"key": uuid4()})

    def send(door: str, fields: dict[str, Any]) -> Report:
        return ask_for_team(request.user, **fields)

    back = way_back(request) if "next" in request.GET else ""  # they were writing something, which is kept
    return _answer(request, form, send, "moderation/ask.html", {"team": team_words(onlooker_of(request)), "back": back})


def goes_past_the_team(door: str, fields: dict[str, Any], subject: Member) -> bool:
    """Told of the team, and not of the one whose page this is: the independent contacts read it, whoever it is about."""
    return door == Door.RULE and fields["category"] == TEAM and (bool(fields["whom"]) or not has_role(subject))


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
    send: Send,
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
    send: Send,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    status, late = 422 if form.is_bound else 200, Refusal()
    if request.method == "POST" and form.is_valid():
        try:
            report = send(form.door, dict(form.cleaned_data))
        except NotThere:
            raise Http404 from None
        except Refusal as refusal:
            explain(form, refusal)
            late = refusal
        else:
            return HttpResponseRedirect(_where_to(request, report), status=303)
    return say_when(render(request, template, {**context, "form": form}, status=status), late)


def _where_to(request: MemberRequest, report: Report | Letter) -> str:
    """The receipt; or, for what the team noticed, the case itself where they may see it."""
    if isinstance(report, Letter):
        return f"{reverse('my_reports')}#letter-{report.pk}"
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
