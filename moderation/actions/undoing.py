"""Undoing a decision in full because an appeal was upheld, also beneath a later one that stands."""

from collections.abc import Mapping

from forum.models import Member, Post
from moderation.actions.decisions import note_undone
from moderation.actions.effects import take_back_effect
from moderation.models import Decision, DecisionKind
from moderation.workflow import ON_WORDS
from realtime.log import NewEvent

STATUS = "status"
ASPECTS: Mapping[str, str] = dict.fromkeys((DecisionKind.FOLD, DecisionKind.REMOVE, DecisionKind.RESTORE), STATUS)
"""What of the words a decision changes; a kind that is not named here has an aspect of its own."""

PARTS: Mapping[str, tuple[str, ...]] = {
    STATUS: ("status", "held_for"),
    DecisionKind.CONTENT_NOTE: ("content_note",),
    DecisionKind.REDACT: ("version", "redacted_at"),
}
"""What of `before` belongs to an aspect."""


def take_back(decision: Decision, post: Post | None, actor: Member) -> tuple[list[NewEvent], bool]:
    """Undoes a locked decision; `post` is locked. Returns the events, and whether a later decision about the same stands.

    Where one does, what is on the wall is that one's: it stays, and whoever undoes it brings back what was there before
    both. Words that their author took back meanwhile, or that are sealed, stay off the wall. Twice is once.
    """
    if decision.undone_at:
        return [], False
    later = _later(decision)
    events: list[NewEvent] = []
    if later is not None:
        later.before |= _own_part(decision)
        later.save(update_fields=["before"])
    else:
        events = take_back_effect(decision, post, actor)
    note_undone(decision, actor)
    return events, later is not None and later.kind != DecisionKind.RESTORE


def aspect_of(kind: str) -> str:
    return ASPECTS.get(kind, kind)


def _later(decision: Decision) -> Decision | None:
    """The next decision that stands on top of this one. Those about a person stand beside each other (actions/standing.py)."""
    if decision.kind not in ON_WORDS:
        return None
    kinds = [kind for kind in ON_WORDS if aspect_of(kind) == aspect_of(decision.kind)]
    standing = Decision.objects.select_for_update().filter(
        post=decision.post_id, pk__gt=decision.pk, undone_at=None, kind__in=kinds
    )
    return standing.order_by("pk").first()


def _own_part(decision: Decision) -> dict[str, object]:
    parts = PARTS.get(aspect_of(decision.kind), ())
    return {part: decision.before[part] for part in parts if part in decision.before}
