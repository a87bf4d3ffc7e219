"""What is kept of people by what comes from outside: taken down by hand, asked for by others, gone wrong, learnt."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, TEAM_RECORD, Blank, Entry, Keep, Tie, about_nobody, register, worn
from moderation.models import Stage, State

ACCOUNTABLE = _("So that it can be accounted for who was given what about whom, and why.")
NAMELESS = Keep(_("The list of what went wrong stays. Its words name nobody."))


def register_outside() -> None:
    register(*ENTRIES)
    about_nobody("moderation.Reminder")


def _open_request(member_id: int) -> Q:
    return ~Q(stage=Stage.CLOSED)


def _of_open_request(member_id: int) -> Q:
    return ~Q(request__stage=Stage.CLOSED)


ENTRIES = (
    Entry(
        "moderation.ByHand",
        _("How the team was told about somebody by telephone or letter"),
        third_party="organisation",
        internal="letter channel whose_words severity told_at",
        ties=[
            Tie(
                "letter__report__case__subject",
                ends=Blank(organisation=""),
                rule=_("Who told the team about somebody, and in what words, is never shown to them."),
                held=lambda member_id: ~Q(letter__report__case__state=State.CLOSED),
            ),
            Tie("taken_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that somebody could look into it."),
        until=_("As long as what was told is kept."),
    ),
    Entry(
        "moderation.OutsideRequest",
        _("Who asked the team for what is kept of you, and what they were given"),
        personal="asker organisation asked_at give decided_at told_words told_at",
        third_party="name reference reach about_words asked leave_out",
        internal=(
            "power case due_at logged_at stage version called_number number_found spoke_with called_at why basis proposed_at "
            "will_tell why_not_told review_on told_read_at answered_how answered_at outcome closed_at"
        ),
        ties=[
            Tie(
                "about",
                shows="id asker organisation asked_at give decided_at told_words told_at",
                only=Q(told_at__isnull=False),
                ends=Blank(
                    told_words="", asked="", about_words="", leave_out="", answered_how="", outcome="",
                    **{column: worn(column) for column in ("why", "why_not_told", "basis")},
                ),
                keeps="asker organisation asked_at give decided_at told_at",
                why=_("Who asked, by which power, and what was decided by whom stays, without a word about you."),
                held=_open_request,
            ),
            *(
                Tie(link, ends=STONE, rule=TEAM_RECORD.why)
                for link in (
                    "logged_by", "called_by", "proposed_by", "confirmed_by", "told_by", "answered_by", "closed_by",
                )
            ),
        ],
        why=ACCOUNTABLE,
        until=_("The names of those who asked go six years after it is closed. What was decided stays."),
        labels={
            "asker": _("Who asked"),
            "organisation": _("From where"),
            "give": _("Whether something was given"),
            "decided_at": _("Decided"),
            "told_words": _("What we told you"),
            "told_at": _("When we told you"),
        },
    ),
    Entry(
        "moderation.RequestField",
        _("What was given to somebody who asked, field by field"),
        internal="request key reason",
        ties=[Tie("request__about", ends=Blank(reason=worn("reason")), held=_of_open_request)],
        why=ACCOUNTABLE,
        until=_("For good, without a word about anybody who has left."),
    ),
    Entry(
        "moderation.RequestEvent",
        _("What was done with a request, step by step"),
        internal="request at what",
        ties=[Tie("by", ends=STONE, rule=TEAM_RECORD.why)],
        why=ACCOUNTABLE,
        until=_("For good. It holds steps and times, and no words."),
    ),
    Entry(
        "moderation.RequestFile",
        _("Files that were made for somebody who asked, sealed"),
        internal="id request kind digest made_at expires_at taken_at archive",
        ties=[
            Tie("request__about", ends=DELETE, held=_of_open_request),
            Tie("made_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=ACCOUNTABLE,
        until=_("The file itself for 24 hours at most. That it was made, and its digest, stay."),
    ),
    Entry(
        "moderation.Incident",
        _("What went wrong here, or nearly did"),
        internal="kind title happened_at found_at case opened_at close_asked_at closed_at",
        ties=[
            Tie("case__subject", ends=NAMELESS, rule=_("The team's own list. Its words name nobody.")),
            *(Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("opened_by", "close_asked_by", "closed_by")),
        ],
        why=_("So that it does not happen again."),
        until=_("For good. It names nobody."),
    ),
    Entry(
        "moderation.IncidentLine",
        _("Who was told of what went wrong, and what was changed"),
        internal="incident kind words at written_at",
        ties=[
            Tie("incident__case__subject", ends=NAMELESS, rule=_("The team's own list. Its words name nobody.")),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that it does not happen again."),
        until=_("For good. It names nobody."),
    ),
    Entry(
        "moderation.Unusual",
        _("That you read or told us much more than is usual within an hour"),
        personal="kind number hour told_at",
        internal="seen_at",
        ties=[
            Tie("about", shows="kind number hour told_at", ends=DELETE),
            Tie("seen_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that a person can ask whether all is well. Nothing comes of it by itself."),
        until=_("For 30 days."),
        labels={"kind": _("Of what"), "number": _("How many"), "hour": _("In which hour"), "told_at": _("When we noticed")},
    ),
    Entry(
        "moderation.Lesson",
        _("What the team has learnt"),
        internal="learnt step due_on done_at case incident shared written_at",
        ties=[
            Tie("case__subject", ends=NAMELESS, rule=_("The team's own list. Its words name nobody.")),
            *(Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("who", "done_by", "written_by")),
        ],
        why=_("So that it goes better next time."),
        until=_("For good. It names nobody."),
    ),
)  # fmt: skip
