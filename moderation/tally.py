"""What the team decided in the last quarter that is over, for everybody to read: rounded, and nothing of it, nor what is left
when it is subtracted, tells of fewer than eight (P7). Quarters do not overlap, and one at a time is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.charts import Bar, bars
from moderation.models import Appeal, AppealStage, Decision, DecisionKind, Kind
from moderation.models.appeal import ANSWERED
from moderation.screening_agreement import _quarter
from moderation.second_readings import ORDINARY
from moderation.small_cells import SMALL, published

__all__ = ["SMALL", "last_quarter"]

_OF_CASE = {f"case__{key}": value for key, value in ORDINARY.items()}
MEANS: Mapping[str, str | Promise] = {
    DecisionKind.NO_ACTION: gettext_lazy("Somebody read it, and nothing had to change."),
    DecisionKind.CONTENT_NOTE: gettext_lazy("It opens with a press, behind a few words about what it holds."),
    DecisionKind.REDACT: gettext_lazy("A few words were taken out of it. The rest stayed."),
    DecisionKind.FOLD: gettext_lazy("It was folded away, and its author could write it anew."),
    DecisionKind.LOCK: gettext_lazy("It stayed as it was, and nobody could reply to it any more."),
    DecisionKind.REMOVE: gettext_lazy("It was taken off the wall. Its author keeps a copy."),
    DecisionKind.RESTORE: gettext_lazy("It went on the wall, or back to it."),
    DecisionKind.ADVICE: gettext_lazy("Somebody wrote to a member, and nothing counts against them."),
    DecisionKind.WARNING: gettext_lazy("A member was told which rule it was about. It counts for a year."),
    DecisionKind.HOLD: gettext_lazy("A moderator read a member's words before they went on the wall, for a while."),
    DecisionKind.SLOW: gettext_lazy("A member could post less often for a while."),
    DecisionKind.PAUSE: gettext_lazy("A member could read and not post for a while."),
    DecisionKind.SUSPEND: gettext_lazy("A member could not come in for a while."),
    DecisionKind.BAN: gettext_lazy("A member cannot come back. Two people decide that together."),
    DecisionKind.STOP_POSTS: gettext_lazy("A member's new posts were stopped for an hour, while somebody looked."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `said` is empty where there were too few to say, or what is said would give away another."""

    name: str
    means: str | Promise
    said: str


@dataclass(frozen=True, slots=True)
class Tally:
    first: date
    end: date
    decisions: list[Line]
    decisions_in_all: str
    appeals: list[Line]
    appeals_in_all: str
    chart: SafeString | str

    @property
    def says_appeals(self) -> bool:
        return any(line.said for line in self.appeals)


def last_quarter(now: datetime | None = None) -> Tally:
    """Two queries."""
    first, end = _quarter(timezone.localtime(now or timezone.now()))
    made = Decision.objects.filter(
        made_at__gte=first, made_at__lt=end, decided_by__isnull=False, case_kind=Kind.CONDUCT
    )
    by_kind = dict(made.filter(**_OF_CASE).order_by().values_list("kind").annotate(n=Count("pk")))
    answered = Appeal.objects.filter(stage__in=ANSWERED, answered_at__gte=first, answered_at__lt=end, **_OF_CASE)
    by_stage = dict(answered.order_by().values_list("stage").annotate(n=Count("pk")))
    decided = published({kind: by_kind.get(kind, 0) for kind in DecisionKind.values})
    heard = published({stage: by_stage.get(stage, 0) for stage in ANSWERED})
    return Tally(
        first.date(),
        end.date(),
        [Line(capfirst(str(kind.label)), MEANS.get(kind, ""), _said(decided.cells[kind])) for kind in DecisionKind],
        _said(decided.total),
        [Line(capfirst(str(_APPEALS[stage])), "", _said(heard.cells[stage])) for stage in ANSWERED],
        _said(heard.total),
        _chart(decided.cells),
    )


def _said(count: int | None) -> str:
    return "" if count is None else _("about %(n)d") % {"n": count}


def _chart(cells: Mapping[str, int | None]) -> SafeString | str:
    shown = {kind: count for kind in DecisionKind if (count := cells[kind]) is not None}
    rows = [Bar(str(_SHORT.get(kind, kind.label)), count, _said(count)) for kind, count in shown.items()]
    return bars("decided", _("What was decided, as bars"), _("decisions, rounded to fives"), rows) if rows else ""


_APPEALS = {
    AppealStage.UPHELD: gettext_lazy("undone, because they were right"),
    AppealStage.REFUSED: gettext_lazy("looked at again, and left as it was"),
}
_SHORT: Mapping[str, str | Promise] = {
    DecisionKind.NO_ACTION: gettext_lazy("left"),
    DecisionKind.CONTENT_NOTE: gettext_lazy("noted"),
    DecisionKind.REDACT: gettext_lazy("cut"),
    DecisionKind.FOLD: gettext_lazy("folded"),
    DecisionKind.LOCK: gettext_lazy("locked"),
    DecisionKind.REMOVE: gettext_lazy("taken down"),
    DecisionKind.RESTORE: gettext_lazy("put back"),
    DecisionKind.ADVICE: gettext_lazy("advice"),
    DecisionKind.WARNING: gettext_lazy("warned"),
    DecisionKind.HOLD: gettext_lazy("read first"),
    DecisionKind.SLOW: gettext_lazy("slowed"),
    DecisionKind.PAUSE: gettext_lazy("paused"),
    DecisionKind.SUSPEND: gettext_lazy("suspended"),
    DecisionKind.BAN: gettext_lazy("banned"),
    DecisionKind.STOP_POSTS: gettext_lazy("stopped"),
}
