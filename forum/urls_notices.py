"""Being told, following and keeping, and being answered."""

from django.urls import path

from forum.views import asking, following, notices

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/count/", notices.notices_count, name="notices_count"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("me/notices/", notices.my_notices, name="me_notices"),
    path("me/up/", asking.up, name="up"),
    path("posts/<int:post_id>/follow/", following.follow, name="follow"),
    path("posts/<int:post_id>/keep/", following.keep, name="keep"),
    path("posts/<int:post_id>/enough/", asking.enough, name="enough"),
    path("posts/<int:post_id>/ask-again/", asking.again, name="ask_again"),
    path("posts/<int:post_id>/offer/skip/", asking.offer_skip, name="offer_skip"),
]
