"""What is kept of those who are on call: entries in the registry of forum.data_rights."""

from django.utils.translation import gettext_lazy as _

from forum.data_rights import STONE, TEAM_RECORD, Entry, Tie, about_nobody

WHY = _("So that somebody can be reached at any hour, and it can be told who was to be.")
UNTIL = _("For good. It holds times and handles of the team's, and nothing about a member.")


def _team(*links: str) -> list[Tie]:
    return [Tie(link, ends=STONE, rule=TEAM_RECORD.why) for link in links]


ENTRIES = (
    Entry(
        "moderation.RotaWeekly",
        _("Your times in the rota of every week"),
        personal="day starts ends rank",
        internal="made_at ended_at",
        ties=[Tie("member", shows="day starts ends rank", ends=STONE), *_team("made_by", "ended_by")],
        why=WHY,
        until=UNTIL,
    ),
    Entry(
        "moderation.RotaInstead",
        _("Your times in the rota that were planned once"),
        personal="starts_at ends_at rank",
        internal="note swap holiday made_at ended_at",
        ties=[Tie("member", shows="starts_at ends_at rank", ends=STONE), *_team("made_by", "ended_by")],
        why=WHY,
        until=UNTIL,
    ),
    Entry(
        "moderation.RotaSwap",
        _("Swaps of times in the rota"),
        internal="rank starts_at ends_at back_rank back_starts_at back_ends_at stage made_at answered_at",
        ties=_team("asked_by", "asked"),
        why=WHY,
        until=UNTIL,
    ),
    Entry(
        "moderation.RotaHoliday",
        _("Bank holidays that somebody confirmed"),
        internal="day confirmed_at ended_at",
        ties=_team("confirmed_by", "ended_by"),
        why=WHY,
        until=UNTIL,
    ),
    Entry(
        "moderation.RotaEvent",
        _("Changes of the rota"),
        internal="at what weekly instead swap holiday",
        ties=_team("by"),
        why=WHY,
        until=UNTIL,
    ),
)


def register_nobodys() -> None:
    about_nobody("moderation.RotaMail")
