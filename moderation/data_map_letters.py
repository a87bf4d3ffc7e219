"""What is kept of those who tell the team something without an account, and of questions to those who told it something."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Blank, Entry, Tie
from moderation.models import State

TOLD = "door category about note whereabouts made_at settled_at"
ENTRIES = (
    Entry(
        "moderation.Letter",
        _("What was told to the team from outside, or about somebody of the team"),
        personal=TOLD,
        third_party="name reach",
        internal=(
            "sealed_for code_hash key reserved_for gathered rings_from rang_at placed_at report "
            "called_at called_again_at read_at why_aside opened_at"
        ),
        ties=[
            Tie(
                "sender",
                shows=f"id {TOLD}",
                ends=Blank(about="", note="", whereabouts=""),
                keeps="door category made_at settled_at",
                why=_("That somebody reported something, without who and without a word of it."),
                held=lambda member_id: Q(settled_at=None, report=None) | Q(report__isnull=False) & ~_closed(),
            ),
            Tie(
                "report__case__subject",
                ends=Blank(about="", note="", whereabouts="", name="", reach="", why_aside=""),
                keeps="door category made_at settled_at",
                why=_("That a report was made and read."),
                rule=_("Who told the team about somebody, and in what words, is never shown to them."),
                held=lambda member_id: ~_closed(),
            ),
            *(Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("read_by", "settled_by", "opened_by")),
        ],
        why=_("So that somebody could look into it."),
        until=_(
            "What was put aside goes after 90 days. Who wrote from outside goes 90 days after its case was closed."
        ),
    ),
    Entry(
        "moderation.LetterOpening",
        _("Who of the team has opened what was told from outside"),
        internal="letter what at",
        ties=[Tie("by", ends=STONE, rule=TEAM_RECORD.why)],
        why=_("So that it can be accounted for who read something in confidence."),
        until=_("As long as what was told is kept."),
    ),
    Entry(
        "moderation.ReportQuestion",
        _("What the team asked about what you told it, and your answer"),
        personal="report question asked_at answer answered_at",
        internal="letter",
        ties=[
            Tie(
                "report__reporter",
                shows="report_id question asked_at answer answered_at",
                ends=Blank(answer=""),
                keeps="report question asked_at answered_at",
                why=_("That somebody was asked and answered, without a word of it."),
                held=lambda member_id: ~Q(report__case__state=State.CLOSED),
            ),
            Tie(
                "letter__sender",
                shows="question asked_at answer answered_at",
                ends=Blank(answer=""),
                keeps="report question asked_at answered_at",
                why=_("That somebody was asked and answered, without a word of it."),
                held=lambda member_id: Q(letter__settled_at=None),
            ),
            Tie(
                "report__case__subject",
                ends=Blank(question="", answer=""),
                keeps="report asked_at answered_at",
                why=_("That a report was made and read."),
                rule=_("Who told the team about somebody, and in what words, is never shown to them."),
                held=lambda member_id: ~Q(report__case__state=State.CLOSED),
            ),
            Tie("asked_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that somebody who told us something could tell us more."),
        until=_("The words go when you leave, once no open case needs them."),
        labels={"report_id": _("Number of what you told us")},
    ),
)


def _closed() -> Q:
    return Q(report__case__state=State.CLOSED)
