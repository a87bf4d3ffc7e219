"""What came from outside in the demo: a request that waits to be called back, a near miss, two lessons."""

from datetime import datetime, timedelta

from django.utils import timezone

from forum.models import Member
from moderation.actions.incidents import add_line, open_incident
from moderation.actions.lessons import write_lesson
from moderation.actions.outside_requests import Asked, log_request
from moderation.models import Asker, Lesson, OutsideRequest, Stage
from moderation.outside_requests import ANSWER_WITHIN

Cast = dict[str, Member]


def fill_outside(cast: Cast) -> None:
    now, puffin = timezone.now(), cast["puffin"]
    log_request(
        puffin,
        Asked(
            asker=Asker.POLICE,
            name="PC Bowen",
            organisation="Gwynedd Harbour Police",
            reference="GH 1142",
            reach="01632 960 417",
            power="They named none yet; they spoke of a missing person.",
            asked="Whether somebody who signs as wren wrote to us this week, and where from.",
            about_words="wren",
            asked_at=now - timedelta(hours=1),
            due_at=now + ANSWER_WITHIN[Asker.POLICE],
        ),
    )
    near_miss = open_incident(
        puffin, "near_miss", "A page was heard twenty minutes late",
        "The telephone of whoever was on call was on silent. The second person was called and took it.",
        happened_at=now - timedelta(days=3), found_at=now - timedelta(days=3), case=None,
    )  # fmt: skip
    add_line(near_miss, cast["gannet"], "changed", "Whoever goes on call tests that it rings, and says so.", at=now)
    write_lesson(puffin, "Ask early who else is at home. Twice it was the sister who could be reached.", shared=True)
    write_lesson(
        puffin, "A page has to get through a telephone that is on silent.", step="Write down how to set that, for each kind.",
        who=cast["gannet"], due_on=timezone.localdate() + timedelta(days=10),
    )  # fmt: skip


def refresh_outside(now: datetime | None = None) -> None:
    """A demo left for a month is not late."""
    now = now or timezone.now()
    due = now + ANSWER_WITHIN[Asker.POLICE]
    OutsideRequest.objects.filter(stage=Stage.ASKED).update(asked_at=now - timedelta(hours=1), due_at=due)
    Lesson.objects.filter(done_at=None, due_on__isnull=False).update(
        due_on=timezone.localdate(now) + timedelta(days=10)
    )
