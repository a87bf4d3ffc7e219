"""What deciding several things with one press keeps of people: who pressed."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Entry, Tie

ENTRIES = (
    Entry(
        "moderation.Bulk",
        _("Which decisions somebody of the team made with one press"),
        internal="made_at undone_at",
        ties=[Tie("by", ends=STONE, rule=TEAM_RECORD.why)],
        why=_("So that one press takes them back."),
        until=_("For good."),
    ),
)
