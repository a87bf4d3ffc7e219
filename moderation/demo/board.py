"""What the staff board shows in the demo: one case unanswered, one for which somebody is up, one that is offered to a colleague."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import QuerySet
from django.utils import timezone

from forum.models import Member, Post
from moderation.actions.acknowledging import acknowledge
from moderation.actions.climbing import climb_ladders
from moderation.actions.escalation import escalate_case
from moderation.actions.handing import hand_over_case
from moderation.actions.reports import report_post
from moderation.clocks import UP_FOR
from moderation.models import Acknowledgement, Case, Door, HandOver, Kind, LadderStep, State

Cast = dict[str, Member]
VAINLY = timedelta(minutes=76)  # an urgent ladder, climbed once to its end and called again
OFFERED_FOR = timedelta(hours=12)


def fill_board(cast: Cast) -> None:
    """In cases that are there already, and one more, through what people and the clock do."""
    post = Post.objects.get(author=cast["siskin"], parent__isnull=True, body__startswith="New phone")
    note = "Somebody put under it which street she lives in. It is gone now, but people have read it."
    report = report_post(cast["robin"], post, Door.RULE, "address", note=note, seen_version=post.version, key=uuid4())
    street = escalate_case(report.case, cast["heron"], "Siskin may not know yet that people know where she lives.")
    _live(cast["finch"]).update(escalated_at=timezone.now() - VAINLY)
    climb_ladders()
    acknowledge(Case.objects.get(pk=street.pk), cast["gannet"])
    robin = _live(cast["robin"]).get()
    words = "I have to leave at six. Robin would like short words, and to be asked about the dog."
    hand_over_case(robin, cast["puffin"], cast["gannet"], words)


def refresh_board(now: datetime) -> None:
    """Nobody has answered for as long as ever, whoever is up has just said so, and the offer stands."""
    vainly = LadderStep.objects.filter(step=4).values("case")
    Case.objects.filter(pk__in=vainly, state=State.ESCALATED).update(
        escalated_at=now - VAINLY, unanswered_at=now - timedelta(minutes=1)
    )
    for up in Acknowledgement.objects.filter(case__state=State.ESCALATED).select_related("case"):
        Acknowledgement.objects.filter(pk=up.pk).update(at=now, until=now + UP_FOR[up.case.severity])
    HandOver.objects.filter(answer="").update(lapses_at=now + OFFERED_FOR)


def _live(member: Member) -> QuerySet[Case]:
    return Case.objects.filter(kind=Kind.CARE, subject=member).exclude(state=State.CLOSED)
