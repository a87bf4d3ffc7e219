"""The members and the wall, in rows."""

from forum.models.care import Block, Mute
from forum.models.member import Consent, Member, PendingSignup, Role, Standing
from forum.models.post import Intent, Post, Status, Support, SupportKind

__all__ = [
    "Block",
    "Consent",
    "Intent",
    "Member",
    "Mute",
    "PendingSignup",
    "Post",
    "Role",
    "Standing",
    "Status",
    "Support",
    "SupportKind",
]
