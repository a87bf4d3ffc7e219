"""What the team is told about how soon people here are answered."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation import agreement as second_readers
from moderation import how_statistics, screening_agreement, week_statistics
from moderation import statistics as figures
from moderation.models import HowChoice
from moderation.views.gates import for_desk


@for_desk
@require_safe
def statistics(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    work = week_statistics.weeks_of_work()
    return render(
        request,
        "moderation/statistics.html",
        {
            "weeks": figures.first_reply_weeks(),
            "work": work,
            "charts": week_statistics.charts(work),
            "readings": second_readers.last_month(),
            "small": figures.SMALL,
            "how_months": how_statistics.months(),
            "how_choices": HowChoice.labels,
            "agreement": screening_agreement.agreement(),
        },
    )
