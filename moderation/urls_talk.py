"""Talking with a member, and what comes afterwards."""

from django.urls import path

from moderation.views import care_asked, debriefs, first_words, mine

urlpatterns = [
    path("me/words/<int:case_id>/read/", mine.read_conversation, name="read_conversation"),
    path("me/how-it-was/<int:asked_id>/", care_asked.how_care_was, name="how_care_was"),
    path("moderation/debriefs/", debriefs.debriefs, name="debriefs"),
    path("staff/afterwards/", debriefs.totals, name="afterwards"),
    path("staff/first-words/", first_words.first_words, name="first_words"),
    path("staff/first-words/propose/", first_words.first_word, name="first_word"),
]
