"""What tests of the rota share: a week for puffin and gannet, and whose telephones ring."""

from datetime import time

from forum.models import Member
from moderation.actions.rota import add_weekly
from moderation.models import Rank, RotaWeekly

MORNING, EVENING = time(8), time(18)


def fill_week(nights: Member, days: Member) -> list[RotaWeekly]:
    """One has every night as first and the days as second, the other the other way round."""
    return [
        add_weekly(nights, day=day, starts=starts, ends=ends, rank=rank, who=who)
        for day in range(7)
        for starts, ends, ranks in (
            (EVENING, MORNING, (Rank.FIRST, Rank.SECOND)),
            (MORNING, EVENING, (Rank.SECOND, Rank.FIRST)),
        )
        for rank, who in zip(ranks, (nights, days), strict=True)
    ]
