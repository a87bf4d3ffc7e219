"""The house rules and the versions of what people agree to. A changed text gets a new version: consents name the old one."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.models import Consent


@dataclass(frozen=True, slots=True)
class Rule:
    """`anchor` names the rule in addresses and statements, and never changes."""

    anchor: str
    title: str | Promise
    words: str | Promise


RULES_VERSION = "2026-11-22"
PRIVACY_VERSION = "2026-11-22"
CONSENT_VERSIONS: dict[str, str] = {
    Consent.Kind.ADULT: RULES_VERSION,
    Consent.Kind.RULES: RULES_VERSION,
    Consent.Kind.PRIVACY: PRIVACY_VERSION,
    Consent.Kind.HEALTH: PRIVACY_VERSION,
}
"""What sign-up asks for, each with a tick of its own, and the version of the text it speaks of."""

RULES = (
    Rule(
        "kindness",
        _("Be kind"),
        _(
            "Everyone here carries something. Disagree with what somebody says, never with who they are. No insults, no "
            "hatred, no pressing people who would rather be left alone."
        ),
    ),
    Rule(
        "no-methods",
        _("Leave out the how"),
        _(
            "You can say that you want to die or to hurt yourself; you will not be punished for it here. Leave out methods, "
            "amounts, places, plans and pictures: someone who reads them tonight may be where you have been."
        ),
    ),
    Rule(
        "content-notes",
        _("Give others the choice to read"),
        _(
            "When you write about something that could bring back hard things, put a content note on it. A moderator may "
            "add one for you."
        ),
    ),
    Rule(
        "keep-private",
        _("Keep people private"),
        _(
            "No full names, addresses, phone numbers or accounts elsewhere, neither yours nor anyone else's. What somebody "
            "tells here stays here. Do not ask people to meet or to write to you in other places."
        ),
    ),
    Rule(
        "no-harm",
        _("Do no harm"),
        _(
            "No threats, no encouraging anyone to hurt themselves or to stop eating or taking their medicine, nothing sexual "
            "towards people who did not ask for it."
        ),
    ),
    Rule(
        "experience",
        _("Speak from your own experience"),
        _(
            "Say what helped you. Nobody here can tell you what you have or what to take; a doctor or pharmacist can. Nothing "
            "is sold here, and nobody is recruited for research or news."
        ),
    ),
    Rule(
        "honest",
        _("Be who you say you are"),
        _(
            "Your handle need not be your name, but do not pass for somebody else or for the team. One account for your own "
            "life is enough."
        ),
    ),
    Rule(
        "adults",
        _("Adults only"),
        _("Harbour is for people of 18 and over. If you are younger, Childline listens on 0800 1111, day and night."),
    ),
)
