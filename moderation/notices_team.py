"""What those of the team are told of each other: somebody has come out of a hard case, and would be glad of a hello."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.notices import Line, NoticeKind
from moderation.models import CheckIn
from moderation.own_care import hellos_for

HELLO = "hello"  # its `ref` is a check-in


def register() -> None:
    notices.register(NoticeKind(HELLO, _draw, _stands))


def _stands(viewer: ViewerFacts) -> Q:
    return Q(Exists(hellos_for(viewer).filter(pk=OuterRef("ref"))))


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    words = _("{who} has just come out of a hard case. Say hello?")
    return {
        each.pk: Line(
            format_html(words, who=format_html("<bdi>{}</bdi>", each.member.handle)),
            reverse("duty") + "#hello",
            who=each.member,
        )
        for each in CheckIn.objects.filter(pk__in=refs).select_related("member")
    }
