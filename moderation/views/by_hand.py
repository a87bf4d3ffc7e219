"""A case that staff open by hand, for somebody who rang or wrote."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation.actions.by_hand import Told, case_seen_by, take_down
from moderation.forms_by_hand import ByHandForm
from moderation.letters import Contact
from moderation.models import Letter, Reserved
from moderation.refusals import Missing
from moderation.views.doors import explain
from moderation.views.gates import for_staff


@for_staff
@require_http_methods(["GET", "POST"])
def by_hand(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """The form; then the case, or the letter that waits where nobody here is known by that name."""
    form = ByHandForm(request.POST or None, initial={"key": uuid4(), "told_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            letter = take_down(
                request.user, Told(**form.said()), Contact(name=said["name"], reach=said["reach"]), key=said["key"]
            )
        except Missing as missing:
            form.add_error("what" if missing.field == "category" else missing.field, missing.message)
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return _lead_on(request, letter)
    return render(request, "moderation/by_hand.html", {"form": form}, status=422 if form.is_bound else 200)


def _lead_on(request: MemberRequest, letter: Letter) -> HttpResponse:
    if case := case_seen_by(letter, request.user):
        return redirect("staff_case", case.pk)
    if letter.report is None and letter.reserved_for != Reserved.INDEPENDENT:
        messages.success(request, _("It is kept. Nobody here is known by that name, so it waits on the staff board."))
        return redirect("letter", letter.pk)
    messages.success(request, _("It is kept, and the independent contacts have it. Nobody of the team can read it."))
    return redirect("staff_board")
