"""People: who they are to each other (a handle), what they may do (role, standing), what they agreed to."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MEMBER = "member", _("member")
    MODERATOR = "moderator", _("moderator")
    STAFF = "staff", _("staff")
    INDEPENDENT = "independent", _("independent contact")
    ADMINISTRATOR = "administrator", _("administrator")


class Standing(models.TextChoices):
    ACTIVE = "active", _("active")
    SLOWED = "slowed", _("posting slowed")
    PAUSED = "paused", _("posting paused")
    SUSPENDED = "suspended", _("suspended")
    BANNED = "banned", _("banned")
    ON_BREAK = "on_break", _("on a break")
    DEACTIVATED = "deactivated", _("deactivated")
    REMEMBERED = "remembered", _("remembered")
    ERASED = "erased", _("erased")


ENDLESS_STANDINGS = frozenset({Standing.REMEMBERED, Standing.ERASED})  # nobody comes back from these, whatever the date


class MemberManager(BaseUserManager["Member"]):
    """Members are found by e-mail at sign-in and by handle everywhere else."""

    def create_user(self, email: str, handle: str, password: str | None = None, **fields: Any) -> "Member":
        from forum.handles import handle_key  # handles.py needs no model; a module-level import would be circular

        member = self.model(email=email.lower(), handle=handle, handle_key=handle_key(handle), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, handle: str, password: str, **fields: Any) -> "Member":
        return self.create_user(
            email, handle, password, role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True, **fields
        )


class Member(AbstractBaseUser, PermissionsMixin):
    """One account. `role` is the truth about what someone may do; groups give admin permissions alone."""

    email = models.EmailField(_("e-mail address"), unique=True)
    handle = models.CharField(_("handle"), max_length=20, unique=True)
    handle_key = models.CharField(max_length=120, unique=True)  # NFKC, casefold, confusable skeleton
    role = models.CharField(max_length=16, choices=Role, default=Role.MEMBER)
    standing = models.CharField(max_length=16, choices=Standing, default=Standing.ACTIVE)
    standing_until = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=12, default="en-gb")
    joined_at = models.DateTimeField(default=timezone.now)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # Django's word for "may open /admin/"; administrators alone

    objects = MemberManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.ADMINISTRATOR) | Q(is_staff=False, is_superuser=False),
                name="member_admin_flags_are_the_administrators",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_is_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="member_standing_is_known"),
        ]

    def __str__(self) -> str:
        return self.handle

    def get_short_name(self) -> str:
        """What the admin greets with, which would otherwise be the address."""
        return self.handle

    @property
    def current_standing(self) -> str:
        """The standing that counts now: one whose time is over is active again, before the clock has written it down."""
        over = self.standing_until is not None and self.standing_until <= timezone.now()
        return Standing.ACTIVE if over and self.standing not in ENDLESS_STANDINGS else self.standing


class Consent(models.Model):
    """One thing a person agreed to, in which version and when. Never edited: a new version is a new row."""

    class Kind(models.TextChoices):
        ADULT = "adult", _("is 18 or over")
        RULES = "rules", _("house rules")
        PRIVACY = "privacy", _("privacy notice")
        HEALTH = "health", _("keeping of what they write about their health")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=8, choices=Kind)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "version"], name="consent_once_per_version"),
        ]


class PendingSignup(models.Model):
    """A sign-up that waits for its code, one per browser session. Made alike for known and unknown addresses.

    Several may wait for one address: a stranger who types somebody's address can neither end that person's own sign-up nor
    put a password of their own behind a code that arrives in that person's mail.
    """

    email = models.EmailField(db_index=True)
    handle = models.CharField(max_length=20)
    handle_key = models.CharField(max_length=120, unique=True)  # the handle is reserved for the code's life
    password = models.CharField(max_length=128)  # a hash
    code_digest = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField(default=3)  # for the present code
    codes_left = models.PositiveSmallIntegerField(default=2)  # new codes that may still be asked for
    consents = models.JSONField(default=dict)  # {kind: version}, as ticked
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"sign-up {self.pk}"
