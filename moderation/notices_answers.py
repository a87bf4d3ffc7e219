"""Notices about what comes after a decision: to whoever decided, that it was answered; to the member, once, how it was."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import notices
from forum.access import ViewerFacts
from forum.models import Notice
from forum.notices import Line, NoticeKind
from moderation.access import cases_visible_to
from moderation.models import Case, Decision, HowItWas

ANSWERED, HOW = "member_answer", "how"  # their `ref` is a decision
TALK, REPUBLISHED, REWRITTEN = "talk", "republished", "rewritten"
_SAYS = {
    TALK: gettext_lazy("Somebody would like to talk with you about something you decided."),
    REPUBLISHED: gettext_lazy("Somebody has edited words that you decided about and put them back."),
    REWRITTEN: gettext_lazy("Somebody has written words anew that you had taken down. They wait for the team."),
}


def register() -> None:
    notices.register(NoticeKind(ANSWERED, _draw_answered, _answered_stand))
    label = gettext_lazy("We ask how it was, a day after something was decided")
    notices.register(NoticeKind(HOW, _draw_how, _how_stand, label))


def _answered_stand(viewer: ViewerFacts) -> Q:
    seen = Case.objects.filter(cases_visible_to(viewer)).values("pk")
    return Q(Exists(Decision.objects.filter(pk=OuterRef("ref"), decided_by=viewer.id, case__in=seen)))


def _draw_answered(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """Nothing of whom it is about: a notice may be read over a shoulder."""
    states: Mapping[int, str] = dict(
        Notice.objects.filter(member=viewer.id, kind=ANSWERED, ref__in=refs).order_by().values_list("ref", "state")
    )
    decided = Decision.objects.filter(pk__in=refs, decided_by=viewer.id)
    return {
        decision.pk: Line(
            str(_SAYS.get(states.get(decision.pk, ""), _SAYS[TALK])), reverse("case", args=[decision.case_id])
        )
        for decision in decided
    }


def _how_stand(viewer: ViewerFacts) -> Q:
    asked = Decision.objects.filter(pk=OuterRef("ref"), subject=viewer.id, told=True, how_asked_at__isnull=False)
    return Q(Exists(asked)) & ~Q(Exists(HowItWas.objects.filter(decision=OuterRef("ref"))))


def _draw_how(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    words = _("We decided something about your words. How was it for you? One question, if you like.")
    return {ref: Line(words, reverse("how_it_was", args=[ref])) for ref in refs}
