"""What a case's clocks are set to when it moves: one place, so that no two actions disagree."""

from datetime import datetime
from typing import Any

from moderation.clocks import ANSWER, CLAIM, DECISION, FIRST_LOOK, LOOK_IN, next_action_due, sooner
from moderation.models import Case, State

STOPPED: dict[str, Any] = {
    "holder": None,
    "due_at": None,
    "lapses_at": None,
    "nudged_at": None,
    "next_action_due": None,
    "asks_again_at": None,
}


def claimed(case: Case, now: datetime) -> dict[str, Any]:
    """The decision clock starts with the first look, or when a rest is over, and is not wound up again by the next claim."""
    looked = case.first_looked_at or now
    return {
        "first_looked_at": looked,
        "clock_from": now,
        "due_at": _decides_from(case, now) + DECISION[case.severity],
        "lapses_at": now + CLAIM[case.severity],
        "nudged_at": None,
        "offered_to": None,
        "asks_again_at": None,
    }


def given_back(case: Case, now: datetime) -> dict[str, Any]:
    """Somebody has to look again, and no later than a decision was due: giving back never buys time. What rests rests on."""
    if case.asks_again_at and case.asks_again_at > now:
        return STOPPED | rests(case, case.asks_again_at, kept=False)
    due = now + FIRST_LOOK[case.severity]
    if case.first_looked_at:
        due = min(due, _decides_from(case, now) + DECISION[case.severity])
    if case.decide_from:
        due = min(due, now + LOOK_IN[case.severity])  # somebody was to look in by then, whoever it is
    return STOPPED | {"clock_from": now, "due_at": due}


def rests(case: Case, until: datetime, *, kept: bool) -> dict[str, Any]:
    """Nothing is due until then; what comes after that is due already, so that a clock that sleeps makes it late at most."""
    if case.state == State.WITH_STAFF and kept:
        return {"asks_again_at": until, "next_action_due": until + LOOK_IN[case.severity]}
    still = {"asks_again_at": until, "decide_from": until, "clock_from": until, "nudged_at": None}
    if kept:
        return still | {"due_at": until + DECISION[case.severity], "lapses_at": until + CLAIM[case.severity]}
    return still | {"holder": None, "lapses_at": None, "due_at": until + LOOK_IN[case.severity]}


def woken(case: Case, now: datetime) -> dict[str, Any]:
    """The time has come: whoever kept it has a claim's time from now, and in the queue it is due as it was set."""
    return {"asks_again_at": None} | (
        {"lapses_at": now + CLAIM[case.severity]} if case.state == State.IN_REVIEW else {}
    )


def begun_again(case: Case, now: datetime) -> dict[str, Any]:
    """Open as if it were new: returned by staff, or reopened."""
    return STOPPED | {
        "first_looked_at": None,
        "decide_from": None,
        "clock_from": now,
        "due_at": now + FIRST_LOOK[case.severity],
        "closed_at": None,
        "closed_by": None,
        "outcome": "",
    }


def talked_about(case: Case, now: datetime) -> dict[str, Any]:
    """Open for a talk about what was decided. What it was closed with stays: nothing is taken back by talking."""
    kept = {"closed_at": case.closed_at, "closed_by": case.closed_by, "outcome": case.outcome}
    return begun_again(case, now) | kept


def renewed(case: Case, now: datetime) -> dict[str, Any]:
    """An act by whoever holds it: the claim lives on, or the next action has its whole time again. It wakes nothing."""
    if case.asks_again_at:
        return {}
    if case.state == State.WITH_STAFF:
        return {"next_action_due": next_action_due(case.severity, now)}
    return {"lapses_at": now + CLAIM[case.severity]} if case.state == State.IN_REVIEW else {}


def raised(case: Case, severity: str, now: datetime) -> dict[str, Any]:
    """A report joined: severity and due time are pulled forward, never put off. What rested rests no more."""
    if case.state == State.WITH_STAFF:
        due = sooner(case.next_action_due, next_action_due(severity, now))
        return {"severity": severity, "asks_again_at": None, "next_action_due": due}
    if case.state == State.ESCALATED:
        return {"severity": severity}
    limits = FIRST_LOOK if case.state == State.OPEN else DECISION
    changes = {"severity": severity} | _awake(case, now) | _pulled(case, now + limits[severity], now)
    if case.state == State.IN_REVIEW:
        changes["lapses_at"] = sooner(case.lapses_at, now + CLAIM[severity])
    return changes


def roused(case: Case, severity: str, now: datetime) -> dict[str, Any]:
    """New danger was told about what staff hold: they look as soon as at a case that nobody has seen, whatever time they had."""
    if case.state != State.WITH_STAFF:
        return {}
    return {"asks_again_at": None, "next_action_due": sooner(case.next_action_due, now + FIRST_LOOK[severity])}


def answered(case: Case, now: datetime) -> dict[str, Any]:
    """The member wrote: a moderator who holds it is due sooner. What rested rests no more.

    Staff are not hurried by it: the answer has a clock of its own, and only one that lies unread takes the case from them
    (moderation.answer_clock). Once it is read, the time for their next step is what it was.
    """
    if case.state == State.WITH_STAFF:
        due = sooner(case.next_action_due, next_action_due(case.severity, now))
        return {"asks_again_at": None, "next_action_due": due} if case.asks_again_at else {}
    due = now + ANSWER[case.severity]
    return _awake(case, now) | _pulled(case, due, now) if case.state in (State.OPEN, State.IN_REVIEW) else {}


def told_more(case: Case, now: datetime) -> dict[str, Any]:
    """A reporter answered, which no other clock waits for: whoever holds the case is due sooner, staff too."""
    if case.state != State.WITH_STAFF:
        return answered(case, now)
    return {"asks_again_at": None, "next_action_due": sooner(case.next_action_due, now + ANSWER[case.severity])}


def _decides_from(case: Case, now: datetime) -> datetime:
    return min(case.decide_from or case.first_looked_at or now, now)


def _awake(case: Case, now: datetime) -> dict[str, Any]:
    """What something new does to a rest."""
    if not case.asks_again_at:
        return {}
    claim = {"lapses_at": now + CLAIM[case.severity]} if case.state == State.IN_REVIEW else {}
    return {"asks_again_at": None, "decide_from": now, "clock_from": now, "nudged_at": None} | claim


def _pulled(case: Case, due: datetime, now: datetime) -> dict[str, Any]:
    if case.due_at is not None and case.due_at <= due:
        return {}
    return {"due_at": due, "clock_from": now, "nudged_at": None}
