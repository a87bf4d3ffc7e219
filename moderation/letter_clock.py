"""What the clock does with letters: puts each where it belongs, calls staff about one that names nobody."""

import logging
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation import duty, letters, outside_rings, ways
from moderation.actions.letters import place_letter
from moderation.actions.unusual import note_outside
from moderation.clocks import FIRST_LOOK, REPEAT
from moderation.models import Letter, Reserved

logger = logging.getLogger(__name__)


def run_letters() -> None:
    place_all()
    outside_rings.let_ring()
    call_about_those_that_rouse()
    note_outside()


def place_all() -> int:
    """Each in a transaction of its own: one that cannot be placed just now holds up no other. Returns how many had a case."""
    done = 0
    for letter in list(Letter.objects.filter(placed_at=None, gathered=False)):
        try:
            done += place_letter(letter) is not None
        except Exception:
            logger.exception("letter_waits: letter %s could not be placed and is tried again", letter.pk)
    return done


def call_about_those_that_rouse() -> int:
    """Somebody may be in danger and nobody knows who: staff are rung, and all of them again and again until one has read it."""
    now = timezone.now()
    unread = Letter.objects.filter(report=None, settled_at=None, read_at=None, gathered=False, placed_at__isnull=False)
    rousing = unread.filter(letters.rouses()).exclude(reserved_for=Reserved.INDEPENDENT)
    return sum(_call(letter, now) for letter in list(rousing))


def _call(letter: Letter, now: datetime) -> bool:
    due, held = _due_at(letter), outside_rings.is_held(letter)
    if now < due or (held and letter.called_at):
        return False
    again = letter.called_at is not None
    column = "called_again_at" if again else "called_at"
    subject = gettext_lazy("Unread: somebody may be in danger") if again else gettext_lazy("Somebody may be in danger")
    with transaction.atomic():
        # Of two clocks one changes the row it saw, and that one calls.
        mine = Letter.objects.filter(pk=letter.pk, **{column: getattr(letter, column)}).update(**{column: now})
        for person in _staff(everyone=again) if mine else ():
            dedupe = f"letter:{letter.pk}:{int(due.timestamp())}:{person.pk}"
            with translation.override(person.language):
                path = reverse("letter", args=[letter.pk])
                ways.page_person(person, dedupe=dedupe, subject=str(subject), path=path, rings=not held)
    return bool(mine)


def _due_at(letter: Letter) -> datetime:
    """When the next call is due: at once, at the time for a first look, then as often as the ladder repeats. One that was held
    back is called about aloud when it rings."""
    if letter.called_at is None:
        return letter.made_at
    if letter.called_again_at is None:
        if letter.rings_from and letter.rang_at:
            return letter.rang_at
        return letter.made_at + FIRST_LOOK[letters.severity_of(letter)]
    return letter.called_again_at + REPEAT


def _staff(*, everyone: bool) -> list[Member]:
    on_call = [person for person in duty.on_call() if person.role == Role.STAFF]
    if on_call and not everyone:
        return on_call
    return list(Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True).order_by("pk"))
