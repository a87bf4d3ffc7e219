"""What is kept of steps against a member that take a second person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Blank, Entry, Tie, worn
from moderation.models import State

SO_LONG = _("The words go when you leave, once no open case needs them. That something was decided, and when, stays.")
NOT_SHOWN = _("The team's own notes. Ask for them: a person reads them first, so that nobody else's words go out.")


def in_live_case(member_id: int) -> Q:
    return ~Q(case__state=State.CLOSED)


def in_live_case_of_decision(member_id: int) -> Q:
    return ~Q(decision__case__state=State.CLOSED)


ENTRIES = (
    Entry(
        "moderation.Proposal",
        _("Bans that somebody of the team proposed"),
        internal=(
            "case case_kind proposed_at rule rules_version statement post post_version answered_at reason decision"
        ),
        ties=[
            Tie("subject", ends=Blank(statement="", reason=worn("reason")), rule=NOT_SHOWN, held=in_live_case),
            Tie("proposed_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("answered_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that nobody is shut out by one person alone."),
        until=SO_LONG,
    ),
    Entry(
        "moderation.SecondLook",
        _("That another person of the team looked at what was decided"),
        internal="decision due_at looked_at agrees reason kept_at kept_because reminded_at",
        ties=[
            Tie(
                "decision__subject",
                ends=Blank(reason=worn("reason"), kept_because=worn("kept_because")),
                rule=NOT_SHOWN,
                held=in_live_case_of_decision,
            ),
            *(
                Tie(link, ends=STONE, rule=TEAM_RECORD.why)
                for link in ("decided_by", "confirmed_by", "looked_by", "kept_by")
            ),
        ],
        why=_("So that a mistake is seen within a day."),
        until=SO_LONG,
    ),
)
