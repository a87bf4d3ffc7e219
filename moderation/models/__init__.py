"""Reports, cases, decisions, duty and the audit chain, in rows."""

from moderation.models.audit import AuditHead, CaseEvent, CaseEventWords
from moderation.models.case import Case, EscalationSource, Kind, LadderStep, Outcome, Severity, State
from moderation.models.decision import Decision, DecisionKind
from moderation.models.duty import Duty, DutyKind
from moderation.models.record import CrisisRecord, RecordKind
from moderation.models.report import Door, Report, Source
from moderation.models.word import Word

__all__ = [
    "AuditHead",
    "Case",
    "CaseEvent",
    "CaseEventWords",
    "CrisisRecord",
    "Decision",
    "DecisionKind",
    "Door",
    "Duty",
    "DutyKind",
    "EscalationSource",
    "Kind",
    "LadderStep",
    "Outcome",
    "RecordKind",
    "Report",
    "Severity",
    "Source",
    "State",
    "Word",
]
