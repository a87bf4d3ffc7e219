"""Who can be asked back, and who may answer. Nothing here writes."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from forum.models import Member
from moderation.models import Case, Door, Report, ReportQuestion, Source, State


def why_not_ask(report: Report) -> str:
    """Why whoever made this report cannot be asked just now, as a sentence; "" when they can."""
    if report.withdrawn_at is not None:
        return _("Whoever told us has taken it back, so they are left in peace.")
    if not can_be_reached(report):
        return nobody_to_ask()
    if report.questions.filter(answered_at=None).exists():
        return one_at_a_time()
    return ""


def can_be_reached(report: Report) -> bool:
    """A member who told us of somebody else, or somebody from outside who was given a code."""
    if report.source == Source.OUTSIDE:
        return hasattr(report, "letter")
    if report.source != Source.MEMBER or report.door == Door.SELF or report.reporter is None:
        return False
    return report.reporter.is_active


def reachable(reports: Iterable[Report]) -> list[Report]:
    return [each for each in reports if each.withdrawn_at is None and can_be_reached(each)]


def those_to_ask(reports: Iterable[Report]) -> list[Report]:
    """Those of a case's reports that can be asked about now. Their `questions` are prefetched."""
    return [each for each in reachable(reports) if all(asked.answered_at for asked in each.questions.all())]


def why_not_answer(asked: ReportQuestion, case: Case | None, by: Member | None) -> str:
    """`case` is the locked row, and nobody's where the question is about a letter."""
    sender = asked.report.reporter_id if asked.report else asked.letter.sender_id if asked.letter else None
    if sender != (by.pk if by else None):
        return _("There is nothing here, or nothing you can see.")
    if asked.answered_at is not None:
        return _("You have answered this already, and that answer is kept.")
    over = case.state == State.CLOSED if case else asked.letter is not None and asked.letter.settled_at is not None
    return settled() if over else ""


def nobody_to_ask() -> str:
    return _("There is nobody here who can be asked.")


def one_at_a_time() -> str:
    return _("One question is open already. Wait for the answer, or go on without it.")


def settled() -> str:
    return _(
        "This has been looked into meanwhile, so the question is over. Your words are kept here: if they still matter, tell us "
        "again, and a person reads it."
    )
