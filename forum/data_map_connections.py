"""Where somebody signed in and wrote from: an entry in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum import connections
from forum.data_rights import DELETE, Entry, Tie, while_in_danger

SHOWN = "post_id address port at"
ENTRIES = (
    Entry(
        "forum.ConnectionFact",
        _("Where you signed in and wrote from"),
        personal="post address port at",
        internal="sealed_for forget_at",
        ties=[Tie("member", shows=SHOWN, ends=DELETE, held=while_in_danger, read=connections.rows_of)],
        why=_(
            "So that somebody whose life is in danger can be found. Sealed; two of the staff open it, with a reason, in a case."
        ),
        until=_("Thirty days. Longer only while staff look after you for something urgent, or a law asks for it."),
        labels={
            "post_id": _("The post with this number; none for a sign-in"),
            "address": _("Internet address"),
            "port": _("Port"),
            "at": _("When"),
        },
    ),
)
