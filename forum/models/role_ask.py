"""A role that somebody is to have: one administrator asks for it, another agrees."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.models.member import Role

_member = settings.AUTH_USER_MODEL


class RoleAsk(models.Model):
    """`agreed_by` is empty while it waits, and where it was turned down or its time ran out."""

    WAITS: ClassVar[timedelta] = timedelta(days=7)  # what nobody agreed to in a week has to be asked for anew

    member = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="roles_asked_for")
    before = models.CharField(_("role until then"), max_length=16, choices=Role)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    asked_by = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="roles_asked")
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)
    agreed_by = models.ForeignKey(_member, on_delete=models.PROTECT, null=True, blank=True, related_name="roles_agreed")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("role that was asked for")
        verbose_name_plural = _("roles that were asked for")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_asked_for_is_known"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | (~Q(agreed_by=F("asked_by")) & ~Q(agreed_by=F("member"))),
                name="a_role_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(ended_at__isnull=False), name="a_role_agreed_to_waits_no_more"
            ),
            models.UniqueConstraint(fields=["member"], condition=Q(ended_at=None), name="one_role_asked_for_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"role {self.pk}"
