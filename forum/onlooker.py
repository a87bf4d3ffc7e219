"""Who a page is drawn for. What many parts of a page ask about one person is read once, in two queries, and only when asked."""

from collections.abc import Callable, Mapping
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
from forum.models import Member, Role, Standing
from forum.prepared import Prepared
from forum.requests import MemberRequest

Fact = Callable[[ViewerFacts], Combinable | None]


class Onlooker:
    """One signed-in member and their page."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.also: dict[str, Fact] = {}  # what one page asks of its own, to be read with the facts
        self.places: list[str] = []  # what is part of those questions besides the viewer's id and the time
        self.asks_more = False  # whether more is part of them

    @cached_property
    def viewer(self) -> ViewerFacts:
        """What decides their view (one query)."""
        return access.facts_of(self.member)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Every registered `panels.member_facts` by its name, all of them in one query."""
        builders, viewer = panels.member_facts | self.also, self.viewer
        shape = _Shape(tuple(builders), tuple(self.places), viewer.unread, viewer.pressing, builders)
        # A place that names a row, such as a reply's draft, is asked for once and not again: it is not worth keeping.
        kept = _is_plain(viewer) and not self.asks_more and all(map(str.isalpha, self.places))
        told = _FACTS.ask(shape, viewer.id, viewer.read_at) if kept else list(_row(viewer, shape))
        return dict.fromkeys(builders) | (dict(zip(builders, told[0], strict=True)) if told else {})


def _is_plain(viewer: ViewerFacts) -> bool:
    """Whether what is asked about them depends on nothing but who they are and what is unread: most people, mostly."""
    return viewer.role == Role.MEMBER and viewer.standing == Standing.ACTIVE and not (viewer.blocks or viewer.mutes)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is asked, by name. A page that puts something of its own into a question says so in its `places`."""

    names: tuple[str, ...]
    places: tuple[str, ...]
    unread: frozenset[str]
    pressing: frozenset[str]
    builders: Mapping[str, Fact] = field(compare=False)


def _facts_of(shape: _Shape, member_id: int, now: datetime) -> QuerySet[Any, Any]:
    return _row(ViewerFacts(member_id, unread=shape.unread, pressing=shape.pressing, read_at=now), shape)


def _row(viewer: ViewerFacts, shape: _Shape) -> QuerySet[Any, Any]:
    """What is not for this viewer is not asked, and is nothing."""
    asked = {name: build(viewer) or Value(None, IntegerField()) for name, build in shape.builders.items()}
    return Member.objects.filter(pk=viewer.id).annotate(**asked).values_list(*asked)


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
