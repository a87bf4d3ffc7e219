"""What the team's sockets hear of a case: its id and state, never a word, and nothing at all of one they may not see."""

from collections.abc import Sequence

from forum import live as forum_live
from forum.access import ViewerFacts
from forum.live import tell_member
from forum.models import Member, Role
from moderation import access
from moderation.models import Case
from moderation.vocabulary import WITH_STAFFS, CaseFacts
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


def _boards(case: Case, states: set[str]) -> list[str]:
    """A stream's numbers are told to all who hear it: a case must not move those of people who may not learn of it."""
    handlers = access.roles_that_handle(case)
    if Role.MODERATOR in handlers:
        return [MODERATION, STAFF] if states & WITH_STAFFS else [MODERATION]
    return [STAFF] if Role.STAFF in handlers else [INDEPENDENT]


def tell_reporters(case: Case) -> list[NewEvent]:
    """Those whose receipt may now read differently."""
    reporters = case.reports.exclude(reporter=None).order_by("reporter").values_list("reporter", flat=True).distinct()
    return [tell_member(reporter, "notice.changed", case.pk, case.version) for reporter in reporters]


def draw_cases(rows: Sequence[Row], language: str) -> dict[Row, Drawn]:
    """Cases as they are now, for the hub. A case that is not in the database is left out."""
    cases = {case.pk: case for case in Case.objects.filter(pk__in={ref for _noun, ref in rows})}
    facts = access.cases_facts(cases.values())
    return {row: Drawn(facts[row[1]], {"state": _frame(cases[row[1]])}) for row in rows if row[1] in cases}


def case_sight(viewer: ViewerFacts, facts: CaseFacts) -> str | None:
    return "state" if access.may_see_case(viewer, facts) else None


def _frame(case: Case) -> dict[str, str | int]:
    return {"kind": "case.changed", "id": case.pk, "version": case.version, "state": case.state}
