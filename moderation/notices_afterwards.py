"""Notices of what comes after a crisis: a debrief is offered; the person is asked, once and in neutral words, how it was."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import notices
from forum.access import ViewerFacts
from forum.models import Notice
from forum.notices import Line, NoticeKind
from moderation.models import Debrief, DebriefAnswer, HowCareWas

DEBRIEF, CARE_ASKED = "debrief", "care_asked"  # their `ref`: the offer, the question
OFFERED, AGAIN = "offered", "again"  # the states of a DEBRIEF


def register() -> None:
    notices.register(NoticeKind(DEBRIEF, _draw_debriefs, _debriefs_stand))
    label = gettext_lazy("We ask how it was, some time after somebody from the team was there for you")
    notices.register(NoticeKind(CARE_ASKED, _draw_asked, _asked_stand, label))


def _debriefs_stand(viewer: ViewerFacts) -> Q:
    open_ones = Debrief.objects.filter(member=viewer.id, answer__in=(DebriefAnswer.NONE, DebriefAnswer.LATER))
    return Q(Exists(open_ones.filter(pk=OuterRef("ref"))))


def _draw_debriefs(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """Nothing of which case it was: a notice may be read over a shoulder."""
    told = Notice.objects.filter(member=viewer.id, kind=DEBRIEF, ref__in=refs).order_by()
    states = dict(told.values_list("ref", "state"))
    words = {
        OFFERED: _("Something hard that you had a hand in is over. Would you like to talk it over with somebody?"),
        AGAIN: _("Once more, and then not again: would you like to talk over what was hard?"),
    }
    return {
        ref: Line(words.get(states.get(ref, ""), words[OFFERED]), f"{reverse('debriefs')}#debrief-{ref}")
        for ref in refs
    }


def _asked_stand(viewer: ViewerFacts) -> Q:
    asked = HowCareWas.objects.filter(case__subject=viewer.id, said_at=None, not_now_at=None)
    return Q(Exists(asked.filter(pk=OuterRef("ref"))))


def _draw_asked(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    return {
        ref: Line(_("One question from the team, if you like."), reverse("how_care_was", args=[ref])) for ref in refs
    }
