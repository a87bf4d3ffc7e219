"""Cases, half about care and half about conduct: sixty are live, as on a busy evening, and the rest were closed over the years."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from bench.growth.loading import Values, load
from moderation import audit
from moderation.models import AuditHead, Case, CaseEvent, Decision, Report

if TYPE_CHECKING:
    from bench.growth.filling import Size

MODERATOR = 2  # who closed them, and whose pages are measured
LIVE = 60
MEASURED = 2  # the number of a case about conduct, live, with four reports
SEVERITIES = ("routine", "routine", "soon", "soon", "urgent")


def fill_cases(size: "Size") -> None:
    load(Case, _cases(size))
    load(Report, _reports(size))
    load(Decision, _decisions(size))
    load(CaseEvent, (_columns(event) for event in _events(size)))
    last = CaseEvent.objects.order_by("-n")[0]
    AuditHead.objects.update_or_create(pk=audit.HEAD, defaults={"n": last.n, "digest": last.digest})


def _is_care(case: int) -> bool:
    return case % 2 == 1


def _post(size: "Size", case: int) -> int:
    """What a case began with: the newest one, which has the lowest number, with the newest words."""
    return (size.groups - (case + 1) // 2) * 4 + 1


def _subject(size: "Size", case: int) -> int:
    """Whoever wrote it. The first that was decided is about whom the measured one is about, so that it has a past at any size."""
    return size.author(_post(size, MEASURED if case == LIVE + 2 else case))


def _at(size: "Size", case: int) -> datetime:
    return size.now - timedelta(minutes=10 * case)


def _cases(size: "Size") -> Iterator[Values]:
    for n in range(1, size.cases + 1):
        at, care = _at(size, n), _is_care(n)
        row = {
            "id": n, "kind": "care" if care else "conduct", "subject_id": _subject(size, n), "subject_role": "member",
            "post_id": None if care else _post(size, n), "severity": SEVERITIES[n % 5], "opened_at": at, "clock_from": at,
        }  # fmt: skip
        if n <= LIVE:
            row |= {"state": "open", "due_at": size.now + timedelta(hours=4, minutes=n)}
        else:
            row |= {"state": "closed", "version": 3, "closed_at": at + timedelta(minutes=9), "closed_by_id": MODERATOR}
            row |= {"first_looked_at": at + timedelta(minutes=5), "outcome": "decided"}
        yield row


def _reports(size: "Size") -> Iterator[Values]:
    for n in range(1, size.cases + 1):
        care, post = _is_care(n), _post(size, n)
        for each in range(4 if n == MEASURED else 2):
            yield {
                "case_id": n, "post_id": post, "door": "worry" if care else "rule", "severity": SEVERITIES[n % 5],
                "category": "worried" if care else "unkind", "source": "member", "made_at": _at(size, n),
                "reporter_id": size.author(post + 1 + each % 3), "key": UUID(int=10 * n + each), "snapshot_version": 1,
                "snapshot": "As it stood.",
            }  # fmt: skip


def _decisions(size: "Size") -> Iterator[Values]:
    for n in range(LIVE + 2, size.cases + 1, 2):
        yield {
            "case_id": n, "case_kind": "conduct", "kind": "no_action", "statement": "It stays.", "told": False,
            "decided_by_id": MODERATOR, "subject_id": _subject(size, n), "post_id": _post(size, n), "post_version": 1,
            "made_at": _at(size, n) + timedelta(minutes=9),
        }  # fmt: skip


def _events(size: "Size") -> Iterator[CaseEvent]:
    """In the order in which it happened, chained as in life."""
    last, number = "", 0
    for n in range(size.cases, 0, -1):
        steps = [("open", "open", "open", None, 0)]
        if n > LIVE:
            steps += [("claim", "open", "in_review", MODERATOR, 5), ("decide", "in_review", "closed", MODERATOR, 9)]
        for action, before, after, actor, minutes in steps:
            number += 1
            event = CaseEvent(n=number, case_id=n, action=action, from_state=before, to_state=after, actor_id=actor)
            event.at = _at(size, n) + timedelta(minutes=minutes)
            audit.link(event, last)
            last = event.digest
            yield event


def _columns(event: CaseEvent) -> Values:
    names = ("n", "case_id", "action", "from_state", "to_state", "actor_id", "at", "canonical", "previous", "digest")
    return {name: getattr(event, name) for name in names}
