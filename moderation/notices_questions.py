"""A question from the team to somebody who told it something: it cannot be turned off, and names nobody it is about."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.notices import Line, NoticeKind
from moderation.models import ReportQuestion

QUESTION = "question"  # its `ref` is a question


def register() -> None:
    notices.register(NoticeKind(QUESTION, _draw, _stand))


def _stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(ReportQuestion.objects.filter(_theirs(viewer), pk=OuterRef("ref"))))


def _theirs(viewer: ViewerFacts) -> Q:
    return Q(report__reporter=viewer.id) | Q(letter__sender=viewer.id)


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    asked = ReportQuestion.objects.filter(_theirs(viewer), pk__in=refs).select_related("asked_by")
    return {
        each.pk: Line(
            format_html(_("{who} asks you something about what you told us."), who=_bdi(each.asked_by.handle)),
            f"{reverse('my_reports')}#question-{each.pk}",
            who=each.asked_by,
        )
        for each in asked
    }


def _bdi(handle: str) -> str:
    return format_html("<bdi>{}</bdi>", handle)
