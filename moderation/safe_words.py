"""What screening lends to the step before sharing. The same rules, read for the writer: nothing is opened and nobody is told."""

from collections.abc import Iterator
from uuid import UUID

from forum import safe_words
from forum.actions import drafts
from forum.models import FindingKind, Member
from forum.safe_words import Finding
from moderation import screening, screening_rules
from moderation.models import Appeal, Report, Rewrite, Word
from moderation.screening import contact

KINDS = {
    screening.CRISIS: FindingKind.CRISIS,
    screening.METHOD: FindingKind.METHODS,
    screening.DETAILS: FindingKind.DETAILS,
}
"""What stops whom: abuse and spam are the team's to look at, and nobody is asked about them."""


def register() -> None:
    """Called once, when the app is ready."""
    if check not in safe_words.checks:
        safe_words.checks.append(check)
        safe_words.shapes.append(contact.for_browsers)
        drafts.sent_before.append(was_sent)


def check(text: str) -> Iterator[Finding]:
    """Worry about the writer, as it would open a case; what says how; and people's details.

    What only reads like danger is for a person to look at: nobody is asked about words in which nothing was said.
    """
    for found in screening.findings(text, screening_rules.current()):
        if (kind := KINDS.get(found.category)) is not None:
            for reason in found.reasons:
                if reason.rule == screening.LIKENESS:
                    continue
                yield Finding(kind, reason.rule, text[reason.start : reason.end])
    for reason in screening.screen_methods(text):
        yield Finding(FindingKind.METHODS, reason.rule, text[reason.start : reason.end])


def was_sent(member: Member, key: UUID) -> bool:
    """Whether what a form with this key held has reached the team: then it is no draft."""
    return (
        Report.objects.filter(reporter=member, key=key).exists()
        or Word.objects.filter(author=member, key=key).exists()
        or Appeal.objects.filter(by=member, key=key).exists()
        or Rewrite.objects.filter(decision__subject=member, key=key).exists()
    )
