"""Which new words wait for a moderator: what the operator chose in HARBOUR_HOLD, and what a member was told of.

Nothing waits for care: words that screening reads as a worry about their writer go onto the wall at once, whatever else they
hold. Nothing waits in secret: the author reads why, and a case about the words has its clock.
"""

import re

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum import holding, wall_state
from forum.access import has_role
from forum.limits import is_new
from forum.models import Member
from moderation import screening, screening_rules
from moderation.models import Decision, DecisionKind

LINKS, GENTLE, DETAILS, METHODS, DECISION = "links", "gentle", "details", "methods", "decision"
REASONS = {
    LINKS: _("it holds a link and comes from somebody new"),
    GENTLE: _("it holds a link, and the team looks at those first just now"),
    DETAILS: _("it seems to hold somebody's number, address or account"),
    METHODS: _("it seems to say how"),
    DECISION: _("its author was told that their words wait for a while"),
}
LINK = re.compile(r"\bhttps?://|\bwww\.", re.IGNORECASE)


def register() -> None:
    """Called once, when the app is ready."""
    if why_held not in holding.rules:
        holding.rules.append(why_held)
        holding.reasons.update(REASONS)


def why_held(author: Member, text: str) -> str:
    """A key of REASONS, or "". What the team writes from a role account never waits."""
    own = screening_rules.current()
    if has_role(author) or screening.screen_crisis(text, own).severity is not None:
        return ""
    if _was_told(author):
        return DECISION
    if LINKS in settings.HOLD and is_new(author) and LINK.search(text):
        return LINKS
    if LINK.search(text) and wall_state.read(now := timezone.now()).is_gentle(now):
        return GENTLE
    if DETAILS in settings.HOLD and screening.screen_contact(text, own).severity is not None:
        return DETAILS
    return METHODS if METHODS in settings.HOLD and screening.screen_methods(text) else ""


def _was_told(author: Member) -> bool:
    """Whether a decision, which has an end, says that this member's words wait."""
    told = Decision.objects.filter(subject=author, kind=DecisionKind.HOLD, undone_at=None, until__gt=timezone.now())
    return told.exists()
