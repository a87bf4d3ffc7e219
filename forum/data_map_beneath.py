"""What stands beneath the forum and keeps something of people: the libraries, and realtime, which imports no other app."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.actions import erasing
from forum.data_rights import DELETE, NO_ROWS, STONE, Blank, Entry, Keep, Tie, while_in_danger

WEEK = _("Seven days.")


def mailed_to(member_id: int, column: str) -> Q:
    """Rows that hold one of this member's e-mail addresses in a column, however it was typed."""
    spelled = (Q(**{f"{column}__iexact": address}) for address in erasing.addresses_of(member_id))
    return reduce(or_, spelled, NO_ROWS)


def _sent_to(member_id: int) -> Q:
    """Mail to one of their addresses, and what calls them by another way of theirs."""
    return mailed_to(member_id, "address") | Q(payload__member_id=member_id)


def _changed_in_admin(member_id: int) -> Q:
    return Q(content_type__app_label="forum", content_type__model="member", object_id=str(member_id))


LIBRARIES = (
    Entry(
        "account.EmailAddress",
        _("Your e-mail address"),
        personal="email verified primary",
        ties=[Tie("user", shows="email verified primary", ends=DELETE, held=while_in_danger)],
        why=_("To sign you in and to write to you, as far as you want that."),
    ),
    Entry(
        "account.EmailConfirmation",
        _("A new address that waits to be confirmed"),
        internal="email_address created sent key",
        ties=[Tie("email_address__user", ends=DELETE)],
    ),
    Entry(
        "mfa.Authenticator",
        _("Your second step when signing in"),
        personal="type created_at last_used_at",
        internal="data",
        ties=[Tie("user", shows="type created_at last_used_at", ends=DELETE)],
        why=_("To keep everybody else out of your account. Its secret is not in your copy."),
    ),
    Entry(
        "usersessions.UserSession",
        _("The browsers you are signed in with"),
        personal="user_agent created_at last_seen_at",
        internal="ip session_key data",
        ties=[Tie("user", shows="user_agent created_at last_seen_at", ends=DELETE)],
        why=_("So that you can see where you are signed in, and sign out there. Where you were is not kept with it."),
        until=_(
            "Until you sign out; else 14 days after it was last used, and 30 days after you signed in at the latest."
        ),
        labels={"user_agent": _("Browser"), "last_seen_at": _("Last used, to within an hour")},
    ),
    Entry(
        "sessions.Session",
        _("Where you are signed in"),
        internal="session_key session_data expire_date",
        ties=[Tie(lambda pk: Q(session_key__in=erasing.sessions_of(pk)), ends=DELETE)],
        until=_(
            "Until you sign out; else 14 days after it was last used, and 30 days after you signed in at the latest."
        ),
    ),
    Entry(
        "admin.LogEntry",
        _("What administrators changed"),
        internal="action_time content_type object_id object_repr action_flag change_message",
        ties=[
            Tie("user", ends=STONE, rule=_("What somebody did for the team is the team's record.")),
            Tie(_changed_in_admin, ends=Blank(object_repr="")),
        ],
        until=_("For good, without your name once you have left."),
    ),
    Entry("forum.Member_groups", _("Groups of administrators"), internal="group", ties=[Tie("member", ends=DELETE)]),
    Entry(
        "forum.Member_user_permissions",
        _("Rights in the admin"),
        internal="permission",
        ties=[Tie("member", ends=DELETE)],
    ),
)

REALTIME = (
    Entry(
        "realtime.Delivery",
        _("Mail on its way to you"),
        personal="address subject made_at done_at",
        internal="kind dedupe body payload urgent state tries due_at claimed_until outcome",
        ties=[Tie(_sent_to, shows="address subject made_at done_at", ends=DELETE)],
        until=_("Its words are wiped when it has left; that it left is forgotten after seven days."),
    ),
    Entry(
        "realtime.Event",
        _("That something changed, for open pages"),
        internal="stream seq kind ref version actor at",
        ties=[
            Tie(
                lambda pk: Q(actor=pk) | Q(stream=f"member:{pk}"),
                ends=Keep(_("Numbers without a word, forgotten after seven days.")),
                rule=_("Numbers alone; what they speak of is in the copy already."),
            )
        ],
        until=WEEK,
    ),
    Entry(
        "realtime.Stream",
        _("How many changes your open pages have been told of"),
        internal="name last_seq",
        ties=[
            Tie(
                lambda pk: Q(name=f"member:{pk}"),
                ends=Keep(_("Two numbers without a word.")),
                rule=_("Numbers alone."),
            )
        ],
    ),
)
