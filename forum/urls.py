"""The wall's addresses. Accounts and help have files of their own."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from forum.views import drafts, search, wall


class AvatarToken:
    regex = "[0-9a-f]{24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Handle(StringConverter):
    """Anything that could be somebody's handle; PostgreSQL answers a NUL with an error instead of with nobody."""

    regex = r"[^/\x00-\x1f\x7f]+"


class Place(StringConverter):
    """The name of a form whose words can be kept as a draft."""

    regex = r"[a-z0-9-]{1,60}"


register_converter(AvatarToken, "avatar")
register_converter(Place, "place")
register_converter(Handle, "handle")

urlpatterns = [
    path("", wall.wall, name="wall"),
    path("wall-state/", wall.state, name="wall_state"),
    path("posts/", wall.post_create, name="post_create"),
    path("posts/<int:post_id>/", wall.post, name="post"),
    path("posts/<int:post_id>/replies/", wall.reply_create, name="reply_create"),
    path("posts/<int:post_id>/support/", wall.support, name="support"),
    path("posts/<int:post_id>/edit/", wall.post_edit, name="post_edit"),
    path("posts/<int:post_id>/withdraw/", wall.post_withdraw, name="post_withdraw"),
    path("members/<handle:handle>/", wall.member_page, name="member_page"),
    path("drafts/<place:place>/", drafts.keep, name="draft_keep"),
    path("drafts/<place:place>/discard/", drafts.discard, name="draft_discard"),
    path("search/", search.search, name="search"),
    path("search/<slug:name>/", search.found, name="search_found"),
    path("avatars/<avatar:token>.svg", wall.avatar, name="avatar"),
]
