"""What is kept of the whole wall, and of who is remembered: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, ERASED_WORDS, STONE, TEAM_RECORD, Blank, Entry, Tie

UNTIL = _("For good. It holds words of the team's, and no member's.")
OTHERS = _("What others told the team about you is theirs.")
ENTRIES = (
    Entry(
        "forum.WallState",
        _("Times when the wall was gentle, rested or took nobody new"),
        internal="kind reason word hours closes opens alone proposed_at confirmed_at starts_at ends_at end_asked_at ended_at "
        "rests_told",
        ties=[
            Tie(link, ends=STONE, rule=TEAM_RECORD.why)
            for link in ("proposed_by", "confirmed_by", "end_asked_by", "ended_by")
        ],
        why=_("So that it can be told who closed or opened the wall, and why."),
        until=UNTIL,
    ),
    Entry(
        "forum.Pinned",
        _("Posts of the team's that were pinned above the wall"),
        internal="post word pinned_at until ended_at",
        ties=[Tie("post__author", ends=STONE, rule=TEAM_RECORD.why)],
        why=_("So that everyone finds them for a while."),
        until=UNTIL,
    ),
    Entry(
        "moderation.Remembrance",
        _("That staff were told somebody had died"),
        personal="proposed_at",
        internal="why marked before confirmed_at undo_asked_at undo_why ended_at thread",
        ties=[
            Tie(
                "member",
                shows="proposed_at",
                ends=Blank(why=ERASED_WORDS, undo_why="", before={}),
                keeps="proposed_at",
                why=_("A time, so that it can be told what was done to the account."),
            ),
            *(
                Tie(link, ends=STONE, rule=TEAM_RECORD.why)
                for link in ("proposed_by", "confirmed_by", "undo_asked_by", "ended_by")
            ),
        ],
        why=_("So that nothing is sent to the account of somebody who has died, and a mistake can be undone."),
        until=_("As long as the account is kept."),
    ),
    Entry(
        "moderation.ToTell",
        _("That you were in touch with somebody who has died, so that a person could tell you"),
        personal="told_at",
        internal="remembrance ties last_at",
        ties=[
            Tie("remembrance__member", ends=DELETE, rule=OTHERS),
            Tie("person", shows="told_at", ends=DELETE),
            Tie("told_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that nobody reads it on the wall first."),
        until=_("As long as the account of the one who died is kept, or until you leave."),
    ),
    Entry(
        "moderation.FamilyWish",
        _("That a family wanted words of somebody who has died taken down"),
        internal="remembrance post why asked_at ended_at",
        ties=[
            Tie("remembrance__member", ends=DELETE, rule=OTHERS),
            *(Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("asked_by", "agreed_by")),
        ],
        why=_("So that words are only taken down where two people have looked at who asks."),
        until=_("As long as the account is kept."),
    ),
)
