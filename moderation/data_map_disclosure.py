"""What is kept of opened contact details and of legal holds: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Blank, Entry, Keep, Tie, worn
from moderation import keeping

NOT_SHOWN = _("The team's own notes. Ask for them: a person reads them first, so that nobody else's words go out.")
FACTS = Keep(_("That contact details were opened, when and how often is accounted for, without any of them."))
ENTRIES = (
    Entry(
        "moderation.Disclosure",
        _("That staff asked to see how to reach you, and why"),
        internal=(
            "case purpose request basis reason wants_mail wants_card wants_sign_ins post stage asked_at answered_at answer "
            "review_due_at reviewed_at was_right review reminded_at late_told_at"
        ),
        ties=[
            Tie(
                "case__subject",
                ends=Blank(**{column: worn(column) for column in ("reason", "answer", "review")}),
                rule=NOT_SHOWN,
                held=lambda member_id: keeping.still_needed(),
            ),
            *(Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("asked_by", "answered_by", "reviewed_by")),
        ],
        why=_("So that nobody's contact details are opened unseen."),
        until=_(
            "The words go when you leave, once no open case needs them. That details were opened, and when, stays."
        ),
    ),
    Entry(
        "moderation.DisclosureOpening",
        _("When your contact details were open, and for how long"),
        internal="disclosure opened_at minutes shut_at again",
        ties=[
            Tie("disclosure__case__subject", ends=FACTS, rule=NOT_SHOWN),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that nobody's contact details are opened unseen."),
        until=_("For good, without a word of yours."),
    ),
    Entry(
        "moderation.LegalHold",
        _("That something of yours has to be kept for now, and why"),
        internal=(
            "case reason review_days ends_days untold_because renews stage proposed_at answered_at answer review_at ends_at "
            "released_at release_why reminded_at late_told_at"
        ),
        ties=[
            Tie(
                "member",
                ends=Blank(
                    **{column: worn(column) for column in ("reason", "answer", "untold_because", "release_why")}
                ),
                rule=NOT_SHOWN,
            ),
            *(
                Tie(link, ends=STONE, rule=TEAM_RECORD.why)
                for link in ("owner", "proposed_by", "answered_by", "released_by")
            ),
        ],
        why=_(
            "Where a court, an inquest or another's safety needs what you shared. Two people decide that, for a time."
        ),
        until=_("While it is in force; then its words go with your account. That it was, and when, stays."),
    ),
)
