"""What a reporter reads about their report. It follows the facts, and says nothing about the other person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation import duty
from moderation.models import Decision, DecisionKind, Door, Report, State, Word
from moderation.statements import role_words
from moderation.vocabulary import ROUSING
from moderation.workflow import ON_WORDS

CHANGES = ON_WORDS - {DecisionKind.RESTORE}  # what decides about words, and is seen on the wall


class Stage(StrEnum):
    SENT = "sent"
    UNANSWERED = "unanswered"  # the people on call were called and nobody has taken it yet
    READ = "read"
    DEALING = "dealing"
    CLOSED = "closed"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One paragraph, and how far things are."""

    text: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is here and who comes next, read once for a page of receipts."""

    here: bool
    coming: datetime | None


def watch_at(now: datetime) -> Watch:
    return Watch(duty.someone_is_here(now), duty.next_expected(now))


def loaded(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Reports with all that their receipts ask, so that a page of them costs no more than one."""
    spoken = Word.objects.filter(case=OuterRef("case"), from_team=True, sent_at__gte=OuterRef("read_at"))
    changed = Decision.objects.filter(post=OuterRef("post"), case=OuterRef("case"), undone_at=None, kind__in=CHANGES)
    return reports.select_related("case__holder", "case__subject", "read_by", "post__author").annotate(
        spoken=Exists(spoken), changed=Exists(changed)
    )


def receipt_for(report: Report, now: datetime | None = None, watch: Watch | None = None) -> Receipt:
    """The receipt as things are. Load the report with `loaded`, or select_related("case", "case__holder", "read_by")."""
    now, stage = now or timezone.now(), stage_of(report)
    return Receipt(" ".join(part for part in _text(report, stage, now, watch) if part), stage)


def stage_of(report: Report) -> Stage:
    """Never goes back: what a person has read stays read, though the case goes on to others."""
    case = report.case
    if report.withdrawn_at:
        return Stage.TAKEN_BACK
    talked_over = bool(case.outcome and case.closed_at and report.made_at <= case.closed_at)
    if report.read_at and (
        case.state == State.CLOSED or talked_over
    ):  # its subject talks with us about what was decided
        return Stage.CLOSED
    if report.read_at is None:
        return Stage.UNANSWERED if case.unanswered_at and case.state == State.ESCALATED else Stage.SENT
    return Stage.DEALING if _has_spoken(report) or case.state == State.WITH_STAFF else Stage.READ


def expected(now: datetime, due: datetime | None = None, watch: Watch | None = None) -> str:
    """When somebody is expected to look, as a sentence; what is not known is not promised."""
    watch = watch or watch_at(now)
    if watch.here:
        if due is None or due <= now:
            return _("Somebody from the team is here.")
        return _("Somebody from the team is here and is expected to read it by %(time)s.") % {"time": moment(due, now)}
    if watch.coming:
        return _("Somebody is expected at %(time)s.") % {"time": moment(watch.coming, now)}
    return _("Nobody is here just now; it is read as soon as somebody is.")


def moment(at: datetime, now: datetime) -> str:
    """A time of today, or with its day."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    return date_format(local, "H:i" if local.date() == today else "l j F, H:i")


def _has_spoken(report: Report) -> bool:
    if (spoken := getattr(report, "spoken", None)) is not None:
        return bool(spoken)
    return report.case.words.filter(from_team=True, sent_at__gte=report.read_at).exists()


def _text(report: Report, stage: Stage, now: datetime, watch: Watch | None) -> list[str]:
    if stage is Stage.TAKEN_BACK and report.withdrawn_at:
        taken_back = _("You took this back at %(time)s.") % {"time": moment(report.withdrawn_at, now)}
        return [
            taken_back,
            _("It stays in our file, marked as taken back, and a person may still look."),
            _if_it_is_now(report),
        ]
    if stage is Stage.SENT:
        return [_("Sent."), _("Nobody has read it yet."), _who_comes(report, now, watch), _if_it_is_now(report)]
    if stage is Stage.UNANSWERED:
        return [_("Sent."), *_in_vain(), _if_it_is_now(report)]
    reader = report.read_by
    who = (
        {"who": reader.handle, "role": role_words(reader)}
        if reader
        else {"who": _("Somebody"), "role": _("from the team")}
    )
    if stage is Stage.READ:
        return [_("%(who)s, %(role)s, has read this.") % who, _READ[report.door]()]
    if stage is Stage.DEALING:
        return [_DEALING[report.door]()]
    return [_CLOSED[report.door]() % who, _outcome(report)]


def _outcome(report: Report) -> str:
    """What became of words, which everybody on the wall can see: nothing of what was decided about a person, and nothing at
    all of a worry or a report about somebody as a whole, whatever came of it.
    """
    if report.door != Door.RULE or report.post_id is None:
        return ""
    changed = getattr(report, "changed", None)
    if changed is None:
        standing = Decision.objects.filter(post=report.post_id, case=report.case_id, undone_at=None, kind__in=CHANGES)
        changed = standing.exists()
    if changed:
        return _("The words you told us about do not stand as they did.")
    return _("The words you told us about have been left as they are.")


def _who_comes(report: Report, now: datetime, watch: Watch | None) -> str:
    case = report.case
    rings_from = report.rings_from if report.wakes_nobody else None
    if not settings.CRISIS_RESPONSE and (case.severity in ROUSING or rings_from):
        return _("Nobody here can answer an emergency.")
    if rings_from and case.severity not in ROUSING:
        return _(
            "You have told us much in a short time, so these are looked at together. If nobody has read this by %(time)s, "
            "people are called about it."
        ) % {"time": moment(rings_from, now)}
    if report.gathered and case.severity not in ROUSING:
        return _(
            "You have told us about several people within this hour, so these are looked at together, and nobody is rung."
        )
    if case.state == State.ESCALATED:
        called = case.severity in ROUSING
        return (
            _("The people on call are being called now.")
            if called
            else _("It waits for the staff, who read it in the morning.")
        )
    return expected(now, case.due_at, watch)


def _in_vain() -> list[str]:
    if not settings.CRISIS_RESPONSE:
        return [_("Nobody has read it yet."), _("Nobody here can answer an emergency.")]
    return [_("Nobody has answered our calls yet. They go on until somebody does.")]


def _if_it_is_now(report: Report) -> str:
    if report.door == Door.SELF:
        return _("If your life is in danger now, ring 999 or 112; Samaritans are on 116 123, day and night.")
    if report.door == Door.WORRY:
        return _("If you know where they are and it is now, ring 999 or 112.")
    return ""


_READ: Mapping[str, Callable[[], str]] = {
    Door.WORRY: lambda: _("You have done enough; you don't have to carry it on your own."),
    Door.SELF: lambda: _("A person will write to you here."),
    Door.RULE: lambda: _("You have done enough; the rest is ours."),
}
_DEALING: Mapping[str, Callable[[], str]] = {
    Door.WORRY: lambda: _("A person is dealing with it. You have done enough; you don't have to carry it on your own."),
    Door.SELF: lambda: _("A person is here for you: your conversation with the team is open."),
    Door.RULE: lambda: _("A person is dealing with it. You have done enough; the rest is ours."),
}
_CLOSED: Mapping[str, Callable[[], str]] = {
    Door.WORRY: lambda: _(
        "People from the team have looked into this, and it is closed. What passed stays between them and the person. If you "
        "are worried again, tell us again."
    ),
    Door.SELF: lambda: _(
        "This conversation has ended for now. Write in it whenever you like, and a person will read it."
    ),
    Door.RULE: lambda: _(
        "%(who)s has looked at this and done what there was to do. What was decided stays between the team and the person."
    ),
}
