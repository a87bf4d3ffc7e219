"""What a reporter reads about their report. It follows the facts, and says nothing about the other person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation import duty
from moderation.models import Door, Report, State
from moderation.statements import role_words
from moderation.vocabulary import ROUSING


class Stage(StrEnum):
    SENT = "sent"
    UNANSWERED = "unanswered"  # the people on call were called and nobody has taken it yet
    READ = "read"
    DEALING = "dealing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One paragraph, and how far things are."""

    text: str
    stage: Stage


def receipt_for(report: Report, now: datetime | None = None) -> Receipt:
    """The receipt as things are. Load the report with select_related("case", "case__holder", "read_by")."""
    now, stage = now or timezone.now(), stage_of(report)
    return Receipt(" ".join(part for part in _text(report, stage, now) if part), stage)


def stage_of(report: Report) -> Stage:
    """Never goes back: what a person has read stays read, though the case goes on to others."""
    case = report.case
    if case.state == State.CLOSED and report.read_at:
        return Stage.CLOSED
    if report.read_at is None:
        return Stage.UNANSWERED if case.unanswered_at and case.state == State.ESCALATED else Stage.SENT
    spoken = case.words.filter(from_team=True, sent_at__gte=report.read_at).exists()
    return Stage.DEALING if spoken or case.state == State.WITH_STAFF else Stage.READ


def expected(now: datetime, due: datetime | None = None) -> str:
    """When somebody is expected to look, as a sentence; what is not known is not promised."""
    if duty.someone_is_here(now):
        if due is None or due <= now:
            return _("Somebody from the team is here.")
        return _("Somebody from the team is here and is expected to read it by %(time)s.") % {"time": moment(due, now)}
    if coming := duty.next_expected(now):
        return _("Somebody is expected at %(time)s.") % {"time": moment(coming, now)}
    return _("Nobody is here just now; it is read as soon as somebody is.")


def moment(at: datetime, now: datetime) -> str:
    """A time of today, or with its day."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    return date_format(local, "H:i" if local.date() == today else "l j F, H:i")


def _text(report: Report, stage: Stage, now: datetime) -> list[str]:
    if stage is Stage.SENT:
        return [_("Sent."), _("Nobody has read it yet."), _who_comes(report, now), _if_it_is_now(report)]
    if stage is Stage.UNANSWERED:
        return [
            _("Sent."),
            _("Nobody has answered our calls yet. They go on until somebody does."),
            _if_it_is_now(report),
        ]
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
    return [_CLOSED[report.door]() % who]


def _who_comes(report: Report, now: datetime) -> str:
    case = report.case
    if not settings.CRISIS_RESPONSE and case.severity in ROUSING:
        return _("Nobody here can answer an emergency.")
    if case.state == State.ESCALATED:
        called = case.severity in ROUSING
        return (
            _("The people on call are being called now.")
            if called
            else _("It waits for the staff, who read it in the morning.")
        )
    return expected(now, case.due_at)


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
