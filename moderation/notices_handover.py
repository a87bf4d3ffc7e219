"""What tells one of the staff that a colleague asks them to take a case over."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.notices import Line, NoticeKind
from moderation import handovers

HAND_OFFER = "hand_offer"  # its `ref` is the case


def register() -> None:
    notices.register(NoticeKind(HAND_OFFER, _draw, _stands))


def _stands(viewer: ViewerFacts) -> Q:
    return Q(Exists(handovers.standing().filter(to=viewer.id, case=OuterRef("ref"))))


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """Who asks, and nothing of whom it is about: a notice may be read over a shoulder."""
    return {
        offer.case_id: Line(
            format_html(
                _("{who} asks you to take a case over, with a note."), who=format_html("<bdi>{}</bdi>", offer.by.handle)
            ),
            reverse("staff_case", args=[offer.case_id]),
            who=offer.by,
        )
        for offer in handovers.standing().filter(to=viewer.id, case__in=refs)
    }
