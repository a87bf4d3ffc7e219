"""A ban: one person proposes it, nothing changes, and a second who had no hand in it agrees or says why not."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import rules
from forum.actions.notices import give_notice
from forum.models import Member, Post
from moderation import access, live, refusals, statements
from moderation.actions import decisions, running
from moderation.actions.cases import read_reports
from moderation.actions.effects import Doing, Verdict, effect_of
from moderation.actions.freezing import Words, freeze_words
from moderation.actions.members import refuse_twice
from moderation.actions.moving import _move, guard, guard_decision, locked
from moderation.actions.second_looks import owe_second_look
from moderation.actions.standing import lock_subject
from moderation.models import Case, Decision, DecisionKind, Outcome, Proposal, State
from moderation.notices_members import ANSWERED
from moderation.refusals import Missing, NotAllowed, TwoLanes, WordsChanged
from moderation.workflow import care_comes_first, waits_for_care
from realtime import log
from realtime.log import NewEvent

BAN = DecisionKind.BAN


def propose_ban(
    case: Case,
    actor: Member,
    *,
    rule: str,
    statement: str = "",
    post: Post | None = None,
    seen_post_version: int | None = None,
    shown: str | None = None,
) -> Proposal:
    """Asks for a second person. Nothing changes for the member, who is told nothing; the case waits in the queue again,
    unless staff hold it.

    Raises Missing (no rule), StandsAlready, NotAllowed, TwoLanes, CaseMoved, WordsChanged, and NotShown as `decide_case`.
    """
    with transaction.atomic():
        judged = decisions.locked_post(case, post)
        fresh, _facts = guard_decision(BAN, case, actor)
        if judged is not None and judged.version != seen_post_version:
            raise WordsChanged
        decisions.check_rule(BAN, rule)
        refuse_twice(BAN, fresh, judged)
        proposal = Proposal.objects.create(
            case=fresh,
            subject=fresh.subject,
            proposed_by=actor,
            rule=rule,
            rules_version=rules.version_in_force(),
            statement=statement.strip()
            or statements.default_statement(BAN, member=fresh.subject, by=actor, post=judged, rule=rule),
            post=judged,
            post_version=seen_post_version if judged else None,
        )
        decisions.check_shown(proposal.statement, shown)
        log.append(*_wait_for_second(fresh, actor), *read_reports(fresh, actor, case.version))
    return proposal


def confirm_ban(case: Case, actor: Member, proposal: Proposal) -> Decision:
    """A second person agrees: now the member is banned and told. Closes the case, unless staff hold it. Again by the same
    person gives the first decision.

    Raises NotAllowed, TwoLanes, StandsAlready, CaseMoved.
    """
    with transaction.atomic():
        judged = decisions.locked_post(case, None, proposal.post_id)
        lock_subject(case.subject_id, BAN)
        if (first := locked_proposal(case, proposal)).answered_by_id == actor.pk and first.decision:
            return first.decision
        fresh, waiting = _guard_answer("confirm", case, actor, proposal)
        facts = access.case_facts(fresh)
        if waits_for_care(facts, access.facts_of(actor)):
            raise TwoLanes(care_comes_first())
        refuse_twice(BAN, fresh, judged)
        decision, events = _ban(fresh, actor, waiting, judged)
        _answer(waiting, actor, decision=decision)
        events += _after_yes(fresh, actor)
        events += read_reports(fresh, actor, case.version, tell=False) + live.tell_reporters(fresh)
        events += give_notice(waiting.proposed_by_id, ANSWERED, waiting.pk, state="yes")
        log.append(*events, *decisions.tell_member(decision))
    return decision


def refuse_ban(case: Case, actor: Member, proposal: Proposal, reason: str) -> Proposal:
    """A second person says why not. The member hears nothing of it; the case goes on. Raises Missing, NotAllowed, CaseMoved."""
    if not reason.strip():
        raise Missing("reason", _("Write why not, for whoever proposed it."))
    with transaction.atomic():
        if (first := locked_proposal(case, proposal)).answered_by_id == actor.pk and first.reason:
            return first
        fresh, waiting = _guard_answer("refuse", case, actor, proposal)
        _answer(waiting, actor, reason=reason.strip())
        events = _move(fresh, "refuse", actor, words=reason.strip(), **running.renewed(fresh, timezone.now()))
        log.append(*events, *give_notice(waiting.proposed_by_id, ANSWERED, waiting.pk, state="no"))
    return waiting


def locked_proposal(case: Case, proposal: Proposal) -> Proposal:
    """Of this case, and after the case's row, as everywhere."""
    locked(case)
    return Proposal.objects.select_for_update().get(pk=proposal.pk, case=case)


def _guard_answer(action: str, case: Case, actor: Member, proposal: Proposal) -> tuple[Case, Proposal]:
    waiting = locked_proposal(case, proposal)
    if waiting.answered_at is not None:
        if not access.may_see_case(access.facts_of(actor), access.case_facts(locked(case))):
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        raise refusals.moved(locked(case))
    return guard(action, case, actor), waiting


def _ban(case: Case, actor: Member, proposal: Proposal, post: Post | None) -> tuple[Decision, list[NewEvent]]:
    """In the words and under the rule that were proposed: what the second person read is what the member reads."""
    doing, effect = Doing(Verdict(BAN, proposal.rule), case.subject, post, proposal.proposed_by), effect_of(BAN)
    before = effect.before(doing)
    events = effect.do(doing)
    decision = Decision.objects.create(
        case=case,
        case_kind=case.kind,
        kind=BAN,
        rule=proposal.rule,
        rules_version=proposal.rules_version,
        statement=proposal.statement,
        decided_by=proposal.proposed_by,
        confirmed_by=actor,
        subject=case.subject,
        post=post,
        post_version=proposal.post_version,
        before=before,
    )
    freeze_words(decision, Words.of(post))
    owe_second_look(decision)
    return decision, events


def _answer(proposal: Proposal, actor: Member, **answer: object) -> None:
    changes = {"answered_by": actor, "answered_at": timezone.now()} | answer
    for field, value in changes.items():
        setattr(proposal, field, value)
    proposal.save(update_fields=list(changes))


def _wait_for_second(case: Case, actor: Member) -> list[NewEvent]:
    now = timezone.now()
    if case.state == State.WITH_STAFF:
        return _move(case, "propose", actor, **running.renewed(case, now))
    return _move(case, "propose", actor, to=State.OPEN, **running.given_back(case, now))


def _after_yes(case: Case, actor: Member) -> list[NewEvent]:
    now = timezone.now()
    if case.state == State.WITH_STAFF:
        return _move(case, "confirm", actor, **running.renewed(case, now))
    closed = running.STOPPED | {"closed_at": now, "closed_by": actor, "outcome": Outcome.DECIDED}
    return _move(case, "confirm", actor, to=State.CLOSED, **closed)
