"""How often the team saw something where screening did: per rule, over the last quarter that is over, eight cases or nothing (P7).

A quarter, so that windows do not overlap and there is nothing to subtract. A low share is no fault of anybody's: it says
which rule to look at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from forum.models import Role
from moderation.models import (
    Case,
    CrisisRecord,
    Decision,
    DecisionKind,
    RecordKind,
    Report,
    Reserved,
    Source,
    State,
    Word,
)
from moderation.screening.catalogue import RULES
from moderation.statistics import SMALL, _about, _share
from moderation.wording import SCREENING_RULES


@dataclass(frozen=True, slots=True)
class Agreement:
    """One rule, in words that may be shown. One with too few cases has none: its name alone would say that there were some."""

    rule: str | Promise
    cases: str
    met: str  # how many of them the team met with a word, a record or a decision other than to leave it


@dataclass(frozen=True, slots=True)
class Quarter:
    """From its first day until the first day of the next."""

    first: date
    end: date
    rows: list[Agreement]


def agreement(now: datetime | None = None) -> Quarter:
    """Each rule that opened a case which was closed in that quarter, the most frequent first. Four queries."""
    first, end = _quarter(timezone.localtime(now or timezone.now()))
    opened = _opened_by_screening(first, end)
    met = _met(opened)
    cases = Counter(rule for rules in opened.values() for rule in rules)
    agreed = Counter(rule for case, rules in opened.items() if case in met for rule in rules)
    rows = [_row(rule, n, agreed[rule]) for rule, n in cases.most_common() if rule in RULES and n >= SMALL]
    return Quarter(first.date(), end.date(), rows)


def _row(rule: str, cases: int, agreed: int) -> Agreement:
    return Agreement(SCREENING_RULES.get(rule, rule), _about(cases), _share(agreed, cases))


def _opened_by_screening(first: datetime, end: datetime) -> dict[int, set[str]]:
    """The rules that spoke, by case: those whose first report was screening's. A case about the team stays out of it."""
    cases = Case.objects.filter(
        state=State.CLOSED,
        closed_at__gte=first,
        closed_at__lt=end,
        subject_role=Role.MEMBER,
        reserved_for=Reserved.NOBODY,
    )
    reports = (
        Report.objects.filter(case__in=cases).order_by("case_id", "pk").values_list("case_id", "source", "reasons")
    )
    firsts: dict[int, tuple[str, Any]] = {}
    for case, source, reasons in reports:
        firsts.setdefault(case, (source, reasons))
    return {case: _rules(reasons) for case, (source, reasons) in firsts.items() if source == Source.SCREENING}


def _rules(reasons: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(reason.get("rule", "")) for reason in reasons}


def _met(cases: Iterable[int]) -> set[int]:
    """In care a word or a record that is no "not a crisis"; anywhere a decision other than to leave it, which still stands."""
    ids = list(cases)
    decided = Decision.objects.filter(case__in=ids, undone_at=None).exclude(kind=DecisionKind.NO_ACTION)
    written = Word.objects.filter(case__in=ids, from_team=True)
    recorded = CrisisRecord.objects.filter(case__in=ids).exclude(kind=RecordKind.SHORT)
    return {case for rows in (decided, written, recorded) for case in rows.values_list("case_id", flat=True)}


def _quarter(local: datetime) -> tuple[datetime, datetime]:
    """The first moment of the last quarter that is over, and its end."""
    start = datetime(local.year, 3 * ((local.month - 1) // 3) + 1, 1, tzinfo=local.tzinfo)
    year, month = (start.year, start.month - 3) if start.month > 3 else (start.year - 1, 10)
    return datetime(year, month, 1, tzinfo=local.tzinfo), start
