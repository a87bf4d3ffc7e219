"""What comes from outside and reaches a member: somebody asked the team about them, and a person tells them so."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.notices import Line, NoticeKind
from moderation.actions.outside_requests import ASKED_ABOUT
from moderation.models import OutsideRequest


def register() -> None:
    """It cannot be turned off: nothing is given away about anybody without their being told, unless two people wrote why."""
    notices.register(NoticeKind(ASKED_ABOUT, _draw, _stands))


def _stands(viewer: ViewerFacts) -> Q:
    return Q(Exists(OutsideRequest.objects.filter(pk=OuterRef("ref"), about=viewer.id, told_at__isnull=False)))


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """Nothing of who asked, nor for what: a notice may be read over a shoulder."""
    told = OutsideRequest.objects.filter(pk__in=refs, about=viewer.id, told_at__isnull=False)
    words = _("Somebody outside has asked us about you. A person tells you what came of it.")
    return {each.pk: Line(words, reverse("my_requests")) for each in told}
