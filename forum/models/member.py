"""People: who they are to each other (a handle), what they may do (role, standing), what they agreed to."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum import roles
from forum.roles import RoleStep
from forum.standings import BY_WEIGHT, Step, effective, unpacked

OF_ROLE = frozenset({"role", "is_staff", "is_superuser"})
WELCOMED_FOR = timedelta(days=14)


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


class Theme(models.TextChoices):
    AUTO = "auto", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TextSize(models.TextChoices):
    USUAL = "usual", _("Usual")
    LARGE = "large", _("Large")
    LARGEST = "largest", _("Largest")


class Typeface(models.TextChoices):
    HOUSE = "house", _("The usual one")
    LEGIBLE = "legible", _("Wider, with more room between the lines")
    DEVICE = "device", _("My device's own")


class MailChoice(models.TextChoices):
    YES = "yes", _("Yes")
    NEUTRAL = "neutral", _("Yes, in neutral words")
    NO = "no", _("No")


class ContentNotes(models.TextChoices):
    EACH = "each", _("Folded, and each can be opened")
    OPEN = "open", _("Always open")


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
        """From manage.py alone, by whoever has the machine: the first administrators, whom nobody could agree to yet."""
        flags = {"role": Role.ADMINISTRATOR, "is_staff": True, "is_superuser": True}
        with transaction.atomic():
            member = self.create_user(email, handle, password, **flags, **fields)
            roles.tell(RoleStep("role_give", member, None, Role.MEMBER, Role.ADMINISTRATOR))
        return member


class Member(AbstractBaseUser, PermissionsMixin):
    """One account. `role` is the truth about what someone may do; groups give admin permissions alone."""

    email = models.EmailField(_("e-mail address"), unique=True)
    handle = models.CharField(_("handle"), max_length=20, unique=True)
    handle_key = models.CharField(max_length=120, unique=True)  # NFKC, casefold, confusable skeleton
    role = models.CharField(max_length=16, choices=Role, default=Role.MEMBER)
    standing = models.CharField(max_length=16, choices=Standing, default=Standing.ACTIVE)
    standing_until = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(
        default=list, blank=True
    )  # the line of forum.standings: what the team's decisions say, in order
    rests_until = models.DateTimeField(
        null=True, blank=True, editable=False
    )  # the end of a break they chose, also beneath a suspension
    language = models.CharField(max_length=12, default="en-gb")
    joined_at = models.DateTimeField(default=timezone.now)
    handle_changed_at = models.DateTimeField(null=True, blank=True)
    renamed_at = models.DateTimeField(
        null=True, blank=True
    )  # staff gave them another name: older ties do not lead to it
    pronouns = models.CharField(max_length=30, blank=True)
    about = models.CharField(max_length=300, blank=True)  # a few words for others to read
    avatar_style = models.PositiveSmallIntegerField(default=0)  # turns the drawn picture into another one
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.AUTO)
    text_size = models.CharField(max_length=8, choices=TextSize, default=TextSize.USUAL)
    typeface = models.CharField(max_length=8, choices=Typeface, default=Typeface.HOUSE)
    reduced_motion = models.BooleanField(default=False)
    single_keys = models.BooleanField(default=True)  # shortcuts of one key (WCAG 2.1.4 asks for a switch)
    shift_leaves = models.BooleanField(default=True)  # Shift three times leaves quickly
    hide_hard_words = models.BooleanField(
        default=False
    )  # on the team's pages words of a case stay folded until asked for
    region = models.CharField(max_length=20, blank=True)  # whose helplines come first
    mail_choice = models.CharField(max_length=8, choices=MailChoice, default=MailChoice.NEUTRAL)
    content_notes = models.CharField(max_length=8, choices=ContentNotes, default=ContentNotes.EACH)
    wall_paused = models.BooleanField(default=False)  # nothing arrives on the wall until asked
    up_on = models.DateField(null=True, blank=True)  # the day they said that they are up to replying
    quiet_from = models.TimeField(null=True, blank=True)  # no notice is counted from here …
    quiet_until = models.TimeField(null=True, blank=True)  # … until here, in the site's time zone
    notices_off = models.JSONField(default=list, blank=True)  # kinds of notice this member does not want
    welcomed_at = models.DateTimeField(null=True, blank=True)  # when they put the first steps away
    rules_asked = models.CharField(max_length=20, blank=True)  # the version of the rules they have yet to answer
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # Django's word for "may open /admin/"; administrators alone

    role_waits = ""  # no column: the role that does not count in this session before the second step

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

    @property
    def role_held(self) -> str:
        """The role they have, whether or not it counts in this session: what binds them, binds them either way."""
        return self.role_waits or self.role

    def hold_role_back(self) -> None:
        """From here on this object is a plain member's. Storing it leaves the role in the database alone."""
        if self.role != Role.MEMBER:
            self.role_waits, self.role = self.role, Role.MEMBER
            self.is_staff = self.is_superuser = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.role_waits:
            names = kwargs.get("update_fields") or [
                field.name for field in self._meta.concrete_fields if not field.primary_key
            ]
            kwargs["update_fields"] = [name for name in names if name not in OF_ROLE]
        super().save(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        if self.role_waits:
            self.hold_role_back()

    def get_short_name(self) -> str:
        """What the admin greets with, which would otherwise be the address."""
        return self.handle

    @property
    def is_remembered(self) -> bool:
        """Whether they have died: two of the staff have said so."""
        return self.standing == Standing.REMEMBERED

    @property
    def is_new(self) -> bool:
        """Whether the first steps stand above the wall for them: in the first fortnight, until they put them away."""
        return self.welcomed_at is None and timezone.now() < self.joined_at + WELCOMED_FOR

    @property
    def current_standing(self) -> str:
        """The standing that counts now: one whose time is over no longer does, before the clock has written it down."""
        return self._now[0]

    @property
    def current_until(self) -> datetime | None:
        """Until when that is so; None for what has no end."""
        return self._now[1]

    @property
    def standing_after(self) -> Step:
        """What their standing and its end are once what has ended is let go: a break, or what the team decided, goes on."""
        return effective(self.team_line, self.rests_until, timezone.now())

    @property
    def team_line(self) -> list[Step]:
        """What the team's decisions say about them from now on, in order."""
        if not self.steps and self.standing in BY_WEIGHT:
            return [(self.standing, self.standing_until)]
        return unpacked(self.steps)

    @property
    def _now(self) -> Step:
        over = self.standing_until is not None and self.standing_until <= timezone.now()
        return (
            self.standing_after
            if over and self.standing not in ENDLESS_STANDINGS
            else (self.standing, self.standing_until)
        )


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
