"""What each decision does, and what takes it back: one entry for each kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum.actions.changing import lock_replies, put_back_redacted, redact_words, unlock_replies
from forum.actions.posts import change_content_note, change_status
from forum.models import Member, Post, Status
from moderation import sealed_words
from moderation.actions import standing
from moderation.models import Decision, DecisionKind
from moderation.workflow import ON_WORDS
from realtime.log import NewEvent

Events = list[NewEvent]
ON_THE_WALL = frozenset({Status.HELD, Status.VISIBLE, Status.FOLDED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody wants to decide. `statement` "" takes the default text; `rule` is an anchor of /rules/ or "safety"."""

    kind: str
    rule: str = ""
    statement: str = ""
    content_note: str = ""
    until: datetime | None = None  # when it ends by itself
    taken_out: tuple[tuple[int, int], ...] = ()  # spans of the words


@dataclass(frozen=True, slots=True)
class Doing:
    """What an effect works on. `post` is locked, and None where the decision is not about words."""

    verdict: Verdict
    subject: Member
    post: Post | None
    actor: Member


@dataclass(frozen=True, slots=True)
class Effect:
    """`before` is kept with the decision, and `undo` gets the decision, the locked post and who undoes it.

    Both return events for the outermost action. `sources` are the statuses of words that it would change.
    """

    before: Callable[[Doing], dict[str, Any]]
    do: Callable[[Doing], Events]
    undo: Callable[[Decision, Post | None, Member], Events]
    sources: frozenset[str] = frozenset()
    fits: Callable[[Post], bool] = lambda post: True  # whether it would change such words at all


def effect_of(kind: str) -> Effect:
    return EFFECTS[DecisionKind(kind)]


def changes_words(kind: str, posts: Iterable[Post]) -> bool:
    """Whether this would change anything about any of these words; decisions about a person always would."""
    effect = effect_of(kind)
    return kind not in ON_WORDS or any(post.status in effect.sources and effect.fits(post) for post in posts)


def take_back_effect(decision: Decision, post: Post | None, actor: Member) -> Events:
    """Everything as it was before this decision; `post` is locked. Words that stay are left as they are."""
    if decision.kind in ON_WORDS and (post is None or stays(post)):
        return []
    return effect_of(decision.kind).undo(decision, post, actor)


def stays(post: Post) -> bool:
    """Whether nothing that was or is decided puts these words back: their author took them back, or they are sealed."""
    return post.status in (Status.WITHDRAWN, Status.ERASED) or sealed_words.is_sealed(post.pk)


def _goes_back(post: Post) -> bool:
    return not stays(post)


def _as_it_was(doing: Doing) -> dict[str, Any]:
    post = doing.post
    return {"status": post.status, "held_for": post.held_for, "content_note": post.content_note} if post else {}


def _nothing(doing: Doing) -> Events:
    return []


def _nothing_to_undo(decision: Decision, post: Post | None, actor: Member) -> Events:
    return []


def _note(doing: Doing) -> Events:
    assert doing.post is not None
    return change_content_note(doing.post, doing.verdict.content_note, doing.actor)


def _note_back(decision: Decision, post: Post | None, actor: Member) -> Events:
    return change_content_note(post, decision.before["content_note"], actor) if post else []


def _moves_to(status: str, sources: set[str], fits: Callable[[Post], bool] = lambda post: True) -> Effect:
    def do(doing: Doing) -> Events:
        assert doing.post is not None
        return change_status(doing.post, status, doing.actor)

    def undo(decision: Decision, post: Post | None, actor: Member) -> Events:
        back = decision.before
        return change_status(post, back["status"], actor, held_for=back.get("held_for", "")) if post else []

    return Effect(_as_it_was, do, undo, frozenset(sources), fits)


def _with_version(doing: Doing) -> dict[str, Any]:
    assert doing.post is not None
    since = doing.post.redacted_at
    return {"version": doing.post.version, "redacted_at": since and since.isoformat()}


def _redact(doing: Doing) -> Events:
    assert doing.post is not None
    return redact_words(doing.post, doing.verdict.taken_out, doing.actor)


def _redacted_back(decision: Decision, post: Post | None, actor: Member) -> Events:
    """Unless their author has put a version of their own in place of them."""
    if post is None or post.redacted_at is None:
        return []
    since = decision.before["redacted_at"]
    body = post.words_at(decision.before["version"])
    return put_back_redacted(post, body, actor, since=datetime.fromisoformat(since) if since else None)


def _lock(doing: Doing) -> Events:
    assert doing.post is not None
    return lock_replies(doing.post, doing.actor)


def _unlock(decision: Decision, post: Post | None, actor: Member) -> Events:
    return unlock_replies(post, actor) if post and post.replies_locked_at else []


def _stands(doing: Doing) -> Events:
    return standing.impose(doing.subject, doing.verdict.kind, doing.verdict.until)


def _stands_no_more(decision: Decision, post: Post | None, actor: Member) -> Events:
    return standing.lift(decision)


_TOLD_ONLY = Effect(_as_it_was, _nothing, _nothing_to_undo)

EFFECTS: Mapping[DecisionKind, Effect] = {
    DecisionKind.NO_ACTION: _TOLD_ONLY,
    DecisionKind.CONTENT_NOTE: Effect(_as_it_was, _note, _note_back, ON_THE_WALL),
    DecisionKind.REDACT: Effect(_with_version, _redact, _redacted_back, ON_THE_WALL),
    DecisionKind.LOCK: Effect(
        _as_it_was, _lock, _unlock, ON_THE_WALL, lambda post: post.parent_id is None and post.replies_locked_at is None
    ),
    DecisionKind.FOLD: _moves_to(Status.FOLDED, {Status.HELD, Status.VISIBLE}),
    DecisionKind.REMOVE: _moves_to(Status.REMOVED, {Status.HELD, Status.VISIBLE, Status.FOLDED}),
    DecisionKind.RESTORE: _moves_to(Status.VISIBLE, {Status.HELD, Status.FOLDED, Status.REMOVED}, _goes_back),
    DecisionKind.ADVICE: _TOLD_ONLY,
    DecisionKind.WARNING: _TOLD_ONLY,
    DecisionKind.HOLD: _TOLD_ONLY,  # moderation/holding.py reads it
    **dict.fromkeys(map(DecisionKind, standing.STANDINGS), Effect(_as_it_was, _stands, _stands_no_more)),
}
