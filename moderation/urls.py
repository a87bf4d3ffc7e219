"""The doors, what came of them, and the team's pages."""

from django.urls import path

import forum.urls  # noqa: F401  registers the converter of handles
from moderation.views import case, desk, doors, mine

urlpatterns = [
    path("posts/<int:post_id>/report/", doors.about_post, name="report_post"),
    path("members/<handle:handle>/report/", doors.about_member, name="report_member"),
    path("ask/", doors.ask, name="ask"),
    path("me/reports/", mine.my_reports, name="my_reports"),
    path("me/decisions/", mine.my_decisions, name="my_decisions"),
    path("me/words/", mine.my_words, name="my_words"),
    path("me/words/<int:case_id>/", mine.conversation, name="conversation"),
    path("moderation/", desk.queue, name="queue"),
    path("moderation/duty/", desk.duty, name="duty"),
    path("moderation/cases/<int:case_id>/", case.case, name="case"),
    path("staff/", desk.staff_board, name="staff_board"),
    path("staff/cases/<int:case_id>/", case.staff_case, name="staff_case"),
]
