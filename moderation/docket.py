"""What the team reads of appeals: the list with its clocks, and one of them. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from moderation import hearing, wording
from moderation.models import Appeal, AppealKind, AppealStage
from moderation.models.appeal import ANSWERED, UNANSWERED

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    appeal: Appeal
    headline: str
    about: str
    due: str
    late: bool
    held: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Lens:
    key: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Docket:
    rows: list[Row]
    lenses: list[Lens]
    waiting: int
    older: str  # where to go on from, or ""


def read_docket(viewer: ViewerFacts, lens: str = "", before: str = "") -> Docket:
    """The appeals this person may hear, those that are due first; and those that were answered, the newest first."""
    names = {"": _("Waiting"), "mine": _("Mine"), "late": _("Late"), "answered": _("Answered")}
    current = lens if lens in names else ""
    counts = _counts(viewer)
    rows = _answered(viewer, before) if current == "answered" else _waiting(viewer, current)
    page = list(_whole(rows)[: PAGE + 1])
    lenses = [Lens(key, str(name), counts[key], key == current) for key, name in names.items()]
    more = len(page) > PAGE and current == "answered"
    now = timezone.now()
    return Docket(
        [_row(each, viewer, now) for each in page[:PAGE]], lenses, counts[""], str(page[PAGE - 1].pk) if more else ""
    )


def read_late(viewer: ViewerFacts) -> list[Row]:
    """For the staff board: what was not answered in time, whoever hears it."""
    late = hearing.seen_by(viewer).filter(stage__in=UNANSWERED, late_at__isnull=False)
    return [_row(each, viewer, timezone.now()) for each in _whole(late)]


def headline(appeal: Appeal) -> str:
    """What it is about. Whoever made a report is not named."""
    if appeal.kind == AppealKind.FAILURE_TO_ACT or appeal.decision is None:
        return _("Nothing came of a report about %(handle)s") % {"handle": appeal.case.subject.handle}
    return _("%(handle)s asks for another look") % {"handle": appeal.by.handle}


def _about(appeal: Appeal) -> str:
    by = _("decided by %(handle)s") % {"handle": appeal.against.handle} if appeal.against else ""
    what = capfirst(str(appeal.decision.get_kind_display())) if appeal.decision else ""
    return " · ".join(filter(None, [what, by]))


def _counts(viewer: ViewerFacts) -> dict[str, int]:
    """Of all lenses in two queries."""
    counted = hearing.heard_by(viewer).aggregate(
        waiting=Count("pk", filter=Q(stage__in=UNANSWERED)),
        mine=Count("pk", filter=Q(stage=AppealStage.HELD, heard_by=viewer.id)),
        late=Count("pk", filter=Q(stage__in=UNANSWERED, due_at__lte=timezone.now())),
    )
    answered = hearing.seen_by(viewer).filter(stage__in=ANSWERED).count()
    return {"": counted["waiting"], "mine": counted["mine"], "late": counted["late"], "answered": answered}


def _waiting(viewer: ViewerFacts, lens: str) -> QuerySet[Appeal]:
    rows = hearing.heard_by(viewer).filter(stage__in=UNANSWERED)
    if lens == "mine":
        rows = rows.filter(heard_by=viewer.id)
    return (rows.filter(due_at__lte=timezone.now()) if lens == "late" else rows).order_by("due_at", "pk")


def _answered(viewer: ViewerFacts, before: str) -> QuerySet[Appeal]:
    """Also by those whose decision it was: how somebody else saw it is there to learn from."""
    rows = hearing.seen_by(viewer).filter(stage__in=ANSWERED)
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    return rows.order_by("-pk")


def _whole(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return rows.select_related("by", "heard_by", "against", "case__subject", "decision").defer("words", "reasons")


def _row(appeal: Appeal, viewer: ViewerFacts, now: datetime) -> Row:
    waits = not appeal.is_answered
    return Row(
        appeal=appeal,
        headline=headline(appeal),
        about=_about(appeal),
        due=wording.due_words(appeal.due_at, now) if waits else str(appeal.get_stage_display()),
        late=waits and appeal.due_at <= now,
        held=_held(appeal, viewer),
        mine=appeal.heard_by_id == viewer.id,
    )


def _held(appeal: Appeal, viewer: ViewerFacts) -> str:
    if appeal.heard_by is None:
        return _("nobody yet")
    if appeal.is_answered:
        return appeal.heard_by.handle
    return (
        _("you hold it")
        if appeal.heard_by_id == viewer.id
        else _("%(handle)s is on it") % {"handle": appeal.heard_by.handle}
    )
