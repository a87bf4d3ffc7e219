"""What the team's sockets hear of a case: its id and state, never a word, and nothing at all of one they may not see."""

from collections.abc import Sequence
from dataclasses import replace

from forum import live as forum_live
from forum.access import ViewerFacts
from forum.actions.notices import give_notice
from forum.live import tell_member
from forum.models import Member, Role
from moderation import access
from moderation.models import Case, Door, Report, Source
from moderation.notices import OUTCOME
from moderation.receipts import Stage, stage_of
from moderation.vocabulary import WITH_STAFFS, CaseFacts, Reserved
from realtime import streams
from realtime.log import NewEvent
from realtime.streams import Drawn, Row

MODERATION, STAFF, INDEPENDENT = "moderation", "staff", "independent"


def register() -> None:
    for name in (MODERATION, STAFF, INDEPENDENT):
        streams.register(streams.StreamKind(name, draw=draw_cases, sight=case_sight))
    if access.staff_streams not in forum_live.extra_streams:
        forum_live.extra_streams.append(access.staff_streams)


def announce_case(case: Case, actor: Member | None, from_state: str = "") -> list[NewEvent]:
    """Tells the queue that a case changed, and the staff board when it is or was there."""
    by = actor.pk if actor else None
    boards = _boards(case, {case.state, from_state})
    return [NewEvent(board, "case.changed", case.pk, version=case.version, actor=by) for board in boards]


def announce_gone(case: Case, handlers: frozenset[str], from_state: str) -> list[NewEvent]:
    """Tells the boards of those who handled a case until now that it is no longer theirs. Call once it is reserved."""
    before = _boards_of(handlers, {from_state})
    left = [board for board in before if board not in _boards(case, {case.state, from_state})]
    return [NewEvent(board, "case.changed", case.pk, version=case.version) for board in left]


def _boards(case: Case, states: set[str]) -> list[str]:
    """A stream's numbers are told to all who hear it: a case must not move those of people who may not learn of it."""
    return _boards_of(access.roles_that_handle(case), states)


def _boards_of(handlers: frozenset[str], states: set[str]) -> list[str]:
    if Role.MODERATOR in handlers:
        return [MODERATION, STAFF] if states & WITH_STAFFS else [MODERATION]
    return [STAFF] if Role.STAFF in handlers else [INDEPENDENT]


def tell_of_word(case: Case) -> NewEvent:
    """Whoever holds the case hears that somebody wrote to them in it."""
    return tell_member(case.holder_id or 0, "word.sent", case.pk, case.version)


def tell_reporters(case: Case) -> list[NewEvent]:
    """Those whose receipt may now read differently. A stage of it that they have not been told of becomes a notice."""
    told: dict[int, NewEvent] = {}
    for report in case.reports.exclude(reporter=None).order_by("pk"):
        report.case = case  # as it stands in this transaction
        reporter = report.reporter_id or 0
        told[reporter] = tell_member(reporter, "notice.changed", case.pk, case.version)
        if (stage := stage_of(report)) in _worth_telling(report):
            give_notice(reporter, OUTCOME, report.pk, state=stage, pressing=stage is Stage.UNANSWERED)
    return list(told.values())


def _worth_telling(report: Report) -> set[Stage]:
    """What the team noticed itself is its work. Who asked for somebody hears of the rest from that person."""
    if report.source == Source.NOTICED:
        return set()
    heard = {Stage.UNANSWERED, Stage.READ}
    return heard if report.door == Door.SELF else {*heard, Stage.DEALING, Stage.CLOSED}


def draw_cases(rows: Sequence[Row], language: str) -> dict[Row, Drawn]:
    """Cases as they are now, for the hub. A case that is not in the database is left out."""
    cases = {case.pk: case for case in Case.objects.filter(pk__in={ref for _noun, ref in rows})}
    facts = access.cases_facts(cases.values())
    return {
        row: Drawn(facts[row[1]], {"state": _frame(cases[row[1]]), "gone": _frame_of_gone(row[1])})
        for row in rows
        if row[1] in cases
    }


def case_sight(viewer: ViewerFacts, facts: CaseFacts) -> str | None:
    """A case that was reserved while somebody could see it goes from their boards. One reserved from its first moment was
    never on their stream, so nothing of it is ever said there.
    """
    if access.may_see_case(viewer, facts):
        return "state"
    could = facts.reserved_for != Reserved.NOBODY and access.may_see_case(viewer, replace(facts, reserved_for=""))
    return "gone" if could else None


def _frame_of_gone(case_id: int) -> dict[str, str | int]:
    """Nothing of how it is now, its version included."""
    return {"kind": "case.changed", "id": case_id, "version": 0, "state": "gone"}


def _frame(case: Case) -> dict[str, str | int]:
    return {"kind": "case.changed", "id": case.pk, "version": case.version, "state": case.state}
