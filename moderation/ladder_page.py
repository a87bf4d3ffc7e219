"""The ladders as staff read them: sentences, the change that waits, and what was changed before. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation import ladder_rules
from moderation.clocks import LADDER_WISH
from moderation.ladder import Ladder
from moderation.ladder_rules import Key
from moderation.models import EscalationSource, LadderRule, RuleStage, Severity

NAMES: Mapping[Key, str | Promise] = {
    (EscalationSource.HUMAN, Severity.EMERGENCY): gettext_lazy("An emergency that a person told us of"),
    (EscalationSource.SCREENING, Severity.EMERGENCY): gettext_lazy("An emergency that screening alone noticed"),
    (EscalationSource.HUMAN, Severity.URGENT): gettext_lazy("Something urgent that a person told us of"),
}
LOG = 30  # changes shown


@dataclass(frozen=True, slots=True)
class Shown:
    """One ladder on the page."""

    key: str
    name: str
    lines: Sequence[str]
    waits: LadderRule | None
    would: Sequence[str]  # what the change that waits would make of it
    form: Any

    @property
    def open(self) -> bool:
        return bool(self.form.is_bound)


def read_ladders(forms: Mapping[Key, Any]) -> list[Shown]:
    """Those in force, each with the form that would change it."""
    known = ladder_rules.in_force().by_key
    since = timezone.now() - LADDER_WISH
    waiting = {
        (rule.source, rule.severity): rule
        for rule in LadderRule.objects.filter(stage=RuleStage.WAITING, proposed_at__gt=since).select_related(
            "proposed_by"
        )
    }
    return [_shown(key, known[key], waiting.get(key), forms[key]) for key in NAMES]


def read_changes() -> list[tuple[LadderRule, str | Promise, Sequence[str]]]:
    """The latest changes, agreed to or not, with what they would make of their ladder."""
    rules = LadderRule.objects.exclude(stage=RuleStage.WAITING).select_related("proposed_by", "answered_by")
    answered = rules.order_by("-answered_at", "-pk")[:LOG]
    return [(rule, NAMES[(rule.source, rule.severity)], lines_of(rule.minutes, *_spans(rule))) for rule in answered]


def lines_of(minutes: Sequence[int], repeat: int, up_for: int) -> list[str]:
    """A ladder as sentences, all in minutes."""
    first, second, team, contact = minutes
    return [
        _("At once: the first on call.") if not first else _("After %(n)s min: the first on call.") % {"n": first},
        _("After %(n)s min: the second on call.") % {"n": second},
        _("After %(n)s min: all staff.") % {"n": team},
        _("After %(n)s min: the organisation's emergency contact.") % {"n": contact},
        _("Then all of them again every %(n)s min, until somebody takes it.") % {"n": repeat},
        _("“I'm up” gives %(n)s min for a first step, in which nobody else is called.") % {"n": up_for},
    ]


def _spans(rule: LadderRule) -> tuple[int, int]:
    return rule.repeat_every, rule.up_for


def _shown(key: Key, ladder: Ladder, waits: LadderRule | None, form: Any) -> Shown:
    spans = [int(span.total_seconds() // 60) for span in (ladder.repeat, ladder.up_for)]
    return Shown(
        key=".".join(key),
        name=str(NAMES[key]),
        lines=lines_of(ladder.minutes, *spans),
        waits=waits,
        would=lines_of(waits.minutes, *_spans(waits)) if waits else (),
        form=form,
    )
