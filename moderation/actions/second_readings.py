"""Choosing what is read a second time, reading it blind, and talking it through."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import rules
from forum.access import ViewerFacts
from forum.actions.notices import give_notice
from forum.models import Member
from moderation import duty, second_readings
from moderation.access import facts_of
from moderation.actions.moving import locked
from moderation.clocks import BLIND_CHOSEN_WITHIN, BLIND_CLAIM
from moderation.models import BlindNote, BlindReading, Case, Decision, DecisionKind
from moderation.notices_readings import READ_BLIND
from moderation.refusals import CaseMoved, Missing, NotAllowed
from realtime import log


def run_second_readings() -> None:
    """For the clock: chooses, gives back what was taken and not read."""
    now = timezone.now()
    choose(now)
    give_back_stale(now)


def choose(now: datetime | None = None) -> int:
    """Chooses the share among what was closed lately. Returns how many this clock chose."""
    if not settings.SECOND_READING:
        return 0
    since = (now or timezone.now()) - BLIND_CHOSEN_WITHIN
    closed = second_readings.for_choosing(Case.objects.filter(closed_at__gte=since)).order_by("pk")
    ids = closed.values_list("pk", flat=True)
    return sum(_choose(case_id) for case_id in list(ids) if second_readings.is_chosen(case_id))


def give_back_stale(now: datetime) -> int:
    stale = BlindReading.objects.filter(answered_at=None, taken_at__lte=now - BLIND_CLAIM)
    ids = list(stale.values_list("pk", flat=True))  # looked for first: a clock with nothing to do takes no write lock
    return stale.filter(pk__in=ids).update(reader=None, taken_at=None) if ids else 0


def take_reading(reading: BlindReading, actor: Member) -> BlindReading:
    """Somebody will read it: it is shown to nobody else then. Twice is once. Raises NotAllowed, and CaseMoved when somebody
    was quicker."""
    with transaction.atomic():
        fresh, viewer = _locked(reading), facts_of(actor)
        if fresh.reader_id == actor.pk:
            return fresh
        _refuse_second(fresh, viewer)
        if not second_readings.open_to(viewer).filter(pk=fresh.pk).exists():
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        fresh.reader, fresh.taken_at = actor, timezone.now()
        fresh.save(update_fields=["reader", "taken_at"])
        duty.note_act(actor)
    return fresh


def give_back_reading(reading: BlindReading, actor: Member) -> None:
    """No reason is asked for. Twice is once."""
    BlindReading.objects.filter(pk=reading.pk, reader=actor, answered_at=None).update(reader=None, taken_at=None)


def answer_reading(reading: BlindReading, actor: Member, kind: str, rule: str, words: str) -> BlindReading:
    """What the reader would have decided: then both see both. Once, and never changed. Raises NotAllowed, Missing."""
    if kind not in DecisionKind.values or kind in second_readings.NOT_A_CHOICE:
        raise Missing("kind", _("Choose what you would have done."))
    if rule not in ("", Decision.SAFETY) and not rules.title_of(rule):
        raise Missing("rule", _("The house rules have changed: choose one that holds now."))
    with transaction.atomic():
        fresh, viewer = _locked(reading), facts_of(actor)
        if fresh.reader_id == actor.pk and fresh.answered_at:
            return fresh
        if not second_readings.taken_by(viewer).filter(pk=fresh.pk).exists():
            raise NotAllowed(_("You do not have this one any more. Take it again, or another."))
        fresh.kind, fresh.rule, fresh.words, fresh.answered_at = kind, rule, words.strip(), timezone.now()
        fresh.save(update_fields=["kind", "rule", "words", "answered_at"])
        duty.note_act(actor)
        log.append(*give_notice(fresh.judged_by_id, READ_BLIND, fresh.pk, state="read"))
    fresh.refresh_from_db()
    return fresh


def write_note(reading: BlindReading, actor: Member, body: str, key: UUID) -> BlindNote:
    """A word of one to the other. The same key is once. Raises NotAllowed once it is talked through, and Missing."""
    if not body.strip():
        raise Missing("body", _("There are no words here yet."))
    with transaction.atomic():
        fresh = _of_the_two(reading, actor)
        sent = BlindNote.objects.filter(author=actor, key=key).first()
        if sent is not None:
            return sent
        if fresh.talked_at:
            raise NotAllowed(_("The two of you have talked this through. Your words are kept here, to copy."))
        note = BlindNote.objects.create(reading=fresh, author=actor, body=body.strip(), key=key)
        duty.note_act(actor)
        other = fresh.judged_by_id if actor.pk == fresh.reader_id else fresh.reader_id
        log.append(*give_notice(other or 0, READ_BLIND, fresh.pk, state=f"note {note.pk}"))
    return note


def talked_through(reading: BlindReading, actor: Member) -> BlindReading:
    """Either of the two says so. Twice is once. Raises NotAllowed."""
    with transaction.atomic():
        fresh = _of_the_two(reading, actor)
        if fresh.talked_at is None:
            fresh.talked_at = timezone.now()
            fresh.save(update_fields=["talked_at"])
            duty.note_act(actor)
    return fresh


def _choose(case_id: int) -> bool:
    with transaction.atomic():
        case = locked(Case(pk=case_id))
        fits = second_readings.for_choosing(Case.objects.filter(pk=case_id)).exists()
        decision = second_readings.the_decision(case) if fits else None
        if decision is None or decision.decided_by_id is None:
            return False
        if not second_readings.blind_view(case, decision).says_something(about_post=case.post_id is not None):
            return False  # there is nothing left to read
        first = case.reports.order_by("made_at", "pk").first()
        BlindReading.objects.create(
            case=case,
            case_kind=case.kind,
            decision=decision,
            judged_by_id=decision.decided_by_id,
            judged_kind=decision.kind,
            category=first.category if first else "",
        )
    return True


def _locked(reading: BlindReading) -> BlindReading:
    rows = BlindReading.objects.select_for_update(of=("self",)).select_related("case")
    return rows.get(pk=reading.pk)


def _of_the_two(reading: BlindReading, actor: Member) -> BlindReading:
    fresh = _locked(reading)
    if not second_readings.opened_to(facts_of(actor)).filter(pk=fresh.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    return fresh


def _refuse_second(reading: BlindReading, viewer: ViewerFacts) -> None:
    if reading.reader is None or reading.taken_at is None:
        return
    if second_readings.seen_by(viewer).filter(pk=reading.pk).exists() and viewer.id != reading.judged_by_id:
        raise CaseMoved(reading.case, reading.reader, "claim", reading.taken_at)
