"""The thread that words belong to, as far as it stands on the wall: read for a tone, so that nobody judges a line alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum.access import ON_THE_WALL
from forum.models import Post

NEAR = 2  # words shown before and after those in question
FAR = 8  # of those further off, folded: enough to read a tone, short enough to read


@dataclass(frozen=True, slots=True)
class Around:
    """`further` stands before `before`, and `later` after `after`; a post of one's own has only what was replied to it."""

    post: Post
    top: Post | None
    further: Sequence[Post]
    before: Sequence[Post]
    after: Sequence[Post]
    later: Sequence[Post]

    @property
    def is_empty(self) -> bool:
        return not (self.top or self.before or self.after)


def read_around(post: Post) -> Around:
    """The post that words belong to and the replies near them, in two queries at most."""
    top = post.parent or post
    standing = Post.objects.filter(parent=top, status__in=ON_THE_WALL).exclude(pk=post.pk).select_related("author")
    before = []
    if post.parent_id:
        before = list(standing.filter(placed_at__lte=post.placed_at).order_by("-placed_at", "-pk")[: NEAR + FAR])[::-1]
        standing = standing.filter(placed_at__gt=post.placed_at)
    after = list(standing.order_by("placed_at", "pk")[: NEAR + FAR])
    shown = top if post.parent_id and top.status in ON_THE_WALL else None
    return Around(post, shown, before[:-NEAR], before[-NEAR:], after[:NEAR], after[NEAR:])
