"""The page of words that wait for a moderator and of obvious spam, read in a few queries. Nothing here writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise

from forum import holding
from forum.access import ViewerFacts
from forum.models import Status
from forum.models.post import place_of
from forum.places import later_than, parse_place
from moderation import aside, categories
from moderation.access import cases_visible_to
from moderation.actions.bulk import MOST
from moderation.models import Bulk, Case, Kind, Report, State

SPAM = frozenset({"spam"})
UNDO_FOR = timedelta(days=1)  # one press undoes one press for so long; each case for ever
WAITING = Q(state=State.OPEN)


@dataclass(frozen=True, slots=True)
class Item:
    """One post with its case, and why it is on this page."""

    case: Case
    why: list[str | Promise]
    held: bool
    spam: bool

    @property
    def token(self) -> str:
        """What the page sends back: the case, and the versions of it and of the words that stood here."""
        assert self.case.post is not None
        return f"{self.case.pk}:{self.case.version}:{self.case.post.version}"


def read_waiting(viewer: ViewerFacts, after: str = "") -> tuple[list[Item], str]:
    """Open conduct cases about words that wait or that were called spam, those due first, a page at a time; and where the
    next one begins, or "". What is put aside for this person is not among them. Two queries.
    """
    spam = Report.objects.filter(case=OuterRef("pk"), category__in=SPAM, withdrawn_at=None)
    cases = (
        Case.objects.filter(cases_visible_to(viewer), WAITING, kind=Kind.CONDUCT, post__isnull=False)
        .exclude(subject_id__in=viewer.own_blocks)
        .exclude(reports__reporter=viewer.id)
        .exclude(aside.put_aside_for(viewer.id))
        .filter(_beyond(after))
        .annotate(is_spam=Exists(spam))
        .filter(Q(post__status=Status.HELD) | Q(is_spam=True, post__status__in=(Status.VISIBLE, Status.FOLDED)))
        .select_related("subject", "post__author", "post__parent__author")
        .order_by("due_at", "pk")[: MOST + 1]
    )
    found = list(cases)
    shown, more = found[:MOST], len(found) > MOST
    whys = _whys(shown)
    last = shown[-1] if more else None
    return [_item(case, whys[case.pk]) for case in shown], place_of(
        last.due_at, last.pk
    ) if last and last.due_at else ""


def last_bulk(member_id: int) -> Bulk | None:
    """What this moderator's last press did, while one press can still take it back."""
    recent = Bulk.objects.filter(by=member_id, undone_at=None, made_at__gt=timezone.now() - UNDO_FOR)
    return recent.first()


def count_waiting(viewer: ViewerFacts) -> int:
    """How many words wait for somebody like this person."""
    waiting = Case.objects.filter(cases_visible_to(viewer), WAITING, post__status=Status.HELD)
    return waiting.exclude(aside.put_aside_for(viewer.id)).count()


def _beyond(after: str) -> Q:
    """By key, not by number: what is decided meanwhile moves nothing from one page to the next. A strange key is the top."""
    key = parse_place(after)
    return later_than(key, "due_at") if key else Q()


def _item(case: Case, why: list[str | Promise]) -> Item:
    assert case.post is not None
    held = case.post.status == Status.HELD
    return Item(case, [*_held_because(case), *why], held, spam=bool(getattr(case, "is_spam", False)))


def _held_because(case: Case) -> list[str | Promise]:
    return [holding.reasons[case.post.held_for]] if case.post and case.post.held_for in holding.reasons else []


def _whys(cases: Sequence[Case]) -> dict[int, list[str | Promise]]:
    told: dict[int, list[str | Promise]] = defaultdict(list)
    rows = (
        Report.objects.filter(case__in=cases, withdrawn_at=None)
        .order_by()
        .values_list("case_id", "door", "category")
        .distinct()
    )
    for case_id, door, category in rows:
        told[case_id].append(categories.words_for(door, category))
    return told
