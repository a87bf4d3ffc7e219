"""Who a page is drawn for. What many parts of a page ask about one person is read once, in two queries, and only when asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, overload

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from forum import access, panels
from forum.access import ViewerFacts
from forum.models import Member
from forum.prepared import Prepared, in_steps
from forum.requests import MemberRequest

Fact = Callable[[ViewerFacts], Combinable | None]


@dataclass(slots=True)
class Asked:
    """What one page's own questions name besides the viewer and the time."""

    place: str = ""  # of a draft
    skipped: Sequence[int] = ()  # posts that are not to be offered


FactOfPage = Callable[[ViewerFacts, Asked], Combinable]


class Onlooker:
    """One signed-in member and their page."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.also: dict[str, FactOfPage] = {}  # what one page asks of its own, to be read with the facts
        self.asked = Asked()

    @cached_property
    def viewer(self) -> ViewerFacts:
        """What decides their view (one query)."""
        return access.facts_of(self.member)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Every registered `panels.member_facts` by its name, all of them in one query."""
        shape, viewer = _Shape.of(self.viewer, self.also), self.viewer
        apart = map(in_steps, (viewer.own_blocks, viewer.blocked_by, viewer.mutes, self.asked.skipped))
        told = _FACTS.ask(shape, viewer.id, viewer.read_at, self.asked.place, *apart)
        return dict.fromkeys(shape.names) | (dict(zip(shape.names, told[0], strict=True)) if told else {})


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is asked, by name, and what of a viewer decides how it is put."""

    names: tuple[str, ...]
    role: str
    standing: str
    unread: frozenset[str]
    pressing: frozenset[str]
    facts: Mapping[str, Fact] = field(compare=False)
    also: Mapping[str, FactOfPage] = field(compare=False)

    @classmethod
    def of(cls, viewer: ViewerFacts, also: Mapping[str, FactOfPage]) -> "_Shape":
        names = (*panels.member_facts, *also)
        return cls(names, viewer.role, viewer.standing, viewer.unread, viewer.pressing, panels.member_facts, dict(also))


def _facts_of(
    shape: _Shape,
    member_id: int,
    now: datetime,
    place: str,
    own_blocks: Sequence[int],
    blocked_by: Sequence[int],
    mutes: Sequence[int],
    skipped: Sequence[int],
) -> QuerySet[Any, Any]:
    """What is not for this viewer is not asked, and is nothing. Who the viewer is stands in the shape and in these values alone:
    a fact that reads more of them is told the same of everybody.
    """
    viewer = ViewerFacts(
        member_id,
        shape.role,
        shape.standing,
        blocks=frozenset([*own_blocks, *blocked_by]),
        mutes=frozenset(mutes),
        own_blocks=frozenset(own_blocks),
        blocked_by=frozenset(blocked_by),
        unread=shape.unread,
        pressing=shape.pressing,
        read_at=now,
    )
    built = {name: build(viewer) for name, build in shape.facts.items()}
    built |= {name: build(viewer, Asked(place, skipped)) for name, build in shape.also.items()}
    asked = {name: fact or Value(None, IntegerField()) for name, fact in built.items()}
    return Member.objects.filter(pk=member_id).annotate(**asked).values_list(*asked)


_FACTS = Prepared(_facts_of)


@overload
def onlooker_of(request: MemberRequest) -> Onlooker: ...
@overload
def onlooker_of(request: HttpRequest) -> Onlooker | None: ...
def onlooker_of(request: HttpRequest) -> Onlooker | None:
    """The request's onlooker, the same one however often it is asked for; None for a stranger."""
    member = getattr(request, "user", None)  # a request refused before its session was opened has none
    if not isinstance(member, Member):
        return None
    known: Onlooker | None = getattr(request, "_onlooker", None)
    if known is None or known.member.pk != member.pk:  # somebody signed in or out within this request
        known = Onlooker(member)
        request._onlooker = known  # type: ignore[attr-defined]
    return known


def viewer_of(request: HttpRequest) -> ViewerFacts:
    """What decides this request's view; a stranger's is OUTSIDER."""
    onlooker = onlooker_of(request)
    return onlooker.viewer if onlooker else access.OUTSIDER


def count_of(rows: QuerySet[Any]) -> Combinable:
    """How many rows there are, as a fact for `panels.member_facts`."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def first_of(rows: QuerySet[Any], column: str) -> Combinable:
    """One column of the first row, or None, as a fact for `panels.member_facts`."""
    return Subquery(rows.values(column)[:1])
