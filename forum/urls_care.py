"""Resting, and being apart from somebody. What stands under /me/ is open from the small room too."""

from django.urls import path

from forum import urls  # noqa: F401  registers the converter for handles
from forum.views import care

urlpatterns = [
    path("me/care/", care.care, name="care"),
    path("me/care/words/", care.mute_word, name="care_mute_word"),
    path("me/care/words/<int:word_id>/off/", care.unmute_word, name="care_unmute_word"),
    path("me/care/notes/", care.content_notes, name="care_notes"),
    path("me/care/pause/", care.pause, name="wall_pause"),
    path("me/care/muted/<int:member_id>/end/", care.unmute, name="care_unmute"),
    path("me/care/blocked/<int:member_id>/end/", care.unblock, name="care_unblock"),
    path("me/break/", care.break_page, name="break"),
    path("me/break/end/", care.break_end, name="break_end"),
    path("members/<handle:handle>/care/", care.member_care, name="member_care"),
    path("posts/again/", care.posts_again, name="posts_again"),
]
