"""What the clock does with letters: puts each where it belongs, calls staff about one that names nobody, forgets old ones."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation import calls, categories, duty, letters
from moderation.actions.letters import place_letter
from moderation.clocks import FIRST_LOOK, LETTERS_KEPT
from moderation.models import Letter, Reserved, State
from moderation.vocabulary import ROUSING

logger = logging.getLogger(__name__)


def run_letters() -> None:
    place_all()
    call_about_those_that_rouse()


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
    """Somebody may be in danger and nobody knows who: staff are called, and all of them again when nobody has read it."""
    now = timezone.now()
    unread = Letter.objects.filter(report=None, settled_at=None, read_at=None, gathered=False, placed_at__isnull=False)
    rousing = unread.filter(_rouses(), called_again_at=None).exclude(reserved_for=Reserved.INDEPENDENT)
    return sum(_call(letter, now) for letter in list(rousing))


def forget_letters() -> int:
    """What was put aside goes, and who wrote what has led to a case goes some time after that is closed. Returns how many."""
    before = timezone.now() - LETTERS_KEPT
    Letter.objects.filter(report__case__state=State.CLOSED, report__case__closed_at__lt=before).exclude(
        name="", reach=""
    ).update(name="", reach="")
    return Letter.objects.filter(report=None, settled_at__lt=before).delete()[0]


def _rouses() -> Q:
    rousing = Q(pk__in=())
    for door, offered in categories.CATEGORIES.items():
        keys = [each.key for each in offered if each.severity in ROUSING]
        rousing |= Q(door=door, category__in=keys)
    return rousing & Q(by_hand=None) | Q(
        by_hand__severity__in=ROUSING
    )  # staff judge for themselves what they took down


def _call(letter: Letter, now: datetime) -> bool:
    late = now >= letter.made_at + FIRST_LOOK[letters.severity_of(letter)]
    if letter.called_at and not late:
        return False
    column = "called_again_at" if letter.called_at else "called_at"
    with transaction.atomic():
        mine = Letter.objects.filter(pk=letter.pk, **{column: None}).update(**{column: now})
        if mine:
            for person in _staff(everyone=letter.called_at is not None):
                subject = (
                    _("Unread: somebody wrote from outside") if letter.called_at else _("Somebody wrote from outside")
                )
                calls.mail_page(
                    f"letter:{letter.pk}:{column}:{person.pk}", person, subject, "letter", _("the letter"), letter.pk
                )
    return bool(mine)


def _staff(*, everyone: bool) -> list[Member]:
    on_call = [person for person in duty.on_call() if person.role == Role.STAFF]
    if on_call and not everyone:
        return on_call
    return list(Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True).order_by("pk"))
