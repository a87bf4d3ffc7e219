"""A reporter's answer to what the team asked them, from their own page and in every standing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum import drafts
from forum.onlooker import onlooker_of
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation.actions.questions import answer_question
from moderation.drafts import place_of
from moderation.forms_reporters import AnswerForm
from moderation.models import ReportQuestion
from moderation.statements import role_words


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: MemberRequest, question_id: int) -> HttpResponse:
    """One question and the place to answer it: where a refused answer comes back with its words."""
    mine = Q(report__reporter=request.user) | Q(letter__sender=request.user)
    asked = get_object_or_404(ReportQuestion.objects.filter(mine).select_related("asked_by"), pk=question_id)
    form, status = AnswerForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_question(asked, form.cleaned_data["answer"], by=request.user)
            except Refusal as refusal:
                form.add_error("answer", refusal.message)
            else:
                messages.success(request, _("Sent. There is nothing more you need to do."))
                return HttpResponseRedirect(f"{reverse('my_reports')}#question-{asked.pk}", status=303)
    place = place_of(asked.pk)
    kept = drafts.fill(form, drafts.kept_at(onlooker_of(request), place))
    context = {"asked": asked, "role": role_words(asked.asked_by), "form": form, "draft": kept, "place": place}
    return render(request, "moderation/my_question.html", context, status=status)
