"""The directory of support groups: suggested by members, read, published and checked by staff."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import access, directory
from forum.actions.drafts import forget_draft
from forum.actions.mail import mail_member, whole
from forum.actions.notices import give_notice
from forum.models import Member, Role, SupportGroup, SupportGroupFor
from forum.notices_places import SUGGESTION
from forum.refusals import ChangedMeanwhile, KeyUsed, NotThere, NotYet, NotYours, Refusal, WallClosed
from realtime import log

REMIND_EVERY = 30 * 24 * 3600  # seconds: staff are reminded of old entries once a month at most
Status = SupportGroup.Status


class InDirectory(Refusal):
    @property
    def message(self) -> str:
        return _("A group of this name at this place is in the directory already.")


def suggest_group(member: Member, *, key: UUID, for_whom: Iterable[str], **fields: Any) -> SupportGroup:
    """A member tells of a group; staff read it before anyone else does. The same key is one suggestion.

    Raises WallClosed, NotYet after as many as a day holds, and KeyUsed (the same key with another group).
    """
    if not access.facts_of(member).wall_is_open:
        raise WallClosed
    if first := SupportGroup.objects.filter(suggested_by=member, key=key).first():
        return _same(first, fields)
    try:
        with transaction.atomic():
            _check_pace(member)
            group = SupportGroup.objects.create(suggested_by=member, key=key, **fields)
            set_for_whom(group, for_whom)
            forget_draft(member, "group")
    except IntegrityError:  # the same key twice at once, and the other was first
        return _same(SupportGroup.objects.get(suggested_by=member, key=key), fields)
    return group


def edit_group(
    actor: Member, group: SupportGroup, *, seen_version: int, for_whom: Iterable[str], **fields: Any
) -> SupportGroup:
    """Changes what an entry says. Raises NotYours, ChangedMeanwhile, and InDirectory when another entry is the same."""
    _check_keeper(actor)
    return _change(group, seen_version, for_whom=for_whom, **fields)


def publish_group(actor: Member, group: SupportGroup, *, seen_version: int) -> SupportGroup:
    """Puts an entry, as it was read, into the directory; whoever does it has checked it today.

    Raises NotYours, ChangedMeanwhile and InDirectory. Whoever suggested it is told.
    """
    _check_keeper(actor)
    return _change(
        group,
        seen_version,
        tell=True,
        status=Status.PUBLISHED,
        checked_on=timezone.localdate(),
        checked_by=actor,
        why="",
    )


def put_group_away(actor: Member, group: SupportGroup, *, seen_version: int, why: str) -> SupportGroup:
    """Takes an entry out of the directory, or never puts it there. Raises NotYours and ChangedMeanwhile.

    Whoever suggested it is told, with `why` in words for them.
    """
    _check_keeper(actor)
    return _change(group, seen_version, tell=True, status=Status.PUT_AWAY, why=why)


def check_group(actor: Member, group: SupportGroup, *, seen_version: int) -> SupportGroup:
    """Somebody looked today and everything still holds. Raises NotYours and ChangedMeanwhile."""
    _check_keeper(actor)
    return _change(group, seen_version, checked_on=timezone.localdate(), checked_by=actor)


def remind_of_old_groups() -> None:
    """For the clock, once a month: tells staff that entries are older than half a year. The mail names none of them."""
    month = f"{timezone.localdate():%Y-%m}"
    if not directory.old().exists():
        return
    url = whole(reverse("group_suggestions"))
    for person in Member.objects.filter(role=Role.STAFF, is_active=True, standing__in=access.WALL_OPEN):
        mail_member(person, f"old-groups:{month}:{person.pk}", "forum/email/old_groups.txt", {"url": url})


def set_for_whom(group: SupportGroup, for_whom: Iterable[str]) -> None:
    """Says whom a group is for, in place of what it said before. The caller's transaction."""
    group.for_whom.all().delete()
    SupportGroupFor.objects.bulk_create(SupportGroupFor(group=group, whom=whom) for whom in dict.fromkeys(for_whom))


def _change(
    group: SupportGroup, seen_version: int, *, tell: bool = False, for_whom: Iterable[str] = (), **fields: Any
) -> SupportGroup:
    """One step on one entry, if it still is what the actor saw."""
    try:
        with transaction.atomic():
            fresh = SupportGroup.objects.select_for_update().filter(pk=group.pk).first()
            if fresh is None:
                raise NotThere
            if fresh.version != seen_version:
                raise ChangedMeanwhile
            for name, value in fields.items():
                setattr(fresh, name, value)
            fresh.version += 1
            fresh.save()
            if for_whom:
                set_for_whom(fresh, for_whom)
            if tell and fresh.suggested_by_id:
                log.append(*give_notice(fresh.suggested_by_id, SUGGESTION, fresh.pk, state=fresh.status))
    except IntegrityError:
        raise InDirectory from None
    return fresh


def _check_keeper(actor: Member) -> None:
    if not access.may_keep_house(access.facts_of(actor)):
        raise NotYours


def _check_pace(member: Member) -> None:
    """Who sends many at once waits for themselves here."""
    Member.objects.select_for_update().get(pk=member.pk)
    since, limit = timezone.now() - timedelta(days=1), settings.GROUP_SUGGESTIONS_A_DAY
    lately = SupportGroup.objects.filter(suggested_by=member, made_at__gt=since).order_by("-made_at")
    if oldest := lately.values_list("made_at", flat=True)[limit - 1 : limit].first():
        raise NotYet(oldest + timedelta(days=1))


def _same(first: SupportGroup, fields: dict[str, Any]) -> SupportGroup:
    """What was sent before, while staff have not touched it; then a repeated send cannot be told from another."""
    if first.version == 1 and any(getattr(first, name) != value for name, value in fields.items()):
        raise KeyUsed(first.pk)
    return first
