"""What is kept of those who are called at night: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, TEAM_RECORD, Entry, Keep, Tie

FACTS = Keep(_("That people were called, and when, without a word about anybody."))
NOT_SHOWN = _("How the team was reached is the team's own. What came of it is told in decisions and words.")
WHY = _("So that it can be told whether somebody was reached in time.")
FOR_GOOD = _("For good. It holds numbers and times, and no words.")

ENTRIES = (
    Entry(
        "moderation.LadderRule",
        _("Times after which staff are called"),
        internal=(
            "source severity first_after second_after team_after contact_after repeat_every up_for why stage proposed_at answered_at"
        ),
        ties=[Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("proposed_by", "answered_by")],
        why=_("So that it can be told who changed whom we wake, and when."),
        until=_("For good. It holds numbers and the team's reasons, and no member's words."),
    ),
    Entry(
        "moderation.LadderCall",
        _("Which of the team was called for a case"),
        internal="step at token_digest expires_at used_at",
        ties=[
            Tie("step__case__subject", ends=FACTS, rule=NOT_SHOWN),
            Tie("member", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=WHY,
        until=FOR_GOOD,
    ),
    Entry(
        "moderation.Acknowledgement",
        _("Who of the team said that they are up"),
        internal="case episode call at until",
        ties=[
            Tie("case__subject", ends=FACTS, rule=NOT_SHOWN),
            Tie("member", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=WHY,
        until=FOR_GOOD,
    ),
    Entry(
        "moderation.HandOver",
        _("Cases that staff handed to one another"),
        internal="case event offered_at lapses_at answer answered_at",
        ties=[
            Tie("case__subject", ends=FACTS, rule=NOT_SHOWN),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("to", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that it is known who held a case at every moment."),
        until=FOR_GOOD,
    ),
    Entry(
        "moderation.SealedCode",
        _("Your code on paper for signing in"),
        personal="made_at used_at ended_at",
        internal="hashed",
        ties=[Tie("member", shows="made_at used_at ended_at", ends=DELETE)],
        why=_("So that you get in at night without your phone. The code itself is not kept."),
        labels={"ended_at": _("Ended by a newer one")},
    ),
)
