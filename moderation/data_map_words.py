"""What is kept of answers to decisions: entries in the registry of forum.data_rights."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, TEAM_RECORD, Blank, Entry, Tie
from moderation.models import State

ENTRIES = (
    Entry(
        "moderation.Rewrite",
        _("Words that you wrote anew after a decision"),
        personal="decision body content_note stage sent_at answered_at",
        internal="case post_version key",
        ties=[
            Tie(
                "decision__subject",
                shows="decision_id body content_note stage sent_at answered_at",
                ends=Blank(body="", content_note=""),
                keeps="decision stage sent_at answered_at",
                why=_("That you sent them and what came of it."),
                held=lambda member_id: ~Q(case__state=State.CLOSED),
            ),
            Tie("answered_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that they could stand in place of the others."),
        until=_("The words go when you leave, once no open case needs them."),
        labels={"decision_id": _("Number of the decision"), "stage": _("What came of it")},
    ),
    Entry(
        "moderation.HowItWas",
        _("How you said it was to be told of a decision"),
        personal="decision choice words said_at",
        ties=[Tie("decision__subject", shows="decision_id choice words said_at", ends=DELETE)],
        why=_(
            "So that the team learns how it tells people. It is counted only where eight people or more have answered."
        ),
        labels={"decision_id": _("Number of the decision"), "choice": _("How it was")},
    ),
)
