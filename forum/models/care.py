"""What members do to look after themselves: blocking and muting other members, muting words."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.muting import Muting


class Block(models.Model):
    """Neither sees the other, on any surface. The blocked person is never told."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks_had")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_somebody_else"),
        ]


class Mute(models.Model):
    """The muter does not see the muted. One way, and never told."""

    muter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes_made")
    muted = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes_had")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~Q(muter=F("muted")), name="mute_somebody_else"),
        ]


class MutedWord(models.Model):
    """A word or phrase somebody would rather not meet, for a while or without end. Their own words are never touched."""

    class Way(models.TextChoices):
        FOLD = Muting.FOLD.value, _("Fold it: one press opens it")
        HIDE = Muting.HIDE.value, _("Hide it: as if it were not there")

    PHRASE_MAX: ClassVar[int] = 60
    EACH_MAX: ClassVar[int] = 100  # rows of one member: every open page of theirs carries them

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_words")
    phrase = models.CharField(max_length=PHRASE_MAX)  # as it was written
    folded = models.CharField(max_length=4 * PHRASE_MAX)  # by forum.muting.fold: unfolding may lengthen it
    way = models.CharField(max_length=4, choices=Way, default=Way.FOLD)
    until = models.DateTimeField(null=True, blank=True, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "folded"], name="muted_word_once"),
            models.CheckConstraint(condition=Q(way__in=["fold", "hide"]), name="muted_word_way_is_known"),
            models.CheckConstraint(condition=~Q(folded=""), name="muted_word_has_a_word"),
        ]

    def __str__(self) -> str:
        return f"muted word {self.pk}"

    @classmethod
    def in_force(cls, now: datetime | None = None) -> models.QuerySet["MutedWord"]:
        """Those whose time is not over: the clock takes the others away once a minute."""
        return cls.objects.filter(Q(until=None) | Q(until__gt=now or timezone.now()))
