"""What talking and its aftermath keep of people: entries in the registry of forum.data_rights."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, TEAM_RECORD, Blank, Entry, Keep, Tie
from moderation import keeping

OWN_ANSWER = "answer answered_at on"

ENTRIES = (
    Entry(
        "moderation.WordMail",
        _("Mails that told you that somebody had written"),
        personal="queued_at stage done_at",
        internal="case",
        ties=[
            Tie(
                "case__subject",
                shows="queued_at stage done_at",
                ends=DELETE,
                held=lambda member_id: keeping.still_needed(),
            )
        ],
        why=_("So that whoever wrote knows whether it can have reached you. No word of it is kept."),
        labels={"queued_at": _("When it was queued"), "stage": _("What became of it"), "done_at": _("When it left")},
    ),
    Entry(
        "moderation.FirstWordChange",
        _("Changes to the library of first messages"),
        internal="of language name words proposed_at end ended_at",
        ties=[
            Tie("proposed_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("ended_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("Two people answer for what it says."),
        until=_("As long as the library is in use."),
    ),
    Entry(
        "moderation.Debrief",
        _("Offers to talk over what was hard, to those of the team"),
        personal=OWN_ANSWER,
        internal="case episode offered_at reminded_at",
        ties=[
            Tie("member", shows=OWN_ANSWER, ends=DELETE),
            Tie(
                "case__subject",
                ends=Keep(_("That whoever helped was looked after too; it says nothing of you.")),
                rule=_("It is about those of the team."),
            ),
            Tie("with_whom", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that nobody is left alone with it. It is counted, never who."),
        labels={"answer": _("What you answered"), "on": _("On which day")},
    ),
    Entry(
        "moderation.HowCareWas",
        _("How you said it was to be looked after"),
        personal="choice words said_at",
        internal="case asked_at not_now_at",
        ties=[
            Tie(
                "case__subject",
                shows="choice words said_at",
                only=~Q(said_at=None),
                ends=Blank(words=""),
                keeps="choice said_at",
                why=_("The choice stays in the counts, without a name to it."),
            )
        ],
        why=_("So that the team learns from it. It is counted only where eight people or more have answered."),
        until=_("Your words go when you leave."),
        labels={"choice": _("How it was")},
    ),
)
