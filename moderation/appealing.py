"""What somebody may ask another look at, and what they read about it afterwards. It follows the facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.models import Member
from moderation.clocks import APPEAL_WITHIN
from moderation.models import Appeal, AppealKind, AppealStage, Decision, Door, Report, Source, State
from moderation.statements import role_words
from moderation.vocabulary import IN_FAVOUR


@dataclass(frozen=True, slots=True)
class Again:
    """What stands beneath a statement or a receipt: the way to ask, or how far it is. `told` are paragraphs."""

    url_of: int
    may_ask: bool
    until: str
    appeal: Appeal | None
    told: list[str]
    fresh: bool


def of_decision(decision: Decision, appeal: Appeal | None) -> Again:
    may_ask = appeal is None and not why_not_ask(decision, decision.subject_id)
    return _again(decision.pk, appeal, _day(decision.made_at + APPEAL_WITHIN), may_ask=may_ask)


def of_report(report: Report, appeal: Appeal | None) -> Again:
    """Offered for every closed report alike, whatever was done: that it is offered says nothing about anybody."""
    may_ask = appeal is None and not why_not_complain(report, report.reporter_id or 0)
    closed = report.case.closed_at
    return _again(report.pk, appeal, _day(closed + APPEAL_WITHIN) if closed else "", may_ask=may_ask)


def of_decisions(decisions: Iterable[Decision]) -> dict[int, Again]:
    """The same for a page of them, in one query."""
    decisions = list(decisions)
    asked = Appeal.objects.filter(decision__in=decisions).select_related("heard_by", "against")
    appeals = {appeal.decision_id: appeal for appeal in asked}
    return {decision.pk: of_decision(decision, appeals.get(decision.pk)) for decision in decisions}


def of_reports(reports: Iterable[Report]) -> dict[int, Again]:
    reports = list(reports)
    asked = Appeal.objects.filter(report__in=reports).select_related("heard_by", "against")
    appeals = {appeal.report_id: appeal for appeal in asked}
    return {report.pk: of_report(report, appeals.get(report.pk)) for report in reports}


def why_not_ask(decision: Decision, member_id: int) -> str:
    """Why a decision cannot be appealed against, as a sentence; "" when it can."""
    if decision.subject_id != member_id or not decision.told or decision.kind in IN_FAVOUR:
        return _("There is nothing here to ask another look at.")
    if decision.undone_at:
        return _("This has been undone already.")
    if timezone.now() >= decision.made_at + APPEAL_WITHIN:
        return _("This is more than six months ago. You can still write to us through “I need someone from the team”.")
    return ""


def why_not_complain(report: Report, member_id: int) -> str:
    """The same for what came of a report."""
    away = report.source == Source.NOTICED or report.door == Door.SELF or report.withdrawn_at is not None
    if report.reporter_id != member_id or away:
        return _("There is nothing here to ask another look at.")
    closed = report.case.closed_at
    if report.case.state != State.CLOSED or closed is None:
        return _("People from the team are still looking at this.")
    if timezone.now() >= closed + APPEAL_WITHIN:
        return _("This is more than six months ago. If something is wrong now, please tell us again.")
    return ""


def told_of(appeal: Appeal, now: datetime | None = None) -> list[str]:
    """What whoever asked reads: how far it is, or the answer."""
    now = now or timezone.now()
    if appeal.is_answered:
        return told_answer(appeal, AppealStage(appeal.stage), appeal.heard_by, appeal.reasons)
    asked = _("You asked for another look on %(day)s.") % {"day": _day(appeal.made_at)}
    return [" ".join([asked, _who_reads(appeal), _by_when(appeal, now)])]


def told_answer(appeal: Appeal, stage: AppealStage, by: Member | None, reasons: str) -> list[str]:
    """The answer as it will be read, drawn before it is sent as well."""
    who = {"who": by.handle if by else _("Somebody"), "role": role_words(by) if by else _("from the team")}
    return [_ANSWERS[AppealKind(appeal.kind), stage]() % who, reasons, *_later(appeal)]


def _again(about: int, appeal: Appeal | None, until: str, *, may_ask: bool) -> Again:
    fresh = appeal is not None and appeal.is_answered and appeal.read_at is None
    return Again(about, may_ask, until, appeal, told_of(appeal) if appeal else [], fresh)


def _who_reads(appeal: Appeal) -> str:
    if appeal.stage == AppealStage.HELD and appeal.heard_by:
        return _("%(who)s, %(role)s, is reading it.") % {
            "who": appeal.heard_by.handle,
            "role": role_words(appeal.heard_by),
        }
    if appeal.kind == AppealKind.DECISION and appeal.against:
        return _("Nobody has taken it yet. Somebody other than %(who)s will read it.") % {"who": appeal.against.handle}
    return _("Nobody has taken it yet. Somebody who had no hand in it will read it.")


def _by_when(appeal: Appeal, now: datetime) -> str:
    if appeal.due_at <= now:
        return _("An answer was due on %(day)s. It is late, and the people in charge have been told.") % {
            "day": _day(appeal.due_at)
        }
    return _("You have an answer by %(day)s.") % {"day": _day(appeal.due_at)}


def _later(appeal: Appeal) -> list[str]:
    if not appeal.later_stands:
        return []
    return [
        _(
            "A later decision about you or the same words still stands, so not everything looks as it did. You can ask for "
            "another look at that one too."
        )
    ]


def _day(when: datetime) -> str:
    return date_format(timezone.localtime(when), "j F Y")


_ANSWERS = {
    (AppealKind.DECISION, AppealStage.UPHELD): lambda: _(
        "%(who)s, %(role)s, a person, has looked at this again and agrees with you. It is undone, and nothing of it counts "
        "against you. We are sorry."
    ),
    (AppealKind.DECISION, AppealStage.REFUSED): lambda: _(
        "%(who)s, %(role)s, a person, has looked at this again. It stays as it was decided. These are the reasons."
    ),
    (AppealKind.FAILURE_TO_ACT, AppealStage.UPHELD): lambda: _(
        "%(who)s, %(role)s, a person, has looked at this again and agrees with you. It is open again, and somebody takes it "
        "from the start. What comes of it stays between the team and the person. We are sorry."
    ),
    (AppealKind.FAILURE_TO_ACT, AppealStage.REFUSED): lambda: _(
        "%(who)s, %(role)s, a person, has looked at this again and found that what there was to do was done. What was decided "
        "stays between the team and the person. These are the reasons."
    ),
}
