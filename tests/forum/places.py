"""What tests of the rules and of the directory share."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from forum.actions.directory import set_for_whom
from forum.actions.rules import open_talk, publish_rules, start_draft, write_rule
from forum.models import Member, RuleSet, SupportGroup

FIRST = "2026-11-22"


def end_talk(draft: RuleSet) -> RuleSet:
    """The fortnight is over."""
    RuleSet.objects.filter(pk=draft.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    return RuleSet.objects.get(pk=draft.pk)


def draft_with_change(staff: Member) -> RuleSet:
    """A draft in which the first rule says something new."""
    draft = start_draft(staff)
    write_rule(staff, draft, "kindness", title="Be kind", words="Be kind, tonight too.", easy="Be kind.", place=1)
    return draft


def publish_change(staff: Member, heard: str = "You asked for fewer words.") -> RuleSet:
    draft = open_talk(staff, draft_with_change(staff), purpose="Shorter.", days=14)
    return publish_rules(staff, end_talk(draft), heard=heard)


def typed(**changes: Any) -> dict[str, Any]:
    """What somebody types into the form that suggests a group."""
    details = {
        "name": "Kettle and Chairs",
        "kind": "self_help",
        "for_whom": ["all", "carers"],
        "where": "Leeds",
        "about": "Tea, and nobody has to talk.",
        "how_to_join": "Come along.",
        "web": "",
        "email": "",
        "phone": "0113 496 0123",
        "key": str(uuid4()),
        **changes,
    }
    return {name: value for name, value in details.items() if value is not None}


def make_group(name: str = "Kettle and Chairs", for_whom: tuple[str, ...] = ("all",), **fields: Any) -> SupportGroup:
    """An entry of the directory, checked today."""
    given = {"kind": "self_help", "where": "Leeds", "phone": "0113 496 0123", "status": "published"} | fields
    if given["status"] == "published":
        given.setdefault("checked_on", timezone.localdate())
    group = SupportGroup.objects.create(name=name, **given)
    set_for_whom(group, for_whom)
    return group
