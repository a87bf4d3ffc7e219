"""Which ladder is in force: the newest that two people agreed to, and the design's where nobody changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from moderation.clocks import LADDER, REPEAT, UP_FOR
from moderation.ladder import Ladder
from moderation.models import Case, EscalationSource, LadderRule, Report, RuleStage, Source

Key = tuple[str, str]
NONE = Ladder()


@dataclass(frozen=True, slots=True)
class Ladders:
    """All that are in force, read once for many cases."""

    by_key: Mapping[Key, Ladder]

    def of(self, case: Case, severity: str = "") -> Ladder:
        """Of a case as it is, or as it would be at another severity."""
        return self.by_key.get((source_of(case), severity or case.severity), NONE)


def in_force() -> Ladders:
    """In one query."""
    known = {key: Ladder(minutes, REPEAT, UP_FOR[key[1]]) for key, minutes in LADDER.items()}
    for rule in LadderRule.objects.filter(stage=RuleStage.AGREED).order_by("answered_at", "pk"):
        repeat, up_for = timedelta(minutes=rule.repeat_every), timedelta(minutes=rule.up_for)
        known[(rule.source, rule.severity)] = Ladder(rule.minutes, repeat, up_for)
    return Ladders(known)


def source_of(case: Case) -> str:
    """A case that screening alone raised climbs slowly, unless a person escalated it, reported too, or has taken it on:
    then somebody knew, and whoever let it lie is not the last to hear of it.
    """
    by_person = case.escalation_source == EscalationSource.HUMAN or case.first_looked_at is not None
    reported = by_person or case.reports.exclude(source=Source.SCREENING).exclude(Report.WAKES_NOBODY).exists()
    return EscalationSource.HUMAN if reported else EscalationSource.SCREENING


def minutes_of(key: Key) -> dict[str, int]:
    """What is in force for one ladder, part by part, in minutes."""
    ladder = in_force().by_key[key]
    spans = {"repeat_every": ladder.repeat, "up_for": ladder.up_for}
    minutes = {part: int(span.total_seconds() // 60) for part, span in spans.items()}
    return dict(zip(LadderRule.STEPS, ladder.minutes, strict=True)) | minutes
