"""Reports, cases, decisions, duty and the audit chain, in rows."""

from moderation.models.appeal import Appeal, AppealKind, AppealStage, FrozenWords
from moderation.models.audit import AuditHead, CaseEvent, CaseEventWords
from moderation.models.blind import BlindNote, BlindReading
from moderation.models.bulk import Bulk
from moderation.models.caring import Signpost, StandingNote, Stay
from moderation.models.case import Case, EscalationSource, Kind, LadderStep, Outcome, Reserved, Severity, State
from moderation.models.decision import Decision, DecisionKind
from moderation.models.duty import Duty, DutyKind
from moderation.models.how import HowChoice, HowItWas
from moderation.models.letter import Letter, LetterOpening
from moderation.models.looking import Looking
from moderation.models.moderator_care import CheckIn, DeclinedCategory, ModeratorCare, PutAside
from moderation.models.question import ReportQuestion
from moderation.models.record import CrisisRecord, RecordKind
from moderation.models.report import Door, Report, Source
from moderation.models.rewrite import Rewrite, RewriteStage
from moderation.models.rule import RuleChange, RuleEvent, RuleFamily, RuleSwitch, RuleWords
from moderation.models.second import Proposal, SecondLook
from moderation.models.statement_text import StatementText
from moderation.models.word import Word

__all__ = [
    "Appeal",
    "AppealKind",
    "AppealStage",
    "AuditHead",
    "BlindNote",
    "BlindReading",
    "Bulk",
    "Case",
    "CaseEvent",
    "CaseEventWords",
    "CheckIn",
    "CrisisRecord",
    "Decision",
    "DecisionKind",
    "DeclinedCategory",
    "Door",
    "Duty",
    "DutyKind",
    "EscalationSource",
    "FrozenWords",
    "HowChoice",
    "HowItWas",
    "Kind",
    "LadderStep",
    "Letter",
    "LetterOpening",
    "Looking",
    "ModeratorCare",
    "Outcome",
    "Proposal",
    "PutAside",
    "RecordKind",
    "Report",
    "ReportQuestion",
    "Reserved",
    "Rewrite",
    "RewriteStage",
    "RuleChange",
    "RuleEvent",
    "RuleFamily",
    "RuleSwitch",
    "RuleWords",
    "SecondLook",
    "Severity",
    "Signpost",
    "Source",
    "StandingNote",
    "State",
    "StatementText",
    "Stay",
    "Word",
]
