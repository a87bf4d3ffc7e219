"""The forum's classes of data in realtime.retention, and what of the forum's no date ends."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from forum import connections, data_rights
from forum.actions import drafts, export, handles, leaving, notices, signup
from forum.actions.care import clear_ended_words
from forum.models import (
    ConnectionFact,
    DataExport,
    Draft,
    KeptContact,
    Leaving,
    MutedWord,
    Notice,
    OldHandle,
    PendingSignup,
    Standing,
)  # fmt: skip
from realtime.clock import PRUNED_EVERY
from realtime.retention import MINUTE, Period, Rows, lasting, register, without

REMEMBERED = "the member has died and is remembered: what they left stays for people to decide about"
ASKED_FOR = f"a legal hold is in force; or {REMEMBERED}"
IN_DANGER = "staff look after the member for something urgent, or did within three days, or a legal hold is in force"

WITH_ACCOUNT = "As long as the account. It goes within a day of the erasure"
IN_USE = "As long as what it belongs to is in use; without the member's name once they have left"
TEAM_FOR_GOOD = "For good: numbers, times, states, and words of the team's about nobody"


def register_all() -> None:
    """Called once, when the app is ready."""
    register(*OF_MEMBERS, *OF_SESSIONS, *OF_COPIES)
    lasting(
        WITH_ACCOUNT,
        "forum.Member", "forum.Consent", "forum.Post", "forum.PastWords", "forum.Support", "forum.Block", "forum.Mute",
        "forum.Follow", "forum.Keep", "forum.Member_groups", "forum.Member_user_permissions", "account.EmailAddress",
        "account.EmailConfirmation", "mfa.Authenticator", "forum.RuleComment",
    )  # fmt: skip
    lasting("Until the member empties it, or leaves", "forum.CareCard")
    lasting(IN_USE, "forum.SupportGroup", "forum.Helpline", "forum.RuleSet")
    lasting(TEAM_FOR_GOOD, "forum.WallState", "forum.Pinned", "forum.RoleAsk", "admin.LogEntry")
    lasting("For good: a number", "realtime.Stream")
    lasting("For good: a number and times, so that what was erased stays erased after a restore", "forum.Erasure")


def unless_kept(rows: Rows) -> Rows:
    """Without those whose member may have to be found, or whom a hold names."""
    members = rows.order_by().values_list("member", flat=True).distinct()
    return rows.exclude(member__in=[pk for pk in members if pk and data_rights.keeps_contact(pk)])


def without_remembered(rows: Rows) -> Rows:
    return without(member__standing=Standing.REMEMBERED)(rows)


def unless_asked_for(rows: Rows) -> Rows:
    """Without those that a hold keeps for an inquest or a court, or that somebody remembered has left."""
    return data_rights.unless_held(without_remembered(rows))


def _orphans() -> Rows:
    return UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))


OF_MEMBERS = (
    Period(
        "signups", "forum.PendingSignup", "A sign-up that nobody confirmed: address, handle, password's hash",
        signup.CODE_LIFE, "the last code was sent", PendingSignup.objects.all, "expires_at", from_end=True, every=MINUTE,
    ),
    Period(
        "drafts", "forum.Draft", "What somebody began to write", drafts.KEPT_FOR, "it was last changed", Draft.objects.all,
        "saved_at", delayed=unless_asked_for, delays=ASKED_FOR,
    ),
    Period(
        "muted_words", "forum.MutedWord", "Words that were muted for a time", timedelta(days=30),
        "they were muted; or shorter, as the member chose, or for good", MutedWord.objects.all, "until", from_end=True,
        delayed=unless_asked_for, delays=ASKED_FOR, every=MINUTE, run=clear_ended_words,
    ),
    Period(
        "notices", "forum.Notice", "What somebody was told of", notices.KEPT, "they read it", Notice.objects.all, "read_at",
        delayed=unless_asked_for, delays=ASKED_FOR, every=PRUNED_EVERY,
    ),
    Period(
        "old_handles", "forum.OldHandle", "A handle somebody had before, or its fingerprint once they have left",
        handles.RESERVED_FOR, "it was changed, or the account erased", OldHandle.objects.all, "until", from_end=True,
        delayed=unless_asked_for, delays=ASKED_FOR,
    ),
    Period(
        "closed_accounts", "forum.Leaving", "The account of somebody who left, and all that goes with it",
        leaving.WAY_BACK, "they left; at once where they erased it", Leaving.objects.all, "due_at", from_end=True,
        delayed=without_remembered, delays=f"an open case needs words, or a legal hold is in force; or {REMEMBERED}",
        every=30, run=leaving.erase_due, lane="leaving",
    ),
)  # fmt: skip
OF_SESSIONS = (
    Period(
        "connections", "forum.ConnectionFact", "Where somebody signed in or wrote from: address and port, sealed",
        connections.KEPT, "the sign-in or post, to the hour before", ConnectionFact.objects.all, "forget_at", from_end=True,
        delayed=unless_kept, delays=IN_DANGER,
    ),
    Period(
        "sessions", "sessions.Session", "A session of somebody signed in", timedelta(seconds=settings.SESSION_COOKIE_AGE),
        "it was last changed, which a visit does at most hourly; at once on signing out", Session.objects.all,
        "expire_date", from_end=True,
    ),
    Period(
        "browsers", "usersessions.UserSession", "Which browser a session is in, in two words, and roughly when it was used",
        timedelta(0), "its session has gone", _orphans, "last_seen_at",
    ),
    Period(
        "kept_contact", "forum.KeptContact", "How to reach somebody, as it stood before they changed it: sealed",
        timedelta(0), "what keeps it is over", KeptContact.objects.all, "kept_at", delayed=unless_kept, delays=IN_DANGER,
        every=600,
    ),
)  # fmt: skip
OF_COPIES = (
    Period(
        "copies", "forum.DataExport", "A member's copy of their data that was not taken: sealed", export.KEPT,
        "it was made; at once when it is taken", DataExport.objects.filter(archive__isnull=False).all, "expires_at",
        from_end=True, blanks={"archive": None}, every=MINUTE,
    ),
    Period(
        "asked_copies", "forum.DataExport", "That a copy was asked for", timedelta(days=7), "it was asked for",
        DataExport.objects.filter(ready_at__isnull=False).all, "asked_at", every=MINUTE,
    ),
)  # fmt: skip
