"""What care has of its own: lines sent with a word, somebody staying with a person, a note agreed with them."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from forum.lines import Line, Way


class Signpost(models.Model):
    """One helpline or support group that was sent with a word. `shown` is how it read then: it reads the same later."""

    MOST: ClassVar[int] = 5  # with one word: more than that is a list to get lost in

    word = models.ForeignKey("moderation.Word", on_delete=models.CASCADE, related_name="signposts")
    helpline = models.ForeignKey("forum.Helpline", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    group = models.ForeignKey("forum.SupportGroup", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    shown = models.JSONField()  # as moderation.signposts writes it
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["word", "place"], name="signpost_place_once"),
            models.CheckConstraint(condition=Q(helpline=None) | Q(group=None), name="signpost_leads_to_one_place"),
        ]

    def __str__(self) -> str:
        return f"signpost {self.pk}"

    @property
    def line(self) -> Line:
        """As it read when it was sent."""
        kept = self.shown
        return Line(
            name=kept["name"],
            for_whom=kept["for_whom"],
            regions=(),
            ways=tuple(Way(*way) for way in kept["ways"]),
            languages=kept["languages"],
            emergency=False,
            checked=date.fromisoformat(kept["checked"]) if kept["checked"] else None,
        )

    @property
    def how(self) -> str:
        """How one joins a group."""
        return str(self.shown["how"])


class Stay(models.Model):
    """Whoever escalated a case said that they stay with the person until staff take it. It holds while that escalation
    waits and has not `ended_at`. `reminded_at`: they were silent for a while and were told so.
    """

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="stays")
    episode = models.PositiveIntegerField()  # of the case: each escalation has its own
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stays")
    since = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "episode"], name="stay_once_per_escalation")]
        indexes = [models.Index(fields=["since"], condition=Q(ended_at=None), name="stay_goes_on")]

    def __str__(self) -> str:
        return f"stay {self.pk}"


class StandingNote(models.Model):
    """What helps a member, what the team does and what it won't: written with them. Sealed: only moderation.standing_notes
    reads and writes it. One may be in force and one wait for the member's yes; what is withdrawn or replaced is deleted.
    """

    SEALED: ClassVar[tuple[str, ...]] = ("what_helps", "what_we_do", "what_we_wont")
    WORDS_MAX: ClassVar[int] = 1500

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standing_notes")
    what_helps = models.TextField()
    what_we_do = models.TextField(blank=True)
    what_we_wont = models.TextField(blank=True)
    sealed_for = models.UUIDField(default=uuid.uuid4, editable=False)  # binds the sealed words to this row
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="standing_notes_written"
    )
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)  # when the member last put words of it differently
    agreed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # counts changes: nobody agrees to words they did not read

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(agreed_at=None), name="one_note_waits"),
            models.UniqueConstraint(fields=["member"], condition=Q(agreed_at__isnull=False), name="one_note_is_agreed"),
            models.UniqueConstraint(fields=["sealed_for"], name="note_sealed_for_itself"),
            models.CheckConstraint(condition=~Q(what_helps=""), name="note_says_what_helps"),
        ]

    def __str__(self) -> str:
        return f"standing note {self.pk}"
