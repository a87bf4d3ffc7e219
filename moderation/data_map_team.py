"""What is kept of those of the team so that they are looked after themselves."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, Entry, Tie

THEIRS = _("That a colleague leans on you is theirs to tell.")

ENTRIES = (
    Entry(
        "moderation.ModeratorCare",
        _("How you are looked after on the team"),
        personal="induction_on next_supervision_on hard_limit check_in",
        internal="member came_out_at calm_until",
        ties=[
            Tie("member", shows="induction_on next_supervision_on hard_limit check_in", ends=DELETE),
            Tie("buddy", ends=STONE, rule=THEIRS),
        ],
        why=_("So that whoever reads hard things has somebody, and a limit of their own."),
        until=_("Until you leave."),
    ),
    Entry(
        "moderation.DeclinedCategory",
        _("What you would rather not read for the team"),
        personal="door category",
        ties=[Tie("member", shows="door category", ends=DELETE)],
        why=_("So that it is put aside for you. Nobody else is shown it, and no reason is kept."),
        until=_("Until you change it, or leave."),
    ),
    Entry(
        "moderation.PutAside",
        _("Cases that you asked to be somebody else's"),
        internal="case",
        ties=[Tie("case__subject", ends=DELETE), Tie("member", ends=DELETE)],
        why=_("So that they are not offered to you again."),
        until=_("Until you leave."),
    ),
    Entry(
        "moderation.CheckIn",
        _("That somebody was asked to say hello to you"),
        personal="asked_at said_at",
        ties=[
            Tie("member", shows="asked_at said_at", ends=DELETE),
            Tie("buddy", ends=DELETE, rule=THEIRS),
            Tie("said_by", ends=DELETE, rule=THEIRS),
        ],
        why=_("So that nobody is alone with a hard case. Which case it was is not kept."),
        until=_("A day."),
    ),
)
