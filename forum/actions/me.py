"""What members say of themselves and how they like this place to be."""

from typing import Any

from django.db import transaction

from forum import access
from forum.actions.membership import RIGHTS_CHANGED
from forum.live import tell_member
from forum.models import Member
from forum.refusals import PostingPaused, WallClosed
from forum.self_words import was_said
from realtime import log

CHOICES = frozenset(
    (
        "theme",
        "text_size",
        "typeface",
        "reduced_motion",
        "single_keys",
        "shift_leaves",
        "hide_hard_words",
        "language",
        "region",
        "mail_choice",
    )
)


def describe_member(member: Member, *, pronouns: str, about: str, avatar_style: int) -> None:
    """Keeps what others read on a member's page, and their picture. New words need the wall as a post does.

    Raises WallClosed and PostingPaused for words alone. Others see it with the next page they load.
    """
    if (pronouns, about) != (member.pronouns, member.about):
        viewer = access.facts_of(member)
        if not viewer.wall_is_open:
            raise WallClosed
        if not access.has_voice(viewer):
            raise PostingPaused
    new = "\n".join(said for said, stood in ((pronouns, member.pronouns), (about, member.about)) if said != stood)
    member.pronouns, member.about, member.avatar_style = pronouns, about, avatar_style
    member.save(update_fields=["pronouns", "about", "avatar_style"])
    was_said(member, new)


def keep_choices(member: Member, **chosen: Any) -> None:
    """Keeps how a member likes things. Nobody else is told; their own sockets hear of another language.

    Raises ValueError for what is no choice of a member's.
    """
    if stray := chosen.keys() - CHOICES:
        raise ValueError(f"not a member's to choose: {sorted(stray)}")
    speaks = chosen.get("language", member.language)
    with transaction.atomic():
        for name, value in chosen.items():
            setattr(member, name, value)
        before = Member.objects.values_list("language", flat=True).get(pk=member.pk)
        member.save(update_fields=list(chosen))
        if speaks != before:
            log.append(tell_member(member.pk, RIGHTS_CHANGED))
