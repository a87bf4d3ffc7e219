"""Others are being hurt: a moderator stops somebody's new posts for one hour, which tells staff at once."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import rules
from forum.access import has_voice
from forum.models import Member
from moderation import access, live, statements
from moderation.actions import decisions
from moderation.actions.cases import read_reports
from moderation.actions.effects import Doing, Verdict, effect_of
from moderation.actions.escalation import escalated
from moderation.actions.moving import _move, guard
from moderation.actions.running import renewed
from moderation.actions.standing import lock_subject
from moderation.clocks import STOP_AGAIN, STOP_FOR
from moderation.models import Case, Decision, DecisionKind, EscalationSource, Severity, State
from moderation.refusals import Missing, NotAllowed, PostsStopped
from realtime import log
from realtime.log import NewEvent

STOP = DecisionKind.STOP_POSTS


def stop_posts(case: Case, actor: Member, note: str, statement: str = "") -> Decision:
    """Pauses a member's posting for an hour, for safety: no rule is named and nothing counts. It waits for nobody, also
    not for who looks after them. Passes the case to staff as urgent, with the note, unless staff do it themselves.

    Once a day without staff. The member is told. Raises Missing, NotAllowed, PostsStopped (it was done today, or they
    cannot post anyway), CaseMoved.
    """
    if not note.strip():
        raise Missing("note", _("Write what staff need to know first."))
    with transaction.atomic():
        lock_subject(case.subject_id, STOP)
        fresh = guard("stop_posts", case, actor)
        by_staff = actor.role in access.takers_of(access.case_facts(fresh))
        _refuse_again(fresh, by_staff=by_staff)
        verdict = Verdict(STOP, Decision.SAFETY, statement.strip(), until=timezone.now() + STOP_FOR)
        doing, effect = Doing(verdict, fresh.subject, None, actor), effect_of(STOP)
        events = effect.do(doing)
        decision = _write(fresh, doing)
        events += _tell_staff(fresh, actor, note.strip(), by_staff=by_staff)
        events += read_reports(fresh, actor, case.version, tell=False) + live.tell_reporters(fresh)
        log.append(*events, *decisions.tell_member(decision))
    return decision


def _refuse_again(case: Case, *, by_staff: bool) -> None:
    """The member's row is locked, so two stops at once count each other, in whichever case."""
    now = timezone.now()
    stops = (
        Decision.objects.filter(subject=case.subject_id, kind=STOP).select_related("decided_by").order_by("-made_at")
    )
    counted = Q(undone_at=None, until__gt=now)
    if not by_staff:
        counted |= Q(made_at__gt=now - STOP_AGAIN)
    if last := stops.filter(counted).first():
        raise PostsStopped(last)
    if not has_voice(access.facts_of(Member.objects.get(pk=case.subject_id))):
        raise NotAllowed(_("They cannot post just now anyway: what was decided before stands."))


def _write(case: Case, doing: Doing) -> Decision:
    verdict = doing.verdict
    text = verdict.statement or statements.default_statement(
        STOP, member=case.subject, by=doing.actor, post=None, rule=verdict.rule, until=verdict.until
    )
    return Decision.objects.create(
        case=case,
        case_kind=case.kind,
        kind=STOP,
        rule=verdict.rule,
        rules_version=rules.version_in_force(),
        statement=text,
        decided_by=doing.actor,
        subject=case.subject,
        until=verdict.until,
    )


def _tell_staff(case: Case, actor: Member, note: str, *, by_staff: bool) -> list[NewEvent]:
    """Through the ladder: the case is escalated as urgent by a person, for that others are hurt is what it means."""
    if by_staff:
        return _move(case, "stop_posts", actor, words=note, **renewed(case, timezone.now()))
    changes: dict[str, Any] = escalated(case, EscalationSource.HUMAN, actor)
    if Severity(case.severity).rank > Severity.URGENT.rank:
        changes["severity"] = Severity.URGENT
    return _move(case, "stop_posts", actor, to=State.ESCALATED, words=note, **changes)
