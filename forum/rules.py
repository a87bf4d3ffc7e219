"""The house rules as data: which version is in force, what a version changed, and the first one, from which a site starts.

A changed text gets a new version: consents and decisions name the version they speak of, and each stays readable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.models import Consent, HouseRule, RuleSet

ADULT_VERSION = "2026-11-22"
PRIVACY_VERSION = "2026-11-30"
FIRST_VERSION = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Rule:
    """`anchor` names the rule in addresses and statements, and never changes. `easy` has one idea to a line."""

    anchor: str
    title: str | Promise
    words: str | Promise
    easy: str | Promise


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one rule between two versions: `new`, `changed`, `gone` or `same`."""

    kind: str
    rule: HouseRule
    before: HouseRule | None = None


def in_force() -> RuleSet:
    """The version that holds now, with its rules (two queries)."""
    return published().prefetch_related("rules")[:1].get()


def version_in_force() -> str:
    return published().values_list("version", flat=True)[:1].get()


def published() -> Any:
    """Every version that was ever in force, the newest first."""
    return RuleSet.objects.filter(state=RuleSet.State.PUBLISHED).order_by("-published_at", "-pk")


def consent_versions() -> dict[str, str]:
    """What sign-up asks for, each with a tick of its own, and the version of the text it speaks of."""
    return {
        Consent.Kind.ADULT: ADULT_VERSION,
        Consent.Kind.RULES: version_in_force(),
        Consent.Kind.PRIVACY: PRIVACY_VERSION,
        Consent.Kind.HEALTH: PRIVACY_VERSION,
    }


def choices() -> list[tuple[str, str]]:
    """The rules in force, for a field."""
    newest = published().values("pk")[:1]
    return [(rule.anchor, rule.shown_title) for rule in HouseRule.objects.filter(rule_set__in=newest)]


def title_of(anchor: str) -> str:
    """What the rule is called now, or "" when no rule in force has this anchor."""
    return dict(choices()).get(anchor, "") if anchor else ""


def titles_of(versions: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """What rules were called in their versions, by `(version, anchor)`."""
    cited = HouseRule.objects.filter(rule_set__version__in=set(versions) - {""}).select_related("rule_set")
    return {(rule.rule_set.version, rule.anchor): rule.shown_title for rule in cited}


def changes(before: RuleSet | None, after: RuleSet) -> list[Change]:
    """What is new, in the order of the new rules, then what is gone. Without a `before`, everything is new."""
    old = {rule.anchor: rule for rule in before.rules.all()} if before else {}
    found = [_change(old.pop(rule.anchor, None), rule) for rule in after.rules.all()]
    return [*found, *(Change("gone", rule) for rule in old.values())]


def plant_first(using: str = "default", apps: Any = installed, **_more: Any) -> None:
    """After each migrate: a site without rules gets the first ones. `apps` is the state the database is in by then."""
    try:
        rule_sets, rules = apps.get_model("forum", "RuleSet"), apps.get_model("forum", "HouseRule")
    except LookupError:  # migrated to a time before rules were data
        return
    if rule_sets.objects.using(using).filter(state=RuleSet.State.PUBLISHED).exists():
        return
    first = rule_sets.objects.using(using).create(
        state=RuleSet.State.PUBLISHED, version=FIRST_VERSION, published_at=timezone.now()
    )
    with translation.override(None):  # the words as the catalogues know them
        rules.objects.using(using).bulk_create(
            rules(
                rule_set=first,
                anchor=rule.anchor,
                place=place,
                title=str(rule.title),
                words=str(rule.words),
                easy=str(rule.easy),
            )
            for place, rule in enumerate(FIRST_RULES, start=1)
        )


def _change(before: HouseRule | None, rule: HouseRule) -> Change:
    if before is None:
        return Change("new", rule)
    same = (before.title, before.words, before.easy) == (rule.title, rule.words, rule.easy)
    return Change("same" if same else "changed", rule, before)


FIRST_RULES = (
    Rule(
        "kindness",
        _("Be kind"),
        _(
            "Everyone here carries something. Disagree with what somebody says, never with who they are. No insults, no "
            "hatred, no pressing people who would rather be left alone."
        ),
        _(
            "Be kind to each other.\nYou can say: I see it another way.\nDo not call people names.\n"
            "If somebody wants to be left alone, leave them alone."
        ),
    ),
    Rule(
        "no-methods",
        _("Leave out the how"),
        _(
            "You can say that you want to die or to hurt yourself; you will not be punished for it here. Leave out methods, "
            "amounts, places, plans and pictures: someone who reads them tonight may be where you have been."
        ),
        _(
            "You can say that you want to die.\nYou can say that you want to hurt yourself.\nThat breaks no rule.\n"
            "Please do not say how, where, when or how much.\nIt could harm somebody who reads it."
        ),
    ),
    Rule(
        "content-notes",
        _("Give others the choice to read"),
        _(
            "When you write about something that could bring back hard things, put a content note on it. A moderator may "
            "add one for you."
        ),
        _(
            "Some things are hard to read.\nPut a content note on them.\nThen people can choose to read or not.\n"
            "A moderator can add a note for you."
        ),
    ),
    Rule(
        "keep-private",
        _("Keep people private"),
        _(
            "No full names, addresses, phone numbers or accounts elsewhere, neither yours nor anyone else's. What somebody "
            "tells here stays here. Do not ask people to meet or to write to you in other places."
        ),
        _(
            "Do not write full names here.\nDo not write addresses or phone numbers.\nNot yours. Not other people's.\n"
            "What you read here stays here.\nDo not ask people to meet you."
        ),
    ),
    Rule(
        "no-harm",
        _("Do no harm"),
        _(
            "No threats, no encouraging anyone to hurt themselves or to stop eating or taking their medicine, nothing sexual "
            "towards people who did not ask for it."
        ),
        _(
            "Do not threaten anybody.\nDo not tell anybody to hurt themselves.\n"
            "Do not tell anybody to stop eating, or to stop their medicine.\nDo not write sexual things to people who do not want it."
        ),
    ),
    Rule(
        "experience",
        _("Speak from your own experience"),
        _(
            "Say what helped you. Nobody here can tell you what you have or what to take; a doctor or pharmacist can. Nothing "
            "is sold here, and nobody is recruited for research or news."
        ),
        _(
            "Say what helped you.\nDo not tell people what illness they have.\nDo not tell people what medicine to take.\n"
            "Ask a doctor or a pharmacist about that.\nDo not sell things here.\nDo not look for people for research or news."
        ),
    ),
    Rule(
        "honest",
        _("Be who you say you are"),
        _(
            "Your handle need not be your name, but do not pass for somebody else or for the team. One account for your own "
            "life is enough."
        ),
        _("You do not have to use your real name.\nDo not pretend to be somebody else.\nHave one account, not more."),
    ),
    Rule(
        "adults",
        _("Adults only"),
        _("Harbour is for people of 18 and over. If you are younger, Childline listens on 0800 1111, day and night."),
        _(
            "You must be 18 or older to join.\nAre you younger?\nChildline listens to you, day and night.\nRing 0800 1111. It is free."
        ),
    ),
)
