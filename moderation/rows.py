"""One line of a queue: what a case is about, who told us, what is due, who holds it and who is reading it. Nothing here writes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import ViewerFacts
from forum.models import Notice
from forum.models.post import place_of
from moderation import access, categories, looking, wording
from moderation.models import Case, Report, Source, State
from moderation.notices import HANDED
from moderation.resting import when_words
from moderation.staying import Staying, stays_of
from moderation.vocabulary import CaseFacts
from moderation.workflow import why_not


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue."""

    case: Case
    headline: str
    about: str
    due: str
    late: bool
    held: str
    mine: bool
    offered: bool
    handed: bool  # by a colleague, and not opened yet
    looking: str  # who else has it open, or ""
    rests: str  # until when, or ""
    staying: Staying | None  # who is with the person while it waits for staff, or was
    may_claim: bool
    proposed: bool = False  # a ban waits for its second person

    @property
    def order(self) -> str:
        """Where it stands in a queue, as text that sorts in the queue's order."""
        return order_of(self.case)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read for all the cases of a page together."""

    viewer: ViewerFacts
    now: datetime
    reports: Mapping[int, Sequence[Report]]
    facts: Mapping[int, CaseFacts]
    looking: Mapping[int, Sequence[str]]
    handed: frozenset[int]
    stays: Mapping[int, Staying]


def rows_of(cases: Sequence[Case], viewer: ViewerFacts) -> list[Row]:
    """In the same few queries however many there are."""
    if not cases:
        return []
    reports: dict[int, list[Report]] = defaultdict(list)
    for report in Report.objects.filter(case__in=cases).defer("snapshot", "note").order_by("made_at", "id"):
        reports[report.case_id].append(report)
    handed = Notice.objects.filter(
        member=viewer.id, kind=HANDED, read_at=None, ref__in=[case.pk for case in cases]
    ).values_list("ref", flat=True)
    known = _Known(
        viewer,
        timezone.now(),
        reports,
        access.cases_facts(cases),
        looking.who_looks(cases, besides=viewer.id),
        frozenset(handed),
        stays_of(cases),
    )
    return [_row(case, known) for case in cases]


def order_of(case: Case) -> str:
    return f"{case.place or 0}.{place_of(case.order_at, case.pk)}"


def _row(case: Case, known: _Known) -> Row:
    clock, viewer = wording.clock_of(case), known.viewer
    return Row(
        case=case,
        headline=wording.headline(case),
        about=_about(known.reports.get(case.pk, ())),
        due=_waits(case, known.now) or wording.due_words(clock, known.now),
        late=clock is not None and clock <= known.now,
        held=_held(case, viewer),
        mine=case.holder_id == viewer.id,
        offered=case.offered_to_id == viewer.id,
        handed=case.pk in known.handed,
        looking=looking.reading_words(known.looking.get(case.pk, ())),
        rests=when_words(case.asks_again_at) if case.asks_again_at else "",
        staying=known.stays.get(case.pk),
        may_claim=not why_not("claim", known.facts[case.pk], viewer),
        proposed=known.facts[case.pk].proposed_by is not None,
    )


def _waits(case: Case, now: datetime) -> str:
    """An escalated case has no clock of its own: the ladder runs, and how long it has waited is what matters."""
    if case.state == State.CLOSED and case.closed_at:
        return _("%(span)s ago") % {"span": wording.how_long(now - case.closed_at)}
    if case.state != State.ESCALATED or case.escalated_at is None:
        return ""
    return _("waits %(span)s") % {"span": wording.how_long(now - case.escalated_at)}


def _about(reports: Sequence[Report]) -> str:
    """Who told us, and of what: people by number and never by name."""
    people = len(
        {each.reporter_id or f"outside {each.pk}" for each in reports if each.source in (Source.MEMBER, Source.OUTSIDE)}
    )
    parts = [_("%(n)d person") % {"n": people} if people == 1 else _("%(n)d people") % {"n": people}] if people else []
    parts += [str(label) for source, label in _SOURCES.items() if any(each.source == source for each in reports)]
    noticed = wording.noticed_words([reason for each in reports for reason in each.reasons])
    words = dict.fromkeys(
        str(categories.words_for(each.door, each.category)) for each in reports if each.source != Source.SCREENING
    )
    told = [*words, *([_("screening: %(rules)s") % {"rules": noticed}] if noticed else [])]
    return ": ".join(filter(None, [", ".join(parts), " · ".join(told[:3])]))


_SOURCES = {
    Source.SELF: gettext_lazy("they asked themselves"),
    Source.NOTICED: gettext_lazy("noticed by the team"),
    Source.STAFF: gettext_lazy("told to staff"),
}


def _held(case: Case, viewer: ViewerFacts) -> str:
    if case.state == State.CLOSED and case.closed_by:
        closed = _("you closed it") if case.closed_by_id == viewer.id else _("%(handle)s closed it")
        return closed % {"handle": case.closed_by.handle}
    if case.holder is None:
        return _("nobody yet")
    if case.holder_id == viewer.id:
        return _("you hold it")
    if case.state == State.WITH_STAFF:
        return _("%(handle)s, for staff") % {"handle": case.holder.handle}
    return _("%(handle)s is on it") % {"handle": case.holder.handle}
