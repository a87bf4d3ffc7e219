"""What the directory and the talk about the rules tell members: what became of a suggestion, and that words were put away."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import notices
from forum.access import ViewerFacts
from forum.models import RuleComment, SupportGroup
from forum.notices import Line, NoticeKind

SUGGESTION, RULE_COMMENT = "suggestion", "rule_comment"  # their `ref`: a support group, a comment


def register() -> None:
    """That words were put away cannot be turned off: nothing is done to anybody without their being told."""
    notices.register(
        NoticeKind(
            SUGGESTION, _draw_suggestions, _suggestions_stand, gettext_lazy("A group you suggested has been read")
        )
    )
    notices.register(NoticeKind(RULE_COMMENT, _draw_comments, _comments_stand))


def _suggestions_stand(viewer: ViewerFacts) -> Q:
    read = SupportGroup.objects.exclude(status=SupportGroup.Status.SUGGESTED)
    return Q(Exists(read.filter(pk=OuterRef("ref"), suggested_by=viewer.id)))


def _draw_suggestions(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    groups = SupportGroup.objects.filter(pk__in=refs, suggested_by=viewer.id)
    return {
        group.pk: Line(
            _("A group that you suggested is in the directory.")
            if group.status == SupportGroup.Status.PUBLISHED
            else _("Somebody has written to you about a group that you suggested."),
            reverse("my_groups"),
            about=group.name,
        )
        for group in groups
    }


def _comments_stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(RuleComment.objects.filter(pk=OuterRef("ref"), author=viewer.id)))


def _draw_comments(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    comments = RuleComment.objects.filter(pk__in=refs, author=viewer.id)
    return {
        comment.pk: Line(
            _("The team has put away something you said about the rules, and says why.")
            if comment.hidden_at
            else _("Something you said about the rules can be read by everyone again."),
            f"{reverse('rules_next')}#comment-{comment.pk}",
            about=comment.hidden_why,
        )
        for comment in comments
    }
