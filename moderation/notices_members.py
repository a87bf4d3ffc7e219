"""What colleagues tell one another about steps against a member. Whom it is about is in no notice: one may be read over a shoulder."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.notices import Line, NoticeKind
from moderation.access import cases_visible_to
from moderation.models import Case, Proposal, SecondLook

LOOKED, ANSWERED = "looked", "answered"  # their `ref`: a decision that was looked at, a ban that was proposed


def register() -> None:
    notices.register(NoticeKind(LOOKED, _draw_looks, _looks_stand))
    notices.register(NoticeKind(ANSWERED, _draw_answers, _answers_stand))


def _looks_stand(viewer: ViewerFacts) -> Q:
    had_a_part = Q(decided_by=viewer.id) | Q(confirmed_by=viewer.id) | Q(looked_by=viewer.id)
    seen = Q(decision__case__in=Case.objects.filter(cases_visible_to(viewer)))
    return Q(Exists(SecondLook.objects.filter(had_a_part, seen, decision=OuterRef("ref"), agrees=False)))


def _draw_looks(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    looks = SecondLook.objects.filter(decision__in=refs).select_related("decision", "looked_by", "kept_by")
    lines: dict[int, Line] = {}
    for look in looks:
        who, words = look.looked_by, _("{who} has looked at what you decided, and asks to undo it.")
        if look.looked_by_id == viewer.id:
            who, words = look.kept_by, _("{who} has read why you ask to undo something, and lets it stand.")
        if who:
            where = f"{reverse('case', args=[look.decision.case_id])}#second-looks"
            lines[look.decision_id] = Line(
                format_html(words, who=format_html("<bdi>{}</bdi>", who.handle)), where, who=who
            )
    return lines


def _answers_stand(viewer: ViewerFacts) -> Q:
    seen = Q(case__in=Case.objects.filter(cases_visible_to(viewer)))
    return Q(
        Exists(Proposal.objects.filter(seen, pk=OuterRef("ref"), proposed_by=viewer.id, answered_at__isnull=False))
    )


def _draw_answers(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    answered = Proposal.objects.filter(pk__in=refs, proposed_by=viewer.id).select_related("answered_by")
    return {
        proposal.pk: Line(
            format_html(
                _("{who} agrees to what you proposed.")
                if proposal.decision_id
                else _("{who} does not agree to what you proposed."),
                who=format_html("<bdi>{}</bdi>", proposal.answered_by.handle),
            ),
            f"{reverse('case', args=[proposal.case_id])}#proposal",
            who=proposal.answered_by,
        )
        for proposal in answered
        if proposal.answered_by
    }
