"""Who stays with a person while their case waits for staff, and since when they have not written. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.clocks import STAY_SILENCE
from moderation.models import Case, State, Stay
from moderation.wording import how_long


@dataclass(frozen=True, slots=True)
class Staying:
    """Somebody stays with the person, or has stayed and cannot any longer."""

    stay: Stay
    wrote_at: datetime | None  # what they wrote last since they said so

    @property
    def goes_on(self) -> bool:
        return self.stay.ended_at is None

    @property
    def heard_at(self) -> datetime:
        return self.wrote_at or self.stay.since

    @property
    def words(self) -> str:
        """For the board, in a few words."""
        who = {"who": self.stay.member.handle}
        return _("%(who)s is staying with them") % who if self.goes_on else _("nobody is with them now")

    @property
    def sentence(self) -> str:
        """For the case's page: also since when nothing was written, so that nobody relies on somebody asleep."""
        who = {"who": self.stay.member.handle}
        if not self.goes_on:
            return _("%(who)s cannot stay any longer. Nobody is with them now.") % who
        words = _("%(who)s is staying with them.") % who
        silent = timezone.now() - self.heard_at
        if silent < STAY_SILENCE:
            return words
        return f"{words} " + _("The last word was %(span)s ago.") % {"span": how_long(silent)}


def going_on() -> QuerySet[Stay]:
    """The stays in force: of the escalation that waits now."""
    return of_now().filter(ended_at=None)


def of_now() -> QuerySet[Stay]:
    """Those of the escalation that waits now, ended or not. Once staff have taken it, they are there."""
    return Stay.objects.filter(case__state=State.ESCALATED, episode=F("case__episode"))


def stay_of(case: Case) -> Staying | None:
    return stays_of([case]).get(case.pk)


def stays_of(cases: Iterable[Case]) -> Mapping[int, Staying]:
    """By case, in one query."""
    waiting = [case.pk for case in cases if case.state == State.ESCALATED]
    if not waiting:
        return {}
    return {stay.case_id: Staying(stay, stay.wrote_at) for stay in with_words(of_now().filter(case__in=waiting))}  # type: ignore[attr-defined]


def with_words(stays: QuerySet[Stay]) -> QuerySet[Stay]:
    """Each with `wrote_at`: when its member last wrote to the person since they stayed."""
    theirs = Q(case__words__author=F("member"), case__words__sent_at__gte=F("since"))
    return stays.select_related("member").annotate(wrote_at=Max("case__words__sent_at", filter=theirs))
