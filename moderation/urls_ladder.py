"""The ladder, its pages' links, hand-overs between staff, and the one code on paper."""

from django.urls import path

from moderation.views import handovers, ladder, sealed_code, up

urlpatterns = [
    path("up/<str:token>/", up.im_up, name="im_up"),
    path("staff/take/<str:token>/", up.take_from_page, name="take_from_page"),
    path("staff/hand-overs/<int:hand_over_id>/", handovers.answer, name="answer_hand_over"),
    path("staff/ladder/", ladder.ladder, name="staff_ladder"),
    path("staff/one-time-code/", sealed_code.sealed_code, name="one_time_code"),
]
