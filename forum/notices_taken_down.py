"""That a post somebody replied to was taken down, and that it is back: what those who replied are told, and no reason."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import access, notices
from forum.access import ViewerFacts
from forum.models import Notice, Post, Status
from forum.notices import ABOUT, Line, NoticeKind
from forum.threads import url_of

TAKEN_DOWN = "taken_down"  # its `ref` is the post
DOWN, BACK = "down", "back"


def register() -> None:
    label = gettext_lazy("Something you replied to is taken down, or is back")
    notices.register(NoticeKind(TAKEN_DOWN, _draw, _stands, label))


def _stands(viewer: ViewerFacts) -> Q:
    """While the post is as they were told, they may still see what is left of it, and their reply stands."""
    posts = _replied_to(viewer).filter(pk=OuterRef("ref"))
    down = Q(Exists(posts.filter(status=Status.REMOVED)), state=DOWN)
    return down | Q(Exists(posts.filter(status__in=access.ON_THE_WALL)), state=BACK)


def _replied_to(viewer: ViewerFacts) -> QuerySet[Post]:
    own = Post.objects.filter(parent=OuterRef("pk"), author=viewer.id, status__in=access.ON_THE_WALL)
    return Post.objects.filter(access.visible_to(viewer), Exists(own))


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """A post that was taken down is nobody's: its author is not named, and what is quoted is the reader's own reply."""
    states: Mapping[int, str] = dict(
        Notice.objects.filter(member=viewer.id, kind=TAKEN_DOWN, ref__in=refs).order_by().values_list("ref", "state")
    )
    own = Post.objects.filter(parent__in=refs, author=viewer.id, status__in=access.ON_THE_WALL).order_by(
        "placed_at", "pk"
    )
    latest = {reply.parent_id: reply for reply in own}
    return {
        post_id: Line(
            _("A post that you replied to is back.")
            if states.get(post_id) == BACK
            else _("A post that you replied to was taken down. Your reply still stands."),
            url_of(reply),
            about=Truncator(" ".join(reply.body.split())).chars(ABOUT),
        )
        for post_id, reply in latest.items()
        if post_id is not None
    }
