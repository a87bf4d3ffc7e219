"""What those who asked for another look are told: that it is being read, that it is late, and the answer."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.models import Notice
from forum.notices import Line, NoticeKind
from moderation.models import Appeal, AppealKind, AppealStage

APPEAL = "appeal"  # its `ref`: an appeal
LATE, BY_LINK = "late", "by_link"  # states of a notice besides the stages of an appeal


def register() -> None:
    """It cannot be turned off: nobody waits for an answer without hearing it."""
    notices.register(NoticeKind(APPEAL, _draw, _stand))


def where(appeal: Appeal) -> str:
    """The place on the page of whoever asked where it stands."""
    if appeal.kind == AppealKind.DECISION:
        return f"{reverse('my_decisions')}#appeal-{appeal.pk}"
    return f"{reverse('my_reports')}#appeal-{appeal.pk}"


def _stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(Appeal.objects.filter(pk=OuterRef("ref"), by=viewer.id)))


def _draw(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    told = dict(
        Notice.objects.filter(member=viewer.id, kind=APPEAL, ref__in=refs).order_by().values_list("ref", "state")
    )
    appeals = Appeal.objects.filter(pk__in=refs, by=viewer.id).select_related("heard_by")
    return {appeal.pk: _line(appeal, told.get(appeal.pk, "")) for appeal in appeals}


def _line(appeal: Appeal, told: str) -> Line:
    words: str
    who = format_html("<bdi>{}</bdi>", appeal.heard_by.handle) if appeal.heard_by else ""
    if appeal.stage == AppealStage.UPHELD:
        words = format_html(_("{who} has looked again and agrees with you."), who=who)
    elif appeal.stage == AppealStage.REFUSED:
        words = format_html(_("{who} has looked again. The reasons are there for you to read."), who=who)
    elif told == LATE:
        words = _("The answer to what you asked another look at is late. The people in charge have been told.")
    elif appeal.stage == AppealStage.HELD:
        words = format_html(_("{who} is reading what you asked another look at."), who=who)
    else:
        words = _("Another look was asked for in your name, through the link in your mail.")
    return Line(words, where(appeal), who=appeal.heard_by)
