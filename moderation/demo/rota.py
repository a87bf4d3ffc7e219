"""The demo's rota: puffin has the nights and gannet the days, and each is the other's second."""

from datetime import time

from forum.models import Member
from moderation.actions.rota import add_weekly
from moderation.models import Rank

MORNING, EVENING = time(8), time(20)


def fill_rota(cast: dict[str, Member]) -> None:
    """A week without a hole. Whether anybody can be rung is another matter, which the page says."""
    puffin, gannet = cast["puffin"], cast["gannet"]
    for day in range(7):
        for starts, ends, first, second in ((EVENING, MORNING, puffin, gannet), (MORNING, EVENING, gannet, puffin)):
            for rank, who in ((Rank.FIRST, first), (Rank.SECOND, second)):
                add_weekly(puffin, day=day, starts=starts, ends=ends, rank=rank, who=who)
