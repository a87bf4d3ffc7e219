"""How members found it to be told of decisions: whole months that are over, and only where eight or more have answered (P7)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from moderation.models import HowChoice, HowItWas
from moderation.small_cells import published
from moderation.statistics import _about

MONTHS = 6  # shown


@dataclass(frozen=True, slots=True)
class Month:
    """One row, in words that may be shown; empty but for its first day where too few have answered. Counts and no shares: a share
    and a rounded number together can tell the number.
    """

    first: date
    told: bool = False  # something can be said
    answers: str = ""
    chosen: list[str] = field(default_factory=list)  # in the order of the choices
    words: list[str] = field(default_factory=list)  # in an order that says nothing

    @property
    def labelled(self) -> list[tuple[str, str]]:
        return list(zip(self.chosen, map(str, HowChoice.labels), strict=True))


def months(now: datetime | None = None) -> list[Month]:
    """The last months that are over, the newest first. One query."""
    firsts = _firsts(timezone.localtime(now or timezone.now()))
    said = HowItWas.objects.filter(said_at__gte=firsts[-1], said_at__lt=firsts[0]).values_list(
        "said_at", "choice", "words"
    )
    by_month: dict[date, list[tuple[str, str]]] = {}
    for at, choice, words in said:
        by_month.setdefault(timezone.localtime(at).date().replace(day=1), []).append((choice, words))
    return [_month(first.date(), by_month.get(first.date(), [])) for first in firsts[1:]]


def _month(first: date, said: list[tuple[str, str]]) -> Month:
    counted = Counter(choice for choice, _words in said)
    told = published({choice: counted[choice] for choice in HowChoice.values})
    if not told.says_something:
        return Month(first)
    chosen = [_said(told.cells[choice]) for choice in HowChoice.values]
    words = sorted((words for _choice, words in said if words), key=lambda each: (len(each), each))
    return Month(first, True, _said(told.total), chosen, words)


def _said(count: int | None) -> str:
    return "" if count is None else _about(count)


def _firsts(local: datetime) -> list[datetime]:
    """The first moments of this month and of those before it."""
    year, month, found = local.year, local.month, []
    for _each in range(MONTHS + 1):
        found.append(datetime(year, month, 1, tzinfo=local.tzinfo))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found
