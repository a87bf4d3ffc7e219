"""Where somebody signed in and wrote from, and how they could be reached before: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum import connections, kept_contact
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
            "So that somebody whose life is in danger can be found: two of the staff open it, with a reason, in a case. And so "
            "that staff can ask whether somebody who was shut out has come back, which shows no address. Sealed."
        ),
        until=_("Thirty days. Longer only while staff look after you for something urgent, or a law asks for it."),
        labels={
            "post_id": _("The post with this number; none for a sign-in"),
            "address": _("Internet address"),
            "port": _("Port"),
            "at": _("When"),
        },
    ),
    Entry(
        "forum.KeptContact",
        _("How to reach you, as it stood before you changed it"),
        personal="what sealed kept_at",
        internal="sealed_for",
        ties=[Tie("member", shows="what sealed kept_at", ends=DELETE, held=while_in_danger, read=kept_contact.rows_of)],
        why=_(
            "So that somebody whose life is in danger can be found. Sealed; two of the staff open it, with a reason, in a case."
        ),
        until=_("While staff look after you for something urgent, and for three days after."),
        labels={"what": _("Your card, or your address"), "sealed": _("What it said"), "kept_at": _("When")},
    ),
)
