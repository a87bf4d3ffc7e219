"""What care keeps of people: lines that were sent to them, who stayed with them, the note they agreed to."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.data_rights import DELETE, STONE, TEAM_RECORD, Entry, Keep, Tie, while_in_danger
from moderation import signposts, standing_notes
from moderation.models import Signpost, State

WRITTEN_WITH = "what_helps what_we_do what_we_wont written_at changed_at agreed_at"


def sent_to(member_id: int) -> Iterator[dict[str, Any]]:
    for each in Signpost.objects.filter(word__case__subject=member_id).order_by("word", "place"):
        yield {"shown": signposts.in_words(each)}


ENTRIES = (
    Entry(
        "moderation.Signpost",
        _("Lines and groups that the team sent you"),
        personal="shown",
        internal="word helpline group place",
        ties=[
            Tie(
                "word__case__subject",
                shows="shown",
                ends=DELETE,
                held=lambda member_id: ~Q(word__case__state=State.CLOSED),
                read=sent_to,
            )
        ],
        why=_("So that they read the same later."),
        labels={"shown": _("What was sent")},
    ),
    Entry(
        "moderation.Stay",
        _("Who of the team stayed with you until staff were there"),
        internal="case episode since reminded_at ended_at",
        ties=[
            Tie(
                "case__subject",
                ends=Keep(_("That somebody was there, and how long, is accounted for, without a word of yours.")),
                rule=_("What came of it is told in decisions and words; how it was worked on is not."),
            ),
            Tie("member", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that everybody sees whether somebody is with a person."),
        until=_("With the case."),
    ),
    Entry(
        "moderation.StandingNote",
        _("Your standing note: what helps, what we do and what we won't"),
        personal=WRITTEN_WITH,
        internal="sealed_for version",
        ties=[
            Tie("member", shows=WRITTEN_WITH, ends=DELETE, held=while_in_danger, read=standing_notes.rows_of),
            Tie("written_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("For the team to read in cases of care about you, once you have agreed to it; sealed."),
        until=_("Until you withdraw it or leave."),
        labels={
            "what_helps": _("What helps"),
            "what_we_do": _("What we do"),
            "what_we_wont": _("What we won't do"),
            "changed_at": _("When you last changed words of it"),
            "agreed_at": _("When you agreed to it"),
        },
    ),
)
