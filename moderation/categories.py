"""What a reporter can say it is about, door by door, in plain words; each with the severity of the design's table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.models import Door, Reserved, Severity
from moderation.vocabulary import ROUSING

EMERGENCY, URGENT, SOON, ROUTINE = Severity
STAFF, INDEPENDENT = Reserved.STAFF, Reserved.INDEPENDENT
TEAM = "team"  # about somebody from the team: the independent contacts read it


@dataclass(frozen=True, slots=True)
class Category:
    """`key` is stored; `words` are what the reporter reads and picks."""

    key: str
    words: str | Promise
    severity: Severity
    reserved_for: Reserved = Reserved.NOBODY  # past whom it goes: nobody else learns that it was reported


CATEGORIES: Mapping[str, tuple[Category, ...]] = {
    Door.WORRY: (
        Category("danger_now", _("They may be in danger now, or are saying goodbye"), EMERGENCY),
        Category("child", _("A child is at risk"), EMERGENCY, STAFF),
        Category("someone_else", _("Somebody else may be in danger"), EMERGENCY),
        Category("ending_life", _("They talk about ending their life"), URGENT),
        Category("controlled", _("Someone is hurting or controlling them"), URGENT, STAFF),
        Category("thoughts", _("They have dark thoughts, without a plan that I can see"), SOON),
        Category("self_harm", _("They are hurting themselves"), SOON),
        Category("under_18", _("They are under 18"), SOON, STAFF),
        Category("worried", _("I'm just worried"), SOON),
    ),
    Door.SELF: (
        Category("danger_now", _("I'm in danger now"), EMERGENCY),
        Category("please_answer", _("Please answer me soon"), URGENT),
        Category("when_you_can", _("When somebody has a moment"), SOON),
    ),
    Door.RULE: (
        Category("child", _("A child is at risk"), EMERGENCY, STAFF),
        Category("threat", _("It threatens somebody"), URGENT),
        Category("grooming", _("Somebody is being drawn in, used or pressed"), URGENT),
        Category("controlled", _("They are hurting or controlling somebody"), URGENT, STAFF),
        Category("address", _("It gives away where somebody lives or who they are"), URGENT),
        Category("method", _("It describes a way to hurt oneself"), SOON),
        Category("details", _("It holds contact details"), SOON),
        Category("abuse", _("It is abusive or hateful"), SOON),
        Category("posing", _("They act as if they were from the team, or a service"), SOON),
        Category("under_18", _("They are under 18"), SOON, STAFF),
        Category(TEAM, _("Someone from the team has done something wrong"), SOON, INDEPENDENT),
        Category("unkind", _("It is unkind"), ROUTINE),
        Category("spam", _("It advertises or is spam"), ROUTINE),
        Category("other", _("Something else"), ROUTINE),
    ),
}

# What no reporter picks: screening's own, and a screening that broke. Their severity comes with them.
SCREENED: Mapping[str, str | Promise] = {
    "crisis": _("Screening noticed words of crisis"),
    "details": _("Screening noticed contact details"),
    "method": _("Screening noticed words that say how"),
    "abuse": _("Screening noticed abuse"),
    "spam": _("Screening noticed links or selling"),
    "posing": _("Screening noticed somebody who speaks as if for the team"),
    "screening_failed": _("Screening failed: please look"),
    "held": _("The words wait for a moderator"),
    "targeting": _("Worries are used to trouble somebody"),
}


def category(door: str, key: str) -> Category:
    """Raises KeyError for a category that this door does not offer."""
    return _by_key[(door, key)]


def reserved_for(door: str, key: str) -> Reserved:
    """For whom a report of this category is kept; nobody in particular for what no reporter picks."""
    found = _by_key.get((door, key))
    return found.reserved_for if found else Reserved.NOBODY


def severity_of(door: str, key: str) -> Severity:
    """For one that is offered no more: soon."""
    found = _by_key.get((door, key))
    return found.severity if found else SOON


def is_never_refused(door: str, key: str) -> bool:
    """A worry, and of broken rules whatever wakes people: a child at risk is one through whichever door somebody came."""
    return door == Door.WORRY or severity_of(door, key) in ROUSING


def keys_of(door: str, severities: Collection[str]) -> list[str]:
    """Those of a door that are so severe, for a query."""
    return [each.key for each in CATEGORIES[door] if each.severity in severities]


def choices(door: str) -> list[tuple[str, str | Promise]]:
    """For a form's field."""
    return [(each.key, each.words) for each in CATEGORIES[door]]


def words_for(door: str, key: str) -> str | Promise:
    """What a category means, also for one that has since gone: then its key."""
    found = _by_key.get((door, key))
    return found.words if found else SCREENED.get(key, key)


_by_key = {(door, each.key): each for door, offered in CATEGORIES.items() for each in offered}
