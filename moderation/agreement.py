"""How often two people decide alike who read the same case: plain shares, per category, of the last month that is over.

Shown from 20 cases a month on, a category from eight, and no total, so that there is nothing to subtract (P7).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moderation import categories
from moderation.models import BlindReading, Door
from moderation.second_readings import ORDINARY
from moderation.statistics import SMALL, _about, _share

ENOUGH = 20  # readings in a month: the design


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """One row, in words that may be shown. A category with too few cases has none: its name alone would say that there were some."""

    category: str | Promise
    cases: str
    agreed: str


@dataclass(frozen=True, slots=True)
class MonthOfAgreement:
    """`missing` says in words how far it is from enough; then there are no rows."""

    first: date
    missing: str = ""
    rows: list[CategoryAgreement] = field(default_factory=list)


def last_month(now: datetime | None = None) -> MonthOfAgreement:
    """One query."""
    end = timezone.localtime(now or timezone.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = end.date() - timedelta(days=1)
    first = datetime(last.year, last.month, 1, tzinfo=end.tzinfo)
    read = BlindReading.objects.filter(answered_at__gte=first, answered_at__lt=end)
    of_all = read.filter(**{f"case__{key}": value for key, value in ORDINARY.items()})
    rows = list(of_all.order_by().values_list("category", "agreed"))
    if len(rows) < ENOUGH:
        return MonthOfAgreement(first.date(), missing=_missing(len(rows)))
    cases, agreed = Counter(each for each, _same in rows), Counter(each for each, same in rows if same)
    return MonthOfAgreement(
        first.date(),
        rows=[_row(each, n, agreed[each]) for each, n in sorted(cases.items(), key=_most) if n >= SMALL],
    )


def _row(category: str, cases: int, agreed: int) -> CategoryAgreement:
    return CategoryAgreement(categories.words_for(Door.RULE, category), _about(cases), _share(agreed, cases))


def _missing(read: int) -> str:
    if read >= 15:
        return _("A few more are missing before it can be said how often we agree.")
    if read >= SMALL:
        return _("About half of them are missing before it can be said how often we agree.")
    return _("Most of them are missing before it can be said how often we agree.")


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])
