"""What a member is told about a decision on themselves: what it is, until when, what stays open, and whether it counts."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from forum.models import Post
from moderation.vocabulary import COUNTS, ON_THE_MEMBER, DecisionKind

NOT_CHOSEN = "…"  # stands in a draft where the end will be

WHAT: Mapping[str, Callable[[], list[str]]] = {
    DecisionKind.ADVICE: lambda: [
        _(
            "This is a friendly word about %(post)s, and nothing more. Nothing of yours is changed, and it does not count."
        )
    ],
    DecisionKind.HOLD: lambda: [
        _(
            "Until %(until)s a moderator looks at what you share before it is on the wall. You see your words as always, with a "
            "line that says they wait. Words of a bad night never wait. Nobody else is told."
        )
    ],
    DecisionKind.SLOW: lambda: [
        _(
            "We have slowed your posting until %(until)s. Until then you can share less in an hour than before; the page says when "
            "the next can go. You can read, support others and talk with us as always."
        )
    ],
    DecisionKind.PAUSE: lambda: [
        _(
            "We have paused your posting until %(until)s. Until then you can read, support others and talk with us, but not post or "
            "reply. Nobody else is told."
        )
    ],
    DecisionKind.SUSPEND: lambda: [
        _("We have closed the wall to you until %(until)s. Then it opens again by itself. Nobody else is told."),
        _your_room(),
    ],
    DecisionKind.BAN: lambda: [
        _(
            "We have closed the wall to you, for good. Two people decided this: %(by)s, and somebody who had no hand in it before. "
            "Nobody else is told."
        ),
        _your_room(),
    ],
    DecisionKind.STOP_POSTS: lambda: [
        _(
            "We have stopped new posts and replies from you until %(until)s. You can read, support others and talk with us. "
            "Somebody from the staff has been told, and looks at it now."
        )
    ],
}


def after(kind: str, post: Post | None, *, under_a_rule: bool) -> list[str]:
    """What follows the reason: which words it is about, and how long it counts."""
    said = [_("It is about %(post)s.")] if post and kind in ON_THE_MEMBER - _NAME_THE_WORDS else []
    if under_a_rule and kind in COUNTS - {DecisionKind.BAN}:  # of a ban nobody counts the months
        said.append(_("It counts for twelve months. After that it is over, and nobody holds it against you."))
    return said


_NAME_THE_WORDS = {DecisionKind.ADVICE, DecisionKind.WARNING}


def _your_room() -> str:
    return _(
        "Your room stays open: help, our reasons, another look at this, your own data, and anyone on the team you are talking with."
    )
