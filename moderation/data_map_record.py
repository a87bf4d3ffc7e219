"""What crisis records keep of people. A person's copy holds what they may read of them, without other people's details."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Blank, Entry, Keep, Rows, Tie, worn
from moderation import keeping, own_records

SO_LONG = _("The words go when you leave, once no open case needs them. That something was done, and when, stays.")
NOT_READ_YET = _(
    "What you may read on your own page is here. What the team keeps back for a while, with two people's reasons, is not."
)
SHOWN = " ".join(("at", "snapshot", "because", *own_records.HEADINGS))
WORDS = (
    "snapshot", "what_they_said", "when_and_where", "means_and_time", "others_words", "what_they_want", "what_we_did",
    "who_was_told", "basis", "how_it_ended", "left_out", "because",
)  # fmt: skip


def needed(path: str) -> Rows:
    """Rows of a case, at this path, that is still needed, as `keeping` says."""
    return lambda _member_id: keeping.record_still_needed(path)


ENTRIES = (
    Entry(
        "moderation.CrisisRecord",
        _("What staff wrote down about you on a hard night"),
        personal=SHOWN,
        third_party="others_words who_was_told left_out",
        internal=(
            "case kind episode version not_known finished_at followed_up_at second_due_at second_read_at "
            "second_read_version reminded_at"
        ),
        ties=[
            Tie(
                "case__subject",
                shows=SHOWN,
                ends=Blank(**{column: worn(column) for column in WORDS}),
                keeps="at others_in_danger agreed follow_up_on",
                why=_("That somebody looked after you, and when; and what was ticked, without a word of yours."),
                rule=NOT_READ_YET,
                held=needed("case"),
                read=own_records.rows_of,
            ),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("second_reader", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that the next person knows what was said and promised."),
        until=SO_LONG,
        labels={"at": _("Written"), "because": own_records.NO_CRISIS, "snapshot": own_records.REPORTED}
        | dict(own_records.HEADINGS),
    ),
    Entry(
        "moderation.RecordVersion",
        _("Earlier versions of such a record"),
        internal="record n at fields tab turn",
        ties=[
            Tie(
                "record__case__subject",
                ends=Blank(fields=worn("fields")),
                rule=NOT_READ_YET,
                held=needed("record__case"),
            ),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that nothing in a record is changed without trace."),
        until=SO_LONG,
    ),
    Entry(
        "moderation.ContactTried",
        _("Whom staff tried to reach about you"),
        personal="whom answer tried_at",
        third_party="name",
        internal="record incident_number what_next at key",
        ties=[
            Tie(
                "record__case__subject",
                shows="whom answer tried_at",
                read=own_records.contacts_of,
                keeps="whom answer tried_at",
                why=_("That help was asked for, and when."),
                ends=Blank(**{column: worn(column) for column in ("name", "incident_number", "what_next")}),
                rule=NOT_READ_YET,
                held=needed("record__case"),
            ),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that it is known who was asked for help, and what they said."),
        until=SO_LONG,
        labels={"whom": _("Who"), "answer": _("What came of it"), "tried_at": _("When")},
    ),
    Entry(
        "moderation.HandOverSheet",
        _("What was handed to emergency services about you"),
        internal="record at to_whom given_fields words key",
        ties=[
            Tie(
                "record__case__subject", ends=Blank(words=worn("words")), rule=NOT_READ_YET, held=needed("record__case")
            ),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that it is known what was given, to whom and when."),
        until=SO_LONG,
    ),
    Entry(
        "moderation.RecordWithheld",
        _("Why you could not read a record for a while"),
        third_party="why",
        internal="record review_on proposed_at confirmed_at ended_at reminded_on",
        ties=[
            Tie("record__case__subject", ends=Blank(why=worn("why")), rule=NOT_READ_YET, held=needed("record__case")),
            Tie("proposed_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("confirmed_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("ended_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("Where reading it would have put somebody in danger."),
        until=SO_LONG,
    ),
    Entry(
        "moderation.Guide",
        _("The organisation's guides for a hard hour"),
        internal="key place title body version shipped checked_by checked_on",
        ties=[Tie("checked_as", ends=STONE, rule=TEAM_RECORD.why)],
    ),
    Entry(
        "moderation.GuideChange",
        _("Changes to those guides"),
        internal="guide of_version title body proposed_at ended_at",
        ties=[
            Tie("proposed_by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("confirmed_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
    ),
    Entry(
        "moderation.SealedFromView",
        _("Cases whose words one named person alone may see"),
        internal="case at reported_to reference reported_at",
        ties=[
            Tie(
                "case__subject",
                ends=Keep(_("That something was reported as the law asks is accounted for, without a word of yours.")),
                rule=TEAM_RECORD.why,
            ),
            Tie("by", ends=STONE, rule=TEAM_RECORD.why),
            Tie("reported_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
    ),
)
