"""What somebody has begun to write: kept until it is sent, discarded or a month old. Nothing here reads the words."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from forum.models import Draft, Member, Post, RuleComment, SupportGroup

MOST = 50  # drafts of one member; the oldest go
KEPT_FOR = timedelta(days=30)
LONGEST = 2 * Post.BODY_MAX  # characters of one field: what a text area of the wall has room for
PLACE = re.compile(r"([a-z]+)((?:-[0-9]{0,19}){0,2})")
CHOICES = frozenset(
    {"intent", "category", "anchor", "kind", "for_whom"}
)  # chosen, not written: by themselves they are no draft


@dataclass(frozen=True, slots=True)
class DraftKind:
    """A form whose words are kept on the server. `page` leads to it from the numbers in its place; `not_kept` are fields that
    only this form carries and nobody writes."""

    page: Callable[..., str]
    not_kept: frozenset[str] = frozenset()


KINDS: dict[str, DraftKind] = {}
"""What the team writes about others stays in the tab it is written in: its forms are none of these."""

sent_before: list[Callable[[Member, UUID], bool]] = []
"""Whether what a form with this key held has been sent already. The apps above add theirs."""


class DraftChanged(Exception):
    """Somewhere else, other words were kept at this place: `kept` has them. Nothing is overwritten."""

    def __init__(self, kept: Draft) -> None:
        super().__init__()
        self.kept = kept


def register(name: str, page: Callable[..., str], *, not_kept: Collection[str] = ()) -> None:
    """The app that owns the form says so when it starts."""
    KINDS[name] = DraftKind(page, frozenset(not_kept))


def save_draft(
    member: Member,
    place: str,
    fields: Mapping[str, str],
    *,
    version: str = "",
    seen: Collection[str] = (),
    key: UUID | None = None,
    device: str = "",
) -> Draft | None:
    """Keeps what stands in a form under the name `version`; empty fields discard it. None when nothing is kept any more.

    `seen` names the saves that whoever writes knows of. What was sent under `key` is no draft again, however late its last
    save arrives. Begun on a shared `device`, it goes with the sign-out there, until it is continued elsewhere. Raises
    DraftChanged when other words were kept since.
    """
    if key is not None and _was_sent(member, key):
        forget_draft(member, place, seen=seen)
        return None
    try:
        with transaction.atomic():
            return _store(member, place, dict(fields), version or uuid4().hex, seen, device)
    except IntegrityError:
        # Two tabs kept their first words at once and the other was first: its row is there now.
        raise DraftChanged(Draft.objects.get(member=member, place=place)) from None


def forget_draft(member: Member, place: str, *, seen: Collection[str] | None = None, body: str = "") -> None:
    """What was written has been sent: its draft goes. Where the sender says which saves they saw, one that they did not see
    stays, unless it holds the same words.
    """
    drafts = Draft.objects.filter(member=member, place=place)
    if seen is not None:
        drafts = drafts.filter(Q(version__in=list(seen)) | Q(fields__body=body))
    drafts.delete()


def forget_device(member: Member, device: str) -> None:
    """A sign-out on a shared device: what was begun there goes."""
    if device:
        Draft.objects.filter(member=member, device=device).delete()


def is_empty(fields: Mapping[str, Any]) -> bool:
    return not any(value for name, value in fields.items() if name not in CHOICES)


def _was_sent(member: Member, key: UUID) -> bool:
    mine = (Post.objects.filter(author=member), RuleComment.objects.filter(author=member))
    kept = (*mine, SupportGroup.objects.filter(suggested_by=member))
    return any(rows.filter(key=key).exists() for rows in kept) or any(was(member, key) for was in sent_before)


def _store(
    member: Member, place: str, fields: dict[str, str], version: str, seen: Iterable[str], device: str
) -> Draft | None:
    kept = Draft.objects.select_for_update().filter(member=member, place=place).first()
    if kept is not None and kept.fields == fields:
        return kept
    if kept is not None and kept.version not in seen:
        raise DraftChanged(kept)
    if is_empty(fields):
        if kept is not None:
            kept.delete()
        return None
    if kept is None:
        kept = Draft.objects.create(member=member, place=place, fields=fields, version=version, device=device)
        older = Draft.objects.filter(member=member).order_by("-saved_at", "-pk").values_list("pk", flat=True)[MOST:]
        Draft.objects.filter(pk__in=list(older)).delete()
        return kept
    kept.fields, kept.version, kept.saved_at = fields, version, timezone.now()
    kept.device = kept.device if device else ""
    kept.save()
    return kept
