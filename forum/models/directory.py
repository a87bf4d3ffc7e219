"""Peer support elsewhere: groups and services that members know of and staff have checked."""

import unicodedata
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GroupKind(models.TextChoices):
    SELF_HELP = "self_help", _("Self-help group")
    MUTUAL = "mutual", _("Mutual support")
    FORMAL = "formal", _("Peer support from a service")
    MENTORING = "mentoring", _("Mentoring, one to one")
    ONLINE = "online", _("Online")


class ForWhom(models.TextChoices):
    ALL = "all", _("Open to all")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    LGBTQ = "lgbtq", _("LGBTQ+ people")
    MINORITY_ETHNIC = "minority_ethnic", _("Black and minority ethnic communities")
    YOUNG_ADULTS = "young_adults", _("Young adults")
    OLDER_ADULTS = "older_adults", _("Older adults")
    CARERS = "carers", _("Carers")
    SHARED = "shared", _("A shared experience")


class SupportGroup(models.Model):
    """One entry of the directory. Nobody but staff and whoever suggested it sees it before it is published."""

    NAME_MAX: ClassVar[int] = 120
    WHERE_MAX: ClassVar[int] = 160
    HOW_MAX: ClassVar[int] = 600
    ABOUT_MAX: ClassVar[int] = 1200
    WHY_MAX: ClassVar[int] = 500
    GROWS_OLD: ClassVar[timedelta] = timedelta(days=183)  # half a year after its last check

    class Status(models.TextChoices):
        SUGGESTED = "suggested", _("waiting to be read")
        PUBLISHED = "published", _("in the directory")
        PUT_AWAY = "put_away", _("not in the directory")

    name = models.CharField(max_length=NAME_MAX)
    kind = models.CharField(max_length=9, choices=GroupKind)
    where = models.CharField(max_length=WHERE_MAX)  # a place, or how it meets online
    how_to_join = models.TextField(max_length=HOW_MAX, blank=True)
    web = models.URLField(max_length=300, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    about = models.TextField(max_length=ABOUT_MAX, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.SUGGESTED)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="groups_checked"
    )
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="groups_suggested"
    )
    why = models.CharField(max_length=WHY_MAX, blank=True)  # a word to whoever suggested it, when it is put away
    is_example = models.BooleanField(default=False)  # made up for the demo, and says so
    made_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)  # counts changes, so that nobody publishes what they did not read
    key = models.UUIDField(null=True, blank=True)  # the suggester's own name for this send
    same = models.CharField(max_length=300)  # name and place, folded: the same group stands in the directory once
    found_by = models.TextField()  # every word it may be found by, folded

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["same"], condition=Q(status="published"), name="group_published_once"),
            models.UniqueConstraint(fields=["suggested_by", "key"], name="group_key_once_per_suggester"),
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="group_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(checked_on__isnull=False), name="group_published_was_checked"
            ),
            models.CheckConstraint(condition=~(Q(web="") & Q(email="") & Q(phone="")), name="group_can_be_reached"),
        ]
        indexes = [models.Index(fields=["status", "name"], name="group_shelf")]

    def __str__(self) -> str:
        return f"group {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.same = same_group(self.name, self.where)
        self.found_by = fold(f"{self.name} {self.where} {self.about} {self.how_to_join}")
        super().save(*args, **kwargs)

    @property
    def is_old(self) -> bool:
        """Whether its last check was so long ago that somebody should look again."""
        return self.checked_on is not None and self.checked_on < oldest_fresh_day()

    @property
    def web_shown(self) -> str:
        """The host, as people read an address."""
        return urlsplit(self.web).netloc.removeprefix("www.")

    @property
    def phone_digits(self) -> str:
        return "".join(character for character in self.phone if character.isdigit() or character == "+")


class SupportGroupFor(models.Model):
    """One of the people a group is for."""

    group = models.ForeignKey(SupportGroup, on_delete=models.CASCADE, related_name="for_whom")
    whom = models.CharField(max_length=15, choices=ForWhom)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "whom"], name="group_for_each_once"),
            models.CheckConstraint(condition=Q(whom__in=ForWhom.values), name="group_whom_is_known"),
        ]


def oldest_fresh_day() -> date:
    """The day since which a check counts as fresh."""
    return timezone.localdate() - SupportGroup.GROWS_OLD


def fold(text: str) -> str:
    """Words without case, accents and doubled spaces, so that they are found however they are typed."""
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(bare).casefold().split())


def same_group(name: str, where: str) -> str:
    """What makes two entries one: the name and the place, folded. NFKD can make a text longer, so it is cut."""
    return f"{fold(name)}\n{fold(where)}"[:300]
