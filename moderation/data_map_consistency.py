"""What is kept of reading each other's decisions: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Blank, Entry, Tie

NOT_SHOWN = _("The team's own notes. Ask for them: a person reads them first, so that nobody else's words go out.")

ENTRIES = (
    Entry(
        "moderation.BlindReading",
        _("That another person of the team read what was decided, without knowing what it was"),
        internal="case case_kind decision judged_kind category chosen_at taken_at kind rule words answered_at agreed talked_at",
        ties=[
            Tie("decision__subject", ends=Blank(words=""), rule=NOT_SHOWN),
            Tie("judged_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("reader", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that the team decides alike. Only how often it agrees is counted, never of one person."),
        until=_("The words go after 90 days. That it was read, and whether the two agreed, stays."),
    ),
    Entry(
        "moderation.BlindNote",
        _("What the two who read the same decision wrote to each other"),
        internal="reading body key at",
        ties=[
            Tie("reading__decision__subject", ends=Blank(body=""), rule=NOT_SHOWN),
            Tie("author", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that the team learns from where it does not agree."),
        until=_("90 days after the second reading."),
    ),
)
