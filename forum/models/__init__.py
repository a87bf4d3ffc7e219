"""The members and the wall, in rows."""

from forum.models.care import Block, Mute, MutedWord
from forum.models.care_card import CareCard
from forum.models.connection import ConnectionFact
from forum.models.directory import ForWhom, GroupKind, SupportGroup, SupportGroupFor
from forum.models.draft import Draft
from forum.models.handle import OldHandle
from forum.models.helpline import Helpline, HelplineWay, Region
from forum.models.kept_contact import KeptContact
from forum.models.leaving import DataExport, Erasure, Leaving
from forum.models.member import (
    Consent,
    ContentNotes,
    MailChoice,
    Member,
    PendingSignup,
    Role,
    Standing,
    TextSize,
    Theme,
    Typeface,
)
from forum.models.notice import Follow, Keep, Notice
from forum.models.panel_text import FindingKind, PanelText
from forum.models.post import Intent, PastWords, Post, Status, Support, SupportKind
from forum.models.role_ask import RoleAsk
from forum.models.rules import HouseRule, RuleComment, RuleSet
from forum.models.wall_state import Pinned, WallKind, WallState

__all__ = [
    "Block",
    "CareCard",
    "ConnectionFact",
    "Consent",
    "ContentNotes",
    "DataExport",
    "Draft",
    "Erasure",
    "FindingKind",
    "Follow",
    "ForWhom",
    "GroupKind",
    "Helpline",
    "HelplineWay",
    "HouseRule",
    "Intent",
    "Keep",
    "KeptContact",
    "Leaving",
    "MailChoice",
    "Member",
    "Mute",
    "MutedWord",
    "Notice",
    "OldHandle",
    "PanelText",
    "PastWords",
    "PendingSignup",
    "Pinned",
    "Post",
    "Region",
    "Role",
    "RoleAsk",
    "RuleComment",
    "RuleSet",
    "Standing",
    "Status",
    "Support",
    "SupportGroup",
    "SupportGroupFor",
    "SupportKind",
    "TextSize",
    "Theme",
    "Typeface",
    "WallKind",
    "WallState",
]
