"""What the team knows of a member from before, of the case's own kind alone: conduct never stands beside care.

A page of it costs the same queries however much there is. Nothing here writes.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from forum.models import Member, Post, Standing
from forum.sessions import last_used
from moderation.access import cases_visible_to
from moderation.clocks import STRIKES_FOR
from moderation.models import Case, CrisisRecord, Decision, Kind, RecordKind, State
from moderation.strikes import strikes_of
from moderation.vocabulary import IN_FAVOUR
from moderation.wording import headline, how_long

FEW = 2  # lines that say the same, before they are gathered
SHOWN = 8  # earlier cases: enough to see how it has been, few enough to read
MONTH, YEAR = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Earlier:
    """One case from before: what it came to, and what was written down of what helped."""

    case: Case
    decisions: Sequence[Decision] = ()
    records: Sequence[CrisisRecord] = ()

    @property
    def headline(self) -> str:
        return headline(self.case)

    @property
    def says(self) -> tuple[Any, ...]:
        return self.headline, self.case.severity, self.case.outcome, tuple(each.kind for each in self.decisions)


@dataclass(frozen=True, slots=True)
class Alike:
    """Lines that say the same: the newest stands, and where there are more than two the others wait behind a press."""

    newest: Any
    others: Sequence[Any] = ()


def gathered(lines: Sequence[Any], said: Callable[[Any], Hashable]) -> list[Alike]:
    """In the order of the newest of each. `said` is what a line says, besides when."""
    alike: dict[Hashable, list[Any]] = {}
    for line in lines:
        alike.setdefault(said(line), []).append(line)
    return [
        each
        for group in alike.values()
        for each in ([Alike(group[0], group[1:])] if len(group) > FEW else [Alike(line) for line in group])
    ]


@dataclass(frozen=True, slots=True)
class History:
    """`decisions` are those in force in this place; `counts` marks those held against the member, all within a year."""

    here_for: str
    seen: str
    standing: str  # what the team has decided about them, on pages about conduct; "" where they are as everybody
    until: datetime | None
    wall_is_closed: bool
    decisions: Sequence[Decision]
    cases: Sequence[Earlier]
    more: bool

    @property
    def decisions_alike(self) -> list[Alike]:
        return gathered(self.decisions, lambda each: (each.kind, each.rule == Decision.SAFETY, each.counts))

    @property
    def cases_alike(self) -> list[Alike]:
        """What was written down of a case is its own line, and one that goes on stands by itself."""
        return gathered(self.cases, lambda each: each.case.pk if each.records or each.case.is_live else each.says)


def read_history(case: Case, viewer: ViewerFacts, now: datetime | None = None) -> History:
    """What this person may know of the member's earlier cases of this kind, and roughly how they are here."""
    now = now or timezone.now()
    member, care = case.subject, case.kind == Kind.CARE
    earlier = list(_earlier(case, viewer, now)[: SHOWN + 1])
    by_the_team = not care and member.current_standing in BY_THE_TEAM
    return History(
        here_for=span_words(now - member.joined_at),
        seen=seen_words(last_used(member) or _last_wrote(member), now),
        standing=str(Standing(member.current_standing).label) if by_the_team else "",
        until=member.current_until if by_the_team else None,
        wall_is_closed=member.current_standing in CLOSED_TO_THEM,
        decisions=[] if care else list(decisions_in_force(member, viewer, now).exclude(case=case)),
        cases=[_told(each, care=care) for each in earlier[:SHOWN]],
        more=len(earlier) > SHOWN,
    )


def decisions_in_force(member: Member, viewer: ViewerFacts, now: datetime | None = None) -> QuerySet[Decision]:
    """What was decided about this member's conduct in the last year and stands, newest first, without its statements.

    Each has `counts`: whether it is a strike (moderation/strikes.py). Older ones have lapsed and are in none of this.
    """
    now = now or timezone.now()
    counts = Exists(strikes_of(member, now).filter(pk=OuterRef("pk")))
    standing = Decision.objects.filter(
        subject=member, case_kind=Kind.CONDUCT, undone_at=None, made_at__gt=now - STRIKES_FOR, case__in=_seen_by(viewer)
    )
    found = standing.exclude(kind__in=IN_FAVOUR).annotate(counts=counts)
    return found.select_related("post").defer("statement", "before").order_by("-made_at", "-pk")


BY_THE_TEAM = frozenset({Standing.SLOWED, Standing.PAUSED, Standing.SUSPENDED, Standing.BANNED})
CLOSED_TO_THEM = frozenset({Standing.SUSPENDED, Standing.BANNED, Standing.ON_BREAK, Standing.DEACTIVATED})


def _seen_by(viewer: ViewerFacts) -> QuerySet[Case]:
    return Case.objects.filter(cases_visible_to(viewer))


def _earlier(case: Case, viewer: ViewerFacts, now: datetime) -> QuerySet[Case]:
    """Other cases about the same person of the same kind. About conduct those of a year, for older ones count for nothing."""
    others = _seen_by(viewer).filter(subject=case.subject, kind=case.kind).exclude(pk=case.pk)
    if case.kind == Kind.CONDUCT:
        others = others.filter(~Q(state=State.CLOSED) | Q(closed_at__gt=now - STRIKES_FOR))
        decided = Decision.objects.filter(undone_at=None).defer("statement", "before")
        others = others.prefetch_related(Prefetch("decisions", decided, to_attr="decided"))
    else:
        written = CrisisRecord.objects.filter(kind=RecordKind.FULL).select_related("by")
        others = others.prefetch_related(Prefetch("records", written, to_attr="written"))
    return others.select_related("post", "subject").order_by("-opened_at", "-pk")


def _last_wrote(member: Member) -> datetime | None:
    """When their newest words came: for somebody whose visits are not known any more."""
    return Post.objects.filter(author=member).aggregate(last=Max("created_at"))["last"]


def _told(case: Case, *, care: bool) -> Earlier:
    return Earlier(case, records=getattr(case, "written", ())) if care else Earlier(case, getattr(case, "decided", ()))


def span_words(span: timedelta) -> str:
    """How long somebody has been here, in days, months or years."""
    if span < 2 * MONTH:
        return how_long(span)
    if span < 2 * YEAR:
        return _("%(n)d months") % {"n": span // MONTH}
    return _("%(n)d years") % {"n": span // YEAR}


def seen_words(when: datetime | None, now: datetime) -> str:
    """When somebody was last here, no nearer than anybody needs to know it."""
    if when is None:
        return _("not known")
    if now - when > 2 * MONTH:
        return _("not for a long while")
    if now - when < timedelta(days=1):
        return _("within the last day")
    if now - when < timedelta(days=7):
        return _("within the last week")
    return _("within the last month") if now - when < MONTH else _("more than a month ago")
