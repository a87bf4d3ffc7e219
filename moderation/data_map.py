"""What moderation keeps of people: its entries in the registry of forum.data_rights.

Words in a live case wait until it is closed. Then they go, and the fact of what was decided stays: the audit chain is over
digests, and the words and their salt lie in rows of their own (moderation/models/audit.py).
"""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum import data_rights
from forum.data_rights import DELETE, STONE, TEAM_RECORD, Blank, Entry, Keep, Tie, about_nobody, register
from forum.models import Member
from moderation import (
    data_map_appeals,
    data_map_care,
    data_map_consistency,
    data_map_disclosure,
    data_map_held,
    data_map_ladder,
    data_map_letters,
    data_map_members,
    data_map_outside,
    data_map_queue,
    data_map_record,
    data_map_rota,
    data_map_rules,
    data_map_talk,
    data_map_team,
    data_map_wall,
    data_map_ways,
    data_map_words,
    keeping,
)
from moderation.models import Case, Kind, Source, State
from moderation.vocabulary import ROUSING

SO_LONG = _("The words go when you leave, once no open case needs them. That something was decided, and when, stays.")
NOT_SHOWN = _("The team's own notes. Ask for them: a person reads them first, so that nobody else's words go out.")
FACTS = Keep(_("That somebody looked, what was done and when is accounted for, without a word of yours."))


def register_all() -> None:
    register(*data_map_care.ENTRIES)
    register(*data_map_talk.ENTRIES)
    register(*data_map_disclosure.ENTRIES)
    register(*data_map_team.ENTRIES)
    register(*data_map_ladder.ENTRIES)
    register(*data_map_record.ENTRIES)
    register(*data_map_ways.ENTRIES)
    register(*data_map_rules.ENTRIES)
    register(*data_map_wall.ENTRIES)
    register(*data_map_rota.ENTRIES)
    data_map_rota.register_nobodys()
    register(*data_map_consistency.ENTRIES)
    data_map_outside.register_outside()
    register(
        *REPORTS,
        *CASES,
        *TALK,
        *TEAM,
        *data_map_queue.ENTRIES,
        *data_map_held.ENTRIES,
        *data_map_letters.ENTRIES,
        *data_map_members.ENTRIES,
        *data_map_appeals.APPEALS,
        *data_map_words.ENTRIES,
    )
    about_nobody("moderation.FirstWord")
    about_nobody("moderation.AuditHead", "moderation.LadderStep", "moderation.StatementText")
    data_rights.danger_checks.append(is_in_danger)
    data_rights.leaving_gates.append(why_not_leave)


def why_not_leave(member: Member) -> str:
    """Whoever looks after a case gives it back first: the person it is about would wait for nobody."""
    if not Case.objects.filter(holder=member).exists():
        return ""
    return gettext("You look after cases. Give them back to the queue, or pass them on, first.")


def is_in_danger(member_id: int) -> bool:
    """Whether the team is looking after this member for something urgent just now."""
    return (
        Case.objects.filter(subject=member_id, kind=Kind.CARE, severity__in=ROUSING)
        .exclude(state=State.CLOSED)
        .exists()
    )


def in_live_case(member_id: int) -> Q:
    return keeping.still_needed()


REPORTS = (
    Entry(
        "moderation.Report",
        _("What you told the team"),
        personal="door category note whereabouts made_at read_at withdrawn_at",
        third_party="snapshot snapshot_version",
        internal="case post severity source by_blocked gathered rings_from rang_at reasons key case_version",
        ties=[
            Tie(
                "reporter",
                shows="id door category note whereabouts made_at read_at withdrawn_at",
                only=~Q(source=Source.NOTICED),
                ends=Blank(note="", whereabouts=""),
                keeps="door category made_at read_at withdrawn_at",
                why=_("That somebody reported something, without who and without a word of it."),
                held=in_live_case,
            ),
            Tie(
                "case__subject",
                ends=Blank(note="", whereabouts="", snapshot="", reasons=[]),
                keeps="door category made_at read_at withdrawn_at",
                why=_("That a report was made and read."),
                rule=_("Who told the team about somebody, and in what words, is never shown to them."),
                held=in_live_case,
            ),
            Tie("read_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that somebody could look into it."),
        until=SO_LONG,
    ),
)

CASES = (
    Entry(
        "moderation.Case",
        _("Cases of the team"),
        internal=(
            "kind subject_role post reserved_for state severity rank place order_at version opened_at first_looked_at clock_from "
            "due_at lapses_at nudged_at episode escalated_at escalation_source unanswered_at next_action_due closed_at outcome "
            "asks_again_at decide_from"
        ),
        ties=[
            Tie("subject", ends=FACTS, rule=_("What came of it is told in decisions and words; how it was worked on is not.")),
            *(
                Tie(link, ends=STONE, rule=TEAM_RECORD.why)
                for link in ("holder", "offered_to", "escalated_by", "closed_by")
            ),
        ],
        why=_("So that nothing is forgotten and two people do not decide the same thing twice."),
        until=SO_LONG,
    ),
    Entry(
        "moderation.CaseEvent",
        _("What happened in a case, step by step"),
        internal="n case action from_state to_state at canonical previous digest",
        ties=[
            Tie("case__subject", ends=FACTS, rule=NOT_SHOWN),
            *(Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("actor", "about")),
        ],
        why=_("So that it can be proved what the team did."),
        until=_("For good. It holds numbers, times and states, and no words."),
    ),
    Entry(
        "moderation.CaseEventWords",
        _("The team's notes on a case"),
        internal="event salt words",
        ties=[
            Tie(
                "event__case__subject",
                ends=DELETE,
                rule=NOT_SHOWN,
                held=lambda member_id: keeping.still_needed("event__case"),
            )
        ],
        until=SO_LONG,
    ),
    Entry(
        "moderation.Decision",
        _("What the team decided about you, and what it told you"),
        personal="kind rule rules_version statement until post made_at read_at how_asked_at undone_at",
        internal="case case_kind told post_version before taken_out bulk",
        ties=[
            Tie(
                "subject",
                shows="kind rule rules_version statement until post_id made_at read_at how_asked_at undone_at",
                only=Q(told=True),
                ends=Blank(statement="", before={}, taken_out=[]),
                keeps="kind rule rules_version until post made_at read_at how_asked_at undone_at",
                why=_("That something was decided, by which rule and when."),
                held=in_live_case,
            ),
            Tie("decided_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("confirmed_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("undone_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        until=SO_LONG,
    ),
)  # fmt: skip

TALK = (
    Entry(
        "moderation.Word",
        _("Your words with the team, theirs and yours"),
        personal="body from_team sent_at read_at by_mail left_out",
        internal="case key reached_at mail answer_due_at late_at",
        ties=[
            Tie(
                "case__subject",
                shows="case_id from_team body sent_at read_at by_mail left_out",
                ends=Blank(body=""),
                keeps="from_team sent_at read_at by_mail left_out",
                why=_("That somebody wrote and was answered."),
                held=in_live_case,
            ),
            Tie("author", ends=STONE, rule=TEAM_RECORD.why),
        ],
        until=SO_LONG,
        labels={
            "case_id": _("Conversation"),
            "from_team": _("Written by the team"),
            "by_mail": _("Came by mail"),
            "left_out": _("Something attached was not kept"),
        },
    ),
)

TEAM = (
    Entry(
        "moderation.Duty",
        _("When you were on duty"),
        personal="kind starts_at ends_at last_act_at note note_at",
        internal="standing tired_at",
        ties=[
            Tie(
                "member",
                shows="kind starts_at ends_at last_act_at note note_at",
                ends=Blank(note="", note_at=None),
                keeps="kind starts_at ends_at last_act_at",
                why=_("So that it is known whether somebody was there. It names an erased account."),
            )
        ],
    ),
)
