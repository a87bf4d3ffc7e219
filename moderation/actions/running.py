"""What a case's clocks are set to when it moves: one place, so that no two actions disagree."""

from datetime import datetime
from typing import Any

from moderation.clocks import ANSWER, CLAIM, DECISION, FIRST_LOOK, next_action_due, sooner
from moderation.models import Case, State

STOPPED: dict[str, Any] = {
    "holder": None,
    "due_at": None,
    "lapses_at": None,
    "nudged_at": None,
    "next_action_due": None,
}


def claimed(case: Case, now: datetime) -> dict[str, Any]:
    """The decision clock starts with the first look and is not wound up again by the next claim."""
    looked = case.first_looked_at or now
    return {
        "first_looked_at": looked,
        "clock_from": now,
        "due_at": looked + DECISION[case.severity],
        "lapses_at": now + CLAIM[case.severity],
        "nudged_at": None,
        "offered_to": None,
    }


def given_back(case: Case, now: datetime) -> dict[str, Any]:
    """Somebody has to look again, and no later than a decision was due: giving back never buys time."""
    due = now + FIRST_LOOK[case.severity]
    if case.first_looked_at:
        due = min(due, case.first_looked_at + DECISION[case.severity])
    return STOPPED | {"clock_from": now, "due_at": due}


def begun_again(case: Case, now: datetime) -> dict[str, Any]:
    """Open as if it were new: returned by staff, or reopened."""
    return STOPPED | {
        "first_looked_at": None,
        "clock_from": now,
        "due_at": now + FIRST_LOOK[case.severity],
        "closed_at": None,
        "closed_by": None,
        "outcome": "",
    }


def renewed(case: Case, now: datetime) -> dict[str, Any]:
    """An act by whoever holds it: the claim lives on, or the next action has its whole time again."""
    if case.state == State.WITH_STAFF:
        return {"next_action_due": next_action_due(case.severity, now)}
    return {"lapses_at": now + CLAIM[case.severity]} if case.state == State.IN_REVIEW else {}


def raised(case: Case, severity: str, now: datetime) -> dict[str, Any]:
    """A report joined: severity and due time are pulled forward, never put off."""
    if case.state == State.WITH_STAFF:
        return {"severity": severity, "next_action_due": sooner(case.next_action_due, next_action_due(severity, now))}
    if case.state == State.ESCALATED:
        return {"severity": severity}
    limits = FIRST_LOOK if case.state == State.OPEN else DECISION
    changes = {"severity": severity} | _pulled(case, now + limits[severity], now)
    if case.state == State.IN_REVIEW:
        changes["lapses_at"] = sooner(case.lapses_at, now + CLAIM[severity])
    return changes


def answered(case: Case, now: datetime) -> dict[str, Any]:
    """The member wrote: whoever holds the case is due sooner."""
    due = now + ANSWER[case.severity]
    if case.state == State.WITH_STAFF:
        return {"next_action_due": sooner(case.next_action_due, due)}
    return _pulled(case, due, now) if case.state in (State.OPEN, State.IN_REVIEW) else {}


def _pulled(case: Case, due: datetime, now: datetime) -> dict[str, Any]:
    if case.due_at is not None and case.due_at <= due:
        return {}
    return {"due_at": due, "clock_from": now, "nudged_at": None}
