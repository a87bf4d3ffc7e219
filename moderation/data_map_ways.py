"""How those of the team are reached when it cannot wait."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, Entry, Tie
from moderation import ways

ENTRIES = (
    Entry(
        "moderation.ContactWay",
        _("How you are reached on call"),
        personal="name kind made_at confirmed_at tested_at sealed",
        internal="preset rings sealed_for failing code_digest link_digest code_until code_tries test_sent_at",
        ties=[
            Tie(
                "member",
                shows="name kind sealed made_at confirmed_at tested_at",
                ends=DELETE,
                read=ways.rows_of,
            )
        ],
        why=_("So that you can be called. Where it leads is sealed; its key is not in your copy."),
        until=_("Until you take it away, or leave."),
        labels={"sealed": _("Leads to"), "tested_at": _("Last reached you")},
    ),
)
