"""What is kept of people who ask for another look: entries in the registry of forum.data_rights."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, TEAM_RECORD, Blank, Entry, Tie, worn
from moderation.models import Appeal, State
from moderation.models.appeal import UNANSWERED

APPEALS = (
    Entry(
        "moderation.Appeal",
        _("What you asked another look at, and the answer"),
        personal="kind decision report words made_at due_at stage reasons later_stands answered_at read_at",
        internal="case key held_at lapses_at nudged_at late_at",
        ties=[
            Tie(
                "by",
                shows="kind decision_id report_id words made_at due_at stage reasons later_stands answered_at read_at",
                ends=Blank(words=worn("words"), reasons=worn("reasons")),
                keeps="kind decision report made_at due_at stage later_stands answered_at read_at",
                why=_("That somebody asked and was answered, and when."),
                held=lambda member_id: Q(stage__in=UNANSWERED),
            ),
            Tie("against", ends=STONE, rule=TEAM_RECORD.why),
            Tie("heard_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that somebody who had no hand in it could look again."),
        until=_("The words go when you leave, once you have an answer. That you asked, and when, stays."),
        labels={
            "decision_id": _("Number of the decision"),
            "report_id": _("Number of what you told us"),
            "stage": _("How far it is"),
            "later_stands": _("A later decision stands"),
        },
    ),
    Entry(
        "moderation.FrozenWords",
        _("Your words as they stood when something was decided about them"),
        personal="decision body content_note until",
        ties=[
            Tie(
                "decision__subject",
                shows="decision_id body content_note until",
                ends=DELETE,
                held=lambda member_id: Q(_asked()) | ~Q(decision__case__state=State.CLOSED),
            )
        ],
        why=_("So that whoever looks again reads the words that were decided about, whatever became of the post."),
        until=_("For six months after the decision, and until an appeal is answered. Then they are deleted."),
        labels={"decision_id": _("Number of the decision"), "until": _("Kept until")},
    ),
)


def _asked() -> Exists:
    return Exists(Appeal.objects.filter(decision=OuterRef("decision"), stage__in=UNANSWERED))
