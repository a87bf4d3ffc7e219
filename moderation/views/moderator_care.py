"""How those of the team are looked after: having to stop, one's own limits, and who has whom. Nobody is counted here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.models import Member
from forum.requests import MemberRequest
from moderation import duty as duties
from moderation.actions.leaving_shift import have_to_stop
from moderation.actions.moderator_care import set_own_care, set_team_care
from moderation.forms_team import OwnCareForm, TeamCareForm
from moderation.models import DeclinedCategory, ModeratorCare
from moderation.own_care import care_of
from moderation.own_care import team as team_of
from moderation.views.acts.act import number_of
from moderation.views.gates import for_desk, for_staff


@for_desk
@require_http_methods(["GET", "POST"])
def stop(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """One press, from anywhere; and the page it leads to."""
    if request.method == "POST":
        have_to_stop(request.user)
        return redirect("have_to_stop")
    on_duty = duties.shift_of(viewer.id, timezone.now()) is not None or request.user.cases_held.exists()
    return render(request, "moderation/stopped.html", {"on_duty": on_duty})


@for_desk
@require_http_methods(["GET", "POST"])
def care(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """One's own limits. Nobody else can open them."""
    kept = care_of(viewer.id)
    declined = DeclinedCategory.objects.filter(member=viewer.id)
    form = OwnCareForm(
        request.POST if request.method == "POST" else None,
        initial={
            "hard_limit": kept.hard_limit,
            "check_in": kept.check_in,
            "declined": [str(each) for each in declined],
        },
    )
    if request.method == "POST" and form.is_valid():
        set_own_care(request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("moderator_care")
    status = 422 if form.errors else 200
    return render(request, "moderation/moderator_care.html", {"form": form, "care": kept}, status=status)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A line of the team's page: dates and a buddy, and never a number."""

    member: Member
    care: ModeratorCare
    form: TeamCareForm
    today: date

    @property
    def overdue(self) -> bool:
        due = self.care.next_supervision_on
        return due is not None and due < self.today


@for_staff
@require_http_methods(["GET", "POST"])
def team(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Induction, buddy and next supervision of everybody on the team; whose supervision is overdue comes first."""
    people = list(team_of())
    sent_for = number_of(request.POST.get("member", "")) if request.method == "POST" else 0
    lines = [_line(each, people, request.POST if each.pk == sent_for else None) for each in people]
    if request.method == "POST":
        line = next((each for each in lines if each.member.pk == sent_for), None)
        if line is None:
            raise Http404
        if line.form.is_valid():
            said = line.form.cleaned_data
            set_team_care(
                request.user,
                line.member,
                induction_on=said["induction_on"],
                buddy=said["buddy"],
                supervision_on=said["next_supervision_on"],
            )
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(f"{reverse('team')}#member-{line.member.pk}", status=303)
    lines.sort(key=lambda line: not line.overdue)
    wrong = next((line.form for line in lines if line.form.errors), None)
    return render(request, "moderation/team.html", {"team": lines, "form": wrong}, status=422 if wrong else 200)


def _line(person: Member, people: list[Member], sent: Any) -> Colleague:
    care = getattr(person, "moderator_care", None) or ModeratorCare(member=person)
    initial = {
        "induction_on": care.induction_on,
        "buddy": care.buddy_id,
        "next_supervision_on": care.next_supervision_on,
    }
    form = TeamCareForm(sent, initial=initial, people=people, person=person)
    return Colleague(person, care, form, timezone.localdate())
