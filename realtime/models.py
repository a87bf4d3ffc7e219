"""The log and what must leave: rows that other processes pick up after commit."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Stream(models.Model):
    """One ordered log. `last_seq` is taken under a row lock, so numbers are gapless and in commit order."""

    name = models.CharField(max_length=60, primary_key=True)
    last_seq = models.PositiveBigIntegerField(default=0)


class Event(models.Model):
    """Something happened to a row. Names the row, never carries words. Kept for 7 days."""

    stream = models.CharField(max_length=60)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=32)
    ref = models.PositiveBigIntegerField()
    version = models.PositiveIntegerField(default=1)
    actor = models.PositiveBigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_number_once_per_stream")]
        indexes = [models.Index(fields=["at"], name="event_age")]


class Epoch(models.Model):
    """One row: which life of this database the numbers belong to. Changes when a backup is restored."""

    value = models.CharField(max_length=32)
    since = models.DateTimeField(default=timezone.now)


class Tick(models.Model):
    """When the clock last ran, for pages and /readyz to say so when it has stopped."""

    name = models.CharField(max_length=40, primary_key=True)
    last_run_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One message that must leave: who it goes to, when, how often it was tried, what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        STOPPED = "stopped"  # before it left: nobody needs it any more

    kind = models.CharField(max_length=20)  # mail, webhook or push
    dedupe = models.CharField(max_length=120, unique=True)  # the same key never makes a second delivery
    address = models.CharField(max_length=320)  # of a mail; else the name of a receiver: realtime.receivers
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    payload = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)  # somebody is called: tried sooner, before all others, given up sooner
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)  # a sender that dies leaves it to the next after this
    outcome = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="delivery_due"),
            models.Index(fields=["done_at"], name="delivery_done", condition=Q(done_at__isnull=False)),
        ]


class DeliveryTry(models.Model):
    """What came of one try to hand a delivery over. Goes when the delivery does. A sender that died leaves a gap in `n`."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries_made")
    n = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=200)  # never an address, never a word of what was sent
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP
    taken_by = models.CharField(max_length=60, blank=True)  # which service took it, in our words
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "n"], name="delivery_try_once")]
