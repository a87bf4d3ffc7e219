"""The members and the wall, in rows."""

from forum.models.care import Block, Mute
from forum.models.member import Consent, Member, PendingSignup, Role, Standing
from forum.models.post import Intent, PastWords, Post, Status, Support, SupportKind

__all__ = [
    "Block",
    "Consent",
    "Intent",
    "Member",
    "Mute",
    "PastWords",
    "PendingSignup",
    "Post",
    "Role",
    "Standing",
    "Status",
    "Support",
    "SupportKind",
]
