"""What the team's queue keeps of people: who has a case open just now."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, Entry, Tie

ENTRIES = (
    Entry(
        "moderation.Looking",
        _("Which of the team has a case open just now"),
        internal="case at told",
        ties=[
            Tie("case__subject", ends=DELETE),
            Tie("member", ends=DELETE),
        ],
        why=_("So that two people do not begin the same thing at once."),
        until=_("A minute after the page was closed."),
    ),
)
