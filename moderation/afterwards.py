"""What staff see of what came after: how many debriefs were taken, how people said it was. Totals; never who, never a ranking."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from moderation.models import CareChoice, Debrief, DebriefAnswer, HowCareWas
from moderation.statistics import SMALL

SPAN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Debriefs:
    """Of the last twelve months. They are staff's own work and few, so they stand as they are."""

    offered: int
    taken: int
    declined: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Said:
    """How it was for people, over twelve months; empty where fewer than eight have answered (P7)."""

    answers: int = 0
    choices: Sequence[tuple[str, int]] = ()
    words: Sequence[str] = ()


def debriefs(now: datetime | None = None) -> Debriefs:
    since = (now or timezone.now()) - SPAN
    rows = Debrief.objects.filter(offered_at__gt=since).order_by().values_list("answer").annotate(Count("pk"))
    count = Counter(dict(rows))
    waiting = count[DebriefAnswer.NONE] + count[DebriefAnswer.LATER]
    return Debriefs(sum(count.values()), count[DebriefAnswer.TAKEN], count[DebriefAnswer.DECLINED], waiting)


def said(now: datetime | None = None) -> Said:
    since = (now or timezone.now()) - SPAN
    rows = list(HowCareWas.objects.filter(said_at__gt=since).values_list("choice", "words"))
    if len(rows) < SMALL:
        return Said()
    count = Counter(choice for choice, _words in rows)
    words = sorted(
        (words for _choice, words in rows if words), key=lambda each: (len(each), each)
    )  # says nothing of who
    return Said(len(rows), [(str(choice.label), count[choice.value]) for choice in CareChoice], words)
