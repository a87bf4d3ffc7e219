"""One question to somebody the team looked after, much later. It can be left alone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from forum import drafts
from forum.actions.notices import read_notices
from forum.onlooker import onlooker_of
from forum.requests import MemberRequest
from moderation.actions.care_asked import leave_it, say_how_care_was
from moderation.forms_afterwards import CareAskedForm
from moderation.models import HowCareWas
from moderation.notices_afterwards import CARE_ASKED


@login_required
@require_http_methods(["GET", "POST"])
def how_care_was(request: MemberRequest, asked_id: int) -> HttpResponse:
    """Somebody else's question is as little there as one that never was."""
    asked = get_object_or_404(HowCareWas.objects.select_related("case"), pk=asked_id, case__subject=request.user)
    form, status = CareAskedForm(request.POST or None), 200
    if request.method == "POST" and request.POST.get("do") == "not_now":
        leave_it(asked, request.user)
        return redirect("my_words")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            say_how_care_was(asked, request.user, form.cleaned_data["choice"], form.cleaned_data["words"])
            return HttpResponseRedirect(reverse("how_care_was", args=[asked.pk]), status=303)
    else:
        read_notices(request.user, kind=CARE_ASKED, ref=asked.pk)
    place = f"care-{asked.pk}"
    draft = drafts.fill(form, drafts.kept_at(onlooker_of(request), place))
    context = {"asked": asked, "form": form, "place": place, "draft": draft}
    return render(request, "moderation/how_care_was.html", context, status=status)
