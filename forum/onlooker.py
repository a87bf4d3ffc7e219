"""Who a page is drawn for. What many parts of a page ask about one person is read once, in two queries, and only when asked."""

from functools import cached_property
from typing import Any, overload

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from forum import access, panels
from forum.access import ViewerFacts
from forum.models import Member
from forum.requests import MemberRequest


class Onlooker:
    """One signed-in member and their page."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.also: dict[str, Combinable] = {}  # what one page asks of its own, to be read with the facts

    @cached_property
    def viewer(self) -> ViewerFacts:
        """What decides their view (one query)."""
        return access.facts_of(self.member)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Every registered `panels.member_facts` by its name, all of them in one query."""
        asked = {name: fact for name, build in panels.member_facts.items() if (fact := build(self.viewer)) is not None}
        asked |= self.also
        told = Member.objects.filter(pk=self.member.pk).values(**asked).first() if asked else None
        return dict.fromkeys(panels.member_facts) | (told or {})


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
