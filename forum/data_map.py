"""What the forum keeps of people: its entries in the registry of forum.data_rights."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum import cards, data_map_beneath, data_map_connections
from forum.actions import erasing
from forum.data_rights import (
    DELETE,
    STONE,
    TEAM_RECORD,
    By,
    Entry,
    Keep,
    Tie,
    about_nobody,
    register,
    while_in_danger,
)  # fmt: skip

HOUR = _("An hour at most.")
LAW = _("So that it can be shown what you agreed to.")


def register_all() -> None:
    register(*data_map_connections.ENTRIES)
    register(*MEMBERS, *WORDS, *BETWEEN_MEMBERS, *PLACES, *data_map_beneath.LIBRARIES, *data_map_beneath.REALTIME)
    about_nobody(
        "auth.Group", "auth.Group_permissions", "auth.Permission", "contenttypes.ContentType",
        "forum.HelplineWay", "forum.HouseRule", "forum.PanelText", "forum.SupportGroupFor", "realtime.Epoch", "realtime.Tick",
        "realtime.DeliveryTry",
    )  # fmt: skip


MEMBERS = (
    Entry(
        "forum.Member",
        _("Your account, and how you like this place to be"),
        personal=(
            "email handle role standing standing_until steps rests_until language joined_at last_login "
            "handle_changed_at renamed_at pronouns about avatar_style theme text_size typeface reduced_motion single_keys shift_leaves "
            "hide_hard_words "
            "region mail_choice content_notes wall_paused up_on quiet_from quiet_until notices_off welcomed_at rules_asked"
        ),
        internal="handle_key password is_active is_staff is_superuser",
        ties=[
            Tie(
                "pk",
                shows=(
                    "email handle role standing standing_until steps rests_until language joined_at last_login "
                    "handle_changed_at renamed_at pronouns about avatar_style theme text_size typeface reduced_motion single_keys "
                    "shift_leaves hide_hard_words region mail_choice content_notes wall_paused up_on quiet_from quiet_until notices_off "
                    "welcomed_at rules_asked"
                ),
                ends=By(erasing.blank_member),
                keeps="standing joined_at",
                why=_("A neutral stone with a number stays, so that other people's replies still have a place."),
                held=while_in_danger,
            )
        ],
        why=_("To sign you in, and to show this place the way you chose. Nobody else sees your address."),
    ),
    Entry(
        "forum.Consent",
        _("What you agreed to"),
        personal="kind version given_at",
        ties=[Tie("member", shows="kind version given_at", ends=DELETE)],
        why=LAW,
    ),
    Entry(
        "forum.OldHandle",
        _("Handles that you had before"),
        internal="handle_key until",
        ties=[
            Tie(
                "member",
                ends=Keep(_("For a year a fingerprint stays that nobody can read, so that nobody is taken for you.")),
                rule=_("Kept so that nobody else takes it; shown to nobody."),
            )
        ],
        why=_("So that for a year nobody can be taken for you."),
        until=_("A year after you changed it."),
    ),
    Entry(
        "forum.CareCard",
        _("Your card, if somebody is worried about you"),
        personal="phone town to_ring helps worse ask_first changed_at opened_at",
        ties=[
            Tie(
                "member",
                shows="phone town to_ring helps worse ask_first changed_at opened_at",
                ends=DELETE,
                held=while_in_danger,
                read=cards.rows_of,
            )
        ],
        why=_("For staff to read while a case is open because somebody worries about you; sealed until then."),
        until=_("Until you empty it or leave."),
        labels={
            "to_ring": _("Whom to ring"),
            "helps": _("What helps"),
            "worse": _("What makes it worse"),
            "ask_first": _("Ask me first"),
            "opened_at": _("When staff last opened it"),
        },
    ),
    Entry(
        "forum.RoleAsk",
        _("Roles that were asked for"),
        internal="before role asked_at ended_at",
        ties=[Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in ("member", "asked_by", "agreed_by")],
        why=_("So that nobody gives a role alone, and it can be proved who did."),
        until=_("For good."),
    ),
    Entry(
        "forum.PendingSignup",
        _("A sign-up that waits for its code"),
        personal="email handle created_at",
        internal="handle_key password code_digest tries_left codes_left consents expires_at",
        ties=[Tie(lambda pk: data_map_beneath.mailed_to(pk, "email"), shows="email handle created_at", ends=DELETE)],
        until=HOUR,
    ),
    Entry(
        "forum.Leaving",
        _("When you asked to leave"),
        personal="asked_at due_at",
        ties=[Tie("member", shows="asked_at due_at", ends=DELETE)],
        until=_("21 days."),
    ),
    Entry(
        "forum.DataExport",
        _("Copies of your data that you asked for"),
        personal="asked_at ready_at taken_at",
        internal="id archive claimed_until expires_at",
        ties=[Tie("member", shows="asked_at ready_at taken_at", ends=DELETE)],
        until=_("The copy itself is gone once you have taken it, and after 24 hours in any case."),
    ),
    Entry(
        "forum.Erasure",
        _("That an account was erased"),
        internal="member_id joined_at asked_at again_at finished_at",
        ties=[
            Tie(
                lambda pk: Q(member_id=pk),
                ends=Keep(_("A number and times, so that what was erased stays erased when a backup is restored.")),
            )
        ],
        until=_("For good."),
    ),
)

WORDS = (
    Entry(
        "forum.Post",
        _("Your posts and replies"),
        personal=(
            "parent intent body content_note status held_for from_team created_at placed_at edited_at redacted_at "
            "replies_locked_at asked_at enough_at"
        ),
        internal="version support_version standing_replies waiting_since key key_digest",
        ties=[
            Tie(
                "author",
                shows=(
                    "id parent_id intent body content_note status held_for from_team created_at placed_at edited_at redacted_at "
                    "replies_locked_at asked_at enough_at"
                ),
                ends=By(erasing.erase_posts),
                keeps="parent intent status from_team created_at placed_at edited_at redacted_at replies_locked_at asked_at enough_at",
                why=_("Where words of yours had replies, a line without a name stays: the replies are other people's."),
            )
        ],
        why=_("So that members can read them."),
        until=_("As long as you have an account. What you take back leaves the wall at once."),
        labels={
            "parent_id": _("Written under the post with this number"),
            "intent": _("Why it was written"),
            "status": _("Where it stands"),
            "held_for": _("What it waits for"),
            "from_team": _("Written for the team"),
            "created_at": _("Written"),
            "placed_at": _("On the wall since"),
            "edited_at": _("Changed"),
            "redacted_at": _("Something was taken out by the team"),
            "replies_locked_at": _("No more replies since"),
            "asked_at": _("Asked again"),
            "enough_at": _("Enough replies since"),
        },
    ),
    Entry(
        "forum.PastWords",
        _("How your posts read before you changed them"),
        personal="post body replaced_at",
        internal="last_version",
        ties=[Tie("post__author", shows="post_id body replaced_at", ends=DELETE)],
        why=_("So that a report holds what the person who made it had read. Nobody else sees them."),
    ),
    Entry(
        "forum.Draft",
        _("What you have begun to write"),
        personal="place fields saved_at",
        internal="version device",
        ties=[Tie("member", shows="place fields saved_at", ends=DELETE)],
        why=_("So that nothing is lost before you send it. Nobody else reads it."),
        until=_("Until you send or discard it; a month at most."),
    ),
    Entry(
        "forum.Support",
        _("Support you have given"),
        personal="post kind given_at",
        ties=[
            Tie("member", shows="post_id kind given_at", ends=By(erasing.erase_supports)),
            Tie(
                "post__author",
                ends=Keep(_("Others gave it; it shows nowhere once the post is gone.")),
                rule=_("Who supported you is theirs."),
            ),
        ],
    ),
)

BETWEEN_MEMBERS = (
    Entry(
        "forum.Block",
        _("Members you have blocked"),
        personal="made_at",
        ties=[
            Tie("blocker", shows="blocked_id made_at", ends=DELETE),
            Tie("blocked", ends=DELETE, rule=_("Nobody is told who blocked them.")),
        ],
        why=_("To keep the two of you apart."),
    ),
    Entry(
        "forum.Mute",
        _("Members you have muted"),
        personal="made_at",
        ties=[
            Tie("muter", shows="muted_id made_at", ends=DELETE),
            Tie("muted", ends=DELETE, rule=_("Nobody is told who muted them.")),
        ],
        why=_("So that you do not see what they write."),
    ),
    Entry(
        "forum.MutedWord",
        _("Words you would rather not meet"),
        personal="phrase way until made_at",
        internal="folded",
        ties=[Tie("member", shows="phrase way until made_at", ends=DELETE)],
    ),
    Entry(
        "forum.Follow",
        _("Posts you follow"),
        personal="post made_at",
        ties=[
            Tie("member", shows="post_id made_at", ends=DELETE),
            Tie("post__author", ends=DELETE, rule=_("Nobody is told who follows what they wrote.")),
        ],
    ),
    Entry(
        "forum.Keep",
        _("Posts you have kept"),
        personal="post made_at",
        ties=[
            Tie("member", shows="post_id made_at", ends=DELETE),
            Tie("post__author", ends=DELETE, rule=_("Nobody is told who kept what they wrote.")),
        ],
    ),
    Entry(
        "forum.Notice",
        _("What you were told of"),
        personal="kind told_at read_at",
        internal="ref state pressing since",
        ties=[Tie("member", shows="kind told_at read_at", ends=DELETE)],
        until=_("Ninety days after you have read it."),
    ),
)

PLACES = (
    Entry(
        "forum.SupportGroup",
        _("Support groups you have suggested"),
        personal="name kind where how_to_join web email phone about status why made_at",
        internal="checked_on is_example version key same found_by",
        ties=[
            Tie(
                "suggested_by",
                shows="name kind where how_to_join web email phone about status why made_at",
                ends=STONE,
                why=_("The group is there for others. Nobody can see who suggested it."),
            ),
            Tie("checked_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that others find help elsewhere."),
        until=_("As long as the group is in the directory; without you once you have left."),
    ),
    Entry(
        "forum.RuleComment",
        _("What you said about the rules"),
        personal="rule_set anchor body made_at hidden_at hidden_why",
        internal="round key",
        ties=[
            Tie("author", shows="rule_set_id anchor body made_at hidden_at hidden_why", ends=DELETE),
            Tie("hidden_by", ends=STONE, rule=TEAM_RECORD.why),
        ],
        why=_("So that members have a say in the rules."),
    ),
    Entry(
        "forum.RuleSet",
        _("Versions of the rules"),
        internal="state version round purpose closes_at heard made_at published_at",
        ties=[Tie("made_by", ends=STONE), Tie("published_by", ends=STONE)],
        until=_("For good."),
    ),
    Entry(
        "forum.Helpline",
        _("Phone lines"),
        internal="name for_whom regions languages emergency place url note checked_on",
        ties=[Tie("checked_by", ends=STONE)],
        until=_("As long as the line is listed."),
    ),
)
