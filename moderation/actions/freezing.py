"""The words that a decision was about, kept as they stood while somebody may ask for another look."""

from dataclasses import dataclass

from forum.models import Post
from moderation.clocks import APPEAL_WITHIN
from moderation.models import Decision, FrozenWords
from moderation.vocabulary import IN_FAVOUR


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a post, taken before a decision changes anything about it."""

    body: str
    content_note: str

    @classmethod
    def of(cls, post: Post | None) -> "Words | None":
        return cls(post.body, post.content_note) if post else None


def freeze_words(decision: Decision, words: Words | None) -> None:
    """Keeps the words for as long as the decision can be appealed against. Call in the transaction that decides."""
    if words is not None and decision.told and decision.kind not in IN_FAVOUR:
        FrozenWords.objects.create(
            decision=decision,
            body=words.body,
            content_note=words.content_note,
            until=decision.made_at + APPEAL_WITHIN,
        )
