"""What is kept of those who change the rules of screening: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Entry, Tie

WHY = _("So that it can be told who changed what screening looks for.")
UNTIL = _("For good. It holds phrases of the team's, and no member's words.")
ENTRIES = (
    Entry(
        "moderation.RuleWords",
        _("Phrases that the team added to the screening"),
        internal="phrase family since ended_at",
        ties=[Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("added_by", "ended_by")],
        why=WHY,
        until=UNTIL,
    ),
    Entry(
        "moderation.RuleSwitch",
        _("Rules of the screening that the team switched off"),
        internal="rule why asked_at off_since ended_at",
        ties=[Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("by", "confirmed_by", "ended_by")],
        why=WHY,
        until=UNTIL,
    ),
    Entry(
        "moderation.RuleEvent",
        _("Changes of the screening's rules"),
        internal="at what words switch",
        ties=[Tie("by", ends=STONE, rule=TEAM_RECORD.why)],
        why=WHY,
        until=UNTIL,
    ),
)
