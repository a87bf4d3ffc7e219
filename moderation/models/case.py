"""A case: everything reported about one subject, who holds it, and what is due."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import vocabulary


class Kind(models.TextChoices):
    CARE = vocabulary.Kind.CARE.value, _("care")
    CONDUCT = vocabulary.Kind.CONDUCT.value, _("conduct")


class State(models.TextChoices):
    OPEN = vocabulary.State.OPEN.value, _("waiting for a first look")
    IN_REVIEW = vocabulary.State.IN_REVIEW.value, _("somebody is on it")
    ESCALATED = vocabulary.State.ESCALATED.value, _("waiting for staff")
    WITH_STAFF = vocabulary.State.WITH_STAFF.value, _("with staff")
    CLOSED = vocabulary.State.CLOSED.value, _("closed")


class Severity(models.TextChoices):
    """In the order in which a queue is read."""

    EMERGENCY = vocabulary.Severity.EMERGENCY.value, _("emergency")
    URGENT = vocabulary.Severity.URGENT.value, _("urgent")
    SOON = vocabulary.Severity.SOON.value, _("soon")
    ROUTINE = vocabulary.Severity.ROUTINE.value, _("routine")

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class EscalationSource(models.TextChoices):
    HUMAN = "human", _("a person")
    SCREENING = "screening", _("screening")
    CLOCK = "clock", _("the clock")


class Outcome(models.TextChoices):
    DECIDED = "decided", _("decided")
    RECORDED = "recorded", _("closed with a crisis record")
    NOT_A_CRISIS = "not_a_crisis", _("not a crisis")


class Reserved(models.TextChoices):
    """For whom a case is kept, past those who would handle it by its kind."""

    NOBODY = vocabulary.Reserved.NOBODY.value, _("whoever handles such cases")
    STAFF = vocabulary.Reserved.STAFF.value, _("staff alone")
    INDEPENDENT = vocabulary.Reserved.INDEPENDENT.value, _("the independent contacts alone")


HELD_STATES = (State.IN_REVIEW, State.WITH_STAFF)
RESTS_IN = (State.OPEN, State.IN_REVIEW, State.WITH_STAFF)
_rank = models.Case(
    *(When(severity=severity.value, then=severity.rank) for severity in Severity),
    output_field=models.SmallIntegerField(),
)
RESTING = 4  # the place of what rests: after every severity
_place = models.Case(
    When(state=State.CLOSED.value, then=Value(None)),
    When(asks_again_at__isnull=False, then=Value(RESTING)),
    *(When(severity=severity.value, then=severity.rank) for severity in Severity),
    output_field=models.SmallIntegerField(),
)
_order_at = Coalesce(
    models.Case(
        When(state=State.ESCALATED.value, then="escalated_at"),
        When(state=State.WITH_STAFF.value, then="next_action_due"),
        When(state=State.CLOSED.value, then="closed_at"),
        default="due_at",
    ),
    "opened_at",
    output_field=models.DateTimeField(),
)


class Case(models.Model):
    """`moderation.actions.moving._move` alone assigns `state`. `version` counts everything that happened to the case."""

    OUTCOME_MAX: ClassVar[int] = 20

    kind = models.CharField(max_length=7, choices=Kind)
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_about")
    subject_role = models.CharField(
        max_length=16
    )  # when it was opened: a case about the team stays theirs to see no more
    post = models.ForeignKey("forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    reserved_for = models.CharField(
        max_length=11, choices=Reserved, default=Reserved.NOBODY, blank=True
    )  # set by what was reported; raised and never lowered (moderation/actions/reserving.py)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    severity = models.CharField(max_length=9, choices=Severity)
    rank = models.GeneratedField(expression=_rank, output_field=models.SmallIntegerField(), db_persist=True)
    # The queue's order, so that a page of it is read off an index: its severity while it is live (none once it is closed),
    # and within that the moment that counts: the running clock, since when it waits for staff, when it was closed.
    place = models.GeneratedField(
        expression=_place, output_field=models.SmallIntegerField(null=True), db_persist=True, db_index=True
    )
    order_at = models.GeneratedField(
        expression=_order_at, output_field=models.DateTimeField(), db_persist=True, db_index=True
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_held"
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases_offered"
    )
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(default=timezone.now)
    first_looked_at = models.DateTimeField(null=True, blank=True)
    clock_from = models.DateTimeField(
        default=timezone.now
    )  # start of the running clock: half of it and the nudge goes out
    due_at = models.DateTimeField(null=True, blank=True)  # open: first look; in review: decision
    lapses_at = models.DateTimeField(null=True, blank=True)  # the claim, unless its holder acts
    nudged_at = models.DateTimeField(null=True, blank=True)
    # It rests, and somebody looks in again at this time; the clock, an answer and a report wake it. None: it does not rest.
    asks_again_at = models.DateTimeField(null=True, blank=True)
    decide_from = models.DateTimeField(
        null=True, blank=True
    )  # the decision clock's start after a rest, else the first look
    episode = models.PositiveIntegerField(default=0)  # how often it was escalated: each has a ladder of its own
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases_escalated"
    )
    escalation_source = models.CharField(max_length=9, choices=EscalationSource, blank=True)
    unanswered_at = models.DateTimeField(null=True, blank=True)  # the whole ladder was climbed and nobody took it
    next_action_due = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_closed"
    )
    outcome = models.CharField(max_length=OUTCOME_MAX, choices=Outcome, blank=True)

    class Meta:
        ordering = ["rank", "due_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="case_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_is_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="case_severity_is_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.CONDUCT) | Q(post__isnull=True), name="care_is_about_a_person"
            ),
            models.CheckConstraint(
                condition=Q(reserved_for__in=[Reserved.NOBODY, Reserved.STAFF])
                | Q(reserved_for=Reserved.INDEPENDENT, kind=Kind.CONDUCT),
                name="case_is_reserved_for_somebody_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=HELD_STATES, holder__isnull=False)
                | (~Q(state__in=HELD_STATES) & Q(holder__isnull=True)),
                name="case_is_held_when_somebody_is_on_it",
            ),
            models.CheckConstraint(
                condition=Q(asks_again_at=None)
                | Q(
                    kind=Kind.CARE, state__in=RESTS_IN, severity__in=[Severity.URGENT, Severity.SOON, Severity.ROUTINE]
                ),
                name="only_care_rests_and_no_emergency",
            ),
            models.CheckConstraint(
                condition=Q(asks_again_at=None) | Q(due_at__isnull=False) | Q(next_action_due__isnull=False),
                name="what_rests_is_due",
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(kind=Kind.CARE) & ~Q(state=State.CLOSED), name="one_live_care_case"
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(kind=Kind.CONDUCT, post__isnull=True) & ~Q(state=State.CLOSED),
                name="one_live_conduct_case_about_a_person",
            ),
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(kind=Kind.CONDUCT, post__isnull=False) & ~Q(state=State.CLOSED),
                name="one_live_conduct_case_about_a_post",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "rank", "due_at"], name="case_queue"),
            models.Index(fields=["next_action_due"], name="case_next_action"),
            models.Index(fields=["asks_again_at"], condition=Q(asks_again_at__isnull=False), name="case_asks_again"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state != State.CLOSED


class LadderStep(models.Model):
    """One step of an escalated case's ladder was taken. The row is the lock: the second clock finds it there."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ladder_steps")
    episode = models.PositiveIntegerField()
    step = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "episode", "step"], name="ladder_step_once")]
