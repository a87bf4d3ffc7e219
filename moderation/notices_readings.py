"""What the two who read the same case hear of each other. Which case it is stands in no notice."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.notices import Line, NoticeKind
from moderation.models import BlindReading
from moderation.second_readings import opened_to

READ_BLIND = "read_blind"  # its `ref`: the reading


def register() -> None:
    notices.register(NoticeKind(READ_BLIND, _draw, _stand))


def _stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(opened_to(viewer).filter(pk=OuterRef("ref"))))


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    lines: dict[int, Line] = {}
    for reading in BlindReading.objects.filter(pk__in=refs).select_related("reader", "judged_by"):
        mine = reading.judged_by_id == viewer.id
        who = reading.reader if mine else reading.judged_by
        words = _("{who} has read something you decided, without knowing what. You can talk it through.")
        if not mine:
            words = _("{who} has written to you about something you read a second time.")
        if who:
            told = format_html(words, who=format_html("<bdi>{}</bdi>", who.handle))
            lines[reading.pk] = Line(told, reverse("second_reading", args=[reading.pk]), who=who)
    return lines
