"""Reports, cases, decisions, duty and the audit chain, in rows."""

from moderation.models.afterwards import CareChoice, Debrief, DebriefAnswer, HowCareWas
from moderation.models.appeal import Appeal, AppealKind, AppealStage, FrozenWords
from moderation.models.audit import AuditHead, CaseEvent, CaseEventWords
from moderation.models.blind import BlindNote, BlindReading
from moderation.models.bulk import Bulk
from moderation.models.by_hand import ByHand, Channel, WhoseWords
from moderation.models.caring import Signpost, StandingNote, Stay
from moderation.models.case import Case, EscalationSource, Kind, LadderStep, Outcome, Reserved, Severity, State
from moderation.models.decision import Decision, DecisionKind
from moderation.models.disclosure import Basis, Disclosure, DisclosureOpening, DisclosureStage, Purpose
from moderation.models.duty import Duty, DutyKind
from moderation.models.first_word import ChangeEnd, FirstWord, FirstWordChange
from moderation.models.guide import Guide, GuideChange, SealedFromView
from moderation.models.handover import HandOver, HandOverAnswer
from moderation.models.hold import HoldStage, LegalHold
from moderation.models.how import HowChoice, HowItWas
from moderation.models.incident import REGULATOR_ANSWERED, Incident, IncidentKind, IncidentLine, LineKind
from moderation.models.ladder import Acknowledgement, LadderCall, LadderRule, RuleStage
from moderation.models.lesson import Lesson, Reminder
from moderation.models.letter import Letter, LetterOpening
from moderation.models.looking import Looking
from moderation.models.moderator_care import CheckIn, DeclinedCategory, ModeratorCare, PutAside
from moderation.models.question import ReportQuestion
from moderation.models.reaching import Answer, Contact, ContactTried, HandOverSheet
from moderation.models.record import Agreed, CrisisRecord, RecordKind, RecordVersion, YesNo
from moderation.models.remembrance import FamilyWish, Remembrance, ToTell
from moderation.models.report import Door, Report, Source
from moderation.models.request import (
    BEFORE_DECISION,
    Asker,
    FileKind,
    OutsideRequest,
    RequestEvent,
    RequestField,
    RequestFile,
    RequestStep,
    Stage,
)
from moderation.models.rewrite import Rewrite, RewriteStage
from moderation.models.rota import (
    Rank,
    RotaChange,
    RotaEvent,
    RotaHoliday,
    RotaInstead,
    RotaMail,
    RotaSwap,
    RotaWeekly,
    SwapState,
    Weekday,
)
from moderation.models.rule import RuleChange, RuleEvent, RuleFamily, RuleSwitch, RuleWords
from moderation.models.sealed_code import SealedCode
from moderation.models.second import Proposal, SecondLook
from moderation.models.statement_text import StatementText
from moderation.models.unusual import Unusual, UnusualKind
from moderation.models.way import ContactWay, WayKind, WayPreset
from moderation.models.withheld import RecordWithheld
from moderation.models.word import Word, WordMail

__all__ = [
    "BEFORE_DECISION",
    "REGULATOR_ANSWERED",
    "Acknowledgement",
    "Agreed",
    "Answer",
    "Appeal",
    "AppealKind",
    "AppealStage",
    "Asker",
    "AuditHead",
    "Basis",
    "BlindNote",
    "BlindReading",
    "Bulk",
    "ByHand",
    "CareChoice",
    "Case",
    "CaseEvent",
    "CaseEventWords",
    "ChangeEnd",
    "Channel",
    "CheckIn",
    "Contact",
    "ContactTried",
    "ContactWay",
    "CrisisRecord",
    "Debrief",
    "DebriefAnswer",
    "Decision",
    "DecisionKind",
    "DeclinedCategory",
    "Disclosure",
    "DisclosureOpening",
    "DisclosureStage",
    "Door",
    "Duty",
    "DutyKind",
    "EscalationSource",
    "FamilyWish",
    "FileKind",
    "FirstWord",
    "FirstWordChange",
    "FrozenWords",
    "Guide",
    "GuideChange",
    "HandOver",
    "HandOverAnswer",
    "HandOverSheet",
    "HoldStage",
    "HowCareWas",
    "HowChoice",
    "HowItWas",
    "Incident",
    "IncidentKind",
    "IncidentLine",
    "Kind",
    "LadderCall",
    "LadderRule",
    "LadderStep",
    "LegalHold",
    "Lesson",
    "Letter",
    "LetterOpening",
    "LineKind",
    "Looking",
    "ModeratorCare",
    "Outcome",
    "OutsideRequest",
    "Proposal",
    "Purpose",
    "PutAside",
    "Rank",
    "RecordKind",
    "RecordVersion",
    "RecordWithheld",
    "Remembrance",
    "Reminder",
    "Report",
    "ReportQuestion",
    "RequestEvent",
    "RequestField",
    "RequestFile",
    "RequestStep",
    "Reserved",
    "Rewrite",
    "RewriteStage",
    "RotaChange",
    "RotaEvent",
    "RotaHoliday",
    "RotaInstead",
    "RotaMail",
    "RotaSwap",
    "RotaWeekly",
    "RuleChange",
    "RuleEvent",
    "RuleFamily",
    "RuleStage",
    "RuleSwitch",
    "RuleWords",
    "SealedCode",
    "SealedFromView",
    "SecondLook",
    "Severity",
    "Signpost",
    "Source",
    "Stage",
    "StandingNote",
    "State",
    "StatementText",
    "Stay",
    "SwapState",
    "ToTell",
    "Unusual",
    "UnusualKind",
    "WayKind",
    "WayPreset",
    "Weekday",
    "WhoseWords",
    "Word",
    "WordMail",
    "YesNo",
]
