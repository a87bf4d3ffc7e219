"""What the clock does with letters: puts each where it belongs, calls staff about one that names nobody."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation import duty, letters, outside_rings, ways
from moderation.actions.letters import place_letter
from moderation.actions.unusual import note_outside
from moderation.clocks import FIRST_LOOK, NEXT_ACTION, REPEAT
from moderation.models import Letter, Reserved, Severity
from moderation.turns import run_all, take_turns

UNPLACED = timedelta(seconds=30)  # ours: what could not be placed by then is called about as it is


def run_letters() -> None:
    """Each step whatever became of those before it, as with cases: what cannot be placed must not keep anybody from being
    called about another. Raises SomeFailed at the very end.
    """
    run_all(place_all, outside_rings.let_ring, call_about_those_that_rouse, note_outside)


def place_all() -> int:
    """Each in a transaction of its own: one that cannot be placed just now holds up no other. Returns how many had a case."""
    waiting = Letter.objects.filter(placed_at=None, gathered=False)
    return take_turns("letter_waits", waiting, lambda letter: place_letter(letter) is not None)


def call_about_those_that_rouse() -> int:
    """Somebody may be in danger and nobody knows who: staff are rung, and all of them again and again until one has read it.

    To have opened the page is not to have done something: whoever did has as long for a step as in a case, and each step or
    further reading buys as much. Then all are called until somebody settles it.
    """
    now = timezone.now()
    ready = Q(placed_at__isnull=False) | Q(made_at__lte=now - UNPLACED)
    open_still = Letter.objects.filter(ready, report=None, settled_at=None, gathered=False)
    rousing = open_still.filter(letters.rouses()).exclude(reserved_for=Reserved.INDEPENDENT)
    rousing = rousing.select_related("by_hand").annotate(
        seen_at=Max("openings__at"), asked_at=Max("questions__asked_at")
    )
    return take_turns("letter_call", rousing, lambda letter: _call(letter, now))


def _call(letter: Letter, now: datetime) -> bool:
    due, held = _due_at(letter), outside_rings.is_held(letter) and letter.read_at is None
    if now < due or (held and letter.called_at):
        return False
    again = letter.called_at is not None or letter.read_at is not None
    column = "called_again_at" if letter.called_at else "called_at"
    subject = _subject(letter, again=again)
    with transaction.atomic():
        # Of two clocks one changes the row it saw, and that one calls.
        mine = Letter.objects.filter(pk=letter.pk, **{column: getattr(letter, column)}).update(**{column: now})
        for person in _staff(everyone=again) if mine else ():
            dedupe = f"letter:{letter.pk}:{int(due.timestamp())}:{person.pk}"
            with translation.override(person.language):
                path = reverse("letter", args=[letter.pk])
                ways.page_person(person, dedupe=dedupe, subject=str(subject), path=path, rings=not held)
    return bool(mine)


def _subject(letter: Letter, *, again: bool) -> str | Promise:
    if letter.read_at:
        return gettext_lazy("Still open: somebody may be in danger")
    return gettext_lazy("Unread: somebody may be in danger") if again else gettext_lazy("Somebody may be in danger")


def _due_at(letter: Letter) -> datetime:
    """As below, and not while whoever read it has time for a step."""
    severity = letters.severity_of(letter)
    seen = [at for at in (letter.read_at, getattr(letter, "seen_at", None), getattr(letter, "asked_at", None)) if at]
    unread = _due_unread(letter, severity)
    return max(unread, max(seen) + NEXT_ACTION[severity]) if letter.read_at else unread


def _due_unread(letter: Letter, severity: Severity) -> datetime:
    """When the next call is due: at once, at the time for a first look, then as often as the ladder repeats. One that was held
    back is called about aloud when it rings."""
    if letter.called_at is None:
        return letter.made_at
    if letter.called_again_at is None:
        if letter.rings_from and letter.rang_at:
            return letter.rang_at
        return letter.made_at + FIRST_LOOK[severity]
    return letter.called_again_at + REPEAT


def _staff(*, everyone: bool) -> list[Member]:
    on_call = [person for person in duty.on_call() if person.role == Role.STAFF]
    if on_call and not everyone:
        return on_call
    return list(Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True).order_by("pk"))
