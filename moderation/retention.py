"""The team's classes of data in realtime.retention, and what of the team's no date ends."""

from datetime import timedelta

from forum.data_rights import unless_held
from forum.retention import IN_USE, TEAM_FOR_GOOD, WITH_ACCOUNT
from moderation import clocks, unusual
from moderation.actions import request_files
from moderation.models import (
    Appeal,
    BlindNote,
    BlindReading,
    CheckIn,
    FrozenWords,
    Letter,
    Looking,
    OutsideRequest,
    RequestFile,
    State,
    Unusual,
)  # fmt: skip
from moderation.models.appeal import UNANSWERED
from realtime.retention import MINUTE, Period, Rows, lasting, register

NAMES_KEPT = timedelta(days=6 * 365)  # ours: as long as a claim may be brought, in England and Wales
NAMES = {"name": "", "reach": "", "about_words": "", "asked": "", "leave_out": "", "spoke_with": ""}

WITH_CASE = (
    "The report file: the words go with the account, within a day, once no open case and no legal hold needs them. That something "
    "was done or decided, and when, stays for good"
)
WITH_TOLD = "As long as what was told is kept, in the case that it led to"
WITH_REMEMBERED = "As long as the account of somebody who has died is kept"


def register_all() -> None:
    """Called once, when the app is ready."""
    register(*OF_LETTERS, *OF_DECISIONS, *OF_REQUESTS, *OF_TEAM)
    lasting(
        WITH_CASE,
        "moderation.Report", "moderation.Case", "moderation.CaseEventWords", "moderation.Decision", "moderation.Word",
        "moderation.CrisisRecord", "moderation.RecordVersion", "moderation.ContactTried", "moderation.HandOverSheet",
        "moderation.RecordWithheld", "moderation.ReportQuestion", "moderation.Proposal", "moderation.SecondLook",
        "moderation.Appeal", "moderation.Rewrite", "moderation.Disclosure", "moderation.LegalHold", "moderation.Stay",
        "moderation.SealedFromView", "moderation.PutAside",
    )  # fmt: skip
    lasting(
        WITH_ACCOUNT,
        "moderation.Signpost", "moderation.StandingNote", "moderation.WordMail", "moderation.Debrief", "moderation.HowCareWas",
        "moderation.HowItWas", "moderation.ModeratorCare", "moderation.DeclinedCategory", "moderation.SealedCode",
        "moderation.ContactWay", "moderation.Duty",
    )  # fmt: skip
    lasting(WITH_TOLD, "moderation.ByHand", "moderation.LetterOpening")
    lasting(WITH_REMEMBERED, "moderation.Remembrance", "moderation.ToTell", "moderation.FamilyWish")
    lasting(IN_USE, "moderation.FirstWordChange", "moderation.Guide", "moderation.GuideChange")
    lasting(
        TEAM_FOR_GOOD,
        "moderation.CaseEvent", "moderation.DisclosureOpening", "moderation.LadderRule", "moderation.LadderCall",
        "moderation.Acknowledgement", "moderation.HandOver", "moderation.RuleWords", "moderation.RuleSwitch",
        "moderation.RuleEvent", "moderation.RotaWeekly", "moderation.RotaInstead", "moderation.RotaSwap",
        "moderation.RotaHoliday", "moderation.RotaEvent", "moderation.RequestField", "moderation.RequestEvent",
        "moderation.Incident", "moderation.IncidentLine", "moderation.Lesson", "moderation.Bulk",
    )  # fmt: skip


def unless_needed(rows: Rows) -> Rows:
    """Without those that an appeal waits for or a hold keeps."""
    waiting = Appeal.objects.filter(stage__in=UNANSWERED, decision__isnull=False).values("decision")
    return unless_held(rows.exclude(decision__in=waiting), "decision__subject")


def unless_subject_held(rows: Rows) -> Rows:
    """Without those in a case about somebody of whom a hold keeps everything: who told of it is a witness."""
    return unless_held(rows, "report__case__subject")


OF_LETTERS = (
    Period(
        "letters", "moderation.Letter", "What was told from outside and put aside", clocks.LETTERS_KEPT, "it was put aside",
        Letter.objects.filter(report=None).all, "settled_at",
    ),
    Period(
        "letter_names", "moderation.Letter", "Who told the team something from outside: sealed", clocks.LETTERS_KEPT,
        "its case was closed",
        Letter.objects.filter(report__case__state=State.CLOSED).exclude(name="", reach="").all, "report__case__closed_at",
        blanks={"name": "", "reach": ""}, delayed=unless_subject_held,
        delays="the case is opened again, or a legal hold on whom it is about is in force",
    ),
)  # fmt: skip
OF_DECISIONS = (
    Period(
        "frozen_words", "moderation.FrozenWords", "Words as they stood when something was decided about them",
        clocks.APPEAL_WITHIN, "the decision", FrozenWords.objects.all, "until", from_end=True, delayed=unless_needed,
        delays="an appeal waits for its answer, or a legal hold is in force", every=MINUTE,
    ),
    Period(
        "blind_unread", "moderation.BlindReading", "That a decision was to be read a second time, and nobody did",
        clocks.BLIND_WAITS, "it was chosen", BlindReading.objects.filter(answered_at=None, reader=None).all, "chosen_at",
        every=MINUTE,
    ),
    Period(
        "blind_notes", "moderation.BlindNote", "What the two who read the same decision wrote to each other",
        clocks.BLIND_WORDS_KEPT, "the second reading", BlindNote.objects.all, "reading__answered_at", every=MINUTE,
    ),
    Period(
        "blind_words", "moderation.BlindReading", "The words of a second reading; that the two agreed or not stays",
        clocks.BLIND_WORDS_KEPT, "the second reading", BlindReading.objects.exclude(words="").all, "answered_at",
        blanks={"words": ""}, every=MINUTE,
    ),
)  # fmt: skip
OF_REQUESTS = (
    Period(
        "request_names", "moderation.OutsideRequest",
        "Who asked the team about somebody, and what they said; what was decided stays", NAMES_KEPT, "it was closed",
        OutsideRequest.objects.exclude(**NAMES).all, "closed_at", blanks=NAMES,
    ),
    Period(
        "request_files", "moderation.RequestFile", "A file made for somebody who asked, not taken: sealed",
        request_files.KEPT, "it was made; at once when it is taken", RequestFile.objects.filter(archive__isnull=False).all,
        "expires_at", from_end=True, blanks={"archive": None}, every=MINUTE,
    ),
)  # fmt: skip
OF_TEAM = (
    Period(
        "looking", "moderation.Looking", "Which of the team has a case open", clocks.LOOKING_FOR,
        "their page last said so", Looking.objects.all, "at", every=MINUTE,
    ),
    Period(
        "unusual", "moderation.Unusual", "That somebody told of many people or read many cases, or that many joined",
        unusual.KEPT, "the hour in which it was", Unusual.objects.all, "hour",
    ),
    Period(
        "hellos", "moderation.CheckIn", "That somebody of the team was asked to say hello to another", clocks.HELLO_FOR,
        "it was asked", CheckIn.objects.all, "asked_at",
    ),
)  # fmt: skip
